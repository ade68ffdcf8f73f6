/** What a manifest declares of a table, counted while its lines pass: rows, bytes, hash, sums, and the span of its instants. */
import { createHash, type Hash } from 'node:crypto';
import { formatQuantity, parseQuantity } from '#kernel';
import { TABLES, type TableName } from '#model';

export interface Declared {
	readonly rows: number;
	readonly bytes: number;
	readonly sha256: string;
	readonly control_totals: Readonly<Record<string, number | string>>;
}

const LINE_FEED = Buffer.from('\n');

export class TableTally {
	readonly #hash: Hash = createHash('sha256');
	readonly #sums: { readonly column: string; readonly isMoney: boolean; sum: bigint }[];
	rows = 0;
	#bytes = 0;
	/** Earliest and latest `recorded_at`, as the texts sort: RFC 3339 UTC with milliseconds. */
	first: string | null = null;
	last: string | null = null;

	constructor(table: TableName) {
		this.#sums = TABLES[table].columns
			.filter(({ type }) => type === 'minor' || type === 'qty')
			.map(({ name, type }) => ({ column: name, isMoney: type === 'minor', sum: 0n }));
	}

	/** @param line without its line feed */
	add(line: Uint8Array): void {
		this.#hash.update(line).update(LINE_FEED);
		this.rows++;
		this.#bytes += line.length + 1;
		const record = JSON.parse(Buffer.from(line.buffer, line.byteOffset, line.length).toString('utf8')) as Record<string, unknown>;
		for (const total of this.#sums) {
			const value = record[total.column];
			if (typeof value === 'number') total.sum += BigInt(value);
			else if (typeof value === 'string') total.sum += quantityOf(value);
		}
		const at = record['recorded_at'];
		if (typeof at !== 'string') return;
		if (this.first === null || at < this.first) this.first = at;
		if (this.last === null || at > this.last) this.last = at;
	}

	/** So far; more may be added after it. */
	declared(): Declared {
		const totals = this.#sums.map(({ column, isMoney, sum }) => [column, isMoney ? moneyOf(sum) : formatQuantity(sum)] as const);
		return {
			rows: this.rows,
			bytes: this.#bytes,
			sha256: this.#hash.copy().digest('hex'),
			control_totals: Object.fromEntries(totals),
		};
	}
}

/** A number where JSON has one that is exact, else its digits. */
const moneyOf = (sum: bigint): number | string => (Number.isSafeInteger(Number(sum)) ? Number(sum) : sum.toString());

function quantityOf(text: string): bigint {
	const parsed = parseQuantity(text);
	return parsed.ok ? parsed.value : 0n;
}
