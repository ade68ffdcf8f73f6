/** Signed heads on disk: `checkpoint` is the last one, `checkpoints/<size>.txt` are all. */
import { createPublicKey, verify as verifySignature } from 'node:crypto';
import { dirname, join } from 'node:path';
import { checkpointText, parseCheckpoint, type SignedNote, type VerifierKey, type VerifyEd25519, verifyNote } from '#evidence';
import { invariant, utf8 } from '#kernel';
import type { LogKeyWindow } from '../keys/logKeys.ts';
import { StartRefusal } from '../startRefusal.ts';
import type { Disk } from './disk.ts';
import { makeFolderDurably, replaceFile } from './durableFile.ts';
import type { LogTable, SignedHead } from './logPort.ts';

/** Keys whose window holds this size: two at a turn, else one. */
const signersAt = (windows: readonly LogKeyWindow[], table: LogTable, size: number): readonly LogKeyWindow[] =>
	windows.filter(({ from, to }) => size >= from[table] && (to === null || size <= to[table]));

/** A checkpoint under all keys that sign at this size. */
export function signHead(windows: readonly LogKeyWindow[], origin: string, table: LogTable, size: number, root: Uint8Array): SignedHead {
	const signers = signersAt(windows, table, size);
	invariant(signers.length > 0, 'a key signs at every size');
	const text = checkpointText(origin, size, root);
	return { size, root, note: `${text}\n${signers.map(({ signer }) => signer.signatureLine(text)).join('')}` };
}

/** The same head under the keys that sign at its size now; witnesses' lines stay below them. */
export function signAgain(windows: readonly LogKeyWindow[], origin: string, table: LogTable, head: SignedHead): SignedHead {
	const signed = signHead(windows, origin, table, head.size, head.root);
	const own = windows.map(({ signer }) => `\u2014 ${signer.key.name} `);
	const [, others = ''] = head.note.split('\n\n');
	const kept = others.split('\n').filter((line) => line !== '' && !own.some((prefix) => line.startsWith(prefix)));
	return { ...signed, note: signed.note + kept.map((line) => `${line}\n`).join('') };
}

/** DER head of an Ed25519 public key (RFC 8410 §4); the 32 bytes of the key follow. */
const SPKI_ED25519 = Buffer.from('302a300506032b6570032100', 'hex');

/** The machine's own Ed25519. */
export const verifyEd25519: VerifyEd25519 = (publicKey, message, signature) => {
	try {
		const key = createPublicKey({ key: Buffer.concat([SPKI_ED25519, publicKey]), format: 'der', type: 'spki' });
		return verifySignature(null, message, key, signature);
	} catch {
		return false;
	}
};

const isSignedBy = (note: SignedNote, key: VerifierKey): boolean => verifyNote(note, key, verifyEd25519) === 'valid';

const archived = (folder: string, size: number): string => join(folder, 'checkpoints', `${size}.txt`);

/** The last signed head, null where none was signed yet. Throws `StartRefusal` where the file is no head of this log under one of its keys. */
export async function readHead(
	disk: Disk,
	folder: string,
	origin: string,
	table: LogTable,
	windows: readonly LogKeyWindow[],
): Promise<(SignedHead & { readonly isWhole: boolean }) | null> {
	const path = join(folder, 'checkpoint');
	const bytes = await disk.read(path);
	if (bytes === null) return null;
	const refuse = (why: string): never => {
		throw new StartRefusal(`${path} ${why}: restore the log's folder, or the database that belongs to it, from a backup.`, {
			code: 'log_contradicts',
		});
	};
	const parsed = parseCheckpoint(bytes);
	if (!parsed.ok) return refuse(`is no checkpoint (${parsed.error})`);
	const { origin: found, size, root, note } = parsed.value;
	if (found !== origin) return refuse(`belongs to the log ${found}, expected ${origin}`);
	const signers = signersAt(windows, table, size);
	const signed = signers.filter(({ signer }) => isSignedBy(note, signer.key));
	if (signed.length === 0) return refuse('is signed by none of the keys in the database');
	return { size, root, note: Buffer.from(bytes).toString('utf8'), isWhole: signed.length === signers.length };
}

/** Makes a head the last one: durable under both names when it returns. */
export async function writeHead(disk: Disk, folder: string, { size, note }: SignedHead): Promise<void> {
	await replaceFile(disk, join(folder, 'checkpoint'), utf8(note));
	await keepHead(disk, folder, size, note);
}

/** Keeps a head beside the last one. */
export async function keepHead(disk: Disk, folder: string, size: number, note: string): Promise<void> {
	const file = archived(folder, size);
	await makeFolderDurably(disk, folder, dirname(file));
	await replaceFile(disk, file, utf8(note));
}

/** The kept head of this size, null where none was signed. */
export async function keptHead(disk: Disk, folder: string, size: number): Promise<string | null> {
	const bytes = Number.isSafeInteger(size) && size >= 0 ? await disk.read(archived(folder, size)) : null;
	return bytes && Buffer.from(bytes).toString('utf8');
}
