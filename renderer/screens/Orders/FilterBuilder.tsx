/** One condition, put together by keys: column, word, value. Enter adds it. */
import { Button, Popover, Select } from '@mantine/core';
import { type FormEvent, type ReactNode, useState } from 'react';
import { CHIP_OPS, type ChipColumn, type ChipOp, chipFault, type FilterChip, kindOf, OP_WORDS, ORDER_COLUMNS } from '#explore';
import { Values } from './FilterValues.tsx';
import { amountOf, integerOf } from './inputs.ts';
import styles from './Orders.module.css';
import { addChip } from './state.ts';

const COLUMNS = [
	...ORDER_COLUMNS.map(({ id, title }) => ({ value: id as string, label: title })),
	{ value: 'path', label: 'Path (states passed)' },
];

export function FilterBuilder({ isOpen, onClose, children }: { isOpen: boolean; onClose: () => void; children: ReactNode }) {
	return (
		<Popover
			opened={isOpen}
			onChange={(opened) => !opened && onClose()}
			position="bottom-start"
			trapFocus
			returnFocus
			withinPortal
			transitionProps={{ duration: 0 }}
			shadow="sm"
		>
			<Popover.Target>{children}</Popover.Target>
			<Popover.Dropdown aria-label="Add a condition">{isOpen ? <Builder onDone={onClose} /> : null}</Popover.Dropdown>
		</Popover>
	);
}

function Builder({ onDone }: { onDone: () => void }) {
	const [column, setColumn] = useState<ChipColumn>('state');
	const [op, setOp] = useState<ChipOp>('is');
	const [values, setValues] = useState<readonly string[]>([]);
	const [fault, setFault] = useState<string | null>(null);
	const ops = CHIP_OPS[kindOf(column)];
	const choose = (next: ChipColumn): void => {
		setColumn(next);
		setOp(CHIP_OPS[kindOf(next)][0] ?? 'is');
		setValues([]);
		setFault(null);
	};
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		const chip = readChip(column, op, values);
		const problem = typeof chip === 'string' ? chip : chipFault(chip);
		setFault(problem);
		if (problem !== null || typeof chip === 'string') return;
		addChip(chip);
		onDone();
	};
	return (
		<form className={styles['builder']} onSubmit={submit}>
			<Select
				label="Column"
				data={COLUMNS}
				value={column}
				searchable
				allowDeselect={false}
				data-autofocus
				comboboxProps={{ withinPortal: false }}
				onChange={(next) => next !== null && choose(next as ChipColumn)}
			/>
			<Select
				label="Condition"
				data={ops.map((one) => ({ value: one, label: OP_WORDS[one] }))}
				value={op}
				allowDeselect={false}
				comboboxProps={{ withinPortal: false }}
				onChange={(next) => {
					if (next === null) return;
					setOp(next as ChipOp);
					setValues([]);
				}}
			/>
			<Values column={column} op={op} values={values} onValues={setValues} />
			{fault === null ? null : (
				<p role="alert" className={styles['fault']}>
					{fault}
				</p>
			)}
			<Button type="submit">Add condition</Button>
		</form>
	);
}

/** What was typed, as the filter wants it, or a sentence on what can't be read. */
function readChip(column: ChipColumn, op: ChipOp, values: readonly string[]): FilterChip | string {
	const kind = kindOf(column);
	if (op === 'is_null' || op === 'is_not_null') return { column, op, values: [] };
	const filled = values.filter((value, at) => value !== '' || (op === 'passes' && at === 0));
	if (kind !== 'amount' && kind !== 'number') return { column, op, values: filled };
	const read: string[] = [];
	for (const value of filled) {
		const one = kind === 'amount' ? amountOf(value) : integerOf(value);
		if (one === null) return `“${value}” is no ${kind === 'amount' ? 'amount' : 'whole number'}.`;
		read.push(one);
	}
	return { column, op, values: read };
}
