/** The list and its panel, with the keys that judge. */
import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import type { InboxColumn } from '#findings';
import { formatCount, plural } from '../../app/format.ts';
import { useRole } from '../../app/roles.ts';
import { useRows } from '../../app/useRows.ts';
import { KeyHint } from '../../components/Frame.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState, Loading } from '../../components/States.tsx';
import type { ExceptionCounts } from '../../vault/exceptionsApi.ts';
import { useDialogs } from './dialogs.ts';
import styles from './Exceptions.module.css';
import { NewFinding } from './NewFinding.tsx';
import { minutesLeft, rowInHand, useTriage } from './state.ts';
import { TriageList } from './TriageList.tsx';
import { TriagePanel } from './TriagePanel.tsx';
import { sortAfter, subjectOf } from './triageColumns.tsx';
import { draftOf, focusOn, useJudging } from './useJudging.ts';
import { useTriageCommands } from './useTriageCommands.ts';
import { useWindow } from './useWindow.ts';

export function Triage({ listId, count, counts }: { listId: string; count: number; counts: ExceptionCounts | null }) {
	const at = useTriage((triage) => rowInHand(triage, count));
	const sought = useTriage((triage) => triage.sought);
	const sort = useTriage((triage) => triage.sort);
	const { stand, sortBy } = useTriage.getState();
	const dialogs = useDialogs();
	const role = useRole();
	const [first, setFirst] = useState(0);
	const rows = useWindow(listId, first, count);
	const row = rows.rowAt(at);
	const fetchRows = useRows((ask, from, to) => ask.exceptions.page(listId, from, to), [listId]);
	const held = useTriage((triage) => triage.draft);
	const draft = row ? (held?.key === row.key ? held : draftOf(row)) : null;
	const judging = useJudging(row, draft, at, count);
	useEffect(() => {
		if (row) useTriage.getState().set({ inHand: row.key });
	}, [row]);
	const onSort = useCallback((column: InboxColumn) => sortBy(sortAfter(sort, column), row?.key ?? null), [sortBy, sort, row?.key]);
	useTriageCommands({ row, draft, at, count, onSort, ...judging });
	// Whoever comes here by key can go on by key: the list takes the focus that the title has, or gets after the list stands there.
	useEffect(() => {
		const take = (): void => {
			const active = document.activeElement;
			if (active === null || active === document.body || active.hasAttribute('data-screen-title')) focusOn('list');
		};
		take();
		document.addEventListener('focusin', take);
		return () => document.removeEventListener('focusin', take);
	}, []);
	return (
		<div className={styles['triage']}>
			<SplitView
				storageKey="exceptions.panel"
				sideLabel="Exception in hand"
				initial={384}
				main={
					<TriageList
						count={count}
						at={at}
						rows={rows}
						listId={listId}
						fetchRows={fetchRows}
						sort={sort}
						onSort={onSort}
						onScroll={setFirst}
						onStand={stand}
					/>
				}
				side={
					row && draft ? (
						<TriagePanel
							row={row}
							draft={draft}
							role={role}
							fault={judging.fault}
							restoredAt={judging.restoredAt}
							onDiscard={judging.discard}
							onDraft={judging.change}
							onSave={(goOn) => void judging.save(goOn)}
							onCopy={() => void judging.copyPrevious()}
							onFinding={() => dialogs.open('finding')}
						/>
					) : sought?.missing ? (
						<EmptyState title="The exception is not in this list" action={<Button onClick={() => stand(0)}>Go to the first row</Button>}>
							{sought.missing}
						</EmptyState>
					) : (
						<Loading lines={8} />
					)
				}
			/>
			<Progress listId={listId} count={count} counts={counts} />
			{dialogs.shown === 'finding' && row ? (
				<NewFinding
					title={`${row.title}: ${subjectOf(row)}`}
					severity={row.severity}
					exceptionKeys={[row.key]}
					onClose={() => {
						dialogs.close();
						focusOn('list');
					}}
				/>
			) : null}
		</div>
	);
}

/** How far this queue is, what was judged last, and the way back. */
function Progress({ listId, count, counts }: { listId: string; count: number; counts: ExceptionCounts | null }) {
	const saved = useTriage((triage) => triage.saved);
	// What was counted in the list before says nothing about this one.
	const done = counts?.listId === listId ? counts.done : null;
	const left = done === null ? null : count - done;
	const minutes = left === null ? null : minutesLeft(saved, left);
	return (
		<div className={styles['progress']}>
			<progress aria-label="Judged of this list" {...(done === null ? {} : { value: done })} max={Math.max(1, count)} />
			<span role="status">
				<strong>
					{done === null ? '…' : formatCount(done)} of {formatCount(count)}
				</strong>{' '}
				judged
				{counts?.last ? (
					<>
						{' · last: '}
						{counts.last}
						{' · Undo '}
						<KeyHint keys="$mod+z" />
					</>
				) : null}
			</span>
			<span className={styles['muted']}>
				{left === null || minutes === null ? '' : `${formatCount(left)} left, about ${plural(minutes, 'minute')} at your pace`}
			</span>
		</div>
	);
}
