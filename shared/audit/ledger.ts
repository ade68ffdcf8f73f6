/** The general ledger as the ledger tests see it: account classes, resolved sources and amounts by journal, derived once. */
import type { Codes, Population, PopulationTable } from '#population';
import { LedgerSources, type SourceState } from './ledgerSources.ts';

const ACCOUNT_CLASSES = [
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
/** Classes are kept by entity and account as long as that takes no more cells than this. */
const KEPT_CLASSES_MAX = 1 << 20;

export class Ledger {
	readonly lines: PopulationTable;
	/** Index into ACCOUNT_CLASSES of each journal line; 255 where the account is not in the chart. */
	readonly classes: Uint8Array;
	readonly #population: Population;
	readonly #mayLackAccounts: boolean;
	readonly #manual: number;
	readonly #sourceCodes: Codes;
	readonly #sources: LedgerSources;

	constructor(population: Population) {
		this.#population = population;
		this.lines = population.table('journal_line');
		this.classes = accountClasses(population, this.lines);
		this.#mayLackAccounts = population.table('account').quarantine.length > 0;
		this.#manual = this.lines.dictionary('source').codeOf('manual');
		this.#sourceCodes = this.lines.codes('source');
		this.#sources = new LedgerSources(population);
	}

	isOn(row: number, accountClass: AccountClass): boolean {
		return ACCOUNT_CLASSES[this.classes[row] ?? UNKNOWN_CLASS] === accountClass;
	}

	/** Whether any line can be unsure: a line of the chart was set aside. */
	get mayBeUnsure(): boolean {
		return this.#mayLackAccounts;
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
		return this.#sources.of(row);
	}

	/** Whether the line's (source_kind, source_id) resolves to nothing. */
	isOrphan(row: number): boolean {
		return this.#sources.isNothing(row);
	}

	/** The row of the revenue event the line names, or -1. */
	revenueOf(row: number): number {
		return this.#sources.revenueOf(row);
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
	const size = lines.dictionary('account').size;
	const isSmall = lines.dictionary('entity_id').size * size <= KEPT_CLASSES_MAX;
	const kept = new Int16Array(isSmall ? lines.dictionary('entity_id').size * size : 0).fill(-1);
	for (let row = 0; row < lines.rows; row++) {
		const entity = entities[row] as number;
		const code = codes[row] as number;
		const key = entity * size + code;
		let found = entity < 0 || code < 0 || !isSmall ? -1 : (kept[key] as number);
		if (found < 0) {
			const account = chart.rowOf(entity, code);
			found = account < 0 ? UNKNOWN_CLASS : (classOfCode[classCodes[account] as number] as number);
			if (entity >= 0 && code >= 0 && isSmall) kept[key] = found;
		}
		classes[row] = found;
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
