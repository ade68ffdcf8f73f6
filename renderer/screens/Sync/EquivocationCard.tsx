/** Two histories that one key has signed: both heads, the proof for somebody else, and the decision which is believed. */
import { Button } from '@mantine/core';
import { useRef, useState } from 'react';
import { can } from '#findings';
import { utf8 } from '#kernel';
import { onRecord } from '../../app/exportRecord.ts';
import { saveBytes } from '../../app/files.ts';
import { plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useVault } from '../../app/vault.ts';
import { FactList } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { ReasonModal } from '../../components/ReasonModal.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash, Instant } from '../../components/Values.tsx';
import type { EquivocationRow } from '../../vault/feedApi.ts';
import { CardHead } from './CardHead.tsx';
import { focusAfter } from './focusNext.ts';
import styles from './Sync.module.css';

type Choice = 'seen' | 'shown';

const WORDS: Readonly<Record<Choice, { readonly action: string; readonly means: string }>> = {
	seen: { action: 'Believe the first', means: 'The feed goes on from what was seen first. The other history is refused as before.' },
	shown: {
		action: 'Believe the second',
		means:
			'What was brought in from the first history stays stored and in the log. The next synchronisation brings all of the second, verifies it, and goes on from it.',
	},
};

export function EquivocationCard({ pair: { id, feed, at, seen, shown, key } }: { pair: EquivocationRow }) {
	const vault = useVault();
	const role = useRole();
	const why = can(role, 'setting.changed') ? null : `As ${ROLE_WORDS[role]} you can’t settle this. A partner does.`;
	const [choice, setChoice] = useState<Choice | null>(null);
	const card = useRef<HTMLElement>(null);
	const save = async (): Promise<void> => {
		const proof = await vault.feed.equivocationProof(id);
		if (!proof.ok) return notify({ tone: 'failed', message: proof.error.message });
		const begun = await vault.exports.begin(`Proof of two signed histories of ${feed}`, 0);
		if (!begun.ok) return notify({ tone: 'failed', message: begun.error.message });
		const file = await saveBytes(`two-histories-${feed}-${seen.size}.json`, 'text', utf8(proof.value));
		const saved = await onRecord(vault, begun.value, file);
		if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
		else if (saved.value) notify({ tone: 'done', message: `${saved.value.name} written and read back: both signed heads.` });
	};
	const settle = async (reason: string): Promise<void> => {
		if (choice === null) return;
		const goOn = focusAfter(card.current);
		const answer = await vault.feed.settleEquivocation(id, choice, reason);
		if (!answer.ok) return notify({ tone: 'failed', message: answer.error.message });
		setChoice(null);
		goOn();
		notify({ tone: 'done', message: 'Settled. Both signed heads stay here as proof.' });
	};
	return (
		<article ref={card} className={styles['card']} data-tone="fail" aria-label={`Two signed histories of ${feed}`}>
			<CardHead tone="fail" word="To settle" title={`${feed} at ${plural(seen.size, 'line')}, signed twice`} />
			<div className={styles['heads']}>
				<FactList
					facts={[
						{ label: 'Log', value: seen.origin },
						{ label: 'Signed by', value: key },
						{ label: 'Seen first', value: <Hash value={seen.root} /> },
						{ label: 'Shown then', value: <Hash value={shown.root} /> },
						{ label: 'Since', value: <Instant at={at} /> },
					]}
				/>
			</div>
			<div className={layoutStyles['row']}>
				<Button variant="default" onClick={() => void save()}>
					Save the proof…
				</Button>
				{(['seen', 'shown'] as const).map((one) => (
					<Button key={one} variant="default" disabled={why !== null} title={why ?? undefined} onClick={() => setChoice(one)}>
						{WORDS[one].action}…
					</Button>
				))}
			</div>
			{why === null ? null : <p className={textStyles['muted']}>{why}</p>}
			{choice ? (
				<ReasonModal title="Which history is believed" action={WORDS[choice].action} onClose={() => setChoice(null)} onReason={settle}>
					<span>{WORDS[choice].means}</span>
				</ReasonModal>
			) : null}
		</article>
	);
}
