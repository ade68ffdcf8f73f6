/** The lines of a copied table: taken apart, changed, chained anew, and declared as if they had always been so. */
import { leafHash, openSealedLog } from '#evidence';
import { canonicalize, formatQuantity, fromUtf8, type Json, parseQuantity, sha256Hex, splitLines, toHex, utf8 } from '#kernel';
import { TABLES, type TableName } from '#model';
import type { AttackSite } from './tamper.ts';
import type { DropCopy } from './tamperCopy.ts';
import { entryOf, readManifest, writeManifest } from './tamperManifest.ts';

export type Row = { [column: string]: Json };

const LINE_FEED = 0x0a;

/** Lines without their line feed. */
export async function linesOf(copy: DropCopy, path: string): Promise<Uint8Array[]> {
	return splitLines(await copy.read(path));
}

export function putLines(copy: DropCopy, path: string, lines: readonly Uint8Array[]): void {
	const bytes = new Uint8Array(lines.reduce((sum, line) => sum + line.length + 1, 0));
	let at = 0;
	for (const line of lines) {
		bytes.set(line, at);
		at += line.length;
		bytes[at++] = LINE_FEED;
	}
	copy.write(path, bytes);
}

export const textOf = (line: Uint8Array | undefined): string => (line ? (fromUtf8(line) ?? '') : '');

/** A record as JSON, or null where the line is none. */
export function rowOf(line: Uint8Array | undefined): Row | null {
	try {
		const value: unknown = JSON.parse(textOf(line));
		return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null;
	} catch {
		return null;
	}
}

const lineOf = (row: Row): Uint8Array => utf8(canonicalize(row));

const ORDER_ID = /"order_id":"((?:[^"\\]|\\.)*)"/;

/** The order a line names, read without parsing it. */
export const orderOf = (line: Uint8Array | undefined): string | null => ORDER_ID.exec(textOf(line))?.[1] ?? null;

/** The first line (index) from `from` on that has one before and one after it in its order. */
export function innerLine(lines: readonly Uint8Array[], from: number): number {
	const seen = new Set<string>();
	const waiting = new Map<string, number>();
	for (let at = 0; at < lines.length; at++) {
		const order = orderOf(lines[at]);
		if (order === null) continue;
		const before = waiting.get(order);
		if (before !== undefined && before >= from) return before;
		if (seen.has(order)) waiting.set(order, at);
		seen.add(order);
	}
	return -1;
}

/** Links every line to the one before of its order, as the company's own system does. Lines that are no records stay as they are. */
export function chainAnew(lines: readonly Uint8Array[], change: (row: Row, at: number) => Row | null): Uint8Array[] {
	const last = new Map<string, string>();
	const out: Uint8Array[] = [];
	lines.forEach((line, at) => {
		const row = rowOf(line);
		const changed = row === null ? null : change(row, at);
		if (row !== null && changed === null) return;
		let kept = line;
		if (changed !== null) {
			const prev = last.get(String(changed['order_id'])) ?? null;
			// Only what differs is written anew: most lines stay byte for byte.
			if (changed !== row || (row['prev'] ?? null) !== prev) kept = lineOf({ ...changed, prev });
			last.set(String(changed['order_id']), toHex(leafHash(kept)));
		}
		out.push(kept);
	});
	return out;
}

/** The root of the first `size` lines, for each size asked. */
export function rootsOf(table: TableName, lines: readonly Uint8Array[]): (size: number) => Uint8Array {
	const log = openSealedLog({ hasOrderSeq: table === 'order_event' });
	const feed = Uint8Array.of(LINE_FEED);
	for (const line of lines) {
		log.push(line);
		log.push(feed);
	}
	const report = log.finish();
	return (size) => report.rootOf(size);
}

/** Makes the manifest agree with the file as it is now: hash, bytes, rows and control totals. */
export async function declare(copy: DropCopy, { table, file }: Pick<AttackSite, 'table' | 'file'>): Promise<void> {
	const manifest = await readManifest(copy);
	const entry = entryOf(manifest, table);
	if (!entry) return;
	const bytes = await copy.read(file);
	const lines = await linesOf(copy, file);
	entry['sha256'] = sha256Hex(bytes);
	entry['rows'] = lines.length;
	if (typeof entry['bytes'] === 'number') entry['bytes'] = bytes.length;
	const declared = entry['control_totals'];
	if (declared !== null && typeof declared === 'object' && !Array.isArray(declared))
		entry['control_totals'] = Object.fromEntries(Object.keys(declared).map((column) => [column, totalOf(table, lines, column)]));
	writeManifest(copy, manifest);
}

function totalOf(table: TableName, lines: readonly Uint8Array[], column: string): Json {
	const isQuantity = TABLES[table].columns.some(({ name, type }) => name === column && type === 'qty');
	let sum = 0n;
	for (const line of lines) {
		const value = rowOf(line)?.[column];
		if (typeof value === 'number') sum += BigInt(value);
		else if (typeof value === 'string') {
			const quantity = parseQuantity(value);
			if (quantity.ok) sum += quantity.value;
		}
	}
	return isQuantity ? formatQuantity(sum) : Number(sum);
}

/** The lines of a table with one of them replaced, as a change for the reader. */
export const changeAt = (file: string, at: number, before: Uint8Array | undefined, after: Uint8Array | undefined) => ({
	path: file,
	where: `line ${at + 1}`,
	before: textOf(before),
	after: textOf(after),
});
