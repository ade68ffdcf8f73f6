/** The general ledger as the ledger tests see it: account classes, resolved sources and amounts by journal, derived once. */
import type { TableName } from '#model';
import type { Population, PopulationTable } from '#population';

export const ACCOUNT_CLASSES = [
	'revenue',
	'deferred_revenue',
	'receivable',
	'contract_asset',
	'refund_liability',
	'cash',
	'tax',
	'other',
] as const;
export type AccountClass = (typeof ACCOUNT_CLASSES)[number];

const UNKNOWN_CLASS = 255;

/** The tables a source kind points into. An adjustment is its own source document: it has an id but no table. */
const SOURCE_TABLES: Readonly<Record<string, { readonly table: TableName; readonly key: string; readonly domain: string }>> = {
	revenue_event: { table: 'revenue_event', key: 'revenue_id', domain: 'revenue' },
	invoice: { table: 'invoice', key: 'invoice_id', domain: 'invoice' },
	payment: { table: 'payment', key: 'payment_id', domain: 'payment' },
};

export type SourceState =
	/** The source document is in the population. */
	| { readonly kind: 'resolved'; readonly table: TableName; readonly row: number }
	/** An adjustment with an id: nothing of the model to look it up in. */
	| { readonly kind: 'own' }
	/** The table it would be in was not supplied, or the line that may be it was set aside. */
	| { readonly kind: 'unknown' }
	| { readonly kind: 'nothing' };

const NOTHING = -1;
const OWN = -2;
const UNKNOWN = -3;

export class Ledger {
	readonly lines: PopulationTable;
	/** Index into ACCOUNT_CLASSES of each journal line; 255 where the account is not in the chart. */
	readonly classes: Uint8Array;
	readonly #population: Population;
	readonly #mayLackAccounts: boolean;
	readonly #manual: number;
	readonly #sourceCodes: Int32Array;
	#sources: Sources | null = null;

	constructor(population: Population) {
		this.#population = population;
		this.lines = population.table('journal_line');
		this.classes = accountClasses(population, this.lines);
		this.#mayLackAccounts = population.table('account').quarantine.length > 0;
		this.#manual = this.lines.dictionary('source').codeOf('manual');
		this.#sourceCodes = this.lines.codes('source');
	}

	isOn(row: number, accountClass: AccountClass): boolean {
		return ACCOUNT_CLASSES[this.classes[row] ?? UNKNOWN_CLASS] === accountClass;
	}

	/** Whether the line's account is not in the chart, but may be a line of it that was set aside: it may be of any class. */
	isUnsure(row: number): boolean {
		return this.#mayLackAccounts && this.classes[row] === UNKNOWN_CLASS;
	}

	/** Whether the journal's line was made by hand. */
	isManual(row: number): boolean {
		return this.#manual >= 0 && this.#sourceCodes[row] === this.#manual;
	}

