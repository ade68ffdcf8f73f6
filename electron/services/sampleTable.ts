/** Writes one table of a drop: lines, and while they pass, their count, bytes, hash and control totals. */
import { createHash } from 'node:crypto';
import { closeSync, openSync, writeSync } from 'node:fs';
import type { Wire } from '#company';
import { formatQuantity, parseQuantity } from '#kernel';
import { TABLES, type TableName } from '#model';

const CHUNK_BYTES = 1 << 18;
/** UTF-8 takes at most three bytes for one UTF-16 unit. */
const BYTES_A_UNIT = 3;
const LINE_FEED = 0x0a;

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
	private readonly chunk = Buffer.allocUnsafe(CHUNK_BYTES);
	private held = 0;
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
		const most = line.length * BYTES_A_UNIT + 1;
		if (this.held + most > CHUNK_BYTES) this.flush();
		if (most > CHUNK_BYTES) this.put(Buffer.from(`${line}\n`, 'utf8'));
		else {
			this.held += this.chunk.write(line, this.held, 'utf8');
			this.chunk[this.held++] = LINE_FEED;
		}
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
		this.put(this.chunk.subarray(0, this.held));
		this.held = 0;
	}

	private put(bytes: Uint8Array): void {
		this.hash.update(bytes);
		this.bytes += bytes.length;
		for (let at = 0; at < bytes.length; ) at += writeSync(this.descriptor, bytes, at);
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
