/** What can be done to the lines of a sealed table and to its history. */
import { utf8 } from '#kernel';
import type { Attack, AttackChange } from './tamper.ts';
import { checkpointSizes, reseal } from './tamperCheckpoints.ts';
import { chainAnew, changeAt, declare, innerLine, linesOf, orderOf, putLines, type Row, rowOf, textOf } from './tamperLines.ts';
import { readManifest } from './tamperManifest.ts';

type Alter = Attack['alter'];

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
const replaceLines =
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

const gone =
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

/** As whoever knows how the table is made: the links of what is left are made anew. */
export const takeOrderOut = replaceLines((lines, at) => {
	const order = orderOf(lines[at]);
	const own = lines.flatMap((line, i) => (orderOf(line) === order ? [i] : []));
	if (order === null || own.length === 0) return null;
	return {
		lines: chainAnew(lines, (row) => (row['order_id'] === order ? null : row)),
		changes: (file) => own.slice(0, 5).flatMap((i) => gone(i, lines[i])(file)),
	};
});

const revise = (row: Row): Row =>
	typeof row['amount_minor'] === 'number' ? { ...row, amount_minor: row['amount_minor'] + 100_000 } : { ...row, actor_id: 'nobody' };

export const rewriteHistory = replaceLines((lines, at) => {
	if (at < 0) return null;
	const rewritten = chainAnew(lines, (row, i) => (i === at ? revise(row) : row));
	return { lines: rewritten, changes: (file) => [changeAt(file, at, lines[at], rewritten[at]), ...relinked(file, lines, rewritten, at)] };
});

/** The next line whose link was made anew, to show what a rewriter does beside his edit. */
function relinked(file: string, before: readonly Uint8Array[], after: readonly Uint8Array[], at: number): AttackChange[] {
	const next = before.findIndex((line, i) => i > at && textOf(line) !== textOf(after[i]));
	return next < 0 ? [] : [changeAt(file, next, before[next], after[next])];
}

/** An order that never was, made of the first lines of another: chained soundly in itself. */
function forgedOrder(lines: readonly Uint8Array[]): Uint8Array[] {
	const order = orderOf(lines[0]);
	const own = lines.filter((line) => orderOf(line) === order).slice(0, 2);
	return chainAnew(own, (row, i) => {
		const key = row['event_id'] === undefined ? 'revenue_id' : 'event_id';
		return { ...row, [key]: `FORGED-${i + 1}`, order_id: 'SO-FORGED' };
	});
}

export const insertForged = replaceLines((lines, at) => {
	const forged = forgedOrder(lines);
	if (at < 0 || forged.length === 0) return null;
	return {
		lines: lines.toSpliced(at, 0, ...forged),
		changes: (file) => forged.map((line, i) => ({ path: file, where: `line ${at + i + 1}`, before: '(not there)', after: textOf(line) })),
	};
});

export const appendForged = replaceLines((lines) => {
	const forged = forgedOrder(lines);
	if (forged.length === 0) return null;
	return {
		lines: [...lines, ...forged],
		changes: (file) =>
			forged.map((line, i) => ({ path: file, where: `line ${lines.length + i + 1}`, before: '(not there)', after: textOf(line) })),
	};
});

/** Cuts the table at an older checkpoint and takes the newer ones away. */
export const rollBack: Alter = async (copy, site) => {
	const sizes = await checkpointSizes(copy, site.table);
	const lines = await linesOf(copy, site.file);
	const older = sizes.filter(({ size }) => size < lines.length).at(-1);
	if (!older) return null;
	putLines(copy, site.file, lines.slice(0, older.size));
	for (const { path, size } of sizes) if (size > older.size) copy.remove(path);
	await declare(copy, site);
	return [
		{ path: site.file, where: `lines ${older.size + 1} to ${lines.length}`, before: `${lines.length} lines`, after: `${older.size} lines` },
		{ path: `checkpoints/${site.table}`, where: 'newer checkpoints', before: `${sizes.length} files`, after: `the last is ${older.path}` },
	];
};

/** The holder of the log's key rewrites it and signs all of it again. */
export const rewriteAndSeal: Alter = async (copy, site) => {
	const changes = await rewriteHistory(copy, site);
	if (changes) await reseal(copy, site, site.standIn);
	return changes;
};

const DAYS_BACK = 3;
const DAY_MS = 86_400_000;

/** A source writes an event three days into the past before it is sealed: links, roots and signatures are sound. */
export const backdate: Alter = async (copy, site) => {
	const lines = await linesOf(copy, site.file);
	const at = innerLine(lines, Math.floor(lines.length / 4));
	if (at < 0) return null;
	const shifted = chainAnew(lines, (row, i) => (i === at ? { ...row, occurred_at: moved(row['occurred_at'], -DAYS_BACK * DAY_MS) } : row));
	putLines(copy, site.file, shifted);
	await declare(copy, site);
	await reseal(copy, site, site.standIn);
	return [changeAt(site.file, at, lines[at], shifted[at])];
};

const moved = (instant: unknown, by: number): string => new Date(Date.parse(String(instant)) + by).toISOString();

/** A lie that fits: a hundred minor units more, sealed as any other event. */
export const lieSoundly: Alter = async (copy, site) => {
	const lines = await linesOf(copy, site.file);
	const at = innerLine(lines, Math.floor(lines.length / 4));
	if (at < 0) return null;
	const told = chainAnew(lines, (row, i) =>
		i === at && typeof row['amount_minor'] === 'number' ? { ...row, amount_minor: row['amount_minor'] + 100 } : row,
	);
	putLines(copy, site.file, told);
	await declare(copy, site);
	await reseal(copy, site, site.standIn);
	return [changeAt(site.file, at, lines[at], told[at])];
};

/** Everything rewritten and signed with a key of the attacker's own, which the manifest claims. */
export const signWithOtherKey: Alter = async (copy, site) => {
	const changes = await rewriteHistory(copy, site);
	if (!changes) return null;
	const before = String((await readManifest(copy))['log_key'] ?? '(none)');
	await reseal(copy, site, site.stranger);
	return [...changes, { path: 'manifest.json', where: 'log_key', before, after: site.stranger.vkey }];
};
