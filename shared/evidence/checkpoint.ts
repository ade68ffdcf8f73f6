/** C2SP tlog checkpoints: a signed note whose text is origin, tree size and root hash. */
import { err, fromBase64, ok, type Result, toBase64 } from '#kernel';
import { describeNoteError, type NoteError, parseNote, type SignedNote } from './note.ts';

export interface Checkpoint {
	readonly origin: string;
	/** Leaves in the tree. */
	readonly size: number;
	/** 32 bytes. */
	readonly root: Uint8Array;
	/** Opaque lines behind the root: kept, covered by the signature, not recommended. */
	readonly extensions: readonly string[];
	readonly note: SignedNote;
}

export type CheckpointError = NoteError | 'too_few_lines' | 'empty_line' | 'bad_tree_size' | 'bad_root_hash';

const SENTENCES = {
	too_few_lines: 'its text has fewer than the three lines origin, size and root',
	empty_line: 'a line of its text is empty',
	bad_tree_size: 'its tree size is not a plain decimal number',
	bad_root_hash: 'its root is not the base64 of 32 bytes',
} as const;

/** Why a checkpoint was refused, as the end of a sentence. */
export const describeCheckpointError = (error: CheckpointError): string =>
	error in SENTENCES ? SENTENCES[error as keyof typeof SENTENCES] : describeNoteError(error as NoteError);

const TREE_SIZE = /^(0|[1-9]\d{0,15})$/;

/** Parses a checkpoint strictly; its signatures are for `verifyNote`. */
export function parseCheckpoint(bytes: Uint8Array): Result<Checkpoint, CheckpointError> {
	const note = parseNote(bytes);
	if (!note.ok) return note;
	const lines = note.value.text.slice(0, -1).split('\n');
	if (lines.includes('')) return err('empty_line');
	const [origin, sizeText, rootText, ...extensions] = lines;
	if (origin === undefined || sizeText === undefined || rootText === undefined) return err('too_few_lines');
	const size = Number(sizeText);
	if (!TREE_SIZE.test(sizeText) || !Number.isSafeInteger(size)) return err('bad_tree_size');
	const root = fromBase64(rootText);
	if (root?.length !== 32) return err('bad_root_hash');
	return ok({ origin, size, root, extensions, note: note.value });
}

/** The text a log signs: three lines, each ended by a line feed. */
export const checkpointText = (origin: string, size: number, root: Uint8Array): string => `${origin}\n${size}\n${toBase64(root)}\n`;
