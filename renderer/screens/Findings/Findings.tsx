/** Findings: the list on the left, the finding in hand beside it. */
import { Button } from '@mantine/core';
import { useCallback, useEffect, useState } from 'react';
import { can } from '#findings';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { KeyHint, ScreenHeader } from '../../components/Frame.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import { useNav } from '../../state/nav.ts';
import type { FindingRow } from '../../vault/findingsApi.ts';
import { NewFinding } from '../Exceptions/NewFinding.tsx';
import { Editor } from './Editor.tsx';
import { exportFindings } from './exportFindings.ts';
import { FindingList } from './FindingList.tsx';

const NONE: readonly FindingRow[] = [];

export function Findings() {
	const role = useRole();
	const [isNew, setNew] = useState(false);
	const findings = useQuery((vault) => vault.findings.list(), [], ['workbook']);
	const listed = findings.state === 'ready' ? findings.data : NONE;
	const mayWrite = can(role, 'finding.created');
	const blocked = mayWrite ? null : `The role ${ROLE_WORDS[role]} writes no findings.`;
	useCommands(
		() => [
			{ id: 'findings.new', title: 'New finding', group: 'Findings', keys: 'n', disabled: blocked, run: () => setNew(true) },
			{
				id: 'findings.csv',
				title: 'Export the findings as CSV',
				group: 'Findings',
				disabled: listed.length === 0 ? 'There are no findings yet.' : null,
				run: () => exportFindings(listed),
			},
		],
		[blocked, listed],
	);
	const newButton = (
		<Button disabled={!mayWrite} title={blocked ?? ''} onClick={() => setNew(true)} rightSection={<KeyHint keys="n" />}>
			New finding
		</Button>
	);
	const exportButton = (
		<Button variant="default" disabled={listed.length === 0} onClick={() => void exportFindings(listed)}>
			Export CSV
		</Button>
	);
	return (
		<>
			<ScreenHeader
				title="Findings"
				meta={findings.state === 'ready' ? <Meta rows={findings.data} /> : null}
				actions={
					<>
						{exportButton}
						{newButton}
					</>
				}
			/>
			<Ask query={findings}>
				{(rows) =>
					rows.length === 0 ? (
						<EmptyState title="No findings yet" action={newButton}>
							A finding is written from an exception (F in the triage), or from scratch. It says condition, criteria, cause and effect, and
							rests on evidence by hash.
						</EmptyState>
					) : (
						<Split rows={rows} />
					)
				}
			</Ask>
			{isNew ? <NewFinding title="" severity="medium" exceptionKeys={[]} onClose={() => setNew(false)} /> : null}
		</>
	);
}

function Meta({ rows }: { rows: readonly FindingRow[] }) {
	const changed = rows.filter(({ prepared, reviewed }) => prepared === 'changed_since' || reviewed === 'changed_since').length;
	const notes = rows.reduce((sum, row) => sum + row.openNotes, 0);
	return (
		<span role="status">
			{formatCount(rows.length)} {rows.length === 1 ? 'finding' : 'findings'}
			{changed > 0 ? ` · Δ ${formatCount(changed)} changed since sign-off` : ''}
			{notes > 0 ? ` · ${formatCount(notes)} open review ${notes === 1 ? 'note' : 'notes'}` : ''}
		</span>
	);
}

function Split({ rows }: { rows: readonly FindingRow[] }) {
	const { params, set } = useNav();
	const wanted = params['finding'];
	const active = rows.find(({ findingId }) => findingId === wanted) ?? rows[0];
	const findingId = active?.findingId ?? '';
	const choose = useCallback((id: string) => set({ finding: id }), [set]);
	// A finding that another screen asked for and that is gone is not asked for again.
	useEffect(() => {
		if (wanted !== undefined && wanted !== findingId && findingId !== '') set({ finding: findingId });
	}, [wanted, findingId, set]);
	return (
		<SplitView
			storageKey="findings.list"
			sideLabel="List of findings"
			place="left"
			initial={340}
			side={<FindingList rows={rows} activeId={findingId} onChoose={choose} />}
			main={<Editor key={findingId} findingId={findingId} />}
		/>
	);
}
