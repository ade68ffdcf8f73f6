/** The values of one condition, as its column takes them. */
import { MultiSelect, Select, TextInput } from '@mantine/core';
import { useEffect, useState } from 'react';
import { type ChipColumn, type ChipOp, kindOf, type OrderColumnId } from '#explore';
import { formatCount } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';

interface ValuesProps {
	readonly column: ChipColumn;
	readonly op: ChipOp;
	readonly values: readonly string[];
	readonly onValues: (values: readonly string[]) => void;
}

export function Values({ column, op, values, onValues }: ValuesProps) {
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
