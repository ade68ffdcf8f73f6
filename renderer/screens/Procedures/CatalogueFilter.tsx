/** What narrows the catalogue: words, verdicts, severities, and what has changed; each shown as long as it does. */
import { Button, Menu } from '@mantine/core';
import { ChevronDown } from 'lucide-react';
import type { Ref } from 'react';
import type { Severity } from '#audit';
import { formatCount } from '../../app/format.ts';
import { Chip, Toolbar } from '../../components/Frame.tsx';
import { SearchBox } from '../../components/SearchBox.tsx';
import textStyles from '../../components/Text.module.css';
import { type ListVerdict, NO_FILTER, type ProcedureFilter, VERDICT_WORDS } from './procedures.ts';

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

interface CatalogueFilterProps {
	readonly filter: ProcedureFilter;
	readonly onFilter: (filter: ProcedureFilter) => void;
	readonly shown: number;
	readonly of: number;
	readonly search: Ref<HTMLInputElement>;
}

export function CatalogueFilter({ filter, onFilter, shown, of, search }: CatalogueFilterProps) {
	return (
		<Toolbar label="Filter of the catalogue">
			<SearchBox
				inputRef={search}
				label="Search in the catalogue"
				placeholder="Test, rule, table  /"
				text={filter.text}
				onText={(text) => onFilter({ ...filter, text })}
			/>
			<Choice
				label="Verdict"
				all={Object.keys(VERDICT_WORDS) as ListVerdict[]}
				word={(verdict) => VERDICT_WORDS[verdict]}
				chosen={filter.verdicts}
				onChange={(verdicts) => onFilter({ ...filter, verdicts })}
			/>
			<Choice
				label="Severity"
				all={SEVERITIES}
				word={(severity) => severity}
				chosen={filter.severities}
				onChange={(severities) => onFilter({ ...filter, severities })}
			/>
			<Button
				variant={filter.changed ? 'light' : 'default'}
				aria-pressed={filter.changed}
				onClick={() => onFilter({ ...filter, changed: !filter.changed })}
			>
				Δ Changed or outdated
			</Button>
			{[...filter.verdicts].map((verdict) => (
				<Chip
					key={verdict}
					label={VERDICT_WORDS[verdict]}
					onRemove={() => onFilter({ ...filter, verdicts: without(filter.verdicts, verdict) })}
				/>
			))}
			{[...filter.severities].map((severity) => (
				<Chip key={severity} label={severity} onRemove={() => onFilter({ ...filter, severities: without(filter.severities, severity) })} />
			))}
			<span className={textStyles['muted']}>
				{formatCount(shown)} of {formatCount(of)}
			</span>
			{filter !== NO_FILTER ? (
				<Button variant="subtle" onClick={() => onFilter(NO_FILTER)}>
					Clear
				</Button>
			) : null}
		</Toolbar>
	);
}

interface ChoiceProps<T extends string> {
	readonly label: string;
	readonly all: readonly T[];
	readonly word: (value: T) => string;
	readonly chosen: ReadonlySet<T>;
	readonly onChange: (chosen: ReadonlySet<T>) => void;
}

function Choice<T extends string>({ label, all, word, chosen, onChange }: ChoiceProps<T>) {
	return (
		<Menu closeOnItemClick={false}>
			<Menu.Target>
				<Button variant={chosen.size > 0 ? 'light' : 'default'} rightSection={<ChevronDown size={14} aria-hidden="true" />}>
					{label}
				</Button>
			</Menu.Target>
			<Menu.Dropdown>
				{all.map((value) => (
					<Menu.Item
						key={value}
						role="menuitemcheckbox"
						aria-checked={chosen.has(value)}
						onClick={() => onChange(chosen.has(value) ? without(chosen, value) : new Set([...chosen, value]))}
					>
						{chosen.has(value) ? '✓ ' : '\u2007 '}
						{word(value)}
					</Menu.Item>
				))}
			</Menu.Dropdown>
		</Menu>
	);
}

function without<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
	return new Set([...set].filter((one) => one !== value));
}
