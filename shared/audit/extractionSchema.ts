/** Do the records have the form they always had? T75. */
import type { TableName } from '#model';
import type { Integers, Population } from '#population';
import { keysOf, ref } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { orderOfRow, stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, Outcome } from './types.ts';

const VERSIONED: readonly TableName[] = ['order_event', 'sales_order'];
/** A key found in more rows than this is told once, with their number. */
const ROWS_A_KEY_MAX = 100;
const SHARE_OF_ROWS = 100;
const ROWS_MIN = 10;

/**
 * Known are the versions that {known_versions} lists; without a list those that at least 1 % and 10 of a table's rows carry, and the
 * most frequent. Only `order_event` and `sales_order` have versions, so unknown keys of other tables are shown on import
 * and are no exception.
 */
function schemaDrift({ population, text }: AuditContext): Outcome {
	const listed = listedVersions(text('known_versions'));
	if (listed === null) {
		return { tested: 0, exceptions: [], open: 0, notTestable: `the parameter known_versions is unreadable: ${text('known_versions')}` };
	}
	const supplied = VERSIONED.filter((name) => population.has(name) && population.table(name).has('schema_version'));
	const lists = supplied.map((name) => driftOf(population, name, listed));
	return {
		tested: supplied.reduce((sum, name) => sum + population.table(name).rows, 0),
		exceptions: lists.flatMap((list) => list.all()),
		open: VERSIONED.length - supplied.length,
		openWhy: `not supplied: schema_version of ${VERSIONED.filter((name) => !supplied.includes(name)).join(', ')}`,
	};
}

function driftOf(population: Population, name: TableName, listed: ReadonlySet<number>): ExceptionList {
	const table = population.table(name);
	const versions = table.integers('schema_version');
	const known = listed.size > 0 ? listed : frequentVersions(versions);
	const list = new ExceptionList(name);
	for (let row = 0; row < table.rows; row++) {
		const version = versions[row] as number;
		if (Number.isNaN(version) || known.has(version)) continue;
		list.add(() =>
			rowException(population, name, row, `has the schema version ${version}; known are ${[...known].sort((a, b) => a - b).join(', ')}`),
		);
	}
	for (const [key, holders] of table.unknownKeys) {
		const rows = holders.filter((row) => row < table.rows && known.has(versions[row] as number));
		if (rows.length > ROWS_A_KEY_MAX) list.add(() => keyException(population, name, key, rows));
		else
			for (const row of rows)
				list.add(() =>
					rowException(population, name, row, `has the key "${shown(key)}", which schema version ${versions[row]} does not know`),
				);
	}
	return list;
}

/** Keys come from the drop: long ones are cut. */
const shown = (key: string): string => (key.length > 60 ? `${key.slice(0, 59)}…` : key);

function rowException(population: Population, name: TableName, row: number, problem: string) {
	const orderId = orderOfRow(population, name, row);
	return {
		...stakeOf(population, population.table(name).codes('order_id')[row] as number),
		orderId,
		keys: keysOf(population, name, row),
		reason: `${name === 'order_event' ? 'Event' : 'Order'} ${population.table(name).keyText(row)} ${problem}.`,
		rows: [ref(name, row)],
	};
}

function keyException(population: Population, name: TableName, key: string, rows: readonly number[]) {
	return {
		orderId: null,
		keys: { table: name, key: shown(key) },
		amountMinor: null,
		currency: null,
		reason: `${rows.length} of ${population.table(name).rows} rows of ${name} have the key "${shown(key)}", which their schema version does not know.`,
		rows: rows.slice(0, ROWS_A_KEY_MAX).map((row) => ref(name, row)),
	};
}

function frequentVersions(versions: Integers): ReadonlySet<number> {
	const counts = new Map<number, number>();
	for (const version of versions) if (!Number.isNaN(version)) counts.set(version, (counts.get(version) ?? 0) + 1);
	const most = [...counts].reduce((best, entry) => (entry[1] > best[1] ? entry : best), [0, 0]);
	const frequent = [...counts].filter(([, count]) => count >= ROWS_MIN && count * SHARE_OF_ROWS >= versions.length);
	return new Set([...frequent, most].map(([version]) => version));
}

/** Versions of a comma list, none for an empty text, null if it is no such list. */
function listedVersions(text: string): ReadonlySet<number> | null {
	const parts = text.split(',').map((part) => part.trim());
	if (parts.length === 1 && parts[0] === '') return new Set();
	return parts.every((part) => /^\d{1,9}$/.test(part)) ? new Set(parts.map(Number)) : null;
}

export const SCHEMA_TESTS: readonly AuditTest[] = [
	{
		id: 'T75',
		version: 1,
		title: 'Schema drift',
		severity: 'high',
		why: 'Records of another form than the rest come from another program, or from nobody who should write here.',
		rule: 'An unknown schema_version ({known_versions}, or what most rows carry), or unknown keys at a known one.',
		source: 'AS 1105.10',
		parameters: [
			{ name: 'known_versions', default: '', unit: 'comma list', doc: 'versions in use; empty: those of at least 1 % and 10 of the rows' },
		],
		needs: [{ table: 'order_event', columns: ['event_id', 'order_id', 'schema_version'] }],
		mayRead: ['sales_order'],
		run: schemaDrift,
	},
];
