/** Anomalies of masters, references, credit and discounts: T76, T79 to T82, T84. */

import { answer, firstLine, need, once, onLine, onOrder, type PlantedOrder, twice } from './anomaly.ts';
import type { Answer } from './answers.ts';
import { CATALOGUE } from './catalogue.ts';
import { type Customer, customerAt, customerRecord } from './customers.ts';
import { ENTITIES, type EntityKey } from './entities.ts';
import { STAFF } from './people.ts';
import type { CompanyRow } from './wire.ts';
import { dayOf, instantAt, timeText } from './workTime.ts';

export const masterAnomalies = (): PlantedOrder[] => [...broken(), ...credit(), ...discounts()];

function broken(): PlantedOrder[] {
	return [
		once('US', [3, 27], {}, ({ plan }) => {
			plan.customerId = 'C-US-404404';
			return { planted: [onOrder('T76', plan, 'its customer does not exist')] };
		}),
		once('DE', [7, 23], {}, ({ plan }) => {
			firstLine(plan).sku = 'NX-404-DE';
			return { planted: [onLine('T76', plan, firstLine(plan), 'its article does not exist')] };
		}),
		once('US', [5, 22], {}, ({ plan }) => {
			for (const revenue of plan.revenue) revenue.obligationId = null;
			plan.obligations = [];
			firstLine(plan).obligationId = null;
			return { planted: [onLine('T79', plan, firstLine(plan), 'fulfils no obligation')] };
		}),
		once('DE', [9, 29], {}, ({ plan }) => {
			const line = firstLine(plan);
			line.obligationId = 'OB-404';
			for (const revenue of plan.revenue) revenue.obligationId = line.obligationId;
			plan.obligations = [];
			return {
				planted: [onLine('T79', plan, line, 'fulfils an obligation that does not exist')],
				consequences: [
					onLine('T76', plan, line, 'its obligation does not exist'),
					answer('T76', plan.orderId, { revenue_id: need(plan.revenue[0]).revenueId }, 'its obligation does not exist'),
				],
			};
		}),
	];
}

function credit(): PlantedOrder[] {
	return [
		...twice(
			[4, 24],
			[10, 15],
			{},
			({ plan }) => ({ planted: [onOrder('T84', plan, 'above the credit limit, released by no one of credit')] }),
			{
				watched: true,
			},
		),
	];
}

function discounts(): PlantedOrder[] {
	return [
		once('US', [6, 17], { discountPercent: 35 }, ({ plan }) => {
			plan.approvals = [];
			return { planted: [onLine('T82', plan, firstLine(plan), '35 % off, approved by nobody')] };
		}),
		once('DE', [11, 6], { discountPercent: 30 }, ({ plan, staff }) => {
			const approval = need(plan.approvals[0]);
			const seller = need(staff.sales.find(({ userId }) => userId !== approval.requestedBy));
			approval.approverId = seller.userId;
			return { planted: [onLine('T82', plan, firstLine(plan), '30 % off, approved by a colleague in sales')] };
		}),
	];
}

/** Masters nobody ordered from: rows and answers. */
export function plantMasters(): { readonly rows: CompanyRow[]; readonly planted: Answer[]; readonly consequences: Answer[] } {
	const pairs = [sameTaxNumber('US'), sameName('DE')];
	const changes = [strangeChange('US'), strangeChange('DE')];
	return {
		rows: [...pairs.map(({ row }) => row), ...changes.map(({ row }) => row)],
		planted: [...pairs.map(({ planted }) => planted), ...changes.map(({ planted }) => planted)],
		consequences: pairs.map(({ twin }) => answer('T81', null, { customer_id: twin.customerId }, 'the same customer under another number')),
	};
}

const TWIN_INDEX = 3;

function duplicate(key: EntityKey, change: (twin: Customer) => Partial<Customer>): { row: CompanyRow; planted: Answer; twin: Customer } {
	let index = TWIN_INDEX;
	while (customerAt(ENTITIES[key], index, false).tin === null) index++;
	const twin = customerAt(ENTITIES[key], index, false);
	const customer: Customer = { ...twin, customerId: `C-${key}-800001`, ...change(twin) };
	return {
		row: { table: 'customer', record: customerRecord(customer) },
		planted: answer('T81', null, { customer_id: customer.customerId }, `the same customer as ${twin.customerId}`),
		twin,
	};
}

const sameTaxNumber = (key: EntityKey) =>
	duplicate(key, ({ tin }) => ({ name: 'Palisade Fabrication Tulsa LLC', tin: (tin ?? '').replaceAll('-', ' ') }));
const sameName = (key: EntityKey) =>
	duplicate(key, ({ name }) => ({ name: `${name.split(' ').slice(0, -1).join(' ').toUpperCase()}, KG.`, tin: null }));

/** A price changed from outside the system that owns prices. */
function strangeChange(key: EntityKey): { row: CompanyRow; planted: Answer } {
	const article = need(CATALOGUE[key][6]);
	const changeId = `MC-${key}-91`;
	const record = {
		change_id: changeId,
		changed_at: timeText(instantAt(dayOf(2026, 5, 6), ENTITIES[key].openMinute, 130)),
		changed_by: need(STAFF[key].masterData[0]).userId,
		field: 'description',
		new_value: article.description,
		old_value: `${article.description}, discontinued`,
		record_id: article.sku,
		system: 'webshop',
		table_name: 'product',
	};
	return {
		row: { table: 'master_change', record },
		planted: answer('T80', null, { change_id: changeId }, 'changed by the web shop, owned by pim'),
	};
}
