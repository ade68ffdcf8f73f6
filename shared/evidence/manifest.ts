/** The manifest of an evidence drop (`tieout-drop/1`): what was extracted, by whom, how, with counts, totals and hashes. */
import { err, type Instant, isSha256Hex, type Json, ok, type Result, type Sha256Hex } from '#kernel';
import { isTableName, TABLES, type TableName } from '#model';
import { type ManifestError, Refused, refusal, refuse } from './manifestError.ts';
import {
	asText,
	countAt,
	dataPathAt,
	instantAt,
	type JsonObject,
	listAt,
	nonEmptyTextAt,
	objectAt,
	optionalTextAt,
	periodAt,
	show,
	textAt,
	typeOf,
} from './manifestFields.ts';
import { readStrictJson, type StrictJsonError } from './strictJson.ts';

export const DROP_FORMAT = 'tieout-drop/1';
/** A manifest is a page or two; a larger file is something else. */
export const MAX_MANIFEST_BYTES = 16 << 20;
const MAX_TABLES = 1000;

/** A declared column sum. A whole number or a decimal text, kept as text so that it is compared exactly. */
export interface ControlTotal {
	readonly column: string;
	readonly declared: string;
}

export interface DeclaredTable {
	/** As declared; `known` tells whether the data model has it. */
	readonly table: string;
	readonly known: TableName | null;
	/** Path inside the drop, under `data/`. */
	readonly file: string;
	readonly sha256: Sha256Hex;
	readonly rows: number;
	/** Null where the manifest does not say. */
	readonly bytes: number | null;
	readonly controlTotals: readonly ControlTotal[];
	readonly extractedAt: Instant | null;
	readonly extractedBy: string | null;
	readonly system: string | null;
	readonly query: string | null;
}

export interface Manifest {
	readonly dropId: string;
	readonly company: string;
	readonly entityIds: readonly string[];
	/** `YYYY-MM`, both inclusive. */
	readonly periodFrom: string;
	readonly periodTo: string;
	readonly asOf: Instant;
	/** Name of the log; a sealed table's checkpoints have the origin `<log>/<table>`. Null where none is named. */
	readonly log: string | null;
	/** A claim of the audited party: shown, never trusted. */
	readonly claimedLogKey: string | null;
	readonly previousDrop: string | null;
	readonly tables: readonly DeclaredTable[];
	readonly documents: { readonly count: number; readonly bytes: number } | null;
	/** Keys this version does not know, by path: kept in the file, reported, never an error. */
	readonly unknownKeys: readonly string[];
}

/** Parses a manifest: strict on types, lenient on unknown keys. */
export function parseManifest(bytes: Uint8Array): Result<Manifest, ManifestError> {
	if (bytes.length > MAX_MANIFEST_BYTES)
		return err(refusal('manifest_too_large', '', `the file has ${bytes.length} bytes, at most ${MAX_MANIFEST_BYTES} are read`));
	// A sum may have more digits than each of its numbers: totals are compared as texts.
	const json = readStrictJson(bytes, 'control_totals');
	if (!json.ok) return err(jsonRefusal(json.error));
	try {
		return ok(readManifest(json.value));
	} catch (error) {
		if (error instanceof Refused) return err(error.error);
		throw error;
	}
}

function jsonRefusal({ code, what, line }: StrictJsonError): ManifestError {
	switch (code) {
		case 'not_utf8':
			return refusal('manifest_not_utf8', '', 'the file is not valid UTF-8');
		case 'not_json':
			return refusal('manifest_not_json', '', `the file is not JSON (${what})`);
		case 'too_deep':
			return refusal('manifest_not_json', '', `the file nests ${what} deep, at most 32 are read`);
		case 'duplicate_key':
			return refusal(
				'manifest_duplicate_key',
				`line ${line}`,
				`the key "${show(what)}" stands twice in one object, so its value is ambiguous`,
			);
		case 'unsafe_number':
			return refusal('manifest_unsafe_number', `line ${line}`, `${show(what)} is not a whole number within ±(2^53−1)`);
	}
}

const TOP_KEYS = [
	'format',
	'drop_id',
	'company',
	'entity_ids',
	'period_from',
	'period_to',
	'as_of',
	'log',
	'log_key',
	'previous_drop',
	'tables',
	'documents',
];
const TABLE_KEYS = ['table', 'file', 'sha256', 'bytes', 'rows', 'control_totals', 'extracted_at', 'extracted_by', 'system', 'query'];

