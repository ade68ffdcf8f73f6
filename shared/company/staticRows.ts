/** Everything that is no order: entities, periods, accounts, people, articles, customers, states, tickets, rates. */
import { CATALOGUE, PRODUCT_OWNER, productRecord } from './catalogue.ts';
import { CUSTOMER_OWNER, customerAt, customerRecord } from './customers.ts';
import { ACCOUNTS, accountRecord, ENTITIES, ENTITY_KEYS, entityRecord, periodRecord } from './entities.ts';
import { everybody, roleRecords, STAFF, userRecord } from './people.ts';
import { createRandom } from './random.ts';
import { ticketRecords } from './rules.ts';
import { customerCount, watchedCustomerCount } from './schedule.ts';
import { transitionRecords } from './states.ts';
import type { CompanyRow, Wire } from './wire.ts';
import { businessDay, dayOf, FIRST_DAY, instantAt, LAST_DAY, PERIODS, timeText } from './workTime.ts';

export function* staticRows(orders: number, seed: string): Generator<CompanyRow> {
	const row =
		(table: CompanyRow['table']) =>
		(record: Wire): CompanyRow => ({ table, record });
	for (const key of ENTITY_KEYS) {
		const entity = ENTITIES[key];
		yield row('entity')(entityRecord(entity));
		yield* PERIODS.map((period) => row('period')(periodRecord(entity, period)));
		yield* ACCOUNTS.map((account) => row('account')(accountRecord(entity, account)));
		yield* CATALOGUE[key].map((product) => row('product')(productRecord(product)));
		for (let index = 0; index < customerCount(orders); index++) yield row('customer')(customerRecord(customerAt(entity, index, false)));
		for (let index = 0; index < watchedCustomerCount; index++) yield row('customer')(customerRecord(customerAt(entity, index, true)));
	}
	for (const person of everybody()) {
		yield row('user_account')(userRecord(person));
		yield* roleRecords(person).map(row('user_role'));
	}
	yield* transitionRecords().map(row('state_transition'));
	yield* ticketRecords().map(row('change_ticket'));
	yield* masterChanges().map(row('master_change'));
	yield* exchangeRates(seed).map(row('fx_rate'));
}

/** Changes of masters by the systems that own them, entered by the master data clerk. The last new value is what stands today. */
function masterChanges(): Wire[] {
	return ENTITY_KEYS.flatMap((key, index) => {
		const entity = ENTITIES[key];
		const article = CATALOGUE[key][3 + index];
		const customer = customerAt(entity, 2, false);
		const change = (running: number, day: number, rest: Wire): Wire => ({
			change_id: `MC-${key}-${running}`,
			changed_at: timeText(instantAt(day, entity.openMinute, 100 + running)),
			changed_by: STAFF[key].masterData[0]?.userId ?? '',
			...rest,
		});
		const article_ = { record_id: article?.sku ?? '', system: PRODUCT_OWNER, table_name: 'product' };
		return [
			change(1, dayOf(2026, 2, 10), {
				field: 'description',
				new_value: article?.description ?? '',
				old_value: `${article?.description} (old)`,
				...article_,
			}),
			change(2, dayOf(2026, 9, 16), {
				field: 'name',
				new_value: customer.name,
				old_value: customer.name.toUpperCase(),
				record_id: customer.customerId,
				system: CUSTOMER_OWNER,
				table_name: 'customer',
			}),
		];
	});
}

/** Daily euro reference rates against the dollar, a quiet random walk. */
function exchangeRates(seed: string): Wire[] {
	const random = createRandom(`${seed}/fx`);
	const rates: Wire[] = [];
	let tenThousandths = 11_420;
	for (let day = FIRST_DAY; day <= LAST_DAY; day = businessDay(day, 1)) {
		tenThousandths += random.between(-45, 45);
		const rate = `1.${String(tenThousandths - 10_000).padStart(4, '0')}`;
		rates.push({ currency: 'EUR', on: timeText(instantAt(day, 0, 0)).slice(0, 10), quote: 'USD', rate, source: 'ECB reference rate' });
	}
	return rates;
}
