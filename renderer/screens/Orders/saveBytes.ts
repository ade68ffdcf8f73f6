/** Writes bytes to a file that the person chooses, in pieces; the main process reads it back. */
const CHUNK_BYTES = 2 ** 20;

/** Null where the dialog was cancelled. */
export async function saveBytes(suggestedName: string, bytes: Uint8Array): Promise<{ ok: true } | { ok: false; message: string } | null> {
	const chosen = await window.tieout.invoke('file.chooseToSave', { suggestedName, kind: 'table' });
	if (!chosen.ok) return { ok: false, message: chosen.error.message };
	if (chosen.value === null) return null;
	const { fileToken } = chosen.value;
	for (let offset = 0; ; offset += CHUNK_BYTES) {
		const piece = bytes.slice(offset, offset + CHUNK_BYTES);
		const isLast = offset + CHUNK_BYTES >= bytes.length;
		const written = await window.tieout.invoke('file.write', { fileToken, offset, bytes: piece, isLast });
		if (!written.ok) return { ok: false, message: written.error.message };
		if (isLast) break;
	}
	await window.tieout.invoke('file.release', { fileToken });
	return { ok: true };
}
