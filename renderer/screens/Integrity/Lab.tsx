/** The tamper lab: attacks on a copy in memory, each with what somebody would want by it, and what caught it when the copy was read again. */

import { Button } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import type { AttackOutcome, AttackView } from '#explore';
import { ok } from '#kernel';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import { Ask } from '../../components/Ask.tsx';
import { KeyHint } from '../../components/Frame.tsx';
import { JobProgress, useRunningJob } from '../../components/JobProgress.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { RowTable } from '../../components/RowTable.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { AttackDetail } from './AttackDetail.tsx';
import styles from './Integrity.module.css';
import { FAMILIES, OUTCOMES } from './words.ts';

interface LabData {
	readonly attacks: readonly AttackView[];
	readonly outcomes: readonly AttackOutcome[];
}

export function Lab() {
	const [runs, setRuns] = useState(0);
	const query = useQuery<LabData>(
		async (vault) => {
			const [attacks, outcomes] = [await vault.integrity.attacks(), await vault.integrity.outcomes()];
			if (!attacks.ok) return attacks;
			return outcomes.ok ? ok({ attacks: attacks.value, outcomes: outcomes.value }) : outcomes;
		},
		[runs],
		['evidence'],
	);
	return <Ask query={query}>{(data) => <LabBody data={data} onRun={() => setRuns((count) => count + 1)} />}</Ask>;
}

function LabBody({ data: { attacks, outcomes }, onRun }: { data: LabData; onRun: () => void }) {
	const vault = useVault();
	const job = useRunningJob(/^Tamper lab/);
	const [activeId, setActiveId] = useState(attacks[0]?.id ?? '');
	const byId = useMemo(() => new Map(outcomes.map((outcome) => [outcome.id, outcome])), [outcomes]);
	const rows = useMemo(() => {
		const families = Object.keys(FAMILIES);
		return attacks.toSorted((a, b) => families.indexOf(a.family) - families.indexOf(b.family));
	}, [attacks]);
	const active = rows.find(({ id }) => id === activeId) ?? rows[0] ?? null;
	const run = useCallback(
		async (id: string) => {
			const done = await vault.integrity.runAttack(id);
			if (!done.ok) notify({ tone: 'failed', message: done.error.message });
			onRun();
		},
		[vault, onRun],
	);
	const runAll = useCallback(async () => {
		const done = await vault.integrity.runAllAttacks();
		onRun();
		if (!done.ok) {
			if (done.error.code !== 'cancelled') notify({ tone: 'failed', message: done.error.message });
			return;
		}
		const other = done.value.filter(({ asExpected, outcome }) => !asExpected && outcome !== 'not_run').length;
		const caught = done.value.filter(({ outcome }) => outcome === 'caught').length;
		notify({
			tone: other > 0 ? 'warn' : 'done',
			message: `${caught} of ${done.value.length} attacks were caught; ${other === 0 ? 'all came out as expected' : `${other} came out otherwise than expected`}.`,
		});
	}, [vault, onRun]);
	const isBusy = job !== null;
	const count = (outcome: AttackOutcome['outcome']): number => outcomes.filter((one) => one.outcome === outcome).length;
	useCommands(
		() => [
			{
				id: 'lab.all',
				title: 'Tamper lab: run all attacks',
				group: 'Integrity',
				keys: 'Shift+R',
				disabled: isBusy ? 'An attack is running.' : null,
				run: runAll,
			},
			{
				id: 'lab.run',
				title: 'Tamper lab: run this attack',
				group: 'Integrity',
				keys: 'r',
				when: 'list',
				disabled: isBusy ? 'An attack is running.' : active ? null : 'There is no attack.',
				run: () => run(active?.id ?? ''),
			},
		],
		[isBusy, active, run, runAll],
	);
	return (
		<SplitView
			storageKey="integrity.lab"
			sideLabel="The attack"
			initial={560}
			main={
				<div className={styles['lab']}>
					<div className={styles['labHead']}>
						<p>
							The stored evidence is only read. Each attack is done to a copy in memory, and the copy is read as any drop is; what catches
							it is found out, not written down.
						</p>
						<div className={layoutStyles['row']}>
							<Button onClick={() => void runAll()} disabled={isBusy}>
								Run all {formatCount(attacks.length)} <KeyHint keys="Shift+R" />
							</Button>
							{outcomes.length === 0 ? null : (
								<span className={textStyles['muted']} role="status">
									{formatCount(count('caught'))} caught · {formatCount(count('shown'))} shown · {formatCount(count('not_caught'))} not
									caught · {formatCount(count('not_run'))} could not be run
								</span>
							)}
						</div>
						{job ? <JobProgress job={job} /> : null}
					</div>
					<RowTable
						label="Attacks"
						rows={rows}
						rowKey={({ id }) => id}
						activeKey={active?.id ?? null}
						onActive={({ id }) => setActiveId(id)}
						onOpen={({ id }) => void run(id)}
						groupOf={({ family }) => FAMILIES[family]}
						columns={[
							{ id: 'title', title: 'Attack', cell: ({ title }) => <span className={styles['attackTitle']}>{title}</span> },
							{
								id: 'tests',
								title: 'Expected',
								width: '110px',
								cell: ({ tests, expected }) => (tests.length > 0 ? tests.join(' ') : expected.length > 0 ? 'not verifiable' : 'nothing'),
							},
							{
								id: 'outcome',
								title: 'Outcome',
								width: '190px',
								cell: ({ id }) => {
									const outcome = byId.get(id);
									if (!outcome) return <VerdictBadge tone="neutral">Not run</VerdictBadge>;
									const { tone, word, glyph } = OUTCOMES[outcome.outcome];
									return (
										<VerdictBadge tone={outcome.asExpected ? tone : 'fail'} glyph={glyph}>
											{word}
										</VerdictBadge>
									);
								},
							},
						]}
					/>
				</div>
			}
			side={
				active ? (
					<AttackDetail attack={active} outcome={byId.get(active.id) ?? null} isBusy={isBusy} onRun={() => void run(active.id)} />
				) : null
			}
		/>
	);
}
