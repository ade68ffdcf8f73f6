/** Opens a drop by its path, folder or ZIP. */
import { stat } from 'node:fs/promises';
import { asDropError, type DropError, type DropSource, dropError } from '#intake';
import { err, ok, type Result } from '#kernel';
import { openFolder } from './folderSource.ts';
import { openZip } from './zipSource.ts';

/** The caller closes what was opened. */
export async function openDrop(path: string): Promise<Result<DropSource, DropError>> {
	try {
		const found = await stat(path);
		if (found.isDirectory()) return ok(await openFolder(path));
		if (found.isFile()) return ok(await openZip(path));
		return err(dropError('not_a_drop', path, `${path} is neither a folder nor a file. Give the folder or the ZIP of an evidence drop.`));
	} catch (error) {
		return err(asDropError(error, path));
	}
}
