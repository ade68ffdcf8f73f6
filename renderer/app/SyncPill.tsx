/** The pill of the top bar: how the synchronisation stands, and the way to it. */
import { useNav } from '../state/nav.ts';
import styles from './Shell.module.css';
import { pillOf } from './syncPill.ts';
import { useSyncFacts } from './useSync.ts';

export function SyncPill() {
	const go = useNav((nav) => nav.go);
	const facts = useSyncFacts();
	if (!facts) return null;
	const { tone, glyph, words, title } = pillOf(facts, Date.now());
	return (
		<button type="button" className={styles['pill']} data-tone={tone} title={title} onClick={() => go('sync')}>
			<span aria-hidden="true">{glyph}</span> {words}
		</button>
	);
}
