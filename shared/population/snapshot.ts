/**
 * A population as bytes and back: the arrays as they lie in memory, one part a table and a dictionary, and one part that describes them.
 * Nothing is parsed again, so a million orders are back in a moment. The version is in the description; parts of another version are refused.
 */
import { fromUtf8, type Instant, utf8 } from '#kernel';
import { isTableName, TABLES, type TableName } from '#model';
import { type Cells, ColumnCells } from './column.ts';
import { Dictionary } from './dictionary.ts';
import type { QuarantinedLine } from './lineFault.ts';
import { Population } from './population.ts';
import { PopulationTable } from './table.ts';

export interface SnapshotPart {
	readonly name: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
}

const FORMAT = 'tieout-population/1';
const DESCRIPTION = 'population.json';

const ARRAYS = { i8: Int8Array, i16: Int16Array, i32: Int32Array, f64: Float64Array, i64: BigInt64Array, u8: Uint8Array } as const;
type ArrayKind = keyof typeof ARRAYS;

interface ArrayPlace {
	readonly kind: ArrayKind;
	readonly offset: number;
	readonly length: number;
}

interface DescribedColumn {
	readonly name: string;
	readonly present: number;
	readonly cells: ArrayPlace;
	readonly nulls: ArrayPlace | null;
}

interface DescribedTable {
	readonly name: TableName;
	readonly rows: number;
	readonly lines: number;
	readonly marks: ArrayPlace;
	readonly columns: readonly DescribedColumn[];
	readonly quarantine: readonly QuarantinedLine[];
	readonly unknownKeys: readonly (readonly [string, readonly number[]])[];
	readonly withheld: readonly (readonly [string, number])[];
	readonly nonCanonicalLines: readonly number[];
}

/** What the lengths of a dictionary's texts are written as. */
type TextWidths = 'u8' | 'u16' | 'u32';

interface Description {
	readonly format: string;
	readonly asOf: number;
	readonly dictionaries: readonly { readonly domain: string; readonly size: number; readonly widths: TextWidths }[];
	readonly tables: readonly DescribedTable[];
}

/** Parts of a population, each made when it is asked for, so that no second copy of all the columns stands in memory. */
export function* snapshotOf(population: Population): Generator<SnapshotPart> {
	const dictionaries: { domain: string; size: number; widths: TextWidths }[] = [];
	for (const [domain, dictionary] of population.dictionaries()) {
		const { bytes, widths } = writeDictionary(dictionary);
		dictionaries.push({ domain, size: dictionary.size, widths });
		yield { name: `dictionary.${domain}`, bytes };
	}
	const tables: DescribedTable[] = [];
	for (const table of population.tables()) {
		const writer = new ArrayWriter();
		const { parts: made } = table;
		const columns = [...made.columns].map(([name, cells]) => ({
			name,
			present: cells.present,
			cells: writer.put(cells.cells),
			nulls: cells.nulls ? writer.put(cells.nulls) : null,
		}));
		tables.push({
			name: table.schema.name,
			rows: made.rows,
			lines: made.lines,
			marks: writer.put(made.marks),
			columns,
			quarantine: made.quarantine,
			unknownKeys: [...made.unknownKeys],
			withheld: [...made.withheld],
			nonCanonicalLines: made.nonCanonicalLines,
		});
		yield { name: `table.${table.schema.name}`, bytes: writer.bytes() };
	}
	const description: Description = { format: FORMAT, asOf: population.asOf, dictionaries, tables };
	yield { name: DESCRIPTION, bytes: utf8(JSON.stringify(description)) };
}

/** The population that was written, or null where the parts are not all of one snapshot of this version: then it is read anew. */
export function populationOf(parts: readonly SnapshotPart[]): Population | null {
	const byName = new Map(parts.map(({ name, bytes }) => [name, bytes]));
	const description = describedBy(byName.get(DESCRIPTION));
	if (!description) return null;
	const dictionaries = new Map<string, Dictionary>();
	for (const { domain, size, widths } of description.dictionaries) {
		const bytes = byName.get(`dictionary.${domain}`);
		if (!bytes) return null;
		dictionaries.set(domain, readDictionary(bytes, size, widths));
	}
	const tables = new Map<TableName, PopulationTable>();
	for (const described of description.tables) {
		const bytes = byName.get(`table.${described.name}`);
		const table = bytes && readTable(described, bytes, dictionaries);
		if (!table) return null;
		tables.set(described.name, table);
	}
	return new Population(description.asOf as Instant, tables, dictionaries);
}

function describedBy(bytes: Uint8Array | undefined): Description | null {
	const text = bytes ? fromUtf8(bytes) : null;
	if (text === null) return null;
	const description = JSON.parse(text) as Description;
	return description.format === FORMAT && description.tables.every(({ name }) => isTableName(name)) ? description : null;
}

