/** The conditions as chips, the search field, and the builder that adds another. */
import { Button, CloseButton, TextInput } from '@mantine/core';
import { ListFilter, Search } from 'lucide-react';
import { useEffect, useRef, useState } from 'react';
import { describeChip, type FilterChip, NO_FILTER } from '#explore';
import { useCommands } from '../../app/commands.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Chip, Toolbar } from '../../components/Frame.tsx';
import { FilterBuilder } from './FilterBuilder.tsx';
import styles from './Orders.module.css';
import { removeChip, setText, useOrders } from './state.ts';

const TYPING_MS = 150;

/** @param query the filter in words, as the vault reads it */
export function FilterBar({ query }: { query: string | null }) {
	const { filter, set } = useOrders();
	const [building, setBuilding] = useState<FilterChip['column'] | 'any' | null>(null);
	const search = useRef<HTMLInputElement>(null);
	useCommands(
		() => [
			{ id: 'orders.search', title: 'Search orders', group: 'Orders', keys: '/', run: () => search.current?.focus() },
			{ id: 'orders.filter', title: 'Add a condition', group: 'Orders', keys: '$mod+f', run: () => setBuilding('any') },
			{
				id: 'orders.clear',
				title: 'Remove all conditions',
				group: 'Orders',
				keys: '$mod+Backspace',
				disabled: filter.chips.length === 0 && filter.text === '' ? 'There is no condition' : null,
				run: () => set({ filter: NO_FILTER }),
			},
		],
		[filter, set],
	);
	return (
		<Toolbar label="Conditions">
			<SearchField text={filter.text} field={search} />
			{filter.chips.map((chip, at) => (
				<ConditionChip key={JSON.stringify(chip)} chip={chip} onRemove={() => removeChip(at)} />
			))}
			<FilterBuilder isOpen={building !== null} onClose={() => setBuilding(null)}>
				<Button
					variant="default"
					size="compact-xs"
					leftSection={<ListFilter size={14} />}
					onClick={() => setBuilding(building === null ? 'any' : null)}
					aria-expanded={building !== null}
					title="Add a condition (Ctrl+F)"
				>
					Filter
				</Button>
			</FilterBuilder>
			{filter.chips.length + Number(filter.text !== '') > 0 ? (
				<Button variant="subtle" size="compact-xs" onClick={() => set({ filter: NO_FILTER })}>
					Clear
				</Button>
			) : null}
			<span className={styles['query']} title={query ?? ''}>
				{query}
			</span>
		</Toolbar>
	);
}

function SearchField({ text, field }: { text: string; field: React.RefObject<HTMLInputElement | null> }) {
	const [typed, setTyped] = useState(text);
	useEffect(() => setTyped(text), [text]);
	useEffect(() => {
		const timer = setTimeout(() => setText(typed), TYPING_MS);
		return () => clearTimeout(timer);
	}, [typed]);
	return (
		<TextInput
			ref={field}
			size="xs"
			w={220}
			aria-label="Search number, customer or region"
			placeholder="Number, customer, region  /"
			leftSection={<Search size={14} />}
			value={typed}
			onChange={(event) => setTyped(event.currentTarget.value)}
			onKeyDown={(event) => {
				if (event.key === 'Enter') setText(typed);
				if (event.key === 'Escape' && typed !== '') {
					event.stopPropagation();
					setTyped('');
					setText('');
				}
			}}
			rightSection={typed === '' ? null : <CloseButton size="xs" aria-label="Clear the search" onClick={() => setTyped('')} />}
		/>
	);
}

/** A condition; ids of customers read as their names. */
function ConditionChip({ chip, onRemove }: { chip: FilterChip; onRemove: () => void }) {
	const isNamed = chip.column === 'customer' && chip.values.length > 0 && (chip.op === 'is' || chip.op === 'is_not');
	const words = useQuery((vault) => vault.orders.chipText(chip), [JSON.stringify(chip)], ['evidence']);
	const plain = describeChip(chip);
	return <Chip label={isNamed && words.state === 'ready' ? words.data : shorten(plain)} onRemove={onRemove} />;
}

const CHIP_CHARS = 90;

const shorten = (text: string): string => (text.length > CHIP_CHARS ? `${text.slice(0, CHIP_CHARS)}…` : text);
