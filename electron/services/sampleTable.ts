/** Writes one table of a drop: its lines, and while they pass, their control totals. */
import type { Wire } from '#company';
import { formatQuantity, parseQuantity } from '#kernel';
import { TABLES, type TableName } from '#model';
import { SampleLines, type WrittenLines } from './sampleLines.ts';

export interface WrittenTable extends WrittenLines {
	readonly table: TableName;
	/** Path inside the drop. */
	readonly file: string;
	/** Sums over the columns of money (integers) and of quantity (decimal texts). */
	readonly control_totals: Readonly<Record<string, number | string>>;
}

const QUANTITIES_KEPT = 10_000;

export class SampleTable {
	private readonly table: TableName;
	private readonly lines: SampleLines;
	private readonly sums: { readonly column: string; readonly isMoney: boolean; sum: bigint }[];
	private readonly quantities = new Map<string, bigint>();

	constructor(table: TableName, path: string) {
		this.table = table;
		this.lines = new SampleLines(path);
		this.sums = TABLES[table].columns
			.filter(({ type }) => type === 'minor' || type === 'qty')
			.map(({ name, type }) => ({ column: name, isMoney: type === 'minor', sum: 0n }));
	}

	/** @param line the record as it is stored */
	write(record: Wire, line: string): void {
		for (const total of this.sums) {
			const value = record[total.column];
			if (typeof value === 'number') total.sum += BigInt(value);
			else if (typeof value === 'string') total.sum += this.quantityOf(value);
		}
		this.lines.write(line);
	}

	/** The same few hundred quantities come again and again. */
	private quantityOf(text: string): bigint {
		let quantity = this.quantities.get(text);
		if (quantity === undefined) {
			const parsed = parseQuantity(text);
			quantity = parsed.ok ? parsed.value : 0n;
			if (this.quantities.size < QUANTITIES_KEPT) this.quantities.set(text, quantity);
		}
		return quantity;
	}

	/** Ends the file. The result is what an honest manifest declares of it. */
	close(): WrittenTable {
		const totals = this.sums.map(({ column, isMoney, sum }) => [column, isMoney ? Number(sum) : formatQuantity(sum)] as const);
		return { table: this.table, file: `data/${this.table}.ndjson`, ...this.lines.close(), control_totals: Object.fromEntries(totals) };
	}

	/** Lets go of the file, ended or not. */
	abandon(): void {
		this.lines.abandon();
	}
}
