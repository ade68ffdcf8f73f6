/** What the checks found, one by one: table, line, order, sentence; and what can be done with it. */

import { Button } from '@mantine/core';
import { useCallback, useMemo, useState } from 'react';
import { openBegun } from '../../app/begunFinding.ts';
import { useCommands } from '../../app/commands.ts';
import { formatCount } from '../../app/format.ts';
import { useVault } from '../../app/vault.ts';
import { KeyHint } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { RowTable } from '../../components/RowTable.tsx';
import textStyles from '../../components/Text.module.css';
import { useNav } from '../../state/nav.ts';
import type { IntegrityScreenView } from '../../vault/integrityApi.ts';
import styles from './Integrity.module.css';
import { CODES, exportProblems, problemsOf } from './problems.ts';
import { useIntegrity } from './state.ts';

const SHOWN_MAX = 500;

export function Problems({ view }: { view: IntegrityScreenView }) {
	const vault = useVault();
	const go = useNav((nav) => nav.go);
	const set = useIntegrity((state) => state.set);
	const [activeId, setActiveId] = useState<string | null>(null);
	const problems = useMemo(() => problemsOf(view), [view]);
	const active = problems.find(({ id }) => id === activeId) ?? problems[0] ?? null;
	const isSealed = active !== null && view.sealed.some(({ table }) => table === active.table);
	const lastLine = view.sealed.find(({ table }) => table === active?.table)?.rows ?? 0;
	const canProve = isSealed && active?.line != null && active.line <= lastLine;
	const prove = useCallback(() => {
		if (active?.line != null) set({ tab: 'proof', table: active.table, subject: String(active.line) });
	}, [active, set]);
	const begin = useCallback(async () => {
		if (active)
			openBegun(
				await vault.integrity.createFinding(active.table, active.line, active.detail),
				'A finding was begun with this problem as its condition.',
			);
	}, [active, vault]);
	useCommands(
		() => [
			{
				id: 'integrity.prove',
				title: 'Prove the line of this problem',
				group: 'Integrity',
				keys: 'p',
				when: 'list',
				disabled: canProve ? null : 'This problem names no line that is there.',
				run: prove,
			},
			{
				id: 'integrity.order',
				title: 'Open the order of this problem',
				group: 'Integrity',
				keys: 'o',
				when: 'list',
				disabled: active?.order_id ? null : 'This problem names no order.',
				run: () => go('orders', { order: active?.order_id ?? '' }),
			},
			{
				id: 'integrity.finding',
				title: 'Begin a finding on this problem',
				group: 'Integrity',
				keys: 'f',
				when: 'list',
				disabled: active ? null : 'There is no problem.',
				run: begin,
			},
			{
				id: 'integrity.problems.csv',
				title: 'Export the problems as CSV',
				group: 'Integrity',
				disabled: problems.length === 0 ? 'There is no problem.' : null,
				run: () => exportProblems(problems),
			},
		],
		[canProve, prove, active, go, begin, problems],
	);
	return (
		<section className={styles['problems']} aria-label="Problems">
			<h2>
				Problems {formatCount(problems.length)}{' '}
				<Button variant="subtle" size="compact-xs" disabled={problems.length === 0} onClick={() => void exportProblems(problems)}>
					Export CSV
				</Button>
			</h2>
			{problems.length > SHOWN_MAX ? (
				<p className={textStyles['muted']}>The first {formatCount(SHOWN_MAX)} are shown; the export and Procedures T66 to T77 have all.</p>
			) : null}
			<div className={styles['problemList']}>
				<RowTable
					label="Problems"
					rows={problems.slice(0, SHOWN_MAX)}
					rowKey={({ id }) => id}
					activeKey={active?.id ?? null}
					onActive={({ id }) => setActiveId(id)}
					onOpen={prove}
					groupOf={({ table }) => table}
					empty="No check that was made found anything. See the checks that could not be told."
					columns={[
						{
							id: 'code',
							title: 'What',
							cell: ({ code }) => <span className={styles['code']}>{CODES[code] ?? code}</span>,
						},
						{
							id: 'detail',
							title: 'Why',
							fills: true,
							text: ({ detail }) => detail,
							cell: ({ detail }) => (
								<span className={textStyles['muted']} title={detail}>
									{detail}
								</span>
							),
						},
						{ id: 'line', title: 'Line', align: 'right', cell: ({ line }) => (line === null ? '–' : formatCount(line)) },
						{ id: 'order', title: 'Order', cell: ({ order_id: order }) => order ?? '–' },
					]}
				/>
			</div>
			{active ? (
				<div className={styles['detail']}>
					<p>{active.detail}</p>
					<div className={layoutStyles['row']}>
						<Button variant="default" disabled={!canProve} onClick={prove}>
							Proof <KeyHint keys="p" />
						</Button>
						<Button variant="default" disabled={!active.order_id} onClick={() => go('orders', { order: active.order_id ?? '' })}>
							Open order <KeyHint keys="o" />
						</Button>
						<Button variant="default" onClick={() => void begin()}>
							Finding <KeyHint keys="f" />
						</Button>
					</div>
				</div>
			) : null}
		</section>
	);
}
