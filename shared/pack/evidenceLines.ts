/** Checks the cited lines of a pack: each under its hash and key, the same as in the embedded tables, and every citation answered. */
import { equalBytes, sha256Hex, splitLines } from '#kernel';
import { isTableName, TABLES } from '#model';
import { type CheckFinding, finding } from './checkCodes.ts';
import { LINES_FORMAT, LINES_INDEX_NAME } from './evidenceFiles.ts';
import { type Fields, type Files, isFields, listOf, parseObject } from './evidenceRead.ts';

export interface ShownLine {
	readonly sha256: string;
	readonly bytes: Uint8Array;
}

/** By table and 1-based line number. */
export type ShownLines = ReadonlyMap<string, ReadonlyMap<number, ShownLine>>;

/** By table, what a pack says it leaves out: for which fields, and how many lines. */
export type WithheldLines = ReadonlyMap<string, { readonly fields: readonly string[]; readonly lines: number }>;

/** What a pack's own index says is withheld; empty where it can't be read, for then the check says so. */
export function withheldLines(files: Files): WithheldLines {
	const withheld = parseObject(files.get(LINES_INDEX_NAME) ?? new Uint8Array())?.['withheld'];
	if (!isFields(withheld)) return new Map();
	return new Map(
		Object.entries(withheld).flatMap(([table, entry]) => {
			const { fields, lines } = isFields(entry) ? entry : {};
			const isCount = typeof lines === 'number' && Number.isSafeInteger(lines) && lines > 0;
			return isCount && Array.isArray(fields) ? [[table, { fields: fields.map(String), lines }] as const] : [];
		}),
	);
}

/** Cited lines by table and line number, each hashed anew. */
export function citedLines(files: Files, index: Fields, codes: CheckFinding[]): ShownLines {
	const byTable = new Map<string, Map<number, ShownLine>>();
	const tables = index['tables'];
	if (index['format'] !== LINES_FORMAT || !isFields(tables)) {
		codes.push(finding('evidence_unreadable', `${LINES_INDEX_NAME} is not of the format ${LINES_FORMAT}`));
		return byTable;
	}
	for (const [table, entry] of Object.entries(tables)) {
		const listed = isFields(entry) && Array.isArray(entry['lines']) ? entry['lines'] : null;
		const bytes = isFields(entry) ? files.get(String(entry['file'])) : undefined;
		if (!listed || !bytes) {
			codes.push(finding('evidence_missing', `lines of ${table}`));
			continue;
		}
		byTable.set(table, matchLines(table, listed, splitLines(bytes), codes));
	}
	return byTable;
}

function matchLines(
	table: string,
	listed: readonly unknown[],
	stored: readonly Uint8Array[],
	codes: CheckFinding[],
): Map<number, ShownLine> {
	const lines = new Map<number, ShownLine>();
	if (listed.length !== stored.length)
		codes.push(finding('line_mismatch', `${table}: ${stored.length} lines stored, ${listed.length} listed`));
	listed.forEach((entry, i) => {
		const bytes = stored[i];
		if (!bytes) return;
		const { line, key, sha256: declared } = isFields(entry) ? entry : {};
		const found = sha256Hex(bytes);
		const isLine = typeof line === 'number' && Number.isSafeInteger(line) && line > 0 && !lines.has(line);
		if (!isLine || found !== declared || typeof key !== 'string' || !hasKey(table, key, bytes)) {
			const where = `${table} line ${String(line)} (${String(key)})`;
			codes.push(
				finding(
					'line_mismatch',
					found === declared ? `${where} is not the line of that key` : `${where}: expected ${String(declared)}, found ${found}`,
				),
			);
			return;
		}
		lines.set(line, { sha256: found, bytes });
	});
	return lines;
}

/** Whether a line has the primary key it is cited under. Parts that the line only commits to can't be compared. */
function hasKey(table: string, key: string, bytes: Uint8Array): boolean {
	const record = parseObject(bytes);
	if (!isTableName(table) || !record) return false;
	const parts = TABLES[table].primaryKey.map((name) => record[name]);
	return parts.includes(undefined) || parts.map((part) => String(part)).join('/') === key;
}

/** Every row an exception cites must be among the lines under its hash, or be one of those the pack says it withholds. */
export function missingLines(result: Fields, lines: ShownLines, withheld: WithheldLines): CheckFinding[] {
	const hashes = new Map([...lines].map(([table, shown]) => [table, new Set([...shown.values()].map(({ sha256 }) => sha256))]));
	const absent = new Map<string, Set<string>>();
	const cited = listOf(result['tests']).flatMap((test) => listOf(test['exceptions']).flatMap((exception) => listOf(exception['rows'])));
	for (const row of cited) {
		const [table, hash] = [String(row['table']), String(row['sha256'])];
		if (hashes.get(table)?.has(hash)) continue;
		const known = absent.get(table);
		if (known) known.add(hash);
		else absent.set(table, new Set([hash]));
	}
	return [...absent].flatMap(([table, { size }]) => {
		const missing = size - (withheld.get(table)?.lines ?? 0);
		return missing > 0 ? [finding('evidence_missing', `${missing} cited ${missing === 1 ? 'line' : 'lines'} of ${table}`)] : [];
	});
}

/** Where the pack carries a table whole, its cited lines must stand in it. */
export function linesNotInTables(lines: ShownLines, wholeTables: ReadonlyMap<string, Uint8Array>): CheckFinding[] {
	return [...lines].flatMap(([table, shown]) => {
		const bytes = wholeTables.get(table);
		if (!bytes) return [];
		const whole = splitLines(bytes);
		const wrong = [...shown].find(([line, { bytes: own }]) => !equalBytes(whole[line - 1] ?? new Uint8Array(), own));
		return wrong ? [finding('line_mismatch', `${table} line ${wrong[0]} is not the line of the embedded table`)] : [];
	});
}
