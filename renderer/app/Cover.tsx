/** What stands in the window while its page ends: a calm word, and nothing of a client. */
import styles from './App.module.css';
import { useEnding } from './lock.ts';

const WORDS = { lock: 'Locking…', disposal: 'Disposing of the engagement…' } as const;

export function Cover() {
	const why = useEnding((page) => page.why);
	if (why === null) return null;
	return (
		<div data-cover className={styles['cover']} role="status">
			{WORDS[why]}
		</div>
	);
}
