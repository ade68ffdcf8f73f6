/** Procedures: the catalogue of audit tests, what each last said, and running them. */

import { Button } from '@mantine/core';
import { useMemo, useRef, useState } from 'react';
import { useCommands } from '../../app/commands.ts';
import { exportCsv } from '../../app/exportCsv.ts';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { ScreenHeader } from '../../components/Frame.tsx';
import { RunningJob } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { type RowSort, RowTable } from '../../components/RowTable.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import { useNav } from '../../state/nav.ts';
import type { CatalogueRow } from '../../vault/proceduresCatalogue.ts';
import { CatalogueFilter } from './CatalogueFilter.tsx';
import { CATALOGUE_COLUMNS } from './catalogueColumns.tsx';
import { catalogueCsv } from './catalogueCsv.ts';
import { ProcedureDetail } from './ProcedureDetail.tsx';
import styles from './Procedures.module.css';
import { areaOf, filterRows, NO_FILTER, type ProcedureFilter, sortRows, VERDICT_WORDS, verdictCounts } from './procedures.ts';
import { RUNNING, type Runs, useRuns } from './useRuns.ts';

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
	const { params, set } = useNav();
	const [filter, setFilter] = useState<ProcedureFilter>(NO_FILTER);
	const [sort, setSort] = useState<RowSort | null>(null);
	const [ticked, setTicked] = useState<ReadonlySet<string>>(new Set());
	const search = useRef<HTMLInputElement>(null);
	const shown = useMemo(() => sortRows(filterRows(rows, filter), sort), [rows, filter, sort]);
	const active = rows.find(({ id }) => id === params['test']) ?? shown[0];
	const runs = useRuns(active?.id ?? null, ticked);
	const save = async (): Promise<void> => {
		const saved = await exportCsv(vault, catalogueCsv(shown));
		if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
		else if (saved.value) notify({ tone: 'done', message: `Written: ${saved.value.name}` });
	};
	useCommands(
		() => [
			{ id: 'procedures.search', title: 'Search in the catalogue', group: 'Procedures', keys: '/', run: () => search.current?.focus() },
			{ id: 'procedures.csv', title: 'Export the catalogue as CSV', group: 'Procedures', run: save },
		],
		[shown],
	);
	return (
		<>
			<ScreenHeader
				title="Procedures"
				meta={<Counts rows={rows} />}
				actions={
					<>
						<Button variant="default" onClick={() => void save()}>
							Export CSV
						</Button>
						<RunButtons runs={runs} ticked={ticked} activeId={active?.id ?? null} />
					</>
				}
			/>
			{runs.running ? (
				<div className={styles['inset']}>
					<RunningJob label={RUNNING} note="Cancelling keeps the results of before." />
				</div>
			) : null}
			<CatalogueFilter filter={filter} onFilter={setFilter} shown={shown.length} of={rows.length} search={search} />
			<SplitView
				storageKey="procedures.detail"
				sideLabel="Procedure"
				initial={480}
				main={
					<RowTable
						label="Audit tests"
						columns={CATALOGUE_COLUMNS}
						rows={shown}
						rowKey={({ id }) => id}
						activeKey={active?.id ?? null}
						onActive={({ id }) => set({ test: id })}
						onOpen={({ id }) => void runs.run([id])}
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
						<ProcedureDetail key={active.id} row={active} onRun={() => void runs.run([active.id])} whyNotRun={runs.whyNot} />
					) : (
						<EmptyState title="No test chosen">Choose one from the list.</EmptyState>
					)
				}
			/>
		</>
	);
}

function RunButtons({ runs, ticked, activeId }: { runs: Runs; ticked: ReadonlySet<string>; activeId: string | null }) {
	const { whyNot, run } = runs;
	return (
		<>
			<Button variant="default" disabled={whyNot !== null || activeId === null} onClick={() => activeId && void run([activeId])}>
				Run {activeId ?? 'this'}
			</Button>
			<Button variant="default" disabled={whyNot !== null || ticked.size === 0} onClick={() => void run([...ticked])}>
				Run selected {ticked.size > 0 ? formatCount(ticked.size) : ''}
			</Button>
			<Button disabled={whyNot !== null} title={whyNot ?? 'R'} onClick={() => void run('all')}>
				Run all
			</Button>
		</>
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
