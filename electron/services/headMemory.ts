/** Keeps the last head of each log this workstation saw, as a small file in a folder the caller names. */
import { randomBytes } from 'node:crypto';
import { mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isLogHead, type LogHead, rememberHead } from '#evidence';
import { err, ok, type Result } from '#kernel';

/** `unreadable`: the file is there but can't be read as heads; it is left alone, because forgetting heads is what an attacker wants. */
export interface HeadMemoryError {
	readonly code: 'unreadable' | 'cannot_write';
	/** One sentence: what, where, how to mend. */
	readonly message: string;
}

const FORMAT = 'tieout-heads/1';
const FILE_NAME = 'log-heads.json';

/** The heads remembered in `stateDir`; none where nothing was remembered yet. */
export async function loadHeads(stateDir: string): Promise<Result<readonly LogHead[], HeadMemoryError>> {
	const path = join(stateDir, FILE_NAME);
	const unreadable = (why: string): Result<never, HeadMemoryError> =>
		err({
			code: 'unreadable',
			message: `${path} can't be read as remembered log heads (${why}). Restore it from a backup, or move it away to start anew.`,
		});
	let text: string;
	try {
		text = await readFile(path, 'utf8');
	} catch (error) {
		const code = error instanceof Error && 'code' in error ? String(error.code) : 'unknown';
		return code === 'ENOENT' ? ok([]) : unreadable(code);
	}
	try {
		const value: unknown = JSON.parse(text);
		const { format, heads } = (value ?? {}) as { readonly format?: unknown; readonly heads?: unknown };
		if (format !== FORMAT || !Array.isArray(heads)) return unreadable(`expected ${FORMAT}`);
		return heads.every(isLogHead) ? ok(heads) : unreadable('a head is malformed');
	} catch {
		return unreadable('it is not JSON');
	}
}

/** Remembers what was seen, beside the heads already kept; a head only moves forward. The file is replaced whole or not at all. */
export async function saveHeads(stateDir: string, seen: readonly LogHead[]): Promise<Result<readonly LogHead[], HeadMemoryError>> {
	const kept = await loadHeads(stateDir);
	if (!kept.ok) return kept;
	const heads = seen.reduce<readonly LogHead[]>(rememberHead, kept.value);
	const path = join(stateDir, FILE_NAME);
	const temporary = `${path}.${randomBytes(6).toString('hex')}`;
	try {
		await mkdir(stateDir, { recursive: true });
		await writeFile(temporary, `${JSON.stringify({ format: FORMAT, heads }, null, '\t')}\n`, { flush: true });
		await rename(temporary, path);
		return ok(heads);
	} catch (error) {
		await rm(temporary, { force: true });
		return err({
			code: 'cannot_write',
			message: `${path} could not be written (${error instanceof Error ? error.message : 'unknown'}). Check its permissions.`,
		});
	}
}
