/** The facts: coverage by sealed table, the checks with what each found, problems, the key, checkpoints, and the limits. */

import type { IntegrityCheck, SealedTableView } from '#explore';
import { formatCount, plural } from '../../app/format.ts';
import { FactList, Panel } from '../../components/Frame.tsx';
import { RowTable } from '../../components/RowTable.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { EmptyState } from '../../components/States.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { IntegrityScreenView } from '../../vault/integrityApi.ts';
import { Coverage } from './Coverage.tsx';
import styles from './Integrity.module.css';
import { Problems } from './Problems.tsx';
import { SIGNATURES, STATES } from './words.ts';

export function Facts({ view }: { view: IntegrityScreenView }) {
	return (
		<SplitView
			storageKey="integrity.problems"
			sideLabel="Problems"
			initial={520}
			main={
				<div>
					<Panel title="Coverage">
						{view.sealed.length === 0 ? (
							<EmptyState title="No sealed table">
								The drop holds neither order events nor revenue events with a log, so no line of it can be proved. Files are compared with
								the manifest only.
							</EmptyState>
						) : (
							view.sealed.map((table) => <Coverage key={table.table} table={table} />)
						)}
					</Panel>
					<Panel title="Checks">
						<p className={textStyles['muted']}>Each can fail alone; there is no sum of them.</p>
						<Checks title="The drop as a whole" checks={view.checks} />
						{view.sealed.map(({ table, checks }) => (
							<Checks key={table} title={table} checks={checks} />
						))}
					</Panel>
					<Keys view={view} />
					{view.sealed.some(({ checkpoints }) => checkpoints.length > 0) ? <Checkpoints sealed={view.sealed} /> : null}
					<Panel title="Limits">
						<ul className={styles['limits']}>
							{view.limits.map((limit) => (
								<li key={limit}>{limit}</li>
							))}
						</ul>
					</Panel>
				</div>
			}
			side={<Problems view={view} />}
		/>
	);
}

function Checks({ title, checks }: { title: string; checks: readonly IntegrityCheck[] }) {
	return (
		<table className={styles['checks']}>
			<caption>{title}</caption>
			<tbody>
				{checks.map((check) => (
					<tr key={check.id}>
						<td className={styles['state']}>
							<VerdictBadge tone={STATES[check.state].tone} glyph={STATES[check.state].glyph}>
								{check.state === 'fails' && check.count > 0 ? formatCount(check.count) : STATES[check.state].word}
							</VerdictBadge>
						</td>
						<th scope="row">
							{check.title}
							{check.test === '' ? null : <span className={styles['test']}>{check.test}</span>}
						</th>
						<td className={styles['words']}>{check.words}</td>
					</tr>
				))}
			</tbody>
		</table>
	);
}

function Keys({ view: { key, log } }: { view: IntegrityScreenView }) {
	const go = useNav((nav) => nav.go);
	return (
		<Panel
			title="Key of the log"
			actions={
				<button type="button" className={textStyles['link']} onClick={() => go('data', { tab: 'keys' })}>
					Keys under Data &amp; IPE
				</button>
			}
		>
			<FactList
				facts={[
					{ label: 'Log', value: log ?? 'the manifest names none' },
					{
						label: 'Trusted',
						value:
							key.trusted.length === 0 ? (
								<VerdictBadge tone="neutral" glyph="?">
									No key is trusted
								</VerdictBadge>
							) : (
								key.trusted.map(({ vkey, origin, isClaimed, isFirstReading }) => (
									<div key={vkey} className={styles['key']}>
										<code>{vkey}</code>
										<div className={textStyles['muted']}>
											whence: {origin}
											{isFirstReading ? ' · ▲ nobody gave it from outside' : ''}
											{isClaimed ? ' · the same as the drop claims' : ' · not the one the drop claims'}
										</div>
									</div>
								))
							),
					},
					{
						label: 'Claimed by the drop',
						value:
							key.claimed === null ? (
								'none'
							) : (
								<span className={styles['key']}>
									<code>{key.claimed}</code>
									<span className={textStyles['muted']}>only a claim: whoever made the drop wrote it</span>
								</span>
							),
					},
				]}
			/>
		</Panel>
	);
}

const ROOTS = {
	matches: { tone: 'pass', word: 'lines have its root' },
	differs: { tone: 'fail', word: 'root differs' },
	beyond_log: { tone: 'fail', word: 'beyond the log' },
} as const;

function Checkpoints({ sealed }: { sealed: readonly SealedTableView[] }) {
	const rows = sealed.flatMap(({ checkpoints }) => checkpoints.map((one, at) => ({ ...one, id: `${one.table}/${at}` })));
	return (
		<Panel title={`Checkpoints (${plural(rows.length, 'file')})`}>
			<div className={styles['checkpoints']}>
				<RowTable
					label="Checkpoints"
					rows={rows}
					rowKey={({ id }) => id}
					groupOf={({ table }) => table}
					columns={[
						{
							id: 'size',
							title: 'Lines',
							align: 'right',
							width: '90px',
							cell: ({ size }) => (size === null ? 'not readable' : formatCount(size)),
						},
						{
							id: 'root',
							title: 'Root',
							cell: ({ root }) =>
								root === null ? (
									<VerdictBadge tone="neutral" glyph="–">
										of another log
									</VerdictBadge>
								) : (
									<VerdictBadge tone={ROOTS[root].tone}>{ROOTS[root].word}</VerdictBadge>
								),
						},
						{
							id: 'signature',
							title: 'Signature',
							cell: ({ signature }) => <VerdictBadge tone={SIGNATURES[signature].tone}>{SIGNATURES[signature].word}</VerdictBadge>,
						},
						{
							id: 'stated',
							title: 'Root stated',
							cell: ({ stated }) => (stated === '' ? '–' : <Hash value={stated} />),
							text: ({ stated }) => stated,
						},
					]}
				/>
			</div>
		</Panel>
	);
}
