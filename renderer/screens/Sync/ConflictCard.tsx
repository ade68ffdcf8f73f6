/** Two values of one thing, each with its author and time: one is kept, or a third is written. Until then the first one stands. */
import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { CellValue } from '#findings';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import { Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { ConflictRow } from '../../vault/syncApi.ts';
import { cellText, isWritable } from './cellText.ts';
import { focusAfter } from './focusNext.ts';
import { placeOfCell } from './places.ts';
import styles from './Sync.module.css';

export function ConflictCard({ conflict }: { conflict: ConflictRow }) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const { conflictId, cell, what, first, second, earlier } = conflict;
	const place = placeOfCell(cell);
	const [written, setWritten] = useState<string | null>(null);
	const [isBusy, setBusy] = useState(false);
	const card = useRef<HTMLElement>(null);
	const settle = async (choice: 'first' | 'second' | 'new', value: CellValue): Promise<void> => {
		setBusy(true);
		const goOn = focusAfter(card.current);
		const answer = await vault.sync.settle(conflictId, choice, value);
		setBusy(false);
		if (!answer.ok) return notify({ tone: 'failed', message: answer.error.message });
		goOn();
		notify({ tone: 'done', message: `Conflict over ${what} settled.`, undo: true });
	};
	return (
		<article ref={card} className={styles['card']} data-tone="warn" aria-label={`Conflict over ${what}`}>
			<h3>
				<VerdictBadge tone="warn">Conflict</VerdictBadge> {what}
			</h3>
			<p className={textStyles['muted']}>
				This was changed on two copies, neither of which had seen the other’s change. A stands until it is settled.
			</p>
			<div className={styles['sides']}>
				<Side letter="A" cell={cell} side={first} />
				<Side letter="B" cell={cell} side={second} />
			</div>
			{earlier.length > 0 ? (
				<details>
					<summary>Earlier values of B ({earlier.length})</summary>
					{earlier.map((side) => (
						<Side key={`${side.ref.replica}/${side.ref.seq}`} letter="B, earlier" cell={cell} side={side} />
					))}
				</details>
			) : null}
			{written === null ? (
				<div className={layoutStyles['row']}>
					<Button variant="default" disabled={isBusy} onClick={() => void settle('first', first.value)}>
						Keep A
					</Button>
					<Button variant="default" disabled={isBusy} onClick={() => void settle('second', second.value)}>
						Keep B
					</Button>
					{isWritable(cell) ? (
						<Button
							variant="subtle"
							disabled={isBusy}
							onClick={() => setWritten([first, second].map(({ value }) => (typeof value === 'string' ? value : '')).join('\n\n'))}
						>
							Write new…
						</Button>
					) : null}
					{place ? (
						<Button variant="subtle" onClick={() => go(place.screen, place.params)}>
							Open where it belongs
						</Button>
					) : null}
				</div>
			) : (
				<>
					<Textarea
						label="What stands from now on"
						autosize
						minRows={3}
						maxRows={12}
						maxLength={20_000}
						value={written}
						autoFocus
						onChange={({ currentTarget }) => setWritten(currentTarget.value)}
					/>
					<div className={layoutStyles['row']}>
						<Button loading={isBusy} onClick={() => void settle('new', written)}>
							Keep what I wrote
						</Button>
						<Button variant="subtle" onClick={() => setWritten(null)}>
							Back
						</Button>
					</div>
				</>
			)}
		</article>
	);
}

function Side({ letter, cell, side: { value, member, at, ref, isOwn } }: { letter: string; cell: string; side: ConflictRow['first'] }) {
	return (
		<div className={styles['side']}>
			<div className={textStyles['muted']}>
				<strong>{letter}</strong> · {member} · <Instant at={at} /> ·{' '}
				<span title={`Copy ${ref.replica}`}>{isOwn ? 'this copy' : `copy ${ref.replica.slice(0, 4)}`}</span>
			</div>
			<p className={styles['value']} data-empty={value === null || value === ''}>
				{cellText(cell, value)}
			</p>
		</div>
	);
}
