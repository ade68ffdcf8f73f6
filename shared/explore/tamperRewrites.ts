/** What can be done to a log's history by whoever knows how it is made, or holds its key: the links are made anew, and signatures too. */
import { DAY_MS } from '#kernel';
import type { Alter, AttackChange } from './tamper.ts';
import { checkpointSizes, reseal } from './tamperCheckpoints.ts';
import { chainAnew, changeAt, declare, innerLine, linesOf, orderOf, putLines, type Row, textOf } from './tamperLines.ts';
import { readManifest } from './tamperManifest.ts';
import { gone, replaceLines } from './tamperMoves.ts';

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

/** One event written otherwise before anything is sealed: links, roots and signatures are sound. */
const beforeSealing =
	(rewrite: (row: Row) => Row): Alter =>
	async (copy, site) => {
		const lines = await linesOf(copy, site.file);
		const at = innerLine(lines, Math.floor(lines.length / 4));
		if (at < 0) return null;
		const rewritten = chainAnew(lines, (row, i) => (i === at ? rewrite(row) : row));
		putLines(copy, site.file, rewritten);
		await declare(copy, site);
		await reseal(copy, site, site.standIn);
		return [changeAt(site.file, at, lines[at], rewritten[at])];
	};

/** A source dates an event three days into the past. */
export const backdate = beforeSealing((row) => ({ ...row, occurred_at: moved(row['occurred_at'], -DAYS_BACK * DAY_MS) }));

const moved = (instant: unknown, by: number): string => new Date(Date.parse(String(instant)) + by).toISOString();

/** A lie that fits: a hundred minor units more, sealed as any other event. */
export const lieSoundly = beforeSealing((row) =>
	typeof row['amount_minor'] === 'number' ? { ...row, amount_minor: row['amount_minor'] + 100 } : row,
);

/** Everything rewritten and signed with a key of the attacker's own, which the manifest claims. */
export const signWithOtherKey: Alter = async (copy, site) => {
	const changes = await rewriteHistory(copy, site);
	if (!changes) return null;
	const before = String((await readManifest(copy))['log_key'] ?? '(none)');
	await reseal(copy, site, site.stranger);
	return [...changes, { path: 'manifest.json', where: 'log_key', before, after: site.stranger.vkey }];
};
