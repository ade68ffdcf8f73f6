/** A drop in memory, as the importer reads it: thousands of tampered drops in a test need no disk. */

import { mkdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { parseVerifierKey, type VerifierKey } from '#evidence';
import type { DropError } from '#intake';
import { type DropSource, type ImportedDrop, type ImportOptions, isDropPath } from '#intake';
import type { Result } from '#kernel';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import { type DropFiles, LOG_SIGNER } from './dropWriter.ts';

/** @param chunkBytes how the bytes are cut: lines must not depend on it */
export function memorySource(files: DropFiles, chunkBytes = 1 << 16): DropSource {
	const bytesOf = (path: string): Buffer => {
		const bytes = files.get(path);
		if (!bytes) throw new Error(`the test asked for ${path}`);
		return bytes;
	};
	return {
		kind: 'folder',
		paths: new Set([...files.keys()].filter(isDropPath)),
		size: (path) => Promise.resolve(bytesOf(path).length),
		async *open(path) {
			const bytes = await Promise.resolve(bytesOf(path));
			for (let at = 0; at < bytes.length; at += chunkBytes) yield bytes.subarray(at, at + chunkBytes);
		},
		readRange: (path, offset, length) => Promise.resolve(bytesOf(path).subarray(offset, offset + length)),
		close: () => Promise.resolve(),
	};
}

export function keyOf(vkey: string): VerifierKey {
	const key = parseVerifierKey(vkey);
	if (!key.ok) throw new Error(key.error);
	return key.value;
}

export const TRUSTED = keyOf(LOG_SIGNER.vkey);

export const importFiles = (files: DropFiles, options: ImportOptions = {}, chunkBytes?: number): Promise<Result<ImportedDrop, DropError>> =>
	importDrop(memorySource(files, chunkBytes), { trustedKeys: [TRUSTED], ...options });

export async function imported(files: DropFiles, options: ImportOptions = {}): Promise<ImportedDrop> {
	const drop = await importFiles(files, options);
	if (!drop.ok) throw new Error(drop.error.message);
	return drop.value;
}

/** Everything an import says that is not in order, as short words: what a test counts. */
export function findingsOf(drop: ImportedDrop): string[] {
	return [
		...Object.entries(drop.evidence.integrity).flatMap(([table, { problems }]) =>
			problems.map(({ code, line }) => `${table} ${code}@${line}`),
		),
		...drop.evidence.ipe.filter(({ verdict }) => verdict !== 'as_declared').map(({ table, verdict }) => `ipe ${table} ${verdict}`),
		...drop.evidence.documents.missing.map((name) => `missing ${name}`),
		...drop.evidence.documents.altered.map((name) => `altered ${name}`),
		...[...drop.quarantine].flatMap(([table, lines]) => lines.map(({ line, code }) => `quarantine ${table}:${line} ${code}`)),
		...[...drop.disclosures].flatMap(([table, { problems }]) => problems.map(({ code, line }) => `disclosure ${table}:${line} ${code}`)),
		...drop.notices,
	];
}

/** The same drop as a folder on the disk. */
export async function writeDrop(dir: string, files: DropFiles): Promise<string> {
	for (const [path, bytes] of files) {
		await mkdir(dirname(join(dir, path)), { recursive: true });
		await writeFile(join(dir, path), bytes);
	}
	return dir;
}
