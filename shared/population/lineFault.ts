/** Why a line was set aside. Closed: every code has a sentence and a test. */
export type LineFaultCode =
	| 'not_utf8'
	| 'not_json'
	| 'not_an_object'
	| 'duplicate_key'
	| 'missing_value'
	| 'wrong_type'
	| 'bad_value'
	| 'number_out_of_range'
	| 'duplicate_primary_key'
	| 'blank_line';

export interface LineFault {
	readonly code: LineFaultCode;
	/** The column or key concerned, if one is. */
	readonly column: string | null;
	/** What stood there, cut to 60 characters, and what was expected. */
	readonly found: string | null;
	readonly expected: string | null;
}

/** A line that was set aside, and where it stands. The rest of the table loads, and its tests say INCOMPLETE. */
export interface QuarantinedLine extends LineFault {
	/** 1-based. */
	readonly line: number;
	/** Byte offset of the line's first byte in its file. */
	readonly offset: number;
	readonly bytes: number;
	/** Ids that could still be read in it, as `column` and value: what the line may have been about. */
	readonly names: readonly { readonly column: string; readonly value: string }[];
}

const SENTENCES: Readonly<Record<LineFaultCode, string>> = {
	not_utf8: 'the line is not valid UTF-8',
	not_json: 'the line is not JSON',
	not_an_object: 'the line is JSON but not a record',
	duplicate_key: 'the record names a key twice, so its value is ambiguous',
	missing_value: 'a required value is missing',
	wrong_type: 'a value has the wrong type',
	bad_value: 'a value is not of its kind',
	number_out_of_range: 'a number is not a whole number within ±(2^53−1)',
	duplicate_primary_key: 'an earlier line has the same primary key',
	blank_line: 'the line is empty',
};

/** One sentence for an auditor: what is wrong and, where known, with which column. */
export function describeLineFault(fault: LineFault): string {
	const column = fault.column === null ? '' : ` (${fault.column})`;
	const expected = fault.expected === null ? '' : `; expected ${fault.expected}`;
	const found = fault.found === null ? '' : `, found ${fault.found}`;
	return `${SENTENCES[fault.code]}${column}${expected}${found}`;
}

export function lineFault(
	code: LineFaultCode,
	column: string | null = null,
	expected: string | null = null,
	found: string | null = null,
): LineFault {
	return { code, column, expected, found: found !== null && found.length > 60 ? `${found.slice(0, 57)}…` : found };
}