function readManifest(value: Json): Manifest {
	const top = objectAt(value, '');
	const format = top['format'];
	if (format !== DROP_FORMAT)
		refuse(
			'manifest_wrong_format',
			'format',
			`expected "${DROP_FORMAT}", found ${format === undefined ? 'no such key' : show(JSON.stringify(format))}`,
			'This version reads that format only.',
		);
	const unknownKeys = Object.keys(top).filter((key) => !TOP_KEYS.includes(key));
	const tables = readTables(top['tables'], unknownKeys);
	const [periodFrom, periodTo] = [periodAt(top, 'period_from'), periodAt(top, 'period_to')];
	if (periodFrom > periodTo) refuse('manifest_bad_value', 'period_to', `the period ends (${periodTo}) before it begins (${periodFrom})`);
	return {
		dropId: nonEmptyTextAt(top, 'drop_id'),
		company: textAt(top, 'company'),
		entityIds: listAt(top['entity_ids'], 'entity_ids').map((id, i) => asText(id, `entity_ids[${i}]`)),
		periodFrom,
		periodTo,
		asOf: instantAt(top, 'as_of', ''),
		log: optionalTextAt(top, 'log', ''),
		claimedLogKey: optionalTextAt(top, 'log_key', ''),
		previousDrop: optionalTextAt(top, 'previous_drop', ''),
		tables,
		documents: readDocuments(top['documents'], unknownKeys),
		unknownKeys,
	};
}

function readTables(value: Json | undefined, unknownKeys: string[]): DeclaredTable[] {
	const entries = listAt(value, 'tables');
	if (entries.length > MAX_TABLES)
		refuse('manifest_bad_value', 'tables', `${entries.length} tables are declared, at most ${MAX_TABLES} are read`);
	const names = new Set<string>();
	const files = new Set<string>();
	return entries.map((entry, i) => {
		const table = readTable(objectAt(entry, `tables[${i}]`), `tables[${i}]`, unknownKeys);
		if (names.has(table.table)) refuse('manifest_duplicate_table', `tables[${i}].table`, `"${show(table.table)}" is declared twice`);
		if (files.has(table.file.toLowerCase()))
			refuse('manifest_duplicate_file', `tables[${i}].file`, `"${show(table.file)}" is declared twice`);
		names.add(table.table);
		files.add(table.file.toLowerCase());
		return table;
	});
}

function readTable(entry: JsonObject, at: string, unknownKeys: string[]): DeclaredTable {
	for (const key of Object.keys(entry)) if (!TABLE_KEYS.includes(key)) unknownKeys.push(`${at}.${key}`);
	const table = nonEmptyTextAt(entry, 'table', at);
	const sha256 = textAt(entry, 'sha256', at);
	if (!isSha256Hex(sha256))
		return refuse('manifest_bad_value', `${at}.sha256`, `expected 64 lower-case hex digits, found "${show(sha256)}"`);
	const known = isTableName(table) ? table : null;
	return {
		table,
		known,
		file: dataPathAt(entry, at),
		sha256,
		rows: countAt(entry, 'rows', at),
		bytes: entry['bytes'] === undefined || entry['bytes'] === null ? null : countAt(entry, 'bytes', at),
		controlTotals: readControlTotals(entry['control_totals'], `${at}.control_totals`),
		extractedAt: entry['extracted_at'] === undefined || entry['extracted_at'] === null ? null : instantAt(entry, 'extracted_at', at),
		extractedBy: optionalTextAt(entry, 'extracted_by', at),
		system: optionalTextAt(entry, 'system', at),
		query: optionalTextAt(entry, 'query', at),
	};
}

const DECIMAL = /^-?\d{1,40}(\.\d{1,40})?$/;

function readControlTotals(value: Json | undefined, at: string): ControlTotal[] {
	if (value === undefined || value === null) return [];
	return Object.entries(objectAt(value, at)).map(([column, total]) => {
		if (typeof total === 'number') return { column, declared: String(total) };
		if (typeof total !== 'string')
			return refuse('manifest_wrong_type', `${at}.${show(column)}`, `expected a whole number or a decimal text, found ${typeOf(total)}`);
		if (!DECIMAL.test(total)) return refuse('manifest_bad_value', `${at}.${show(column)}`, `"${show(total)}" is not a decimal number`);
		return { column, declared: total };
	});
}

function readDocuments(value: Json | undefined, unknownKeys: string[]): Manifest['documents'] {
	if (value === undefined || value === null) return null;
	const documents = objectAt(value, 'documents');
	for (const key of Object.keys(documents)) if (key !== 'count' && key !== 'bytes') unknownKeys.push(`documents.${key}`);
	return { count: countAt(documents, 'count', 'documents'), bytes: countAt(documents, 'bytes', 'documents') };
}

/** Sealed tables of the data model, in its order. */
export const SEALED_TABLES: readonly TableName[] = (Object.keys(TABLES) as TableName[]).filter((name) => TABLES[name].sealed);
