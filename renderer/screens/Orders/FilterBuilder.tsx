/** One condition, put together by keys: column, word, value. Enter adds it. */
import { Button, MultiSelect, Popover, Select, TextInput } from '@mantine/core';
import { type FormEvent, type ReactNode, useEffect, useState } from 'react';
import {
	CHIP_OPS,
	type ChipColumn,
	type ChipOp,
	chipFault,
	type FilterChip,
	kindOf,
	OP_WORDS,
	ORDER_COLUMNS,
	type OrderColumnId,
} from '#explore';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
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

interface ValuesProps {
	readonly column: ChipColumn;
	readonly op: ChipOp;
	readonly values: readonly string[];
	readonly onValues: (values: readonly string[]) => void;
}

function Values({ column, op, values, onValues }: ValuesProps) {
	const kind = kindOf(column);
	if (op === 'is_null' || op === 'is_not_null') return null;
	if (kind === 'path') return <PathValues op={op} values={values} onValues={onValues} />;
	if (kind === 'text' && op !== 'contains') return <Choices column={column as OrderColumnId} values={values} onValues={onValues} />;
	const labels = op === 'between' ? ['From', 'To'] : ['Value'];
	const hint =
		kind === 'amount' ? '1 000.50, in each row’s own currency' : kind === 'instant' ? 'YYYY-MM-DD' : kind === 'number' ? '72' : 'text';
	return labels.map((label, at) => (
		<TextInput
			key={label}
			label={label}
			placeholder={hint}
			value={values[at] ?? ''}
			onChange={(event) => {
				const next = [...values];
				next[at] = event.currentTarget.value;
				onValues(labels.map((_, i) => next[i] ?? ''));
			}}
		/>
	));
}

function Choices({ column, values, onValues }: { column: OrderColumnId } & Pick<ValuesProps, 'values' | 'onValues'>) {
	const [typed, setTyped] = useState('');
	const choices = useQuery((vault) => vault.orders.choices(column, typed), [column, typed], ['evidence']);
	const [labels, setLabels] = useState<ReadonlyMap<string, string>>(new Map());
	useEffect(() => {
		if (choices.state === 'ready')
			setLabels(
				(known) =>
					new Map([...known, ...choices.data.map(({ value, label, count }) => [value, `${label} · ${formatCount(count)}`] as const)]),
			);
	}, [choices]);
	const offered = choices.state === 'ready' ? choices.data.map(({ value }) => value) : [];
	const data = [...new Set([...values, ...offered])].map((value) => ({ value, label: labels.get(value) ?? value }));
	return (
		<MultiSelect
			label="Values"
			data={data}
			value={[...values]}
			searchable
			searchValue={typed}
			onSearchChange={setTyped}
			filter={({ options }) => options}
			onChange={onValues}
			maxDropdownHeight={220}
			comboboxProps={{ withinPortal: false }}
			nothingFoundMessage={typed === '' ? 'No values' : 'No such value'}
		/>
	);
}

const BEGINNING = '(the beginning)';

function PathValues({ op, values, onValues }: Pick<ValuesProps, 'op' | 'values' | 'onValues'>) {
	const states = useQuery((vault) => vault.orders.states(), [], ['evidence']);
	const names = states.state === 'ready' ? [...states.data] : [];
	if (op === 'variant')
		return (
			<TextInput
				label="Variant"
				placeholder="booked → released → shipped"
				value={values[0] ?? ''}
				onChange={(event) => onValues([event.currentTarget.value])}
			/>
		);
	if (op !== 'passes')
		return (
			<MultiSelect label="States" data={names} value={[...values]} searchable onChange={onValues} comboboxProps={{ withinPortal: false }} />
		);
	return (
		<>
			<Select
				label="From state"
				data={[BEGINNING, ...names]}
				value={values[0] === '' ? BEGINNING : (values[0] ?? null)}
				searchable
				comboboxProps={{ withinPortal: false }}
				onChange={(next) => onValues([next === BEGINNING || next === null ? '' : next, values[1] ?? ''])}
			/>
			<Select
				label="To state"
				data={names}
				value={values[1] ?? null}
				searchable
				comboboxProps={{ withinPortal: false }}
				onChange={(next) => onValues([values[0] ?? '', next ?? ''])}
			/>
		</>
	);
}
