/** Which bytes a signature covers, and whether what it leaves out is exactly its own value (ISO 32000-1 §12.8.1). */

import { type CheckFinding, finding } from './checkCodes.ts';
import type { FoundSignature } from './checkFindSignatures.ts';
import { readDerPrefix } from './der.ts';
import { berToDer } from './derBer.ts';
import { entryOf, type PdfString, type PdfValue } from './pdfSyntaxValue.ts';

export interface Coverage {
	/** The two covered ranges as `[0, gapStart)` and `[gapEnd, end)`; null if the byte range is unusable. */
	readonly range: { readonly gapStart: number; readonly gapEnd: number; readonly end: number } | null;
	/** The CMS value without its padding; null if there is none. */
	readonly value: Uint8Array | null;
	readonly findings: readonly CheckFinding[];
}

/**
 * @param revisionEnds offsets at which a revision may end
 * @param strict whether the file is a pack: hex digits then have one spelling and the value is DER
 */
export function checkCoverage(bytes: Uint8Array, signature: FoundSignature, revisionEnds: ReadonlySet<number>, strict: boolean): Coverage {
	const name = signature.field ?? `object ${signature.objectNumber}`;
	const findings: CheckFinding[] = [];
	const range = readRange(entryOf(signature.dict, 'ByteRange'), bytes.length, name, findings);
	const contents = entryOf(signature.dict, 'Contents');
	if (contents === undefined || contents.kind === 'null') findings.push(finding('contents_missing', name));
	else if (contents.kind !== 'string' || !contents.hex) findings.push(finding('contents_not_hex', name));
	const value = contents?.kind === 'string' && contents.hex ? readContents(bytes, contents, name, strict, findings) : null;
	if (range !== null) {
		if (contents === undefined || range.gapStart !== contents.start || range.gapEnd !== contents.end) {
			findings.push(finding('byte_range_gap', `${name} leaves out bytes ${range.gapStart} to ${range.gapEnd}`));
		}
		if (!revisionEnds.has(range.end)) findings.push(finding('byte_range_not_at_revision_end', `${name} ends at byte ${range.end}`));
	}
	return { range, value, findings };
}

function readRange(value: PdfValue | undefined, fileLength: number, name: string, findings: CheckFinding[]): Coverage['range'] {
	if (value === undefined || value.kind === 'null') {
		findings.push(finding('byte_range_missing', name));
		return null;
	}
	const numbers =
		value.kind === 'array' ? value.items.map((item) => (item.kind === 'number' && item.integer ? item.value : Number.NaN)) : [];
	const [start, gapStart = Number.NaN, gapEnd = Number.NaN, length = Number.NaN] = numbers;
	if (numbers.length !== 4 || start !== 0 || !numbers.every((number) => Number.isSafeInteger(number) && number >= 0)) {
		findings.push(finding('byte_range_malformed', `${name} has [${numbers.slice(0, 8).join(' ')}]`));
		return null;
	}
	const end = gapEnd + length;
	if (gapStart >= gapEnd || end > fileLength) {
		findings.push(finding('byte_range_outside_file', `${name} has [${numbers.join(' ')}] in a file of ${fileLength} bytes`));
		return null;
	}
	return { gapStart, gapEnd, end };
}

function readContents(bytes: Uint8Array, contents: PdfString, name: string, strict: boolean, findings: CheckFinding[]): Uint8Array | null {
	if (contents.bytes.every((byte) => byte === 0)) {
		findings.push(finding('contents_empty', name));
		return null;
	}
	if (hasOddSpelling(bytes, contents, strict)) findings.push(finding('contents_not_canonical', name));
	const value = readDerPrefix(contents.bytes);
	const length = value.ok ? value.value.raw.length : strict ? null : (berToDer(contents.bytes)?.length ?? null);
	if (length === null) {
		findings.push(finding('cms_unreadable', `${name}: no DER value`));
		return null;
	}
	if (contents.bytes.subarray(length).some((byte) => byte !== 0)) findings.push(finding('contents_padding', name));
	return value.ok ? value.value.raw : (berToDer(contents.bytes)?.der ?? null);
}

/** White space between the digits, an odd count of them, or, in a pack, capital letters: bytes no signature covers. */
function hasOddSpelling(bytes: Uint8Array, contents: PdfString, strict: boolean): boolean {
	for (let at = contents.start + 1; at < contents.end - 1; at++) {
		const byte = bytes[at] as number;
		const digit = (byte >= 0x30 && byte <= 0x39) || (byte >= 0x61 && byte <= 0x66);
		if (!digit && (strict || !(byte >= 0x41 && byte <= 0x46))) return true;
	}
	return (contents.end - contents.start) % 2 !== 0;
}
