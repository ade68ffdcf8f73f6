/** T80 and T81: master data that its owner did not change, and customers that are there twice. */
import type { Population } from '#population';
import { counted } from './billingDraft.ts';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { changesOf, type FieldChanges, type Master, mastersChanged, valueAt } from './mastersChanges.ts';
import { nameKey, tinKey } from './mastersNames.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome, RowRef } from './types.ts';

const MASTERS: readonly Master[] = ['customer', 'product'];

/** Reading: the owner is the one at the time of the change; handing a record to another owner is the old owner's to do. */
function nonOwnerChange({ population }: AuditContext): Outcome {
	const changes = population.table('master_change');
	const exceptions: ExceptionDraft[] = [];
	let judged = 0;
	for (const master of MASTERS) {
		if (!population.has(master)) continue;
		const table = population.table(master);
		const owners = table.codes('owner_system');
		const systems = changes.codes('system');
		const masters = mastersChanged(population, master);
		const handovers = changesOf(population, master, 'owner_system');
		for (let row = 0; row < changes.rows; row++) {
			const record = masters[row] as number;
			if (record < 0) continue;
			judged++;
			if (systems[row] === owners[record] && !handovers.has(record)) continue;
			const owner = ownersAt(population, master, record, row, handovers);
			if (!owner.includes(changes.text('system', row) ?? ''))
				exceptions.push(foreignChange(population, master, record, row, owner[0] ?? null));
		}
	}
	const open = changes.rows - judged;
	return { tested: judged, exceptions, open, openWhy: `${counted(open, 'change')} of records that are not in the drop` };
}

/** The systems that owned a record when it was changed: two where a handover happened at that very instant. None where nobody owned it. */
function ownersAt(population: Population, master: Master, record: number, row: number, handovers: FieldChanges): string[] {
	const changes = population.table('master_change');
	const at = changes.instants('changed_at')[row] as number;
	const owned = (instant: number): string | null => {
		const value = valueAt(population, handovers, record, instant);
		return value.kind === 'now' ? population.table(master).text('owner_system', record) : value.text;
	};
	const before = owned(at - 1);
	const isHandover = changes.text('field', row) === 'owner_system';
	// A record nobody owned yet is taken by whoever enters it.
	const after = isHandover && before !== null ? before : owned(at);
	return [before, after].filter((owner) => owner !== null);
}

function foreignChange(population: Population, master: Master, record: number, row: number, owner: string | null): ExceptionDraft {
	const changes = population.table('master_change');
	const text = (column: string): string => changes.text(column, row) ?? 'nothing';
	return {
		orderId: null,
		keys: keysOf(population, 'master_change', row),
		amountMinor: null,
		currency: null,
		reason: `${text('changed_by')} changed ${text('field')} of ${master} ${text('record_id')} from ${text('old_value')} to ${text('new_value')} through ${text('system')} on ${inTime(changes.instants('changed_at')[row] as number)}, but the record is owned by ${owner ?? 'no system'}.`,
		rows: [ref('master_change', row), ref(master, record)],
	};
}

/** Reading: placeholders without a digit other than 0 are no tax number; a tax number may be written with its country in front. */
function duplicateCustomers({ population }: AuditContext): Outcome {
	const customers = population.table('customer');
	const byTin = new Map<string, number>();
	const byName = new Map<string, number>();
	const exceptions: ExceptionDraft[] = [];
	for (let row = 0; row < customers.rows; row++) {
		const country = (customers.text('country', row) ?? '').toUpperCase();
		const tin = tinKey(customers.text('tin', row) ?? '');
		const local = tin.startsWith(country) ? `${country}:${tin.slice(country.length)}` : `${country}:${tin}`;
		const name = nameKey(customers.text('name', row) ?? '');
		const sameTin = tin === '' ? undefined : (byTin.get(tin) ?? byTin.get(local));
		const sameName = name === '' ? undefined : byName.get(`${country}:${name}`);
		const other = sameTin ?? sameName;
		if (other !== undefined) exceptions.push(sameCustomer(population, row, other, sameTin !== undefined));
		if (tin !== '') for (const key of [tin, local]) if (!byTin.has(key)) byTin.set(key, row);
		if (name !== '' && !byName.has(`${country}:${name}`)) byName.set(`${country}:${name}`, row);
	}
	return { tested: customers.rows, exceptions, open: 0 };
}

function sameCustomer(population: Population, row: number, other: number, byTin: boolean): ExceptionDraft {
	const customers = population.table('customer');
	const described = (at: number): string =>
		`${customers.text('customer_id', at)} ("${customers.text('name', at)}", ${customers.text('country', at)}${byTin ? `, tax number ${customers.text('tin', at)}` : ''})`;
	const rows: RowRef[] = refs('customer', [other, row]);
	return {
		orderId: null,
		keys: keysOf(population, 'customer', row),
		amountMinor: null,
		currency: null,
		reason: `Customer ${described(row)} is the same as ${described(other)} by ${byTin ? 'tax number' : 'country and name'}.`,
		rows,
	};
}

export const RECORD_TESTS: readonly AuditTest[] = [
	{
		id: 'T80',
		version: 1,
		title: 'Master data changed by a non-owner',
		severity: 'medium',
		why: 'A credit limit or price changed past the system that owns it escapes the controls of that system.',
		rule: 'A change of a customer or product was made through another system than the one that owns the record.',
		source: 'AS 2110.B4 (IT general controls)',
		parameters: [],
		needs: [{ table: 'master_change', columns: ['change_id', 'table_name', 'record_id', 'field', 'changed_at', 'changed_by', 'system'] }],
		mayRead: ['customer', 'product'],
		run: nonOwnerChange,
	},
	{
		id: 'T81',
		version: 1,
		title: 'Duplicate customers',
		severity: 'low',
		why: 'A customer kept twice has two credit limits and can be billed or credited twice.',
		rule: 'Two customers have the same tax number after normalisation, or the same country and the same name after case folding and dropping punctuation and legal form.',
		source: '',
		parameters: [],
		needs: [{ table: 'customer', columns: ['customer_id', 'name', 'country'] }],
		run: duplicateCustomers,
	},
];
