/** A batch as it came: NDJSON, its declaration checked, each line read on its own. One bad line harms no other. */
import { createHash } from 'node:crypto';
import { err, fromUtf8, ok, type Result } from '#kernel';
import type { HubProblem } from '../problem.ts';
import { MAX_BATCH_BYTES, MAX_BATCH_LINES, MAX_LINE_BYTES } from './bounds.ts';
import { cause } from './causes.ts';
import { checkDeclaration, type Declaration, type DeclarationVerdict, looksLikeDeclaration, readDeclaration } from './declaration.ts';
import { type ReadLine, readLine } from './readLine.ts';

/** A line with its place, 1-based, counted over all lines of the batch; `bytes` is the line as it came. */
export interface BatchLine {
	readonly line: number;
	readonly bytes: Uint8Array;
	readonly read: ReadLine;
}

export interface ReadBatch {
	readonly declaration: Declaration | null;
	readonly verdict: DeclarationVerdict;
	readonly lines: readonly BatchLine[];
	/** SHA-256 of all bytes as they came. */
	readonly sha256Source: string;
	/** SHA-256 of the records' lines in canonical form, each with a line feed; what can't be read counts as it came. */
	readonly sha256Payload: string;
}

const LINE_FEED = 10;
const FEED = '\n';
const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** Reads a batch. Refusals concern the batch as a whole: too large, empty, or not as it declares itself. */
export function readBatch(bytes: Uint8Array): Result<ReadBatch, HubProblem> {
	if (bytes.length > MAX_BATCH_BYTES) return err(tooLarge(`The batch has ${bytes.length} bytes; at most ${MAX_BATCH_BYTES} are taken.`));
	const slices = splitLines(bytes);
	if (slices === null) return err(tooLarge(`The batch has more than ${MAX_BATCH_LINES} lines. Send it in parts.`));
	const [first] = slices;
	if (!first) return err({ code: 'malformed', message: 'The batch holds no line. Send one record a line.' });
	const firstText = first.length <= MAX_LINE_BYTES ? fromUtf8(first) : null;
	const declares = firstText !== null && looksLikeDeclaration(firstText);
	const declaration = declares ? readDeclaration(firstText) : ok(null);
	if (!declaration.ok) return err({ code: 'malformed', message: `The batch can't be read: ${declaration.error}.`, where: 'line 1' });
	const lines = slices.slice(declares ? 1 : 0).map((slice, index): BatchLine => {
		const text = slice.length > MAX_LINE_BYTES ? null : fromUtf8(slice);
		return { line: index + (declares ? 2 : 1), bytes: slice, read: text === null ? unreadable(slice) : readLine(text) };
	});
	const behind = declares ? bytes.subarray(Math.min(bytes.length, first.length + 1)) : bytes;
	const reads = lines.map(({ read }) => read);
	const check = checkDeclaration(declaration.value, reads, sha256(behind));
	if (check.differences.length > 0)
		return err({
			code: 'batch_differs',
			message: `The batch is not as it declares itself, so none of it was taken: ${check.differences.join('; ')}. Extract it again.`,
			where: 'line 1',
		});
	return ok({
		declaration: declaration.value,
		verdict: check.verdict,
		lines,
		sha256Source: sha256(bytes),
		sha256Payload: payloadDigest(lines),
	});
}

const tooLarge = (message: string): HubProblem => ({ code: 'too_large', message });

const unreadable = (slice: Uint8Array): ReadLine => ({
	ok: false,
	cause: slice.length > MAX_LINE_BYTES ? cause('line_too_long', `${slice.length} bytes`) : cause('not_utf8'),
	table: null,
	record: null,
});

/** The lines between line feeds; what follows the last one counts only if it is not empty. Null where there are too many. */
function splitLines(bytes: Uint8Array): Uint8Array[] | null {
	const lines: Uint8Array[] = [];
	for (let from = 0; from < bytes.length; ) {
		const found = bytes.indexOf(LINE_FEED, from);
		const to = found < 0 ? bytes.length : found;
		lines.push(bytes.subarray(from, to));
		// One more for the declaration.
		if (lines.length > MAX_BATCH_LINES + 1) return null;
		from = to + 1;
	}
	return lines;
}

function payloadDigest(lines: readonly BatchLine[]): string {
	const digest = createHash('sha256');
	for (const { read, bytes } of lines) digest.update(read.ok ? read.value.envelope : bytes).update(FEED);
	return digest.digest('hex');
}
