/** What lines that were set aside may have been about, and which exceptions they put in doubt. */
import { TABLE_LIST, TABLES, type TableName } from '#model';
import type { Population } from '#population';
import type { AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Rows of one id that are followed to their orders: an id of a whole company (an entity, a product) puts everything in doubt, so nothing. */
const ROWS_FOLLOWED_MAX = 200;

/**
 * Of a test that accuses because something is not there: exceptions about an order or id that a malformed line of its tables names
 * become open subjects, since that line may be the very thing. A line in which no id can be read puts nothing in doubt by itself;
 * the test still says incomplete, or its exceptions still say how many lines were set aside.
 */
export function leaveDoubtfulOpen(test: AuditTest, population: Population, outcome: Outcome): Outcome {
	if (!test.judgesByAbsence || outcome.exceptions.length === 0) return outcome;
	const doubtful = doubtfulIds(test, population);
	if (doubtful.orders.size === 0 && doubtful.ids.size === 0) return outcome;
	const exceptions = outcome.exceptions.filter((exception) => !isDoubtful(exception, population, doubtful));
	const count = outcome.exceptions.length - exceptions.length;
	if (count === 0) return outcome;
	const why = `${count} ${count === 1 ? 'subject' : 'subjects'} that a malformed line may explain`;
	return {
		...outcome,
		exceptions,
		open: outcome.open + count,
		openWhy: outcome.open > 0 && outcome.openWhy ? `${outcome.openWhy}; ${why}` : why,
	};
}

interface DoubtfulIds {
	readonly orders: ReadonlySet<string>;
	/** Primary keys of set-aside lines, as `domain=value`. */
	readonly ids: ReadonlySet<string>;
}

function doubtfulIds(test: AuditTest, population: Population): DoubtfulIds {
	const orders = new Set<string>();
	const ids = new Set<string>();
	for (const name of new Set([...test.needs.map((need) => need.table), ...(test.mayRead ?? [])])) {
		if (!population.has(name)) continue;
		for (const { names } of population.table(name).quarantine) {
			for (const { column, value } of names) {
				const domain = domainOf(name, column);
				if (domain === 'order') orders.add(value);
				if (!TABLES[name].primaryKey.includes(column)) continue;
				if (domain !== 'order' && domain !== 'line') ids.add(`${domain}=${value}`);
				for (const order of ordersOf(population, domain, value)) orders.add(order);
			}
		}
	}
	return { orders, ids };
}

const domainOf = (table: TableName, column: string): string => TABLES[table].columns.find(({ name }) => name === column)?.domain ?? column;

/** Orders of the rows that name the id: an invoice that was set aside puts the orders of its lines in doubt. */
function ordersOf(population: Population, domain: string, value: string): string[] {
	if (domain === 'order' || domain === 'line') return [];
	const code = population.dictionary(domain).codeOf(value);
	if (code < 0) return [];
	const orders: string[] = [];
	for (const { name, columns } of TABLE_LIST) {
		const column = columns.find((one) => one.domain === domain && one.held);
		if (!column || !population.has(name) || !columns.some((one) => one.name === 'order_id')) continue;
		const rows = population.index(name, column.name).rowsOf(code);
		if (rows.length > ROWS_FOLLOWED_MAX) continue;
		for (const row of rows) orders.push(population.table(name).text('order_id', row) ?? '');
	}
	return orders;
}

function isDoubtful(exception: ExceptionDraft, population: Population, { orders, ids }: DoubtfulIds): boolean {
	if (exception.orderId !== null && orders.has(exception.orderId)) return true;
	return exception.rows.some(({ table, row }) =>
		TABLES[table].columns.some(({ name, domain, type, held }) => {
			if (type !== 'id' || !held) return false;
			const value = population.table(table).text(name, row);
			return value !== null && (domain === 'order' ? orders.has(value) : ids.has(`${domain}=${value}`));
		}),
	);
}
