/** Is the extract as complete as its manifest says, and of the period it says? T77. */
import { DAY_MS, formatDay, localTime, parseDay } from '#kernel';
import { isTableName, type TableName } from '#model';
import type { Population } from '#population';
import { inTime, keysOf, ref } from './draft.ts';
import type { IpeTable } from './evidenceFacts.ts';
import { ExceptionList } from './exceptionList.ts';
import { entityZones, orderRow, stakeOfRow } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

interface DatedTable {
	readonly table: TableName;
	/** The date the transaction belongs to: inside the declared period, and not after as-of. */
	readonly transaction: string;
	/** Further instants that can't be after as-of. */
	readonly others: readonly string[];
}

const DATED: readonly DatedTable[] = [
	{ table: 'sales_order', transaction: 'ordered_at', others: [] },
	{ table: 'order_event', transaction: 'occurred_at', others: ['recorded_at'] },
	{ table: 'shipment', transaction: 'shipped_at', others: ['delivered_at'] },
	{ table: 'invoice', transaction: 'issued_at', others: [] },
	{ table: 'revenue_event', transaction: 'recognised_at', others: ['posted_at'] },
	{ table: 'journal_line', transaction: 'effective_on', others: ['entered_at'] },
	{ table: 'payment', transaction: 'received_at', others: [] },
];

/** Rows of a table told one by one; more of them say something of the extract and not of the rows. */
const ROWS_TOLD_MAX = 1000;

/**
 * Differences of the hash alone are T66's. A date is outside the declared months only if it is by the entity's calendar and by UTC, since
 * the manifest does not say which it means. Of supporting documents, T73 tells what is missing.
 */
function extractionIncomplete({ population, evidence }: AuditContext): Outcome {
	const declared = evidence.ipe.filter(({ table }) => table !== 'documents');
	const undeclared = declared.filter(({ verdict }) => verdict === 'not_declared').map(({ table }) => table);
	const untold = declared.filter(
		({ table, differences }) => hasAside(population, table) && differences.some(({ what }) => what === 'control_total'),
	);
	const window = declaredDays(evidence.periodFrom, evidence.periodTo);
	const dated = DATED.filter(({ table }) => population.has(table));
	const judged = dated.map((table) => new DateJudge(population, table, window).run());
	const open = judged.reduce((sum, part) => sum + part.open, 0);
	const lacking = dated.flatMap(({ table, transaction, others }) =>
		[transaction, ...others].filter((column) => !population.table(table).has(column)).map((column) => `${table}.${column}`),
	);
	return {
		tested: declared.length + dated.reduce((sum, { table }) => sum + population.table(table).rows, 0),
		exceptions: [
			...declared.flatMap((table) => ipeExceptions(table, hasAside(population, table.table))),
			...judged.flatMap((part) => part.exceptions),
		],
		open: open + undeclared.length + untold.length + lacking.length,
		openWhy: [
			...(undeclared.length > 0 ? [`not declared in the manifest: ${undeclared.join(', ')}`] : []),
			...(untold.length > 0 ? [`control totals without the lines set aside: ${untold.map(({ table }) => table).join(', ')}`] : []),
			...(lacking.length > 0 ? [`not supplied: ${lacking.join(', ')}`] : []),
			...(open > 0 ? [`${open} rows at the edge of the period whose entity has no readable time zone`] : []),
		].join('; '),
	};
}

/** Totals leave out lines that were set aside, so they can't be compared then; rows and bytes can. */
const hasAside = (population: Population, name: string): boolean =>
	isTableName(name) && population.has(name) && population.table(name).quarantine.length > 0;

function ipeExceptions({ table, verdict, differences }: IpeTable, mayLackRows: boolean): ExceptionDraft[] {
	const exception = (reason: string): ExceptionDraft => ({
		orderId: null,
		keys: { table },
		amountMinor: null,
		currency: null,
		reason,
		rows: [],
	});
	if (verdict === 'missing') return [exception(`The manifest declares ${table}, but its file is not in the drop.`)];
	const counts = differences.filter(({ what }) => what !== 'sha256' && !(what === 'control_total' && mayLackRows));
	if (counts.length === 0) return [];
	const phrases = counts.map(({ what, declared, found }) => `${WHAT[what]} ${declared} declared, ${found} found`);
	return [exception(`${table} is not as its manifest declares it: ${phrases.join('; ')}.`)];
}

const WHAT = { rows: 'rows:', bytes: 'bytes:', control_total: 'control total', sha256: 'SHA-256' } as const;

/** First and last day of the declared months, as days since 1970-01-01. */
interface Days {
	readonly first: number;
	readonly last: number;
}

function declaredDays(from: string, to: string): Days {
	const first = parseDay(`${from}-01`);
	const [year = 0, month = 0] = to.split('-').map(Number);
	return { first: first.ok ? first.value : Number.NaN, last: Date.UTC(year, month, 1) / DAY_MS - 1 };
}

class DateJudge {
	readonly #population: Population;
	readonly #dated: DatedTable;
	readonly #days: Days;
	readonly #zones: readonly (string | null)[];
	#open = 0;

