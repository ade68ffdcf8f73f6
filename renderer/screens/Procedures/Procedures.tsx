/** Procedures: the catalogue of audit tests, what each last said, and running them. */

import { Button, Menu, TextInput } from '@mantine/core';
import { type ReactNode, type RefObject, useMemo, useRef, useState } from 'react';
import type { Severity } from '#audit';
import { can } from '#findings';
import { useCommands } from '../../app/commands.ts';
import { exportCsv } from '../../app/exportCsv.ts';
import { formatCount, formatInstantLocal, plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { Chip, ScreenHeader, Toolbar } from '../../components/Frame.tsx';
import { RunningJob, useRunningJobId } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { type RowColumn, type RowSort, RowTable } from '../../components/RowTable.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { TestVerdict, VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { CatalogueRow } from '../../vault/proceduresApi.ts';
import { ProcedureDetail } from './ProcedureDetail.tsx';
import styles from './Procedures.module.css';
import { areaOf, filterRows, type ListVerdict, NO_FILTER, type ProcedureFilter, sortRows, verdictCounts, verdictOf } from './procedures.ts';

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];
const VERDICT_WORDS: Readonly<Record<ListVerdict, string>> = {
	exception: 'Exception',
	incomplete: 'Incomplete',
	pass: 'Passed',
	not_testable: 'Not testable',
	not_run: 'Not run',
};
const RUNNING = /^(All audit tests|Audit tests)/;

function Delta({ row }: { row: CatalogueRow }): ReactNode {
	if (row.isStale)
		return (
			<VerdictBadge tone="warn" title="The evidence, a parameter or the rule is another than at the last run">
				Run again
			</VerdictBadge>
		);
	return row.hasChanged ? (
		<VerdictBadge tone="info" glyph="Δ" title="The result differs from that of the run before">
			Changed
		</VerdictBadge>
	) : null;
}

const COLUMNS: readonly RowColumn<CatalogueRow>[] = [
	{ id: 'id', title: 'Test', sortable: true, cell: ({ id }) => <span className={textStyles['code']}>{id}</span> },
	{ id: 'title', title: 'Title', sortable: true, wraps: true, cell: ({ title }) => <span className={styles['title']}>{title}</span> },
	{ id: 'severity', title: 'Severity', sortable: true, cell: ({ severity }) => severity },
	{
		id: 'verdict',
		title: 'Verdict',
		sortable: true,
		cell: (row) =>
			row.isInThisVersion ? (
				<TestVerdict verdict={verdictOf(row)} {...(row.last?.why ? { title: row.last.why } : {})} />
			) : (
				<VerdictBadge tone="neutral" glyph="–">
					Not in this version
				</VerdictBadge>
			),
	},
	{
		id: 'exceptions',
		title: 'Exceptions',
		align: 'right',
		sortable: true,
		cell: ({ last }) => (last ? formatCount(last.exceptions) : '–'),
	},
	{ id: 'rows', title: 'Tested', align: 'right', sortable: true, cell: ({ last }) => (last ? formatCount(last.rows) : '–') },
	{ id: 'delta', title: 'Since', cell: (row) => <Delta row={row} /> },
	{
		id: 'why',
		title: 'Open, why',
		cell: ({ last }) => (
			<span className={styles['why']} title={last?.why ?? undefined}>
				{last?.why ?? ''}
			</span>
		),
	},
	{
		id: 'source',
		title: 'Source',
		cell: ({ source }) => (
			<span className={styles['source']} title={source}>
				{source}
			</span>
		),
	},
	{ id: 'version', title: 'Rule', align: 'right', cell: ({ version, isInThisVersion }) => (isInThisVersion ? `v${version}` : '–') },
	{
		id: 'at',
		title: 'Last run',
		sortable: true,
		cell: ({ last }) => <span className={styles['time']}>{last ? formatInstantLocal(last.at) : '–'}</span>,
	},
];

export function Procedures() {
	const query = useQuery((vault) => vault.procedures.catalogue(), [], ['workbook', 'evidence', 'results']);
	return (
		<div className={layoutStyles['fill']}>
			<Ask query={query} lines={12}>
				{(rows) => <Catalogue rows={rows} />}
			</Ask>
		</div>
	);
}

