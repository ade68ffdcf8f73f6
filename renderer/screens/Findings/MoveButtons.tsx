/** Where a finding can go by this member's hand: returned, issued, withdrawn, reopened. Each with its reason. */
import { Button } from '@mantine/core';
import { useState } from 'react';
import type { FindingState } from '#findings';
import { useCommands } from '../../app/commands.ts';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import type { FindingView } from '../../vault/findingsApi.ts';
import styles from './Findings.module.css';
import { ReasonDialog } from './ReasonDialog.tsx';

type Move = FindingView['moves'][number];

function wordsOf(state: FindingState, from: FindingState): string {
	if (state === 'issued') return 'Issue';
	if (state === 'withdrawn') return 'Withdraw';
	return from === 'withdrawn' ? 'Reopen' : 'Return to draft';
}

export function MoveButtons({ finding }: { finding: FindingView }) {
	const vault = useVault();
	const [asked, setAsked] = useState<Move | null>(null);
	const { findingId, label, state, moves } = finding;
	const move = async (to: FindingState, reason: string): Promise<string | null> => {
		const done = await vault.findings.setState(findingId, to, reason);
		if (!done.ok) return done.error.message;
		notify({ tone: 'done', message: done.value, undo: to === 'issued' ? null : 'finding.state_changed' });
		return null;
	};
	const start = (one: Move): void => setAsked(one);
	useCommands(
		() =>
			moves.map((one) => ({
				id: `finding.move.${one.state}`,
				title: `${wordsOf(one.state, state)} ${label}`,
				group: 'Finding',
				disabled: one.blocked,
				run: () => start(one),
			})),
		[moves, state, label],
	);
	return (
		<span className={styles['moves']}>
			{moves.map((one) => (
				<Button
					key={one.state}
					variant="default"
					size="compact-sm"
					disabled={one.blocked !== null}
					title={one.blocked ?? ''}
					onClick={() => start(one)}
				>
					{wordsOf(one.state, state)}
				</Button>
			))}
			{asked ? (
				<ReasonDialog
					place={`finding:${findingId}:${asked.state}`}
					title={`${wordsOf(asked.state, state)} ${label}`}
					words={
						asked.state === 'issued'
							? 'An issued finding can not be changed any more. A later one may refer to it.'
							: 'The reason stands in the log, with your name and the time.'
					}
					label={asked.needsReason ? 'Reason' : 'Remark (may be empty)'}
					isNeeded={asked.needsReason}
					action={wordsOf(asked.state, state)}
					onDone={(reason) => move(asked.state, reason)}
					onClose={() => setAsked(null)}
				/>
			) : null}
		</span>
	);
}
