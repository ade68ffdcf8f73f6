/** One audit test: why, the rule with the values of now, what it needs, its result in full words, its exceptions, its sign-offs. */

import { Button, Tabs } from '@mantine/core';
import { useState } from 'react';
import { formatCount, formatInstantLocal, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { Callout } from '../../components/Callout.tsx';
import { FactList, Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import { Hash } from '../../components/Values.tsx';
import { TestVerdict, VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { CatalogueRow } from '../../vault/proceduresCatalogue.ts';
import { Comparison } from './Comparison.tsx';
import { Parameters } from './Parameters.tsx';
import { ProcedureExceptions } from './ProcedureExceptions.tsx';
import { ProcedureSignoff } from './ProcedureSignoff.tsx';
import styles from './Procedures.module.css';
import { ruleInWords, verdictOf } from './procedures.ts';

interface DetailProps {
	readonly row: CatalogueRow;
	readonly onRun: () => void;
	readonly whyNotRun: string | null;
}

export function ProcedureDetail({ row, onRun, whyNotRun }: DetailProps) {
	const [tab, setTab] = useState<string | null>('rule');
	const exceptions = row.last?.exceptions ?? 0;
	return (
		<div className={layoutStyles['detail']}>
			<div className={styles['head']}>
				<h2>
					{row.id} {row.title}
				</h2>
				<span className={layoutStyles['row']}>
					<TestVerdict verdict={verdictOf(row)} />
					<span className={textStyles['muted']}>{row.severity}</span>
					{row.isStale ? <VerdictBadge tone="warn">Run again</VerdictBadge> : null}
				</span>
			</div>
			<Tabs
				value={tab}
				onChange={setTab}
				keepMounted={false}
				classNames={{ root: layoutStyles['fill'] ?? '', panel: styles['panel'] ?? '' }}
			>
				<Tabs.List>
					<Tabs.Tab value="rule">Rule</Tabs.Tab>
					<Tabs.Tab value="result">Result</Tabs.Tab>
					<Tabs.Tab value="exceptions" disabled={exceptions === 0}>
						Exceptions {exceptions > 0 ? formatCount(exceptions) : ''}
					</Tabs.Tab>
					<Tabs.Tab value="signoff">Sign-off</Tabs.Tab>
				</Tabs.List>
				<Tabs.Panel value="rule">
					<Rule row={row} />
					<Parameters row={row} />
				</Tabs.Panel>
				<Tabs.Panel value="result">
					{row.last ? (
						<Result row={row} />
					) : (
						<Panel title="Not run yet">
							<p>
								{row.isInThisVersion
									? 'This test has not been run in this engagement.'
									: 'This version of Tieout lists the test and can’t run it.'}
							</p>
							{row.isInThisVersion ? (
								<Button disabled={whyNotRun !== null} title={whyNotRun ?? undefined} onClick={onRun}>
									Run {row.id}
								</Button>
							) : null}
						</Panel>
					)}
				</Tabs.Panel>
				<Tabs.Panel value="exceptions">
					<ProcedureExceptions id={row.id} total={exceptions} version={row.last?.resultSha256 ?? ''} />
				</Tabs.Panel>
				<Tabs.Panel value="signoff">
					<ProcedureSignoff id={row.id} />
				</Tabs.Panel>
			</Tabs>
		</div>
	);
}

function Rule({ row }: { row: CatalogueRow }) {
	const lacking = new Set(row.lacking);
	return (
		<>
			<Panel title="Why an auditor cares">
				<p>{row.why || 'This version lists the test without running it; it says “not testable”, never “passed”.'}</p>
				<p className={textStyles['note']}>{row.source ? `Rests on ${row.source}` : 'No paragraph demands it; it is good practice.'}</p>
			</Panel>
			<Panel title="The rule in words">
				<p className={styles['rule']}>
					{ruleInWords(row.rule, row.parameters).map(({ text, parameter }, i) =>
						parameter === null ? (
							text
						) : (
							// biome-ignore lint/suspicious/noArrayIndexKey: the parts of a sentence never move
							<strong key={i} title={parameter} className={styles['value']}>
								{text}
							</strong>
						),
					)}
				</p>
			</Panel>
			{row.needs.length > 0 ? (
				<Panel title="What it reads">
					{row.lacking.length > 0 ? (
						<Callout>Not supplied: {row.lacking.join(', ')}. The test says “not testable” until it is.</Callout>
					) : null}
					<ul className={layoutStyles['bulleted']}>
						{row.needs.map(({ table, columns }) => (
							<li key={table}>
								<strong>{table}</strong>
								{lacking.has(`table ${table}`) ? <VerdictBadge tone="fail">Not supplied</VerdictBadge> : null}{' '}
								<span className={styles['columns']}>
									{columns.map((column, i) => (
										<span key={column} className={lacking.has(`column ${table}.${column}`) ? styles['lacking'] : undefined}>
											{column}
											{lacking.has(`column ${table}.${column}`) ? ' (not supplied)' : ''}
											{i < columns.length - 1 ? ', ' : ''}
										</span>
									))}
								</span>
							</li>
						))}
					</ul>
				</Panel>
			) : null}
		</>
	);
}

function Result({ row }: { row: CatalogueRow }) {
	const query = useQuery((vault) => vault.procedures.result(row.id), [row.id, row.last?.resultSha256], ['results', 'evidence']);
	const { last } = row;
	return (
		<>
			<Ask query={query}>
				{(detail) => (
					<Panel title="Result">
						{row.isStale ? (
							<Callout>
								The evidence, a parameter, the rule or the trusted keys have changed since. Run it again before you rely on it.
							</Callout>
						) : null}
						<p>{last ? sentenceOf(last.verdict, last.exceptions, last.rows) : ''}</p>
						{last?.why ? <p>{upper(last.why)}</p> : null}
						<FactList
							facts={[
								{ label: 'Subjects tested', value: formatCount(detail?.result.population.rows ?? last?.rows ?? 0) },
								{ label: 'Population', value: detail ? <Hash value={detail.result.population.sha256} /> : 'of other evidence' },
								{ label: 'Result', value: last ? <Hash value={last.resultSha256} /> : '–' },
								{ label: 'Rule', value: `version ${last?.version ?? row.version}` },
								{ label: 'Run', value: last ? formatInstantLocal(last.at) : '–' },
								...Object.entries(last?.parameters ?? {}).map(([label, value]) => ({ label, value: String(value) || 'none given' })),
							]}
						/>
					</Panel>
				)}
			</Ask>
			<Comparison id={row.id} version={last?.resultSha256 ?? ''} />
		</>
	);
}

const upper = (text: string): string => `${text.slice(0, 1).toUpperCase()}${text.slice(1)}${/[.!?]$/.test(text) ? '' : '.'}`;

function sentenceOf(verdict: NonNullable<CatalogueRow['last']>['verdict'], exceptions: number, rows: number): string {
	switch (verdict) {
		case 'pass':
			return `All ${formatCount(rows)} subjects were tested and none breaks the rule.`;
		case 'exception':
			return `${plural(exceptions, 'subject')} of ${formatCount(rows)} ${exceptions === 1 ? 'breaks' : 'break'} the rule.`;
		case 'incomplete':
			return `${exceptions === 0 ? 'No subject breaks the rule so far' : `${plural(exceptions, 'subject')} break the rule`}; not every subject could be judged.`;
		default:
			return 'The test could not be run on this evidence. That is no pass.';
	}
}
