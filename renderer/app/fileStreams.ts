/** Files larger than memory should hold: written as they are made, read where they are asked for. */
import { type FileKind, IPC_LIMITS } from '#ipc';
import { err, ok } from '#kernel';
import type { Answer } from '../vault/contract.ts';
import { asVaultError, type ChosenFile, type SavedFile } from './files.ts';

/** A file being written. Until `finish` nothing stands under its name; `abandon` leaves none of it. */
export interface FileBeingWritten {
	readonly name: string;
	write(bytes: Uint8Array): Promise<Answer<void>>;
	finish(): Promise<Answer<SavedFile>>;
	abandon(): Promise<void>;
}

/** Asks where. A cancelled dialog is `null`. */
export async function chooseFileToWrite(suggestedName: string, kind: FileKind): Promise<Answer<FileBeingWritten | null>> {
	const chosen = await window.tieout.invoke('file.chooseToSave', { suggestedName, kind });
	if (!chosen.ok) return err(asVaultError(chosen.error));
	if (chosen.value === null) return ok(null);
	const { fileToken, name } = chosen.value;
	let size = 0;
	const put = async (bytes: Uint8Array, isLast: boolean): Promise<Answer<string | null>> => {
		const answer = await window.tieout.invoke('file.write', { fileToken, offset: size, bytes: bytes.slice(), isLast });
		if (!answer.ok) return err(asVaultError(answer.error));
		size += bytes.length;
		return ok(answer.value.sha256);
	};
	const abandon = async (): Promise<void> => {
		await window.tieout.invoke('file.release', { fileToken });
	};
	return ok({
		name,
		write: async (bytes) => {
			for (let at = 0; at < bytes.length; at += IPC_LIMITS.chunkBytes) {
				const written = await put(bytes.subarray(at, at + IPC_LIMITS.chunkBytes), false);
				if (!written.ok) return written;
			}
			return ok(undefined);
		},
		finish: async () => {
			const written = await put(new Uint8Array(0), true);
			await abandon();
			if (!written.ok) return written;
			if (written.value === null) return err({ code: 'storage_failed', message: 'The file could not be read back. Save it again.' });
			return ok({ name, size, sha256: written.value });
		},
		abandon,
	});
}

/** Reads a chosen file at any place: fewer bytes than asked for only at its end. */
export const fileReader =
	({ fileToken }: Pick<ChosenFile, 'fileToken'>) =>
	async (offset: number, length: number): Promise<Answer<Uint8Array>> => {
		const answer = await window.tieout.invoke('file.read', { fileToken, offset, length: Math.min(length, IPC_LIMITS.chunkBytes) });
		return answer.ok ? ok(answer.value.bytes) : err(asVaultError(answer.error));
	};
