/** Information produced by the entity (AS 1105.10): is a table complete and accurate as its producer declared it? */
import type { DeclaredTable } from './manifest.ts';
import { printable } from './printable.ts';

/** `missing` is for readers of a pack: a drop whose declared file is absent is refused as a whole. */
export type IpeVerdict = 'as_declared' | 'differs' | 'not_declared' | 'missing';

export interface IpeDifference {
	readonly what: 'sha256' | 'rows' | 'control_total' | 'bytes';
	/** For a control total: "amount_minor: 1200". */
	readonly declared: string;
	readonly found: string;
}

export interface IpeTable {
	readonly table: string;
	readonly verdict: IpeVerdict;
	readonly differences: readonly IpeDifference[];
}

/** What streaming a table's file and summing its columns found. */
export interface FoundTable {
	readonly sha256: string;
	readonly bytes: number;
	/** Lines of the file, those set aside included: rows as they were handed over. */
	readonly lines: number;
	readonly quarantined: number;
	/** The sum of a column over the rows that loaded. */
	readonly total: (column: string) => FoundTotal;
}

export type FoundTotal =
	/** A decimal text. */
	| { readonly kind: 'sum'; readonly sum: string }
	/** Values are committed and not disclosed: the total can't be told. */
	| { readonly kind: 'withheld'; readonly rows: number }
	/** The table is none of the data model: its columns were not read. */
	| { readonly kind: 'unread' }
	| { readonly kind: 'no_such_column' };

/** All differences between declaration and file; a total over values that were not read is left open, never called equal or different. */
export function compareDeclared(declared: DeclaredTable, found: FoundTable): IpeTable {
	const differences: IpeDifference[] = [];
	const compare = (what: 'sha256' | 'rows' | 'bytes', said: string | number, is: string | number): void => {
		if (said !== is) differences.push({ what, declared: String(said), found: String(is) });
	};
	compare('sha256', declared.sha256, found.sha256);
	compare('rows', declared.rows, found.lines);
	if (declared.bytes !== null) compare('bytes', declared.bytes, found.bytes);
	for (const { column: name, declared: said } of declared.controlTotals) {
		const total = found.total(name);
		const column = printable(name);
		if (total.kind === 'withheld' || total.kind === 'unread' || (total.kind === 'sum' && isSameDecimal(total.sum, said))) continue;
		const excluded =
			found.quarantined === 0 ? '' : ` (without ${found.quarantined} malformed ${found.quarantined === 1 ? 'line' : 'lines'})`;
		const is =
			total.kind === 'sum' ? `${column}: ${total.sum}${excluded}` : `${column}: no such column of whole numbers, money or quantities`;
		differences.push({ what: 'control_total', declared: `${column}: ${said}`, found: is });
	}
	return { table: declared.table, verdict: differences.length === 0 ? 'as_declared' : 'differs', differences };
}

/** Whether two decimal texts are one number: "1.50" and "1.5", "-0" and "0". */
export function isSameDecimal(a: string, b: string): boolean {
	return plainDecimal(a) === plainDecimal(b);
}

function plainDecimal(text: string): string {
	const [, sign = '', whole = '', fraction = ''] = /^(-?)0*(\d*)(?:\.(\d*?)0*)?$/.exec(text) ?? [];
	const magnitude = `${whole || '0'}${fraction === '' ? '' : `.${fraction}`}`;
	return magnitude === '0' ? '0' : `${sign}${magnitude}`;
}