	constructor(population: Population, dated: DatedTable, days: Days) {
		this.#population = population;
		this.#dated = dated;
		this.#days = days;
		this.#zones = entityZones(population);
	}

	run(): { exceptions: ExceptionDraft[]; open: number } {
		const { table: name, transaction, others } = this.#dated;
		const table = this.#population.table(name);
		const faults = new Map<number, string[]>();
		const accuse = (row: number, fault: string) => {
			const known = faults.get(row);
			if (known) known.push(fault);
			else faults.set(row, [fault]);
		};
		if (name === 'journal_line') this.#effectiveDays(table.days(transaction), accuse);
		else this.#instants(table.instants(transaction), accuse);
		for (const column of others) {
			const instants = table.instants(column);
			for (let row = 0; row < instants.length; row++)
				if ((instants[row] as number) > this.#population.asOf) accuse(row, `${column} ${inTime(instants[row] as number)} is after as-of`);
		}
		const list = new ExceptionList(name, ROWS_TOLD_MAX);
		for (const [row, phrases] of faults) list.add(() => this.#exception(row, phrases));
		return { exceptions: list.all(), open: this.#open };
	}

	#exception(row: number, phrases: readonly string[]): ExceptionDraft {
		const { table: name } = this.#dated;
		return {
			...stakeOfRow(this.#population, name, row),
			keys: keysOf(this.#population, name, row),
			reason: `${name} ${this.#population.table(name).keyText(row)}: ${phrases.join(', and ')} (declared: ${formatDay(this.#days.first)} to ${formatDay(this.#days.last)}, as-of ${inTime(this.#population.asOf)}).`,
			rows: [ref(name, row)],
		};
	}

	#instants(instants: Float64Array, accuse: (row: number, fault: string) => void): void {
		const { first, last } = this.#days;
		const column = this.#dated.transaction;
		const [start, end] = [first * DAY_MS, (last + 1) * DAY_MS];
		for (let row = 0; row < instants.length; row++) {
			const at = instants[row] as number;
			if (at > this.#population.asOf) accuse(row, `${column} ${inTime(at)} is after as-of`);
			else if ((at < start || at >= end) && this.#isOutside(row, at)) accuse(row, `${column} ${inTime(at)} is outside the declared period`);
		}
	}

	/** Whether an instant outside the period by UTC is so by the entity's calendar; near its edges that takes a time zone. */
	#isOutside(row: number, at: number): boolean {
		const { first, last } = this.#days;
		const day = Math.floor(at / DAY_MS);
		if (day < first - 1 || day > last + 1) return true;
		const zone = this.#zoneOf(row);
		if (zone === null) {
			this.#open++;
			return false;
		}
		const local = localTime(at, zone).day;
		return local < first || local > last;
	}

	/** Dates of the general ledger are calendar dates of the entity already. */
	#effectiveDays(days: Int32Array, accuse: (row: number, fault: string) => void): void {
		const { first, last } = this.#days;
		const column = this.#dated.transaction;
		const table = this.#population.table(this.#dated.table);
		const asOfDay = Math.floor(this.#population.asOf / DAY_MS);
		for (let row = 0; row < days.length; row++) {
			const day = days[row] as number;
			if ((day >= first && day <= last && day <= asOfDay) || table.isNull(column, row)) continue;
			const zone = day === asOfDay + 1 ? this.#zoneOf(row) : null;
			const localAsOf = zone === null ? asOfDay : Math.max(asOfDay, localTime(this.#population.asOf, zone).day);
			if (day > localAsOf) accuse(row, `${column} ${formatDay(day)} is after as-of`);
			else if (day < first || day > last) accuse(row, `${column} ${formatDay(day)} is outside the declared period`);
		}
	}

	#zoneOf(row: number): string | null {
		const population = this.#population;
		const { table: name } = this.#dated;
		const table = population.table(name);
		if (name === 'sales_order' || name === 'invoice' || name === 'journal_line')
			return this.#zones[table.codes('entity_id')[row] as number] ?? null;
		if (name === 'payment') {
			const invoice = population.has('invoice')
				? population.index('invoice', 'invoice_id').rowOf(table.codes('invoice_id')[row] as number)
				: -1;
			return invoice < 0 ? null : (this.#zones[population.table('invoice').codes('entity_id')[invoice] as number] ?? null);
		}
		const order = orderRow(population, table.codes('order_id')[row] as number);
		return order < 0 ? null : (this.#zones[population.table('sales_order').codes('entity_id')[order] as number] ?? null);
	}
}

export const EXTRACTION_TESTS: readonly AuditTest[] = [
	{
		id: 'T77',
		version: 1,
		title: 'Extraction incomplete (IPE)',
		severity: 'critical',
		why: 'Every other test only speaks of what was extracted: it must be all of the period, and nothing else.',
		rule: "A table's rows, bytes or control totals differ from its manifest, or a transaction date lies outside the declared period or after as-of.",
		source: 'AS 1105.10',
		parameters: [],
		needs: [],
		mayRead: DATED.map(({ table }) => table),
		run: extractionIncomplete,
	},
];
