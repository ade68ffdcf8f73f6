/** An export is put on record when its file stands. */
import { err, ok } from '#kernel';
import type { Answer } from '../vault/contract.ts';
import type { SavedFile } from './files.ts';
import type { Vault } from './vault.ts';

/** The part of the vault that lets data out. */
export type Exporting = Pick<Vault, 'exports'>;

/** A file that was not saved leaves no act; one that was and could not be recorded is told as such. */
export async function onRecord(vault: Exporting, exportId: string, saved: Answer<SavedFile | null>): Promise<Answer<SavedFile | null>> {
	if (!saved.ok || saved.value === null) return saved;
	const { name, sha256 } = saved.value;
	const done = await vault.exports.written(exportId, sha256);
	if (done.ok) return ok(saved.value);
	const { code, message } = done.error;
	return err({ code, message: `${name} was written, but the log did not take it: ${message}` });
}
