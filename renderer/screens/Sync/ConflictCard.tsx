/** Two values of one thing, each with its author and time: one is kept, or a third is written. Until then the first one stands. */
import { Button, Textarea } from '@mantine/core';
import { useRef, useState } from 'react';
import type { CellValue } from '#findings';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useVault } from '../../app/vault.ts';
import { DraftNotice } from '../../components/DraftNotice.tsx';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import { useNav } from '../../state/nav.ts';
import type { ConflictRow } from '../../vault/syncApi.ts';
import { CardHead } from './CardHead.tsx';
import { ConflictSide } from './ConflictSide.tsx';
import { isWritable } from './cellText.ts';
import { focusAfter } from './focusNext.ts';
import { placeOfCell } from './places.ts';
import styles from './Sync.module.css';
import { type ThirdValue, useThirdValue } from './useThirdValue.ts';

type Choice = 'first' | 'second' | 'new';

export function ConflictCard({ conflict }: { conflict: ConflictRow }) {
	const vault = useVault();
	const { conflictId, cell, what, first, second, earlier } = conflict;
	const third = useThirdValue(conflictId, isWritable(cell), [first.value, second.value]);
	const [isBusy, setBusy] = useState(false);
	const card = useRef<HTMLElement>(null);
	const settle = async (choice: Choice, value: CellValue): Promise<void> => {
		setBusy(true);
		const goOn = focusAfter(card.current);
		const answer = await vault.sync.settle(conflictId, choice, value);
		setBusy(false);
		if (!answer.ok) return notify({ tone: 'failed', message: answer.error.message });
		third.settle();
		goOn();
		notify({ tone: 'done', message: `Conflict over ${what} settled.` });
	};
	return (
		<article ref={card} className={styles['card']} data-tone="warn" aria-label={`Conflict over ${what}`}>
			<CardHead tone="warn" word="Conflict" title={what.charAt(0).toUpperCase() + what.slice(1)} />
			<p className={textStyles['muted']}>
				This was changed on two copies, neither of which had seen the other’s change. A stands until it is settled.
			</p>
			<div className={styles['sides']}>
				<ConflictSide letter="A" cell={cell} side={first} />
				<ConflictSide letter="B" cell={cell} side={second} />
			</div>
			{earlier.length > 0 ? (
				<details>
					<summary>Earlier values of B ({formatCount(earlier.length)})</summary>
					{earlier.map((side) => (
						<ConflictSide key={`${side.ref.replica}/${side.ref.seq}`} letter={null} cell={cell} side={side} />
					))}
				</details>
			) : null}
			{third.isOpen ? (
				<WriteNew third={third} isBusy={isBusy} onWrite={() => void settle('new', third.text)} onBack={() => goBack(card.current, third)} />
			) : (
				<Choices conflict={conflict} isBusy={isBusy} onChoice={(choice, value) => void settle(choice, value)} onWrite={third.open} />
			)}
		</article>
	);
}

/** The focus goes back to the button that had opened the field. */
function goBack(card: HTMLElement | null, third: ThirdValue): void {
	third.close();
	requestAnimationFrame(() => card?.querySelector<HTMLElement>('[data-write-new]')?.focus());
}

interface ChoicesProps {
	readonly conflict: ConflictRow;
	readonly isBusy: boolean;
	readonly onChoice: (choice: Choice, value: CellValue) => void;
	readonly onWrite: () => void;
}

function Choices({ conflict: { cell, first, second }, isBusy, onChoice, onWrite }: ChoicesProps) {
	const go = useNav((nav) => nav.go);
	const place = placeOfCell(cell);
	return (
		<div className={layoutStyles['row']}>
			<Button variant="default" disabled={isBusy} onClick={() => onChoice('first', first.value)}>
				Keep A
			</Button>
			<Button variant="default" disabled={isBusy} onClick={() => onChoice('second', second.value)}>
				Keep B
			</Button>
			{isWritable(cell) ? (
				<Button variant="default" disabled={isBusy} data-write-new="" onClick={onWrite}>
					Write new…
				</Button>
			) : null}
			{place ? (
				<Button variant="default" onClick={() => go(place.screen, place.params)}>
					Open where it belongs
				</Button>
			) : null}
		</div>
	);
}

interface WriteNewProps {
	readonly third: ThirdValue;
	readonly isBusy: boolean;
	readonly onWrite: () => void;
	readonly onBack: () => void;
}

function WriteNew({ third, isBusy, onWrite, onBack }: WriteNewProps) {
	return (
		<>
			<Textarea
				label="What stands from now on"
				autosize
				minRows={3}
				maxRows={12}
				maxLength={20_000}
				value={third.text}
				autoFocus={third.isAsked}
				onChange={({ currentTarget }) => third.type(currentTarget.value)}
			/>
			<DraftNotice at={third.restoredAt} onDiscard={third.discard} />
			<div className={layoutStyles['row']}>
				<Button loading={isBusy} onClick={onWrite}>
					Keep what I wrote
				</Button>
				<Button variant="default" onClick={onBack}>
					Back
				</Button>
			</div>
		</>
	);
}