function readTable(
	described: DescribedTable,
	bytes: Uint8Array<ArrayBuffer>,
	dictionaries: ReadonlyMap<string, Dictionary>,
): PopulationTable | null {
	const schema = TABLES[described.name];
	const columns = new Map<string, ColumnCells>();
	const own = new Map<string, Dictionary>();
	for (const { name, present, cells, nulls } of described.columns) {
		const column = schema.columns.find((one) => one.name === name);
		if (!column) return null;
		const restored = ColumnCells.restored(column, readArray(bytes, cells), nulls ? (readArray(bytes, nulls) as Uint8Array) : null, present);
		columns.set(name, restored);
		if (restored.kind !== 'code') continue;
		const dictionary = dictionaries.get(column.domain);
		if (!dictionary) return null;
		own.set(name, dictionary);
	}
	return new PopulationTable({
		table: schema,
		rows: described.rows,
		lines: described.lines,
		columns,
		dictionaries: own,
		quarantine: described.quarantine,
		unknownKeys: new Map(described.unknownKeys),
		withheld: new Map(described.withheld),
		nonCanonicalLines: described.nonCanonicalLines,
		marks: readArray(bytes, described.marks) as Float64Array,
	});
}

const ALIGNMENT = 8;
const aligned = (offset: number): number => Math.ceil(offset / ALIGNMENT) * ALIGNMENT;

/** Puts arrays one behind another, each where its kind can be viewed in place. */
class ArrayWriter {
	readonly #arrays: { readonly array: Cells; readonly offset: number }[] = [];
	#length = 0;

	put(array: Cells): ArrayPlace {
		const offset = aligned(this.#length);
		this.#arrays.push({ array, offset });
		this.#length = offset + array.byteLength;
		return { kind: kindOf(array), offset, length: array.length };
	}

	bytes(): Uint8Array<ArrayBuffer> {
		const bytes = new Uint8Array(this.#length);
		for (const { array, offset } of this.#arrays) bytes.set(new Uint8Array(array.buffer, array.byteOffset, array.byteLength), offset);
		return bytes;
	}
}

function kindOf(array: Cells): ArrayKind {
	if (array instanceof Int8Array) return 'i8';
	if (array instanceof Int16Array) return 'i16';
	if (array instanceof Int32Array) return 'i32';
	if (array instanceof Float64Array) return 'f64';
	return array instanceof BigInt64Array ? 'i64' : 'u8';
}

function readArray(bytes: Uint8Array<ArrayBuffer>, { kind, offset, length }: ArrayPlace): Cells {
	const of = ARRAYS[kind];
	const at = bytes.byteOffset + offset;
	// A part that was cut out of a larger buffer may lie at an odd place: then its array is copied.
	return at % of.BYTES_PER_ELEMENT === 0
		? new of(bytes.buffer, at, length)
		: new of(bytes.slice(offset, offset + length * of.BYTES_PER_ELEMENT).buffer);
}

const WIDTHS = { u8: Uint8Array, u16: Uint16Array, u32: Uint32Array } as const;

/** Lengths instead of places: short, alike, and so they compress to almost nothing. The lengths stand behind the texts. */
function writeDictionary(dictionary: Dictionary): { bytes: Uint8Array<ArrayBuffer>; widths: TextWidths } {
	const { heap, starts } = dictionary.texts;
	let longest = 0;
	for (let code = 0; code < dictionary.size; code++) longest = Math.max(longest, (starts[code + 1] as number) - (starts[code] as number));
	const widths = longest < 256 ? 'u8' : longest < 65_536 ? 'u16' : 'u32';
	const lengths = new WIDTHS[widths](dictionary.size);
	for (let code = 0; code < dictionary.size; code++) lengths[code] = (starts[code + 1] as number) - (starts[code] as number);
	const at = aligned(heap.length);
	const bytes = new Uint8Array(at + lengths.byteLength);
	bytes.set(heap);
	bytes.set(new Uint8Array(lengths.buffer), at);
	return { bytes, widths };
}

function readDictionary(bytes: Uint8Array<ArrayBuffer>, size: number, widths: TextWidths): Dictionary {
	const of = WIDTHS[widths];
	const lengths = new of(bytes.slice(bytes.length - size * of.BYTES_PER_ELEMENT).buffer);
	const starts = new Uint32Array(size + 1);
	for (let code = 0; code < size; code++) starts[code + 1] = (starts[code] as number) + (lengths[code] as number);
	return Dictionary.restored(bytes.subarray(0, starts[size]), starts);
}
