/** Makes the names in a folder durable: of files that were written, renamed or removed there. */
import { open } from 'node:fs/promises';

/** On Windows a folder can't be opened; its file system journals names by itself. */
export async function syncFolder(folder: string): Promise<void> {
	if (process.platform === 'win32') return;
	const handle = await open(folder, 'r');
	try {
		await handle.sync();
	} finally {
		await handle.close();
	}
}
