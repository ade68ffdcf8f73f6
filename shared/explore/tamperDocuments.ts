/** Attacks on documents, plain tables and the manifest. */
import { compareText, fromUtf8, type Json, toHex, utf8 } from '#kernel';
import type { Alter, AttackChange } from './tamper.ts';
import type { DropCopy } from './tamperCopy.ts';
import { changeAt, declare, linesOf, putLines, textOf } from './tamperLines.ts';
import { entryOf, readManifest, writeManifest } from './tamperManifest.ts';

/** Documents that lie under the hash of their bytes. */
const documentsOf = (copy: DropCopy): string[] =>
	[...copy.paths].filter((path) => /^documents\/[0-9a-f]{64}$/.test(path)).sort(compareText);

const SHOWN_BYTES = 120;

const shown = (bytes: Uint8Array): string => {
	const start = bytes.subarray(0, SHOWN_BYTES);
	return `${bytes.length} bytes: ${(fromUtf8(start) ?? '(not text)').replace(/[^\x20-\x7e]/g, '·')}`;
};

export const alterDocument: Alter = async (copy) => {
	const [path] = documentsOf(copy);
	if (path === undefined) return null;
	const before = await copy.read(path);
	const at = Math.floor(before.length / 2);
	const after = before.slice();
	after[at] = ((after[at] ?? 0) + 1) % 256;
	copy.write(path, after);
	return [{ path, where: `byte ${at}`, before: aroundByte(before, at), after: aroundByte(after, at) }];
};

const AROUND = 24;

/** The bytes around one, as hex. */
const aroundByte = (bytes: Uint8Array, at: number): string =>
	toHex(bytes.subarray(Math.max(0, at - AROUND), at + AROUND))
		.replace(/../g, '$& ')
		.trim();

export const swapDocuments: Alter = async (copy) => {
	const [a, b] = documentsOf(copy);
	if (a === undefined || b === undefined) return null;
	const [first, second] = [await copy.read(a), await copy.read(b)];
	copy.write(a, second);
	copy.write(b, first);
	return [
		{ path: a, where: 'the whole file', before: shown(first), after: shown(second) },
		{ path: b, where: 'the whole file', before: shown(second), after: shown(first) },
	];
};

export const removeDocument: Alter = async (copy) => {
	const [path] = documentsOf(copy);
	if (path === undefined) return null;
	const before = shown(await copy.read(path));
	copy.remove(path);
	return [{ path, where: 'the whole file', before, after: '(taken out)' }];
};

/** Edits one line of a table that has no log. */
export const editPlain =
	(isDeclared: boolean): Alter =>
	async (copy, site) => {
		const lines = await linesOf(copy, site.file);
		const at = lines.findIndex((line, i) => i >= lines.length / 2 && /_minor":[1-8]/.test(textOf(line)));
		const before = lines[at];
		if (before === undefined) return null;
		const after = utf8(textOf(before).replace(/(_minor":)([1-8])/, (_, key: string, digit: string) => `${key}${Number(digit) + 1}`));
		putLines(copy, site.file, lines.with(at, after));
		if (isDeclared) await declare(copy, site);
		return [changeAt(site.file, at, before, after)];
	};

/** Edits what the manifest declares of a table. */
export const editDeclaration =
	(key: string, change: (value: Json) => Json | null): Alter =>
	async (copy, { table }) => {
		const manifest = await readManifest(copy);
		const entry = entryOf(manifest, table);
		const before = entry?.[key];
		const after = before === undefined || before === null ? null : change(before);
		if (!entry || before === undefined || after === null) return null;
		entry[key] = after;
		writeManifest(copy, manifest);
		return [
			{ path: 'manifest.json', where: `${table}.${key}`, before: JSON.stringify(before), after: JSON.stringify(after) },
		] satisfies AttackChange[];
	};

export function otherTotal(totals: Json): Json | null {
	if (typeof totals !== 'object' || totals === null || Array.isArray(totals)) return null;
	const [first] = Object.entries(totals);
	if (!first) return null;
	const [column, value] = first;
	return { ...totals, [column]: typeof value === 'number' ? value + 100 : String(Number(value) + 1) };
}
