/** Data & IPE: bringing a drop in, and what it is worth once it is in. */

import { Button, Tabs } from '@mantine/core';
import { useState } from 'react';
import { can } from '#findings';
import { useCommands } from '../../app/commands.ts';
import { formatCount, formatDayLocal } from '../../app/format.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { ScreenHeader } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { useNav } from '../../state/nav.ts';
import type { EvidenceSummary } from '../../vault/evidenceViews.ts';
import styles from './Data.module.css';
import { DocumentsTab } from './DocumentsTab.tsx';
import { ImportsTab } from './ImportsTab.tsx';
import { ImportWizard } from './ImportWizard.tsx';
import { KeysTab } from './KeysTab.tsx';
import { QuarantineTab } from './QuarantineTab.tsx';
import { TablesTab } from './TablesTab.tsx';

const NO_EVIDENCE = 'no_evidence';

export function Data() {
	const role = useRole();
	const summary = useQuery((vault) => vault.evidence.summary(), [], ['evidence']);
	const [isImporting, setImporting] = useState(false);
	const running = useRunningJob(/^Import of/);
	const why = can(role, 'population.imported') ? null : `As ${ROLE_WORDS[role]} you can’t import evidence. A preparer or a partner does.`;
	const busy = running ? 'An import is running already.' : null;
	const hasNone = summary.state === 'failed' && summary.error.code === NO_EVIDENCE;
	useCommands(
		() => [
			{
				id: 'data.import',
				title: 'Import a drop',
				group: 'Data & IPE',
				keys: '$mod+i',
				disabled: why ?? busy,
				run: () => setImporting(true),
			},
		],
		[why, busy],
	);
	const action = (
		<Button variant="default" disabled={why !== null || busy !== null} title={why ?? busy ?? 'Ctrl+I'} onClick={() => setImporting(true)}>
			Import a drop
		</Button>
	);
	const showsWizard = isImporting || (hasNone && !running);
	return (
		<div className={layoutStyles['fill']}>
			<ScreenHeader
				title="Data & IPE"
				meta={summary.state === 'ready' ? <Meta summary={summary.data} /> : null}
				actions={showsWizard ? null : action}
			/>
			{running && !isImporting ? (
				<div className={styles['inset']}>
					<JobProgress job={running} note="Cancelling leaves no trace: what was stored before stands unchanged." />
				</div>
			) : null}
			{showsWizard ? (
				<ImportWizard why={why} isFirst={hasNone} onEnd={() => setImporting(false)} />
			) : hasNone ? null : (
				<Ask query={summary}>{(data) => <Loaded summary={data} />}</Ask>
			)}
		</div>
	);
}

function Meta({ summary: { manifest, rows } }: { summary: EvidenceSummary }) {
	return (
		<span>
			{manifest.company} · {manifest.dropId} · {manifest.periodFrom} – {manifest.periodTo} · as of{' '}
			{formatDayLocal(new Date(manifest.asOf).toISOString())} · {formatCount(rows)} rows
		</span>
	);
}

const TABS = ['tables', 'quarantine', 'documents', 'imports', 'keys'] as const;

function Loaded({ summary }: { summary: EvidenceSummary }) {
	const { params, set } = useNav();
	const tab = TABS.find((one) => one === params['tab']) ?? 'tables';
	const { missing, altered, uncited, misnamed } = summary.documents;
	const wrong = missing.length + altered.length + uncited.length + misnamed.length;
	return (
		<Tabs
			value={tab}
			onChange={(next) => set({ tab: next ?? 'tables' })}
			keepMounted={false}
			classNames={{ root: layoutStyles['fill'] ?? '', panel: layoutStyles['fill'] ?? '' }}
		>
			<Tabs.List>
				<Tabs.Tab value="tables">Tables {formatCount(summary.tables.length)}</Tabs.Tab>
				<Tabs.Tab value="quarantine">Quarantine {formatCount(summary.quarantined)}</Tabs.Tab>
				<Tabs.Tab value="documents">Documents {wrong > 0 ? `▲ ${formatCount(wrong)}` : ''}</Tabs.Tab>
				<Tabs.Tab value="imports">Imports</Tabs.Tab>
				<Tabs.Tab value="keys">Keys</Tabs.Tab>
			</Tabs.List>
			<Tabs.Panel value="tables">
				<TablesTab summary={summary} />
			</Tabs.Panel>
			<Tabs.Panel value="quarantine">
				<QuarantineTab summary={summary} />
			</Tabs.Panel>
			<Tabs.Panel value="documents">
				<DocumentsTab summary={summary} />
			</Tabs.Panel>
			<Tabs.Panel value="imports">
				<ImportsTab />
			</Tabs.Panel>
			<Tabs.Panel value="keys">
				<KeysTab claimed={summary.manifest.claimedLogKey} />
			</Tabs.Panel>
		</Tabs>
	);
}
