/**
 * Whether the installed program is as it was packaged. macOS and Windows check the archive themselves, by the fuse; Linux does not, so
 * there its files are hashed before a window opens and compared with the archive's own list. That finds damage and a file that somebody
 * edited in place. Whoever rewrites the list as well, or this check, isn't stopped by it: for that the folder belongs to root.
 */
import { webcrypto } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { app } from 'electron';

/** What the archive's list says of one entry. */
interface Entry {
	readonly files?: Readonly<Record<string, Entry>>;
	readonly size?: number;
	/** Bytes after the list, in decimal digits. */
	readonly offset?: string;
	readonly integrity?: { readonly algorithm?: string; readonly hash?: string };
}

interface PackedFile {
	readonly path: string;
	readonly start: number;
	readonly size: number;
	/** SHA-256 in hex; null where the list has none. */
	readonly sha256: string | null;
}

const LIST_AT = 16;

/** Reads the list at the archive's head. Throws where it is no archive. */
function packedFiles(archive: Buffer): readonly PackedFile[] {
	const head = 8 + archive.readUInt32LE(4);
	const list = JSON.parse(archive.toString('utf8', LIST_AT, LIST_AT + archive.readUInt32LE(12))) as Entry;
	const found: PackedFile[] = [];
	const walk = (entry: Entry, path: string): void => {
		if (entry.files) for (const [name, inner] of Object.entries(entry.files)) walk(inner, path === '' ? name : `${path}/${name}`);
		else {
			const { integrity, size = -1, offset } = entry;
			const sha256 = integrity?.algorithm === 'SHA256' ? (integrity.hash ?? null) : null;
			found.push({ path, start: head + Number(offset ?? Number.NaN), size, sha256 });
		}
	};
	walk(list, '');
	return found;
}

/**
 * The files of an asar archive whose bytes are not those that its list has the hashes of; what lies outside the archive, or has no hash,
 * counts as altered. @returns their paths, or the whole archive's where it can't be read
 */
export async function alteredFiles(archive: Buffer): Promise<readonly string[]> {
	try {
		const files = packedFiles(archive);
		const isIntact = await Promise.all(
			files.map(async ({ start, size, sha256 }) => {
				if (!(start >= 0 && size >= 0 && start + size <= archive.length)) return false;
				const hash = await webcrypto.subtle.digest('SHA-256', archive.subarray(start, start + size));
				return Buffer.from(hash).toString('hex') === sha256;
			}),
		);
		return files.filter((_, at) => isIntact[at] !== true).map(({ path }) => path);
	} catch {
		return ['app.asar'];
	}
}

/** @returns what was altered in the program that runs; nothing where the platform checks it, or where it is not packaged */
export async function alteredProgram(): Promise<readonly string[]> {
	const archive = app.getAppPath();
	if (process.platform !== 'linux' || !archive.endsWith('.asar')) return [];
	// Electron shows archives as folders, unless it is told not to. It looks when it is asked, not when it answers.
	const wasOff = process.noAsar;
	process.noAsar = true;
	const bytes = readFile(archive);
	process.noAsar = wasOff;
	return await alteredFiles(await bytes);
}