function Catalogue({ rows }: { rows: readonly CatalogueRow[] }) {
	const vault = useVault();
	const role = useRole();
	const { params, set } = useNav();
	const [filter, setFilter] = useState<ProcedureFilter>(NO_FILTER);
	const [sort, setSort] = useState<RowSort | null>(null);
	const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
	const search = useRef<HTMLInputElement>(null);
	const running = useRunningJobId(RUNNING);
	const shown = useMemo(() => sortRows(filterRows(rows, filter), sort), [rows, filter, sort]);
	const active = rows.find(({ id }) => id === params['test']) ?? shown[0];
	const why = can(role, 'run.recorded')
		? running
			? 'Tests are running already.'
			: null
		: `As ${ROLE_WORDS[role]} you can’t run tests. A preparer or a partner does.`;

	const run = async (ids: readonly string[] | 'all'): Promise<void> => {
		if (why !== null) return notify({ tone: 'warn', message: why });
		const answer = await vault.procedures.run(ids);
		if (answer.ok) {
			const { tests, exceptions } = answer.value;
			notify({ tone: 'done', message: `${plural(tests, 'test')} run: ${plural(exceptions, 'exception')}.` });
		} else notify({ tone: answer.error.code === 'cancelled' ? 'warn' : 'failed', message: answer.error.message });
	};
	const save = async (): Promise<void> => {
		const saved = await exportCsv(catalogueCsv(shown));
		if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
		else if (saved.value) notify({ tone: 'done', message: `Written: ${saved.value.name}` });
	};
	useCommands(
		() => [
			{ id: 'procedures.all', title: 'Run all tests', group: 'Procedures', keys: 'r', when: 'list', disabled: why, run: () => run('all') },
			{
				id: 'procedures.selected',
				title: 'Run the selected tests',
				group: 'Procedures',
				keys: 'Shift+R',
				when: 'list',
				disabled: why ?? (ticked.size === 0 ? 'No test is selected; Space selects one.' : null),
				run: () => run([...ticked]),
			},
			{
				id: 'procedures.this',
				title: active ? `Run ${active.id} (Enter in the list)` : 'Run this test',
				group: 'Procedures',
				disabled: why,
				run: () => (active ? run([active.id]) : undefined),
			},
			{
				id: 'procedures.cancel',
				title: 'Cancel the run',
				group: 'Procedures',
				disabled: running ? null : 'No test is running.',
				run: () => (running ? void vault.jobs.cancel(running) : undefined),
			},
			{ id: 'procedures.search', title: 'Search in the catalogue', group: 'Procedures', keys: '/', run: () => search.current?.focus() },
			{ id: 'procedures.csv', title: 'Export the catalogue as CSV', group: 'Procedures', run: save },
		],
		[why, ticked, active?.id, running, shown],
	);

	return (
		<>
			<ScreenHeader
				title="Procedures"
				meta={<Counts rows={rows} />}
				actions={
					<>
						<Button disabled={why !== null} title={why ?? 'R'} onClick={() => void run('all')}>
							Run all
						</Button>
						<Button variant="default" disabled={why !== null || ticked.size === 0} onClick={() => void run([...ticked])}>
							Run selected {ticked.size > 0 ? formatCount(ticked.size) : ''}
						</Button>
						<Button variant="default" disabled={why !== null || !active} onClick={() => active && void run([active.id])}>
							Run {active?.id ?? 'this'}
						</Button>
					</>
				}
			/>
			{running ? (
				<div className={styles['inset']}>
					<RunningJob label={RUNNING} note="Cancelling keeps the results of before." />
				</div>
			) : null}
			<FilterBar filter={filter} onFilter={setFilter} shown={shown.length} of={rows.length} search={search} onExport={() => void save()} />
			<SplitView
				storageKey="procedures.detail"
				sideLabel="Procedure"
				initial={480}
				main={
					<RowTable
						label="Audit tests"
						columns={COLUMNS}
						rows={shown}
						rowKey={({ id }) => id}
						activeKey={active?.id ?? null}
						onActive={({ id }) => set({ test: id })}
						onOpen={({ id }) => void run([id])}
						ticked={ticked}
						onTick={setTicked}
						sort={sort}
						onSort={setSort}
						{...(sort === null ? { groupOf: ({ id }: CatalogueRow) => areaOf(id) } : {})}
						empty="No test fits this filter. Clear it to see the whole catalogue."
					/>
				}
				side={
					active ? (
						<ProcedureDetail key={active.id} row={active} onRun={() => void run([active.id])} whyNotRun={why} />
					) : (
						<EmptyState title="No test chosen">Choose one from the list.</EmptyState>
					)
				}
			/>
		</>
	);
}

function FilterBar({
	filter,
	onFilter,
	shown,
	of,
	search,
	onExport,
}: {
	filter: ProcedureFilter;
	onFilter: (filter: ProcedureFilter) => void;
	shown: number;
	of: number;
	search: RefObject<HTMLInputElement | null>;
	onExport: () => void;
}) {
	return (
		<Toolbar label="Filter of the catalogue">
			<TextInput
				ref={search}
				aria-label="Search in the catalogue"
				placeholder="Search  /"
				value={filter.text}
				onChange={({ currentTarget }) => onFilter({ ...filter, text: currentTarget.value })}
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
			<span className={styles['grow']} />
			<Button variant="subtle" onClick={onExport}>
				Export CSV
			</Button>
		</Toolbar>
	);
}

function Counts({ rows }: { rows: readonly CatalogueRow[] }) {
	return (
		<span>
			{verdictCounts(rows)
				.filter(({ count }) => count > 0)
				.map(
					({ verdict, count }) =>
						`${formatCount(count)} ${verdict === 'exception' ? 'with exceptions' : VERDICT_WORDS[verdict].toLowerCase()}`,
				)
				.join(' · ')}
		</span>
	);
}

function without<T>(set: ReadonlySet<T>, value: T): ReadonlySet<T> {
	return new Set([...set].filter((one) => one !== value));
}

function Choice<T extends string>({
	label,
	all,
	word,
	chosen,
	onChange,
}: {
	label: string;
	all: readonly T[];
	word: (value: T) => string;
	chosen: ReadonlySet<T>;
	onChange: (chosen: ReadonlySet<T>) => void;
}) {
	return (
		<Menu closeOnItemClick={false}>
			<Menu.Target>
				<Button variant={chosen.size > 0 ? 'light' : 'default'}>{label} ▾</Button>
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

const catalogueCsv = (rows: readonly CatalogueRow[]) => ({
	name: 'audit-tests',
	facts: [['list', 'audit tests with their last result'] as const],
	header: [
		'test',
		'title',
		'severity',
		'source',
		'rule_version',
		'verdict',
		'exceptions',
		'tested',
		'why',
		'last_run',
		'result_sha256',
		'outdated',
	],
	rows: rows.map((row) => [
		row.id,
		row.title,
		row.severity,
		row.source,
		String(row.version),
		verdictOf(row),
		row.last ? String(row.last.exceptions) : '',
		row.last ? String(row.last.rows) : '',
		row.last?.why ?? '',
		row.last?.at ?? '',
		row.last?.resultSha256 ?? '',
		row.isStale ? 'yes' : 'no',
	]),
});
