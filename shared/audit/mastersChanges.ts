/** What a customer or product said at an earlier instant, told from the register of its changes. */
import type { Population } from '#population';
import { codeFor } from './billingLines.ts';

export type Master = 'customer' | 'product';

const KEY_COLUMNS = { customer: 'customer_id', product: 'sku' } as const;
const DOMAINS = { customer: 'customer', product: 'sku' } as const;

/** Rows of master_change of one field, by the row of its master, in order of time. */
export type FieldChanges = ReadonlyMap<number, readonly number[]>;

/** The row of the master a change concerns, -1 where it is unknown or its table was not supplied. */
export function mastersChanged(population: Population, master: Master): Int32Array {
	const changes = population.table('master_change');
	const rows = new Int32Array(changes.rows).fill(-1);
	if (!population.has(master)) return rows;
	const wanted = codeFor(changes, 'table_name', master);
	const tables = changes.codes('table_name');
	const records = changes.codes('record_id');
	const translated = population.translation('record_id', DOMAINS[master]);
	const index = population.index(master, KEY_COLUMNS[master]);
	for (let row = 0; row < rows.length; row++) if (tables[row] === wanted) rows[row] = index.rowOf(translated[records[row] as number] ?? -1);
	return rows;
}

/** Changes of a field of a master. Nothing where the register was not supplied. */
export function changesOf(population: Population, master: Master, field: string): FieldChanges {
	const byMaster = new Map<number, number[]>();
	if (!population.has('master_change')) return byMaster;
	const changes = population.table('master_change');
	const wanted = codeFor(changes, 'field', field);
	const fields = changes.codes('field');
	const changedAt = changes.instants('changed_at');
	const masters = mastersChanged(population, master);
	for (let row = 0; row < changes.rows; row++) {
		const owner = masters[row] as number;
		if (fields[row] !== wanted || owner < 0) continue;
		const known = byMaster.get(owner);
		if (known) known.push(row);
		else byMaster.set(owner, [row]);
	}
	for (const rows of byMaster.values()) rows.sort((a, b) => (changedAt[a] as number) - (changedAt[b] as number) || a - b);
	return byMaster;
}

/**
 * The value a field had just before or at an instant: what the first change after it replaced. `now` means that no change came after,
 * so the master still shows it.
 */
export function valueAt(
	population: Population,
	changes: FieldChanges,
	masterRow: number,
	instant: number,
): { readonly kind: 'now' } | { readonly kind: 'old'; readonly text: string | null } {
	const rows = changes.get(masterRow);
	if (!rows) return { kind: 'now' };
	const table = population.table('master_change');
	const changedAt = table.instants('changed_at');
	let low = 0;
	let high = rows.length;
	while (low < high) {
		const middle = (low + high) >> 1;
		if ((changedAt[rows[middle] as number] as number) > instant) high = middle;
		else low = middle + 1;
	}
	const next = rows[low];
	return next === undefined ? { kind: 'now' } : { kind: 'old', text: table.text('old_value', next) };
}

/** Minor units written as text; null if it is no whole number. */
export const minorText = (text: string | null): bigint | null => (text !== null && /^-?\d{1,18}$/.test(text) ? BigInt(text) : null);
