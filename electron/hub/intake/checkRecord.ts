/** Holds a record against the schema table, as strictly as the workstation's own reader does, plus the bounds of an index. */
import { formatQuantity, isCurrency, isPeriod, isSha256Hex, type Json, parseDay, parseDecimal, parseInstant, parseQuantity } from '#kernel';
import { type Column, type Table, TYPE_WORDS } from '#model';
import { MAX_KEY_BYTES } from './bounds.ts';
import { type Cause, cause } from './causes.ts';

export type RecordJson = Readonly<Record<string, Json>>;

const NO_NAMES: ReadonlySet<string> = new Set();
const COMMITMENT = /^[A-Za-z0-9_-]{43}$/;

/** The first thing that is wrong with `record` as a row of `table`; null if nothing is. Unknown keys are kept and no fault. */
export function checkRecord(table: Table, record: RecordJson): Cause | null {
	const committed = table.sealed ? commitmentsOf(record) : NO_NAMES;
	if (committed === null) return cause('bad_value', 'sd: expected a map from field names to base64url SHA-256 digests');
	for (const column of table.columns) {
		const value = record[column.name];
		if (value === undefined || value === null) {
			if (isRequired(column, value, committed)) return cause('missing_value', `${column.name}: expected ${TYPE_WORDS[column.type]}`);
		} else {
			const fault = checkValue(column, value, table.primaryKey.includes(column.name));
			if (fault) return fault;
		}
	}
	const unsafe = unsafeNumber(record);
	return unsafe === null ? null : cause('number_out_of_range', unsafe);
}

/** `order_seq` may be absent: the hub counts. A committed field has no value here. */
function isRequired(column: Column, value: null | undefined, committed: ReadonlySet<string>): boolean {
	if (column.nullable || column.name === 'order_seq') return false;
	return value === null || !committed.has(column.name);
}

/** Names of the fields a sealed record commits to; null where `sd` is none. */
function commitmentsOf(record: RecordJson): ReadonlySet<string> | null {
	const sd = record['sd'];
	if (sd === undefined) return NO_NAMES;
	if (typeof sd !== 'object' || sd === null || Array.isArray(sd)) return null;
	const entries = Object.entries(sd);
	if (entries.some(([, digest]) => typeof digest !== 'string' || !COMMITMENT.test(digest))) return null;
	return new Set(entries.map(([name]) => name));
}

function checkValue(column: Column, value: Json, isKey: boolean): Cause | null {
	const expected = TYPE_WORDS[column.type];
	switch (column.type) {
		case 'int':
		case 'minor':
			if (typeof value !== 'number') return mismatch('wrong_type', column, expected, value);
			if (!Number.isSafeInteger(value)) return mismatch('number_out_of_range', column, expected, value);
			return column.name === 'order_seq' && value < 1 ? mismatch('bad_value', column, '1 or more', value) : null;
		case 'bool':
			return typeof value === 'boolean' ? null : mismatch('wrong_type', column, expected, value);
		case 'label':
			if (typeof value === 'number') return Number.isSafeInteger(value) ? null : mismatch('number_out_of_range', column, expected, value);
			return checkText(column, value, isKey);
		default:
			return checkText(column, value, isKey);
	}
}

function checkText(column: Column, value: Json, isKey: boolean): Cause | null {
	const expected = TYPE_WORDS[column.type];
	if (typeof value !== 'string') return mismatch('wrong_type', column, expected, value);
	if (!isOfKind(column, value)) return mismatch('bad_value', column, expected, value);
	if (column.values && !column.values.includes(value)) return mismatch('bad_value', column, `one of ${column.values.join(', ')}`, value);
	const isName = isKey || column.type === 'id' || column.name === 'region';
	if (isName && Buffer.byteLength(value) > MAX_KEY_BYTES)
		return mismatch('bad_value', column, `at most ${MAX_KEY_BYTES} bytes of a name`, value);
	if (isName && value.includes('\0')) return mismatch('bad_value', column, 'a name without NUL characters', value);
	return null;
}

function isOfKind({ type }: Column, value: string): boolean {
	switch (type) {
		case 'id':
		case 'label':
			return value !== '';
		case 'qty':
			return parseQuantity(value).ok;
		case 'decimal':
			return parseDecimal(value).ok;
		case 'ts':
			return parseInstant(value).ok;
		case 'date':
			return parseDay(value).ok;
		case 'period':
			return isPeriod(value);
		case 'cur':
			return isCurrency(value);
		case 'sha':
			return isSha256Hex(value);
		default:
			return true;
	}
}

/** What stood there is shown, except where it may be a name or a number of a person: causes are kept and sent in clear. */
function mismatch(code: 'wrong_type' | 'bad_value' | 'number_out_of_range', column: Column, expected: string, value: Json): Cause {
	return cause(code, `${column.name}: expected ${expected}, found ${mayNamePerson(column) ? kindOf(value) : shown(value)}`);
}

/** Free text may; a value of a closed list, an id or a number of the model does not. */
const mayNamePerson = ({ type, values }: Column): boolean => type === 'text' && !values;

const kindOf = (value: Json): string => (value === null ? 'null' : Array.isArray(value) ? 'a list' : `a ${typeof value}`);

const shown = (value: Json): string =>
	typeof value === 'string' ? JSON.stringify(value.slice(0, 60)) : typeof value === 'object' ? kindOf(value) : String(value);

/** A number somewhere in the value that canonical JSON of evidence has no place for; null if none. */
function unsafeNumber(value: Json): string | null {
	if (typeof value === 'number') return Number.isSafeInteger(value) ? null : String(value);
	if (typeof value !== 'object' || value === null) return null;
	for (const inner of Array.isArray(value) ? value : Object.values(value)) {
		const found = unsafeNumber(inner);
		if (found !== null) return found;
	}
	return null;
}

/**
 * The primary key as one text: the value itself, or the canonical JSON array of several, so that no two keys share a text
 * ("a/b","c" and "a","b/c" would, joined by a slash).
 */
export function primaryKeyOf(table: Table, record: RecordJson): string {
	const parts = table.primaryKey.map((name) => String(record[name]));
	return parts.length === 1 ? (parts[0] as string) : JSON.stringify(parts);
}

/** What a record adds to a column sum, in whole numbers or millionths; null where the column can't be summed or read. */
export function summand(table: Table, column: string, record: RecordJson): bigint | null {
	const found = table.columns.find(({ name }) => name === column);
	const value = record[column];
	if (!found) return null;
	if (value === undefined || value === null) return 0n;
	if (found.type === 'qty') {
		const quantity = typeof value === 'string' ? parseQuantity(value) : null;
		return quantity?.ok ? quantity.value : null;
	}
	if (found.type !== 'int' && found.type !== 'minor') return null;
	return Number.isSafeInteger(value) ? BigInt(value as number) : null;
}

/** A sum as it is declared: quantities as decimal text, all else as a whole number. */
export function sumText(table: Table, column: string, sum: bigint): string {
	return table.columns.find(({ name }) => name === column)?.type === 'qty' ? formatQuantity(sum) : sum.toString();
}
