/** Files that a person chose, read and written in pieces through the bridge: the page never learns a path. */
import { type FileKind, IPC_LIMITS, type IpcAnswer, type IpcError } from '#ipc';
import { err, ok } from '#kernel';
import type { Answer, VaultError } from '../vault/contract.ts';
import { formatCount } from './format.ts';

/** A file as it was chosen. */
export interface ChosenFile {
	readonly fileToken: string;
	readonly name: string;
	readonly size: number;
}

/** What was written, as it was read back. */
export interface SavedFile {
	readonly name: string;
	readonly size: number;
	readonly sha256: string;
}

type Step = (done: number, total: number) => void;

const CODES: Readonly<Partial<Record<IpcError['code'], VaultError['code']>>> = {
	cancelled: 'cancelled',
	runtime_refused: 'runtime_refused',
	unreadable_file: 'unreadable_file',
	unreadable_drop: 'unreadable_file',
	cannot_write: 'storage_failed',
	failed: 'storage_failed',
	unknown_token: 'not_found',
};

/** A refusal of the main process in the vault's words, so that screens show one kind of error. */
export const asVaultError = ({ code, message }: IpcError): VaultError => ({ code: CODES[code] ?? 'invalid', message });

export const asAnswer = <T>(answer: IpcAnswer<T>): Answer<T> => (answer.ok ? answer : err(asVaultError(answer.error)));

/** Asks for a file. A cancelled dialog is `null`. */
export const chooseFile = async (kind: FileKind): Promise<Answer<ChosenFile | null>> =>
	asAnswer(await window.tieout.invoke('file.chooseToOpen', { kind }));

/**
 * The whole file in memory. Refuses one that grew or shrank meanwhile.
 * @param size as it was told when the file was chosen
 */
export async function readFileToken(
	fileToken: string,
	size: number,
	onStep?: Step,
	signal?: AbortSignal,
): Promise<Answer<Uint8Array<ArrayBuffer>>> {
	if (size > IPC_LIMITS.blobBytes)
		return err({
			code: 'invalid',
			message: `This file has ${formatCount(size)} bytes; at most ${formatCount(IPC_LIMITS.blobBytes)} are read. Choose another file.`,
		});
	const whole = new Uint8Array(size);
	let at = 0;
	while (at < size) {
		if (signal?.aborted) return err({ code: 'cancelled', message: 'The reading of the file was cancelled.' });
		const length = Math.min(IPC_LIMITS.chunkBytes, size - at);
		const answer = await window.tieout.invoke('file.read', { fileToken, offset: at, length });
		if (!answer.ok) return err(asVaultError(answer.error));
		const { bytes } = answer.value;
		if (bytes.length === 0 || bytes.length > length) return changed();
		whole.set(bytes, at);
		at += bytes.length;
		onStep?.(at, size);
	}
	return ok(whole);
}

const changed = () => err({ code: 'unreadable_file', message: 'The file changed while it was read. Choose it again.' } as const);

/** Asks where, writes whole, reads back. A cancelled dialog is `null` and writes nothing. */
export async function saveBytes(
	suggestedName: string,
	kind: FileKind,
	bytes: Uint8Array,
	onStep?: Step,
): Promise<Answer<SavedFile | null>> {
	const chosen = await window.tieout.invoke('file.chooseToSave', { suggestedName, kind });
	if (!chosen.ok) return err(asVaultError(chosen.error));
	if (chosen.value === null) return ok(null);
	const { fileToken, name } = chosen.value;
	const written = await writeFileToken(fileToken, bytes, onStep);
	await window.tieout.invoke('file.release', { fileToken });
	return written.ok ? ok({ name, size: bytes.length, sha256: written.value }) : written;
}

/** @returns SHA-256 of the file as it was read back */
async function writeFileToken(fileToken: string, bytes: Uint8Array, onStep?: Step): Promise<Answer<string>> {
	let at = 0;
	for (;;) {
		const piece = bytes.slice(at, at + IPC_LIMITS.chunkBytes);
		const isLast = at + piece.length >= bytes.length;
		const answer = await window.tieout.invoke('file.write', { fileToken, offset: at, bytes: piece, isLast });
		if (!answer.ok) return err(asVaultError(answer.error));
		at += piece.length;
		onStep?.(at, bytes.length);
		if (!isLast) continue;
		if (answer.value.sha256 === null) return err({ code: 'storage_failed', message: 'The file could not be read back. Save it again.' });
		return ok(answer.value.sha256);
	}
}

/** Hands bytes to the main process for signing or checking. Release the token when the work is done. */
export async function putBlob(bytes: Uint8Array, onStep?: Step): Promise<Answer<string>> {
	const begun = await window.tieout.invoke('blob.begin', { size: bytes.length });
	if (!begun.ok) return err(asVaultError(begun.error));
	const { blobToken } = begun.value;
	for (let at = 0; at < bytes.length; at += IPC_LIMITS.chunkBytes) {
		const added = await window.tieout.invoke('blob.add', { blobToken, bytes: bytes.slice(at, at + IPC_LIMITS.chunkBytes) });
		if (!added.ok) {
			await releaseBlob(blobToken);
			return err(asVaultError(added.error));
		}
		onStep?.(added.value.received, bytes.length);
	}
	return ok(blobToken);
}

export const releaseBlob = (blobToken: string): Promise<unknown> => window.tieout.invoke('blob.release', { blobToken });