	/** What the line's (source_kind, source_id) resolves to. */
	sourceOf(row: number): SourceState {
		this.#sources ??= resolveSources(this.#population, this.lines);
		const source = this.#sources.rows[row] as number;
		if (source >= 0) return { kind: 'resolved', table: SOURCE_TABLE_NAMES[this.#sources.tables[row] as number] as TableName, row: source };
		return source === OWN ? IS_OWN : source === UNKNOWN ? IS_UNKNOWN : IS_NOTHING;
	}

	/** Whether the line's (source_kind, source_id) resolves to nothing. */
	isOrphan(row: number): boolean {
		this.#sources ??= resolveSources(this.#population, this.lines);
		return this.#sources.rows[row] === NOTHING;
	}

	/** The row of the revenue event the line names, or -1. */
	revenueOf(row: number): number {
		this.#sources ??= resolveSources(this.#population, this.lines);
		return this.#sources.tables[row] === REVENUE_TABLE ? Math.max(-1, this.#sources.rows[row] as number) : -1;
	}

	/** The order behind a line's source document, if there is one. */
	orderOf(row: number): string | null {
		const source = this.sourceOf(row);
		if (source.kind !== 'resolved') return null;
		if (source.table === 'revenue_event') return this.#population.table('revenue_event').text('order_id', source.row);
		const invoice = source.table === 'invoice' ? source.row : this.#invoiceOfPayment(source.row);
		if (invoice < 0 || !this.#population.has('invoice_line')) return null;
		const code = this.#population.table('invoice').codes('invoice_id')[invoice] as number;
		const first = this.#population.index('invoice_line', 'invoice_id').rowOf(code);
		return first < 0 ? null : this.#population.table('invoice_line').text('order_id', first);
	}

	#invoiceOfPayment(row: number): number {
		const code = this.#population.table('payment').codes('invoice_id')[row] as number;
		return this.#population.has('invoice') ? this.#population.index('invoice', 'invoice_id').rowOf(code) : -1;
	}
}

const IS_OWN: SourceState = { kind: 'own' };
const IS_UNKNOWN: SourceState = { kind: 'unknown' };
const IS_NOTHING: SourceState = { kind: 'nothing' };

/** By journal line: the source's row, or NOTHING, OWN, UNKNOWN; and which table it is a row of. */
interface Sources {
	readonly rows: Int32Array;
	readonly tables: Uint8Array;
}

const SOURCE_TABLE_NAMES: readonly TableName[] = Object.values(SOURCE_TABLES).map(({ table }) => table);
const REVENUE_TABLE = SOURCE_TABLE_NAMES.indexOf('revenue_event');
/** The "table" of an adjustment, and of a line that names no source. */
const NO_TABLE = 255;

function resolveSources(population: Population, lines: PopulationTable): Sources {
	const kinds = lines.codes('source_kind');
	const ids = lines.codes('source_id');
	const rows = new Int32Array(lines.rows).fill(NOTHING);
	const tables = new Uint8Array(lines.rows).fill(NO_TABLE);
	const targets = Array.from({ length: lines.dictionary('source_kind').size }, (_, code) =>
		sourceTarget(population, lines.dictionary('source_kind').text(code)),
	);
	for (let row = 0; row < rows.length; row++) {
		const kind = kinds[row] as number;
		const id = ids[row] as number;
		if (kind < 0 || id < 0) continue;
		const target = targets[kind] as SourceTarget;
		tables[row] = target.table;
		rows[row] = target.rowOfId ? (target.rowOfId[id] as number) : target.otherwise;
	}
	return { rows, tables };
}

interface SourceTarget {
	readonly table: number;
	/** Row of the target by code of the source id; null where there is no table to look it up in. */
	readonly rowOfId: Int32Array | null;
	readonly otherwise: number;
}

/** As many ids that resolve to nothing as lines of their table were set aside may be those lines: nothing is said of them. */
function sourceTarget(population: Population, kind: string): SourceTarget {
	const target = SOURCE_TABLES[kind];
	if (!target) return { table: NO_TABLE, rowOfId: null, otherwise: OWN };
	const table = SOURCE_TABLE_NAMES.indexOf(target.table);
	if (!population.has(target.table)) return { table, rowOfId: null, otherwise: UNKNOWN };
	const index = population.index(target.table, target.key);
	const rowOfId = population.translation('source_id', target.domain).map((code) => (code < 0 ? NOTHING : index.rowOf(code)));
	const quarantined = population.table(target.table).quarantine.length;
	if (quarantined > 0) {
		const missing = idsMissing(population, kind, rowOfId);
		if (missing.size <= quarantined) for (const id of missing) rowOfId[id] = UNKNOWN;
	}
	return { table, rowOfId, otherwise: NOTHING };
}

/** Codes of the source ids of a kind that resolve to nothing. */
function idsMissing(population: Population, kind: string, rowOfId: Int32Array): Set<number> {
	const lines = population.table('journal_line');
	const [kinds, ids] = [lines.codes('source_kind'), lines.codes('source_id')];
	const code = lines.dictionary('source_kind').codeOf(kind);
	const missing = new Set<number>();
	for (let row = 0; row < lines.rows; row++) {
		const id = ids[row] as number;
		if (kinds[row] === code && id >= 0 && (rowOfId[id] as number) < 0) missing.add(id);
	}
	return missing;
}

export const ledgerOf = (population: Population): Ledger => population.derive(deriveLedger);
const deriveLedger = (population: Population): Ledger => new Ledger(population);

function accountClasses(population: Population, lines: PopulationTable): Uint8Array {
	const accounts = population.table('account');
	const chart = population.pairIndex('account', 'entity_id', 'account');
	const classOfCode = new Uint8Array(accounts.dictionary('class').size).fill(UNKNOWN_CLASS);
	ACCOUNT_CLASSES.forEach((name, index) => {
		const code = accounts.dictionary('class').codeOf(name);
		if (code >= 0) classOfCode[code] = index;
	});
	const classCodes = accounts.codes('class');
	const entities = lines.codes('entity_id');
	const codes = lines.codes('account');
	const classes = new Uint8Array(lines.rows).fill(UNKNOWN_CLASS);
	for (let row = 0; row < lines.rows; row++) {
		const account = chart.rowOf(entities[row] as number, codes[row] as number);
		if (account >= 0) classes[row] = classOfCode[classCodes[account] as number] as number;
	}
	return classes;
}

/** One row a journal: its first line, for tests whose subject is the journal and not a line of it. */
export function firstLines(population: Population): Int32Array {
	return population.derive(deriveFirstLines);
}

function deriveFirstLines(population: Population): Int32Array {
	const lines = population.table('journal_line');
	const journals = lines.codes('journal_id');
	const seen = new Uint8Array(lines.dictionary('journal_id').size);
	const first: number[] = [];
	for (let row = 0; row < lines.rows; row++) {
		const journal = journals[row] as number;
		if (seen[journal]) continue;
		seen[journal] = 1;
		first.push(row);
	}
	return Int32Array.from(first);
}

export const linesOfJournal = (population: Population, row: number): Int32Array =>
	population.index('journal_line', 'journal_id').rowsOf(population.table('journal_line').codes('journal_id')[row] as number);

/** Debits of a journal: its size, as an amount at risk. */
export function journalAmount(population: Population, rows: Int32Array): bigint {
	const lines = population.table('journal_line');
	const debits = lines.minors('debit_minor');
	const credits = lines.minors('credit_minor');
	let debit = 0n;
	let credit = 0n;
	for (const row of rows) {
		debit += debits[row] as bigint;
		credit += credits[row] as bigint;
	}
	return debit > credit ? debit : credit;
}
