/** One line of a batch: `{"table":"…","record":{…}}`, with `schema_version`, `trace` and `disclosures` where the sender has them. */

import { readStrictJson, type StrictJsonError, type StrictJsonFault } from '#evidence';
import { canonicalize, type Json, utf8 } from '#kernel';
import { isTableName, TABLES, type TableName } from '#model';
import { MAX_LINE_BYTES } from './bounds.ts';
import { type Cause, type CauseCode, cause } from './causes.ts';
import { checkRecord, type RecordJson } from './checkRecord.ts';
import { openCommitments } from './commitments.ts';

/** Versions of the contract that this hub reads. */
const SCHEMA_VERSIONS: readonly number[] = [1];

interface ReadRecord {
	readonly table: TableName;
	readonly record: RecordJson;
	/** Canonical JSON of the record. */
	readonly text: string;
	/** Canonical JSON of the whole line: what the second digest of a batch is over. */
	readonly envelope: string;
	/** W3C traceparent of this record alone, where it has one. */
	readonly trace: string | null;
	readonly disclosures: readonly string[];
}

export type ReadLine =
	| { readonly ok: true; readonly value: ReadRecord }
	/** `table` and `record` where they could be told: the amount concerned is read from them. */
	| { readonly ok: false; readonly cause: Cause; readonly table: TableName | null; readonly record: RecordJson | null };

const refuse = (found: Cause, table: TableName | null = null, record: RecordJson | null = null): ReadLine => ({
	ok: false,
	cause: found,
	table,
	record,
});

/** Reads one line that is known to be valid UTF-8. */
export function readLine(text: string): ReadLine {
	if (text.length * 3 > MAX_LINE_BYTES && Buffer.byteLength(text) > MAX_LINE_BYTES)
		return refuse(cause('line_too_long', `${Buffer.byteLength(text)} bytes`));
	if (text.trim() === '') return refuse(cause('blank_line'));
	const read = readJson(text);
	return 'code' in read ? refuse(read) : readEnvelope(read.value, read.canonical);
}

interface ReadJson {
	readonly value: Json;
	readonly canonical: string;
}

/** In a text without white space, an exponent is the only thing that canonical JSON writes longer. */
const EXPONENT = /[:,[]\s*-?\d+(?:\.\d+)?[eE]/;

/**
 * Most lines come without white space; then a canonical form of the same length means that no key was dropped and no digit lost,
 * and one parse is enough. All others are read token by token.
 */
function readJson(text: string): ReadJson | Cause {
	let value: Json;
	let canonical: string;
	try {
		value = JSON.parse(text) as Json;
		canonical = canonicalize(value);
		if (canonical.length === text.length && !EXPONENT.test(text)) return { value, canonical };
	} catch {
		// Too deep, a lone surrogate or no JSON at all: the strict reader says which.
	}
	const strict = readStrictJson(utf8(text));
	if (!strict.ok) return strictCause(strict.error);
	try {
		return { value: strict.value, canonical: canonicalize(strict.value) };
	} catch {
		return cause('not_json', 'half a surrogate pair has no UTF-8 form');
	}
}

/** The parser's own words quote the line, which may hold anything; only the place is taken from them. */
function strictCause({ code, what }: StrictJsonError): Cause {
	if (code !== 'not_json') return cause(STRICT_CAUSES[code], what || null);
	const place = /position (\d+)/.exec(what)?.[1];
	return cause('not_json', place === undefined ? null : `at character ${Number(place) + 1}`);
}

const STRICT_CAUSES: Readonly<Record<StrictJsonFault, CauseCode>> = {
	not_utf8: 'not_utf8',
	not_json: 'not_json',
	duplicate_key: 'duplicate_key',
	unsafe_number: 'number_out_of_range',
	too_deep: 'too_deep',
};

const ENVELOPE_KEYS = ['table', 'record', 'schema_version', 'trace', 'disclosures'];

function readEnvelope(value: Json, envelope: string): ReadLine {
	if (!isObject(value)) return refuse(cause('not_an_envelope', 'it is no object'));
	const { table, record, schema_version: version, trace, disclosures } = value as Readonly<Record<string, Json | undefined>>;
	const known = typeof table === 'string' && isTableName(table) ? table : null;
	const row = isObject(record) ? record : null;
	const strange = Object.keys(value).find((key) => !ENVELOPE_KEYS.includes(key));
	if (strange !== undefined) return refuse(cause('not_an_envelope', `unexpected key ${JSON.stringify(strange)}`), known, row);
	if (typeof table !== 'string') return refuse(cause('not_an_envelope', 'table is no text'), null, row);
	if (!row) return refuse(cause('not_an_envelope', 'record is no object'), known);
	if (version !== undefined && !SCHEMA_VERSIONS.includes(version as number))
		return refuse(cause('unknown_schema_version', `${JSON.stringify(version)}; this hub reads ${SCHEMA_VERSIONS.join(', ')}`), known, row);
	if (trace !== undefined && typeof trace !== 'string') return refuse(cause('not_an_envelope', 'trace is no text'), known, row);
	if (!known) return refuse(cause('unknown_table', JSON.stringify(table)), null, row);
	const fault = checkRecord(TABLES[known], row);
	if (fault) return refuse(fault, known, row);
	const opened = readDisclosures(disclosures, known, row);
	if ('code' in opened) return refuse(opened, known, row);
	return {
		ok: true,
		value: { table: known, record: row, text: canonicalize(row), envelope, trace: trace ?? null, disclosures: opened.disclosures },
	};
}

function readDisclosures(
	value: Json | undefined,
	table: TableName,
	record: RecordJson,
): { readonly disclosures: readonly string[] } | Cause {
	if (value === undefined) return { disclosures: [] };
	if (!Array.isArray(value) || !value.every((one): one is string => typeof one === 'string'))
		return cause('not_an_envelope', 'disclosures is no list of texts');
	if (value.length > 0 && !TABLES[table].sealed) return cause('disclosure_differs', `${table} is no sealed table`);
	const fault = openCommitments(record['sd'] ?? null, value);
	return fault === null ? { disclosures: value } : cause('disclosure_differs', fault);
}

const isObject = (value: Json | undefined): value is RecordJson => typeof value === 'object' && value !== null && !Array.isArray(value);
