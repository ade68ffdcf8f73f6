/** What one message between window and main process may hold. Whoever needs more sends several. */

const KIB = 1024;
const MIB = 1024 * KIB;

export const IPC_LIMITS = {
	/** Bytes in one request or answer. */
	chunkBytes: 4 * MIB,
	/** A pack or backup held by the main process while it is signed, checked or saved. */
	blobBytes: 512 * MIB,
	/** A file that is read or written by a token. */
	fileBytes: 4096 * MIB,
	/** Characters put on the clipboard. */
	clipboardChars: 4 * MIB,
	/** Characters of a check report. */
	reportChars: 16 * MIB,
	/** Characters of a path inside a drop, of a file name, of a sentence. */
	pathChars: 1024,
	nameChars: 255,
	sentenceChars: 2000,
	passwordChars: 1024,
	/** X.520: the upper bound of a common name. */
	commonNameChars: 64,
	/** Small files of a drop that come in one answer. */
	filesTogether: 256,
	/** Files of one drop. */
	dropFiles: 5_000_000,
	sampleOrders: 200_000,
	trustedKeys: 64,
	vkeyChars: 1024,
	idleMinutes: 240,
} as const;
