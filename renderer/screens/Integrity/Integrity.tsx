/** Integrity: facts that can each fail alone, the proof of one event, and the lab that attacks copies. No single sign stands for all. */

import { Button } from '@mantine/core';
import { useCallback, useEffect } from 'react';
import { useCommands } from '../../app/commands.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { KeyHint, ScreenHeader } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import { Tabs } from '../../components/Tabs.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { IntegrityScreenView } from '../../vault/integrityApi.ts';
import { Facts } from './Facts.tsx';
import styles from './Integrity.module.css';
import { IntegritySignoff } from './IntegritySignoff.tsx';
import { Lab } from './Lab.tsx';
import { Proof } from './Proof.tsx';
import { type IntegrityTab, useIntegrity } from './state.ts';

const TABS: readonly (readonly [IntegrityTab, string])[] = [
	['facts', 'Facts'],
	['proof', 'Proof of an event'],
	['lab', 'Tamper lab'],
];

export function Integrity() {
	const vault = useVault();
	const { tab, set } = useIntegrity();
	const view = useQuery((remote) => remote.integrity.view(), [], ['evidence', 'workbook']);
	const job = useRunningJob(/^Verification of the stored/);
	useParams();
	const isBusy = job !== null;
	const verify = useCallback(async () => {
		const done = await vault.evidence.verifyAgain();
		if (done.ok) notify({ tone: 'done', message: 'The stored bytes were read and verified again.' });
		else if (done.error.code !== 'cancelled') notify({ tone: 'failed', message: done.error.message });
	}, [vault]);
	useCommands(
		() => [
			{
				id: 'integrity.verify',
				title: 'Verify the stored evidence again',
				group: 'Integrity',
				keys: 'v',
				disabled: isBusy ? 'It is being verified now.' : view.state === 'ready' ? null : 'There is no evidence yet.',
				run: verify,
			},
			...TABS.map(([id, title], at) => ({
				id: `integrity.tab.${id}`,
				title: `Integrity: ${title}`,
				group: 'Integrity',
				keys: `Alt+${at + 1}`,
				run: () => set({ tab: id }),
			})),
		],
		[isBusy, view.state, verify, set],
	);
	return (
		<>
			<ScreenHeader
				title="Integrity"
				tabs={<Tabs label="Faces of integrity" tabs={TABS} tab={tab} onTab={(next) => set({ tab: next })} />}
				meta={view.state === 'ready' ? <Meta view={view.data} /> : null}
				actions={
					<Button variant="default" disabled={isBusy || view.state !== 'ready'} onClick={() => void verify()}>
						Verify again <KeyHint keys="v" />
					</Button>
				}
			/>
			{job ? (
				<div className={styles['job']}>
					<JobProgress job={job} note="The facts below are those of the last verification; they stay until this one is done." />
				</div>
			) : null}
			<Ask query={view}>
				{(data) => (
					<>
						<div className={styles['body']} role="tabpanel" aria-label={TABS.find(([id]) => id === tab)?.[1] ?? ''}>
							{tab === 'facts' ? <Facts view={data} /> : tab === 'proof' ? <Proof view={data} /> : <Lab />}
						</div>
						<IntegritySignoff dropId={data.dropId} />
					</>
				)}
			</Ask>
		</>
	);
}

function Meta({ view }: { view: IntegrityScreenView }) {
	return (
		<>
			<span>{view.dropId}</span>
			<span>
				manifest <Hash value={view.manifestSha256} />
			</span>
			{view.isUnderPresentKeys ? null : <span className={textStyles['warn']}>▲ A key was added or removed since: verify again (V)</span>}
		</>
	);
}

/** What another screen asked to see: `table` with `line` or `key` for a proof, or `tab`. */
function useParams(): void {
	const params = useNav((nav) => nav.params);
	const { table, line, key, tab } = params;
	useEffect(() => {
		const { set } = useIntegrity.getState();
		if (tab === 'facts' || tab === 'proof' || tab === 'lab') set({ tab });
		const subject = line ?? key;
		if (table !== undefined && subject !== undefined) set({ tab: 'proof', table, subject });
	}, [table, line, key, tab]);
}
