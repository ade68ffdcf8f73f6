/** The passport of one table: where it comes from, what was declared, what was found, and what that means under AS 1105.10. */

import type { ReactNode } from 'react';
import { formatBytes, formatCount, plural } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { FactList, Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import { NumberCell, numberHead, PlainTable } from '../../components/PlainTable.tsx';
import textStyles from '../../components/Text.module.css';
import { Hash, Instant } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import type { PassportTotal, TablePassport } from '../../vault/evidencePassports.ts';
import { differenceValue, IPE_VERDICTS, whatWords } from './ipe.ts';

export function Passport({ table }: { table: string }) {
	const query = useQuery((vault) => vault.evidence.passport(table), [table], ['evidence']);
	return <Ask query={query}>{(passport) => <Body passport={passport} />}</Ask>;
}

const stated = (value: string | null | undefined): ReactNode => value || <span className={textStyles['muted']}>not stated</span>;

function Body({ passport }: { passport: TablePassport }) {
	const { table, title, declared, verdict, differences, isSealed } = passport;
	const words = IPE_VERDICTS[verdict];
	return (
		<>
			<Panel title={table} actions={<VerdictBadge tone={words.tone}>{words.word}</VerdictBadge>}>
				<p>
					{title ?? 'A table that this version does not know: its file was hashed, not read'}
					{isSealed ? '. Sealed: each line stands in a hash-chained log.' : '.'} {words.means}
				</p>
				<FactList
					facts={[
						{ label: 'Source system', value: stated(declared?.system) },
						{ label: 'Query', value: declared?.query ? <span className={textStyles['code']}>{declared.query}</span> : stated(null) },
						{ label: 'Extracted by', value: stated(declared?.extractedBy) },
						{ label: 'Extracted at', value: declared?.extractedAt != null ? <Instant at={declared.extractedAt} /> : stated(null) },
					]}
				/>
			</Panel>
			<Panel title="Declared and found">
				<DeclaredFound passport={passport} />
			</Panel>
			{differences.length > 0 ? (
				<Panel title={plural(differences.length, 'difference')}>
					<ul className={layoutStyles['bulleted']}>
						{differences.map((one) => (
							<li key={`${one.what} ${one.declared}`}>
								<strong>{whatWords(one.what)}</strong>: declared{' '}
								<span className={textStyles['code']}>{differenceValue(one, one.declared)}</span>, found{' '}
								<span className={textStyles['code']}>{differenceValue(one, one.found)}</span>
							</li>
						))}
					</ul>
				</Panel>
			) : null}
			<Panel title="What was read">
				<FactList
					facts={[
						{ label: 'Rows loaded', value: formatCount(passport.loaded) },
						{ label: 'Lines set aside', value: formatCount(passport.quarantined) },
						{ label: 'Lines not in canonical form', value: formatCount(passport.nonCanonical) },
					]}
				/>
				{passport.withheld.length > 0 ? (
					<p>
						Committed but not disclosed: {passport.withheld.map(({ column, rows }) => `${column} (${plural(rows, 'row')})`).join(', ')}.
						Tests that need them say so.
					</p>
				) : null}
				{passport.unknownKeys.length > 0 ? (
					<p>
						Keys this version does not know: {passport.unknownKeys.map(({ key, rows }) => `${key} (${plural(rows, 'line')})`).join(', ')}.
						They are hashed with the line, not read.
					</p>
				) : null}
			</Panel>
			<Panel title="What it means">
				<p className={textStyles['note']}>
					When using information produced by the company as audit evidence, the auditor evaluates whether it is sufficient and appropriate
					by testing its accuracy and completeness, or the controls over them, and whether it is sufficiently precise and detailed (AS
					1105.10). Equal hashes, rows and totals show that nothing was lost or changed after the producer declared it; they do not show
					that the producer declared everything.
				</p>
			</Panel>
		</>
	);
}

const EQUAL = <VerdictBadge tone="pass">Equal</VerdictBadge>;
const DIFFERENT = <VerdictBadge tone="fail">Differs</VerdictBadge>;
const OPEN = <VerdictBadge tone="neutral">Not told</VerdictBadge>;

function DeclaredFound({ passport: { declared, found, totals } }: { passport: TablePassport }) {
	const line = (label: string, said: string | number | null, is: string | number | null, show: (value: string | number) => ReactNode) => (
		<tr key={label}>
			<th scope="row">{label}</th>
			<NumberCell>{said === null ? stated(null) : show(said)}</NumberCell>
			<NumberCell>{is === null ? '–' : show(is)}</NumberCell>
			<td>{said === null || is === null ? OPEN : said === is ? EQUAL : DIFFERENT}</td>
		</tr>
	);
	return (
		<PlainTable head={['What', numberHead('Declared'), numberHead('Found'), 'Verdict']}>
			{line('Rows', declared?.rows ?? null, found?.rows ?? null, (value) => formatCount(Number(value)))}
			{line('Bytes', declared?.bytes ?? null, found?.bytes ?? null, (value) => (
				<span title={formatBytes(Number(value))}>{formatCount(Number(value))}</span>
			))}
			{line('SHA-256', declared?.sha256 ?? null, found?.sha256 ?? null, (value) => (
				<Hash value={String(value)} />
			))}
			{totals.map((total) => (
				<tr key={total.column}>
					<th scope="row">Σ {total.column}</th>
					<NumberCell>{total.declared}</NumberCell>
					<NumberCell>{total.found ?? WHYS[total.why ?? 'not_read']}</NumberCell>
					<td>{total.agrees === null ? OPEN : total.agrees ? EQUAL : DIFFERENT}</td>
				</tr>
			))}
		</PlainTable>
	);
}

const WHYS: Readonly<Record<NonNullable<PassportTotal['why']>, string>> = {
	withheld: 'values withheld',
	not_read: 'not read',
	no_such_column: 'no such column',
};
