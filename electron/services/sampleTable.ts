/** Writes one table of a drop: lines, and while they pass, their count, bytes, hash and control totals. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Wire } from '#company';
import { formatQuantity, parseQuantity } from '#kernel';
import { TABLES, type TableName } from '#model';

const CHUNK_CHARS = 1 << 18;

export interface WrittenTable {
	readonly table: TableName;
	readonly file: string;
	readonly sha256: string;
	readonly bytes: number;
	readonly rows: number;
	readonly control_totals: Readonly<Record<string, number | string>>;
}

export class SampleTable {
	private readonly table: TableName;
	private readonly descriptor: number;
	private readonly hash = createHash('sha256');
	private readonly sums: { readonly column: string; readonly isMoney: boolean; sum: bigint }[];
	private readonly quantities = new Map<string, bigint>();
	private chunk = '';
	private bytes = 0;
	private rows = 0;

	constructor(table: TableName, path: string) {
		this.table = table;
		this.descriptor = openSync(path, 'wx');
		this.sums = TABLES[table].columns
			.filter(({ type }) => type === 'minor' || type === 'qty')
			.map(({ name, type }) => ({ column: name, isMoney: type === 'minor', sum: 0n }));
	}

	write(record: Wire, line: string): void {
		this.rows++;
		for (const total of this.sums) {
			const value = record[total.column];
			if (typeof value === 'number') total.sum += BigInt(value);
			else if (typeof value === 'string') total.sum += this.quantityOf(value);
		}
		this.chunk += `${line}\n`;
		if (this.chunk.length >= CHUNK_CHARS) this.flush();
	}

	private quantityOf(text: string): bigint {
		let quantity = this.quantities.get(text);
		if (quantity === undefined) {
			const parsed = parseQuantity(text);
			quantity = parsed.ok ? parsed.value : 0n;
			if (this.quantities.size < 10_000) this.quantities.set(text, quantity);
		}
		return quantity;
	}

	private flush(): void {
		const buffer = Buffer.from(this.chunk, 'utf8');
		this.hash.update(buffer);
		this.bytes += buffer.length;
		for (let at = 0; at < buffer.length; ) at += writeSync(this.descriptor, buffer, at);
		this.chunk = '';
	}

	/** Ends the file. The result is what an honest manifest declares of it. */
	close(): WrittenTable {
		this.flush();
		closeSync(this.descriptor);
		const totals = this.sums.map(({ column, isMoney, sum }) => [column, isMoney ? Number(sum) : formatQuantity(sum)] as const);
		return {
			table: this.table,
			file: `data/${this.table}.ndjson`,
			sha256: this.hash.digest('hex'),
			bytes: this.bytes,
			rows: this.rows,
			control_totals: Object.fromEntries(totals),
		};
	}

	/** Lets go of the file without ending it. */
	abandon(): void {
		try {
			closeSync(this.descriptor);
		} catch {
			return; // closed before: that is what was wanted
		}
	}
}
