/** Activity: the hash-chained log of the auditors' own acts, newest first, and whether the chain holds. */
import { Button, Select } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { ActType } from '#findings';
import { runCommand, useCommands } from '../../app/commands.ts';
import { formatCount, formatInstantLocal, plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useRows } from '../../app/useRows.ts';
import { openVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { DataGrid } from '../../components/DataGrid.tsx';
import { KeyHint, ScreenHeader, Toolbar } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import { SearchBox } from '../../components/SearchBox.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import { useFirstRow } from '../../components/useFirstRow.ts';
import { Hash } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { ActivityFilter, ActivityList, ActivityRow } from '../../vault/activityApi.ts';
import styles from './Activity.module.css';
import { ActPanel } from './ActPanel.tsx';
import { COLUMNS } from './activityColumns.tsx';
import { exportLog } from './exportLog.ts';
import { TYPE_WORDS } from './types.ts';

export function Activity() {
	const [filter, setFilter] = useState<ActivityFilter>({});
	const list = useQuery((vault) => vault.activity.open(filter), [filter], ['workbook']);
	const [checks, setChecks] = useState(0);
	const job = useRunningJob(/^Verification of the activity log/);
	const isBusy = job !== null;
	const verify = useCallback(async (): Promise<void> => {
		const done = await openVault().activity.verify();
		if (!done.ok) {
			if (done.error.code !== 'cancelled') notify({ tone: 'failed', message: done.error.message });
			return;
		}
		setChecks((count) => count + 1);
		// The same question again: the answer now knows what was found.
		setFilter((now) => ({ ...now }));
		const { isIntact, acts, problemCount } = done.value;
		if (isIntact) notify({ tone: 'done', message: `${plural(acts, 'act')} verified: places, links, hashes and signatures.` });
		else
			notify({ tone: 'failed', message: `${plural(problemCount, 'problem')} in ${plural(acts, 'act')}. The column Signature names them.` });
	}, []);
	useCommands(
		() => [
			{
				id: 'activity.verify',
				title: 'Verify the activity log',
				group: 'Activity',
				keys: 'v',
				disabled: isBusy ? 'It is being verified now.' : null,
				run: verify,
			},
			{ id: 'activity.export', title: 'Export the log as CSV', group: 'Activity', run: () => exportLog(filter) },
			{
				id: 'activity.search',
				title: 'Search the log',
				group: 'Activity',
				keys: '/',
				run: () => document.querySelector<HTMLElement>('[data-search=activity]')?.focus(),
			},
		],
		[verify, isBusy, filter],
	);
	return (
		<>
			<ScreenHeader
				title="Activity"
				meta={list.state === 'ready' ? <Meta list={list.data} /> : null}
				actions={
					<>
						<Button variant="default" disabled={list.state !== 'ready'} onClick={() => void exportLog(filter)}>
							Export CSV
						</Button>
						<Button variant="default" onClick={() => runCommand('undo.list')} rightSection={<KeyHint keys="Alt+z" />}>
							Undo list
						</Button>
						<Button variant="default" disabled={isBusy} onClick={() => void verify()} rightSection={<KeyHint keys="v" />}>
							Verify
						</Button>
					</>
				}
			/>
			<Filters filter={filter} onFilter={setFilter} list={list.state === 'ready' ? list.data : null} />
			{job ? (
				<div className={styles['job']}>
					<JobProgress job={job} />
				</div>
			) : null}
			<Ask query={list}>
				{(data) =>
					data.count === 0 ? (
						<EmptyState title="No act meets this" action={<Button onClick={() => setFilter({})}>Show all acts</Button>}>
							The log has {plural(data.of, 'act')}; none of them meets the conditions.
						</EmptyState>
					) : (
						<Log list={data} filter={filter} checks={checks} />
					)
				}
			</Ask>
		</>
	);
}

function Meta({ list: { count, of, head, verdict } }: { list: ActivityList }) {
	return (
		<>
			<span role="status">
				{formatCount(count)} of {plural(of, 'act')}
			</span>
			<span>
				head <Hash value={head} />
			</span>
			{verdict === null ? (
				<VerdictBadge tone="neutral">Not verified since it was opened</VerdictBadge>
			) : verdict.isIntact ? (
				<VerdictBadge tone="pass">
					{formatCount(verdict.acts)} acts verified, {formatInstantLocal(verdict.at)}
				</VerdictBadge>
			) : (
				<VerdictBadge tone="fail">
					{plural(verdict.problemCount, 'problem')}: {verdict.problems[0]?.message}
				</VerdictBadge>
			)}
		</>
	);
}

function Filters({
	filter,
	onFilter,
	list,
}: {
	filter: ActivityFilter;
	onFilter: (filter: ActivityFilter) => void;
	list: ActivityList | null;
}) {
	const onText = useCallback((text: string) => onFilter({ ...filter, text }), [filter, onFilter]);
	const { memberId: _member, ...withoutMember } = filter;
	const { type: _type, ...withoutType } = filter;
	return (
		<Toolbar label="Conditions">
			<SearchBox label="Search the log" placeholder="Words of an act  /" text={filter.text ?? ''} onText={onText} name="activity" />
			<Select
				aria-label="Member"
				placeholder="All members"
				clearable
				data={(list?.members ?? []).map(({ memberId, name }) => ({ value: memberId, label: name }))}
				value={filter.memberId ?? null}
				onChange={(memberId) => onFilter(memberId === null ? withoutMember : { ...filter, memberId })}
				w={180}
			/>
			<Select
				aria-label="Kind of act"
				placeholder="All kinds of acts"
				clearable
				data={(list?.types ?? []).map((type) => ({ value: type, label: TYPE_WORDS[type] }))}
				value={filter.type ?? null}
				onChange={(type) => onFilter(type === null ? withoutType : { ...filter, type: type as ActType })}
				w={200}
			/>
		</Toolbar>
	);
}

function Log({ list, filter, checks }: { list: ActivityList; filter: ActivityFilter; checks: number }) {
	const [shown, setShown] = useState<number | null>(null);
	const [focused, setFocused] = useState<number | null>(null);
	const fetchRows = useRows((ask, from, to) => ask.activity.page(filter, from, to), [filter]);
	useFirstRow(fetchRows, (row) => setFocused(row?.seq ?? null));
	const version = useMemo(() => `${JSON.stringify(filter)} ${list.head} ${checks}`, [filter, list.head, checks]);
	const seq = shown ?? focused;
	return (
		<SplitView
			storageKey="activity.panel"
			sideLabel="Act in hand"
			initial={360}
			main={
				<DataGrid<ActivityRow>
					label={`Acts, ${formatCount(list.count)} of ${formatCount(list.of)}`}
					columns={COLUMNS}
					keepAs="activity"
					rowCount={list.count}
					rowKey={({ seq: key }) => String(key)}
					fetchRows={fetchRows}
					version={version}
					activeKey={seq === null ? null : String(seq)}
					onFocusRow={(row) => {
						setShown(null);
						setFocused(row?.seq ?? null);
					}}
					onActivate={(row) => setShown(row.seq)}
				/>
			}
			side={seq === null ? null : <ActPanel seq={seq} checks={checks} />}
		/>
	);
}
