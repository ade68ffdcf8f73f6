/** All tables of an engagement in memory, their shared dictionaries, and the indexes joins go by. */
import { type Instant, invariant } from '#kernel';
import { TABLES, type TableName } from '#model';
import { Dictionary } from './dictionary.ts';
import { PairIndex, RowIndex } from './rowIndex.ts';
import type { PopulationTable } from './table.ts';
import { type BuilderOptions, TableBuilder } from './tableBuilder.ts';

export class Population {
	/** "Now" for every age rule: the drop's as-of instant. No test reads the machine's clock. */
	readonly asOf: Instant;
	readonly #tables: ReadonlyMap<TableName, PopulationTable>;
	readonly #dictionaries: ReadonlyMap<string, Dictionary>;
	readonly #indexes = new Map<string, RowIndex>();
	readonly #pairs = new Map<string, PairIndex>();
	readonly #translations = new Map<string, Int32Array>();
	readonly #derived = new Map<unknown, unknown>();

	constructor(asOf: Instant, tables: ReadonlyMap<TableName, PopulationTable>, dictionaries: ReadonlyMap<string, Dictionary>) {
		this.asOf = asOf;
		this.#tables = tables;
		this.#dictionaries = dictionaries;
	}

	/** Whether the table was supplied at all; a supplied table may have no rows. */
	has(name: TableName): boolean {
		return this.#tables.has(name);
	}

	/** A supplied table. Asking for one that was not is a bug: check `has`, or let the test declare its needs. */
	table(name: TableName): PopulationTable {
		const table = this.#tables.get(name);
		if (!table) invariant(false, `table ${name} was supplied`);
		return table;
	}

	tables(): IterableIterator<PopulationTable> {
		return this.#tables.values();
	}

	/** The dictionary of a domain (see `Column.domain`): ids of one kind have one code wherever they stand. */
	dictionary(domain: string): Dictionary {
		return this.#dictionaries.get(domain) ?? EMPTY_DICTIONARY;
	}

	/** All dictionaries by their domain: for snapshots. */
	dictionaries(): ReadonlyMap<string, Dictionary> {
		return this.#dictionaries;
	}

	/** Rows of a table by the code of one coded column, in file order. */
	index(name: TableName, column: string): RowIndex {
		const key = `${name}.${column}`;
		let index = this.#indexes.get(key);
		if (!index) {
			const table = this.table(name);
			index = new RowIndex(table.codes(column), table.dictionary(column).size);
			this.#indexes.set(key, index);
		}
		return index;
	}

	/** Rows of a table by the codes of two coded columns, such as (order_id, line_id). */
	pairIndex(name: TableName, first: string, second: string): PairIndex {
		const key = `${name}.${first}.${second}`;
		let index = this.#pairs.get(key);
		if (!index) {
			const table = this.table(name);
			index = new PairIndex(table.codes(first), table.codes(second));
			this.#pairs.set(key, index);
		}
		return index;
	}

	/** For every code of domain `from`, the code of the same text in domain `to`, or -1: for joins between unlike columns. */
	translation(from: string, to: string): Int32Array {
		const key = `${from}>${to}`;
		let codes = this.#translations.get(key);
		if (!codes) {
			codes = this.dictionary(to).translationOf(this.dictionary(from));
			this.#translations.set(key, codes);
		}
		return codes;
	}

	/** A value derived from the population once and kept, keyed by the function that derives it. */
	derive<T>(derivation: (population: Population) => T): T {
		if (!this.#derived.has(derivation)) this.#derived.set(derivation, derivation(this));
		return this.#derived.get(derivation) as T;
	}

	/** Bytes of memory columns and dictionaries take; indexes come on top as they are asked for. */
	get byteLength(): number {
		let bytes = 0;
		for (const table of this.#tables.values()) bytes += table.byteLength;
		for (const dictionary of this.#dictionaries.values()) bytes += dictionary.byteLength;
		return bytes;
	}
}

const EMPTY_DICTIONARY = new Dictionary();

/** Collects the tables of one population as their files stream in. */
export class PopulationBuilder {
	readonly #dictionaries = new Map<string, Dictionary>();
	readonly #builders = new Map<TableName, TableBuilder>();
	readonly #tables = new Map<TableName, PopulationTable>();

	/** Starts a table; each can be started once. */
	table(name: TableName, options: Omit<BuilderOptions, 'dictionaryOf'> = {}): TableBuilder {
		invariant(!this.#builders.has(name) && !this.#tables.has(name), `table ${name} is built once`);
		const builder = new TableBuilder(TABLES[name], { ...options, dictionaryOf: (domain) => this.#dictionary(domain) });
		this.#builders.set(name, builder);
		return builder;
	}

	/** Ends a table: what was only needed to build it is given back before the next one comes. */
	end(name: TableName): void {
		const builder = this.#builders.get(name);
		invariant(builder, `table ${name} was begun`);
		this.#tables.set(name, builder.finish());
		this.#builders.delete(name);
	}

	finish(asOf: Instant): Population {
		for (const name of this.#builders.keys()) this.end(name);
		for (const dictionary of this.#dictionaries.values()) dictionary.trim();
		return new Population(asOf, this.#tables, this.#dictionaries);
	}

	#dictionary(domain: string): Dictionary {
		let dictionary = this.#dictionaries.get(domain);
		if (!dictionary) {
			dictionary = new Dictionary();
			this.#dictionaries.set(domain, dictionary);
		}
		return dictionary;
	}
}
