/** What can be done to the lines of a sealed table by whoever can write it: the links are left as they are. */
import { utf8 } from '#kernel';
import type { Alter, AttackChange } from './tamper.ts';
import { changeAt, declare, innerLine, linesOf, orderOf, putLines, rowOf, textOf } from './tamperLines.ts';

/** Changes one line in the middle of the table, byte by byte. @param isDeclared whether the manifest is made to agree */
export const editLine =
	(change: (text: string) => string, isDeclared: boolean): Alter =>
	async (copy, site) => {
		const lines = await linesOf(copy, site.file);
		const at = innerLine(lines, Math.floor(lines.length / 4));
		const before = lines[at];
		const after = utf8(change(textOf(before)));
		if (before === undefined || textOf(after) === textOf(before)) return null;
		putLines(copy, site.file, lines.with(at, after));
		if (isDeclared) await declare(copy, site);
		return [changeAt(site.file, at, before, after)];
	};

/** Another amount in a revenue event, another actor in an order event: of the same length, so that nothing else moves. */
export const anotherValue = (text: string): string => {
	const amount = /"amount_minor":(\d)/.exec(text);
	if (amount)
		return text.replace(/("amount_minor":)(\d)/, (_, key: string, digit: string) => `${key}${digit === '9' ? '8' : Number(digit) + 1}`);
	return text.replace(/("actor_id":"[^"]*?)([a-z0-9])"/, (_, head: string, last: string) => `${head}${last === '7' ? '8' : '7'}"`);
};

export const reversedKeys = (text: string): string => {
	const row = rowOf(utf8(text));
	return row === null ? text : JSON.stringify(Object.fromEntries(Object.entries(row).toReversed()));
};

/** Puts other lines in place of the table's, as whoever can write the table and its manifest would. */
export const replaceLines =
	(
		change: (
			lines: Uint8Array[],
			at: number,
		) => { readonly lines: Uint8Array[]; readonly changes: (file: string) => AttackChange[] } | null,
	): Alter =>
	async (copy, site) => {
		const lines = await linesOf(copy, site.file);
		const changed = change(lines, innerLine(lines, Math.floor(lines.length / 4)));
		if (!changed) return null;
		putLines(copy, site.file, changed.lines);
		await declare(copy, site);
		return changed.changes(site.file);
	};

export const gone =
	(at: number, line: Uint8Array | undefined, why = '(taken out)') =>
	(file: string) => [{ path: file, where: `line ${at + 1}`, before: textOf(line), after: why }];

export const dropLine = replaceLines((lines, at) => (at < 0 ? null : { lines: lines.toSpliced(at, 1), changes: gone(at, lines[at]) }));

export const doubleLine = replaceLines((lines, at) =>
	at < 0
		? null
		: { lines: lines.toSpliced(at + 1, 0, lines[at] as Uint8Array), changes: (file) => [changeAt(file, at + 1, lines[at + 1], lines[at])] },
);

const swapped = (lines: Uint8Array[], a: number, b: number) => ({
	lines: lines.with(a, lines[b] as Uint8Array).with(b, lines[a] as Uint8Array),
	changes: (file: string) => [changeAt(file, a, lines[a], lines[b]), changeAt(file, b, lines[b], lines[a])],
});

export const swapInOrder = replaceLines((lines, at) => {
	const next = lines.findIndex((line, i) => i > at && orderOf(line) === orderOf(lines[at]));
	return at < 0 || next < 0 ? null : swapped(lines, at, next);
});

export const swapNeighbours = replaceLines((lines) => {
	const at = lines.findIndex((line, i) => i > lines.length / 4 && i + 1 < lines.length && orderOf(line) !== orderOf(lines[i + 1]));
	return at < 0 ? null : swapped(lines, at, at + 1);
});

const TAIL_LINES = 7;

export const cutTail = replaceLines((lines) =>
	lines.length <= TAIL_LINES
		? null
		: {
				lines: lines.slice(0, -TAIL_LINES),
				changes: (file) =>
					lines.slice(-TAIL_LINES).map((line, i) => ({
						path: file,
						where: `line ${lines.length - TAIL_LINES + i + 1}`,
						before: textOf(line),
						after: '(taken out)',
					})),
			},
);

export const cutInLastLine: Alter = async (copy, { file }) => {
	const bytes = await copy.read(file);
	const cut = bytes.subarray(0, Math.max(0, bytes.length - 40));
	copy.write(file, cut);
	const lines = await linesOf(copy, file);
	return [{ path: file, where: `line ${lines.length}`, before: '(ends with its line feed)', after: textOf(lines.at(-1)) }];
};

export const cutOrdersEnd = replaceLines((lines, at) => {
	const order = orderOf(lines[at]);
	const own = lines.flatMap((line, i) => (i >= at && orderOf(line) === order ? [i] : []));
	const cut = new Set(own.slice(1));
	if (order === null || cut.size === 0) return null;
	return {
		lines: lines.filter((_, i) => !cut.has(i)),
		changes: (file) => [...cut].slice(0, 5).flatMap((i) => gone(i, lines[i])(file)),
	};
});
