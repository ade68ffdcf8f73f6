/** What Ctrl+Z would take back, step by step, in the order in which it would; and what it took back already. */
import { Button, Drawer } from '@mantine/core';
import { Ask } from '../components/Ask.tsx';
import { KeyHint } from '../components/Frame.tsx';
import { EmptyState } from '../components/States.tsx';
import textStyles from '../components/Text.module.css';
import { Instant } from '../components/Values.tsx';
import type { StepList, StepRow } from '../vault/workbookApi.ts';
import { formatCount } from './format.ts';
import styles from './Shell.module.css';
import { useQuery } from './useQuery.ts';

const SHOWN = 50;

interface UndoListProps {
	readonly isOpen: boolean;
	readonly onClose: () => void;
	readonly onStep: (direction: 'undo' | 'redo') => void;
}

export function UndoList({ isOpen, onClose, onStep }: UndoListProps) {
	return (
		<Drawer opened={isOpen} onClose={onClose} position="right" title="Undo" closeButtonProps={{ 'aria-label': 'Close the undo list' }}>
			{isOpen ? <Lists onStep={onStep} /> : null}
		</Drawer>
	);
}

function Lists({ onStep }: Pick<UndoListProps, 'onStep'>) {
	const query = useQuery((vault) => vault.workbook.steps(SHOWN), [], ['workbook']);
	return (
		<Ask query={query}>
			{(steps) =>
				steps.undoTotal + steps.redoTotal === 0 ? (
					<EmptyState title="Nothing of yours to undo">
						Your judgements, findings, notes and settings stand here, the last one first.
					</EmptyState>
				) : (
					<Both steps={steps} onStep={onStep} />
				)
			}
		</Ask>
	);
}

function Both({ steps, onStep }: { steps: StepList } & Pick<UndoListProps, 'onStep'>) {
	const { undo, undoTotal, undoBlocked, redo, redoTotal, redoBlocked } = steps;
	return (
		<>
			<Part
				title="Would be taken back"
				steps={undo}
				total={undoTotal}
				blocked={undoBlocked}
				button="Undo the first"
				keys="$mod+z"
				onStep={() => onStep('undo')}
			/>
			<Part
				title="Would be done again"
				steps={redo}
				total={redoTotal}
				blocked={redoBlocked}
				button="Redo the first"
				keys="$mod+Shift+z"
				onStep={() => onStep('redo')}
			/>
			<p className={textStyles['muted']}>
				Your own steps on this copy, one line a step. Nothing is erased: undo adds an act that takes the step back, and the log keeps both.
			</p>
		</>
	);
}

interface PartProps {
	readonly title: string;
	readonly steps: readonly StepRow[];
	readonly total: number;
	readonly blocked: string | null;
	readonly button: string;
	readonly keys: string;
	readonly onStep: () => void;
}

function Part({ title, steps, total, blocked, button, keys, onStep }: PartProps) {
	if (total === 0) return null;
	return (
		<section aria-label={title}>
			<h3>
				{title}: {formatCount(total)}
			</h3>
			<Button variant="default" disabled={blocked !== null} onClick={onStep} rightSection={<KeyHint keys={keys} />}>
				{button}
			</Button>
			{blocked === null ? null : <p className={textStyles['muted']}>Not now: {blocked}</p>}
			<ol className={styles['steps']}>
				{steps.map(({ seq, at, sentence }) => (
					<li key={seq}>
						{sentence}
						<div className={textStyles['muted']}>
							<Instant at={at} />
						</div>
					</li>
				))}
			</ol>
			{total > steps.length ? <p className={textStyles['muted']}>and {formatCount(total - steps.length)} before these</p> : null}
		</section>
	);
}
