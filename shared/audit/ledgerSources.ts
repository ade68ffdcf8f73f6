/** The document each journal line names as its source. */
import type { TableName } from '#model';
import type { Codes, Population } from '#population';

/** The tables a source kind points into. An adjustment is its own source document: it has an id but no table. */
const SOURCE_TABLES: ReadonlyMap<string, { readonly table: TableName; readonly key: string; readonly domain: string }> = new Map([
	['revenue_event', { table: 'revenue_event', key: 'revenue_id', domain: 'revenue' }],
	['invoice', { table: 'invoice', key: 'invoice_id', domain: 'invoice' }],
	['payment', { table: 'payment', key: 'payment_id', domain: 'payment' }],
]);

export type SourceState =
	/** The source document is in the population. */
	| { readonly kind: 'resolved'; readonly table: TableName; readonly row: number }
	/** An adjustment with an id: nothing of the model to look it up in. */
	| { readonly kind: 'own' }
	/** The table it would be in was not supplied, or the line that may be it was set aside. */
	| { readonly kind: 'unknown' }
	| { readonly kind: 'nothing' };

const IS_OWN: SourceState = { kind: 'own' };
const IS_UNKNOWN: SourceState = { kind: 'unknown' };
const IS_NOTHING: SourceState = { kind: 'nothing' };

const NOTHING = -1;
const OWN = -2;
const UNKNOWN = -3;

interface SourceTarget {
	readonly table: TableName | null;
	/** Row of the target by code of the source id; null where there is no table to look it up in. */
	readonly rowOfId: Int32Array | null;
	readonly otherwise: typeof OWN | typeof UNKNOWN;
}

/** Resolves (source_kind, source_id); the ids of a kind are looked up together when the first line of that kind is asked for. */
export class LedgerSources {
	readonly #population: Population;
	readonly #kinds: Codes;
	readonly #ids: Codes;
	/** By code of the source kind. */
	readonly #targets: (SourceTarget | undefined)[];
	readonly #revenueKind: number;

	constructor(population: Population) {
		const lines = population.table('journal_line');
		this.#population = population;
		this.#kinds = lines.codes('source_kind');
		this.#ids = lines.codes('source_id');
		this.#targets = new Array<SourceTarget | undefined>(lines.dictionary('source_kind').size);
		this.#revenueKind = lines.dictionary('source_kind').codeOf('revenue_event');
	}

	/** What a line's source resolves to. */
	of(row: number): SourceState {
		const found = this.#rowOf(row);
		if (found >= 0) return { kind: 'resolved', table: this.#target(this.#kinds[row] as number).table as TableName, row: found };
		return found === OWN ? IS_OWN : found === UNKNOWN ? IS_UNKNOWN : IS_NOTHING;
	}

	/** Whether a line's source resolves to nothing. */
	isNothing(row: number): boolean {
		return this.#rowOf(row) === NOTHING;
	}

	/** The row of the revenue event a line names, or -1. */
	revenueOf(row: number): number {
		return this.#kinds[row] === this.#revenueKind && this.#revenueKind >= 0 ? Math.max(-1, this.#rowOf(row)) : -1;
	}

	/** The row in the target's table, or NOTHING, OWN, UNKNOWN. */
	#rowOf(row: number): number {
		const kind = this.#kinds[row] as number;
		const id = this.#ids[row] as number;
		if (kind < 0 || id < 0) return NOTHING;
		const target = this.#targets[kind] ?? this.#target(kind);
		return target.rowOfId ? (target.rowOfId[id] as number) : target.otherwise;
	}

	#target(kind: number): SourceTarget {
		let target = this.#targets[kind];
		if (!target) {
			target = sourceTarget(this.#population, kind);
			this.#targets[kind] = target;
		}
		return target;
	}
}

/** As many ids that resolve to nothing as lines of their table were set aside may be those lines: nothing is said of them. */
function sourceTarget(population: Population, kind: number): SourceTarget {
	const lines = population.table('journal_line');
	const target = SOURCE_TABLES.get(lines.dictionary('source_kind').text(kind));
	if (!target) return { table: null, rowOfId: null, otherwise: OWN };
	if (!population.has(target.table)) return { table: target.table, rowOfId: null, otherwise: UNKNOWN };
	const table = population.table(target.table);
	const keys = table.codes(target.key);
	const idOfKey = population.translation(target.domain, 'source_id');
	const rowOfId = new Int32Array(lines.dictionary('source_id').size).fill(NOTHING);
	// From the last row on, so that the first of several with one key is left standing.
	for (let row = table.rows - 1; row >= 0; row--) {
		const id = idOfKey[keys[row] as number] ?? -1;
		if (id >= 0) rowOfId[id] = row;
	}
	if (table.quarantine.length > 0) {
		const missing = idsMissing(population, kind, rowOfId);
		if (missing.size <= table.quarantine.length) for (const id of missing) rowOfId[id] = UNKNOWN;
	}
	return { table: target.table, rowOfId, otherwise: UNKNOWN };
}

/** Codes of the source ids of a kind that resolve to nothing. */
function idsMissing(population: Population, kind: number, rowOfId: Int32Array): Set<number> {
	const lines = population.table('journal_line');
	const [kinds, ids] = [lines.codes('source_kind'), lines.codes('source_id')];
	const missing = new Set<number>();
	for (let row = 0; row < lines.rows; row++) {
		const id = ids[row] as number;
		if (kinds[row] === kind && id >= 0 && (rowOfId[id] as number) < 0) missing.add(id);
	}
	return missing;
}
