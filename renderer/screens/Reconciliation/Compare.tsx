/** One line over the five books: what each says, which neighbours agree, why not, and the rows behind it. */

import { Button } from '@mantine/core';
import { type CompareStage, type CompareValue, RECONCILE_BOOKS } from '#explore';
import { formatCount, formatDateLocal, formatMinor } from '../../app/format.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { KeyHint, Panel } from '../../components/Frame.tsx';
import layoutStyles from '../../components/Layout.module.css';
import textStyles from '../../components/Text.module.css';
import { Money } from '../../components/Values.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { ReconciliationItem } from '../../vault/reconciliationApi.ts';
import styles from './Reconciliation.module.css';
import { Supply } from './Supply.tsx';
import { BOOKS, CLASSES } from './words.ts';

interface CompareProps {
	readonly item: number;
	readonly version: string;
	readonly onOrder: () => void;
	readonly onFinding: () => void;
}

export function Compare({ item, version, onOrder, onFinding }: CompareProps) {
	const query = useQuery((vault) => vault.reconciliation.compare(item), [item, version], ['workbook', 'results']);
	return <Ask query={query}>{(data) => <CompareBody data={data} onOrder={onOrder} onFinding={onFinding} />}</Ask>;
}

function CompareBody({ data, onOrder, onFinding }: { data: ReconciliationItem; onOrder: () => void; onFinding: () => void }) {
	const { row, fields, books, stages, sentences, rows, justifiedMinor } = data;
	return (
		<>
			<Panel
				title={row.key}
				actions={
					<>
						<Button variant="default" disabled={row.orderId === null} onClick={onOrder}>
							Order <KeyHint keys="o" />
						</Button>
						<Button variant="default" onClick={onFinding}>
							Finding <KeyHint keys="f" />
						</Button>
					</>
				}
			>
				<p className={styles['why']}>
					<VerdictBadge tone={CLASSES[row.class].tone} glyph={CLASSES[row.class].glyph}>
						{CLASSES[row.class].word}
					</VerdictBadge>{' '}
					{row.title}
					{row.currency && row.amountMinor !== null && row.amountMinor > 0n ? (
						<>
							{' '}
							· <Money minor={row.amountMinor} currency={row.currency} /> at issue
						</>
					) : null}
				</p>
				{fields.length === 0 ? null : <FieldTable fields={fields} books={books} stages={stages} />}
				{justifiedMinor === null || row.currency === null ? null : (
					<p className={textStyles['muted']}>
						The quantity transferred justifies <Money minor={justifiedMinor} currency={row.currency} /> of net revenue.
					</p>
				)}
			</Panel>
			<Panel title="Why">
				<ul className={layoutStyles['bulleted']}>
					{sentences.map(({ test, sentence }) => (
						<li key={sentence}>
							{test === '' ? null : <strong>{test} </strong>}
							{sentence}
							<Judged data={data} test={test} />
						</li>
					))}
					{stages
						.filter(({ reason }) => reason.class !== 'matched' && !sentences.some(({ test }) => test !== '' && test === reason.test))
						.map(({ stage, title, reason }) => (
							<li key={stage}>
								<strong>{title}: </strong>
								{reason.words}
							</li>
						))}
					{sentences.length === 0 && stages.every(({ reason }) => reason.class === 'matched') ? (
						<li>Every pair of books agrees on quantity, amount and currency as far as each has them.</li>
					) : null}
				</ul>
			</Panel>
			<Rows rows={rows} />
		</>
	);
}

function Judged({ data, test }: { data: ReconciliationItem; test: string }) {
	const go = useNav((nav) => nav.go);
	const linked = data.linked.find((one) => one.test === test);
	if (!linked) return null;
	return (
		<div className={textStyles['muted']}>
			{linked.isRecorded ? (
				<button type="button" className={textStyles['link']} onClick={() => go('exceptions', { test, exception: linked.key })}>
					Open the exception
				</button>
			) : (
				'Not among the recorded results yet: run the procedure.'
			)}{' '}
			{linked.verdict === 'new' ? '' : `judged: ${linked.verdict.replaceAll('_', ' ')}`}
		</div>
	);
}

/** Between two books stands the sign of what was compared there. */
function FieldTable({ fields, books, stages }: Pick<ReconciliationItem, 'fields' | 'books' | 'stages'>) {
	return (
		// biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reachable by keys
		<section className={styles['compareScroll']} tabIndex={0} aria-label="The line over the five books">
			<table className={styles['compare']}>
				<thead>
					<tr>
						<td />
						{BOOKS.map((book, at) => (
							<th key={book} scope="col" className={styles['bookHead']}>
								{at === 0 ? null : <Sign stage={stages[at - 1]} />}
								{book}
								<Supply supply={books[RECONCILE_BOOKS[at] ?? 'ordered']} />
							</th>
						))}
					</tr>
				</thead>
				<tbody>
					{fields.map(({ name, books: values }) => (
						<tr key={name}>
							<th scope="row" className={styles['fieldName']}>
								{name}
							</th>
							{values.map((value, at) => (
								<td key={BOOKS[at]}>{value === null ? <span className={textStyles['muted']}>–</span> : <Value value={value} />}</td>
							))}
						</tr>
					))}
				</tbody>
			</table>
		</section>
	);
}

const SIGN_WORDS = { '=': 'agrees with', '≠': 'differs from', '≈': 'may differ from', '?': 'was not compared with' } as const;

function Sign({ stage }: { stage: CompareStage | undefined }) {
	if (!stage) return null;
	return (
		<span className={styles['between']} data-class={stage.reason.class} title={`${stage.title}: ${stage.reason.title}`}>
			<span aria-hidden="true">{stage.sign}</span>
			<span className="visuallyHidden">{SIGN_WORDS[stage.sign]} </span>
		</span>
	);
}

function Value({ value }: { value: CompareValue }) {
	switch (value.kind) {
		case 'money':
			return <span className={styles['number']}>{formatMinor(value.minor, value.currency ?? '')}</span>;
		case 'instant':
			return <span title={new Date(value.at).toISOString()}>{formatDateLocal(value.at)}</span>;
		case 'text':
			return <>{value.text}</>;
	}
}

function Rows({ rows }: { rows: ReconciliationItem['rows'] }) {
	const tables = [...new Set(rows.map(({ table }) => table))];
	return (
		<Panel title={`Rows behind it (${formatCount(rows.length)})`}>
			<table className={styles['rows']}>
				<tbody>
					{tables.map((table) =>
						rows
							.filter((row) => row.table === table)
							.map(({ key, label }, at) => (
								<tr key={`${table}/${key}`}>
									<th scope="row">{at === 0 ? table : <span className="visuallyHidden">{table}</span>}</th>
									<td>{key}</td>
									<td className={textStyles['muted']}>{label}</td>
								</tr>
							)),
					)}
				</tbody>
			</table>
		</Panel>
	);
}
