/** What an extract says of itself in its first line: rows, sums and hash, checked at this hop as at every other. */
import { isSameDecimal, readStrictJson } from '#evidence';
import { err, isSha256Hex, type Json, ok, parseInstant, type Result, utf8 } from '#kernel';
import { isTableName, TABLES, type TableName } from '#model';
import { summand, sumText } from './checkRecord.ts';
import type { ReadLine } from './readLine.ts';

export interface Declaration {
	readonly sourceSystem: string;
	/** Running number of the extracts of its system. */
	readonly batchNo: number;
	readonly rows: number | null;
	/** Declared sums of columns, as decimal text. */
	readonly sums: readonly DeclaredSum[];
	/** Over all bytes behind the declaring line; lower-case hex. */
	readonly sha256: string | null;
	readonly extractedAt: string | null;
}

interface DeclaredSum {
	readonly table: TableName;
	readonly column: string;
	readonly declared: string;
}

/** What a declaration came to. `incomplete`: lines could not be read, so a sum can't be told. */
export type DeclarationVerdict = 'matched' | 'incomplete' | 'not_declared';

const KEYS = ['source_system', 'batch_no', 'rows', 'sums', 'sha256', 'extracted_at'];

/** Whether the first line of a batch is a declaration. Cheap: it decides how the line is read, not whether it is right. */
export const looksLikeDeclaration = (line: string): boolean => /^\s*\{\s*"batch"\s*:/.test(line);

/** @returns the declaration, or one sentence on what is wrong with it */
export function readDeclaration(line: string): Result<Declaration, string> {
	const json = readStrictJson(utf8(line));
	if (!json.ok) return err(`the declaring line is no strict JSON (${json.error.code})`);
	const top = json.value as Readonly<Record<string, Json>>;
	const batch = top['batch'];
	if (Object.keys(top).length !== 1 || typeof batch !== 'object' || batch === null || Array.isArray(batch))
		return err('the declaring line holds more than one object named "batch"');
	return readFields(batch as Readonly<Record<string, Json | undefined>>);
}

function readFields(batch: Readonly<Record<string, Json | undefined>>): Result<Declaration, string> {
	const strange = Object.keys(batch).find((key) => !KEYS.includes(key));
	if (strange !== undefined) return err(`the declaration has an unknown key ${JSON.stringify(strange)}`);
	const { source_system: system, batch_no: number, rows, sha256, extracted_at: extractedAt } = batch;
	if (!isName(system)) return err('source_system is no text of 1 to 200 characters');
	if (!(typeof number === 'number' && number >= 0)) return err('batch_no is no whole number');
	if (rows !== undefined && !(typeof rows === 'number' && rows >= 0)) return err('rows is no whole number');
	if (sha256 !== undefined && !(typeof sha256 === 'string' && isSha256Hex(sha256))) return err('sha256 is not 64 lower-case hex digits');
	if (extractedAt !== undefined && !(typeof extractedAt === 'string' && parseInstant(extractedAt).ok))
		return err('extracted_at is no instant like 2026-03-31T23:15:00.000Z');
	const sums = readSums(batch['sums']);
	if (!sums.ok) return sums;
	return ok({
		sourceSystem: system,
		batchNo: number,
		rows: rows ?? null,
		sums: sums.value,
		sha256: sha256 ?? null,
		extractedAt: extractedAt ?? null,
	});
}

const isName = (value: Json | undefined): value is string =>
	typeof value === 'string' && value.length > 0 && value.length <= 200 && value.isWellFormed() && !value.includes('\0');

function readSums(value: Json | undefined): Result<readonly DeclaredSum[], string> {
	if (value === undefined) return ok([]);
	if (typeof value !== 'object' || value === null || Array.isArray(value)) return err('sums is no map');
	const sums: DeclaredSum[] = [];
	for (const [name, declared] of Object.entries(value)) {
		const [table = '', column = '', ...rest] = name.split('.');
		const found = isTableName(table) && rest.length === 0 ? TABLES[table].columns.find((one) => one.name === column) : undefined;
		if (!found || !['int', 'minor', 'qty'].includes(found.type)) return err(`sums names ${JSON.stringify(name)}, which can't be summed`);
		if (typeof declared !== 'string' || !/^-?\d{1,40}(\.\d{1,6})?$/.test(declared)) return err(`the sum of ${name} is no decimal text`);
		sums.push({ table: table as TableName, column, declared });
	}
	return ok(sums);
}

export interface DeclarationCheck {
	readonly verdict: DeclarationVerdict;
	/** One sentence a difference; empty unless the batch must be refused. */
	readonly differences: readonly string[];
}

/** Compares a declaration with what came. @param sha256 over the bytes behind the declaring line */
export function checkDeclaration(declaration: Declaration | null, lines: readonly ReadLine[], sha256: string): DeclarationCheck {
	if (declaration === null) return { verdict: 'not_declared', differences: [] };
	const differences: string[] = [];
	if (declaration.sha256 !== null && declaration.sha256 !== sha256)
		differences.push(`sha256 declared ${declaration.sha256}, found ${sha256}`);
	if (declaration.rows !== null && declaration.rows !== lines.length)
		differences.push(`rows declared ${declaration.rows}, found ${lines.length}`);
	let isIncomplete = false;
	for (const { table, column, declared } of declaration.sums) {
		const sum = sumOf(table, column, lines);
		if (sum === null) isIncomplete = true;
		else if (!isSameDecimal(sum, declared)) differences.push(`sum of ${table}.${column} declared ${declared}, found ${sum}`);
	}
	return { verdict: isIncomplete ? 'incomplete' : 'matched', differences };
}

/** Null where a line that may belong to it could not be read: a sum over the rest would be another sum. */
function sumOf(table: TableName, column: string, lines: readonly ReadLine[]): string | null {
	let sum = 0n;
	for (const line of lines) {
		if (!line.ok && line.table === null) return null;
		const of = line.ok ? line.value.table : line.table;
		if (of !== table) continue;
		const record = line.ok ? line.value.record : line.record;
		const value = record === null ? null : summand(TABLES[table], column, record);
		if (value === null) return null;
		sum += value;
	}
	return sumText(TABLES[table], column, sum);
}
