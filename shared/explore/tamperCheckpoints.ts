/** Attacks on checkpoints, and how they are signed anew. */
import { parseCheckpoint } from '#evidence';
import { sha256, utf8 } from '#kernel';
import type { Alter, AttackSite, LabSigner } from './tamper.ts';
import type { DropCopy } from './tamperCopy.ts';
import { linesOf, rootsOf } from './tamperLines.ts';
import { readManifest, writeManifest } from './tamperManifest.ts';

/** The readable checkpoints of a table, smallest first. */
export async function checkpointSizes(copy: DropCopy, table: string): Promise<{ readonly path: string; readonly size: number }[]> {
	const found: { path: string; size: number }[] = [];
	for (const path of copy.paths) {
		if (!path.startsWith(`checkpoints/${table}/`)) continue;
		const parsed = parseCheckpoint(await copy.read(path));
		if (parsed.ok) found.push({ path, size: parsed.value.size });
	}
	return found.sort((a, b) => a.size - b.size);
}

/** Signs every checkpoint of the table anew over the lines as they are, and lets the manifest claim the signer's key. */
export async function reseal(copy: DropCopy, site: AttackSite, signer: LabSigner): Promise<void> {
	const lines = await linesOf(copy, site.file);
	const rootOf = rootsOf(site.table, lines);
	for (const { path, size } of await checkpointSizes(copy, site.table)) {
		if (size > lines.length) copy.remove(path);
		else copy.write(path, signer.checkpoint(site.origin, size, rootOf(size)));
	}
	const manifest = await readManifest(copy);
	manifest['log_key'] = signer.vkey;
	writeManifest(copy, manifest);
}

/** Edits one checkpoint in the middle. */
export const editCheckpoint =
	(change: (text: string) => string): Alter =>
	async (copy, site) => {
		const sizes = await checkpointSizes(copy, site.table);
		const one = sizes[Math.floor(sizes.length / 2)];
		if (!one) return null;
		const before = await copy.text(one.path);
		const after = change(before);
		if (after === before) return null;
		copy.write(one.path, after);
		return [{ path: one.path, where: 'the checkpoint', before, after }];
	};

export const otherRoot = (text: string): string =>
	text.replace(/^(.*\n.*\n)(.)/, (_, head: string, first: string) => head + (first === 'A' ? 'B' : 'A'));

export const otherSignature = (text: string): string =>
	text.replace(/(.)(.{9})\n$/, (_, digit: string, rest: string) => `${digit === 'A' ? 'B' : 'A'}${rest}\n`);

/** A second checkpoint of one size, validly signed over another history. */
export const fork: Alter = async (copy, site) => {
	const sizes = await checkpointSizes(copy, site.table);
	const one = sizes[Math.floor(sizes.length / 2)];
	if (!one) return null;
	const path = one.path.replace(/(\d+)\.txt$/, '0$1.txt');
	const forged = site.standIn.checkpoint(site.origin, one.size, sha256(utf8(`another history of ${one.size} lines`)));
	copy.write(path, forged);
	return [{ path, where: 'a second checkpoint of one size', before: await copy.text(one.path), after: forged }];
};

export const takeAway: Alter = async (copy, site) => {
	const sizes = await checkpointSizes(copy, site.table);
	for (const { path } of sizes) copy.remove(path);
	return sizes.length === 0
		? null
		: [{ path: `checkpoints/${site.table}`, where: 'all checkpoints', before: `${sizes.length} files`, after: '(taken out)' }];
};

export const renameOlder: Alter = async (copy, site) => {
	const sizes = await checkpointSizes(copy, site.table);
	const [oldest, newest] = [sizes[0], sizes.at(-1)];
	if (!oldest || !newest || oldest.path === newest.path) return null;
	const [before, after] = [await copy.text(newest.path), await copy.text(oldest.path)];
	copy.write(newest.path, after);
	return [{ path: newest.path, where: 'the checkpoint', before, after }];
};

export const ofOtherLog: Alter = async (copy, site) => {
	const one = (await checkpointSizes(copy, site.table)).at(-1);
	if (!one) return null;
	const before = await copy.text(one.path);
	const rootOf = rootsOf(site.table, await linesOf(copy, site.file));
	const after = site.standIn.checkpoint(`another.example/${site.table}`, one.size, rootOf(one.size));
	copy.write(one.path, after);
	return [{ path: one.path, where: 'the checkpoint', before, after }];
};
