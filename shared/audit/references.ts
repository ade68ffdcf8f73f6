/** Does every row lead to the rows it names? T76 and T79. */
import { FOREIGN_KEYS, type ForeignKey, TABLES, type TableName } from '#model';
import type { PairIndex, Population } from '#population';
import { inMoney, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { orderRow, stakeOf, stakeOfRow } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Who did events, invoices and journals is T62's; tickets name people of other systems than the order system as well. */
const USERS_ELSEWHERE: readonly TableName[] = ['order_event', 'invoice', 'journal_line', 'change_ticket'];

const EDGES: readonly ForeignKey[] = FOREIGN_KEYS.filter((edge) => edge.to !== 'user_account' || !USERS_ELSEWHERE.includes(edge.from));

/**
 * Judged for every foreign key of the data model whose two tables were supplied. An order line is not reported where its order is
 * unknown already. As many unknown targets as lines of their table were set aside may be those lines, and stay open.
 */
function brokenReference({ population }: AuditContext): Outcome {
	const exceptions: ExceptionDraft[] = [];
	const lacking = new Set<string>();
	let [tested, open] = [0, 0];
	for (const edge of EDGES) {
		if (!population.has(edge.from)) continue;
		const table = population.table(edge.from);
		const absent = edge.columns.find((column) => !table.has(column));
		if (absent !== undefined && table.rows > 0) {
			lacking.add(`column ${edge.from}.${absent}`);
			continue;
		}
		const isUsed = table.rows > 0 && edge.columns.every((column) => table.codes(column).some((code) => code >= 0));
		if (!population.has(edge.to)) {
			if (isUsed) lacking.add(`table ${edge.to}`);
			continue;
		}
		if (!isUsed) continue;
		const { rows, named } = brokenRows(population, edge);
		tested += table.rows;
		if (named <= population.table(edge.to).quarantine.length) {
			open += rows.length;
			continue;
		}
		const list = new ExceptionList(edge.from);
		for (const row of rows) list.add(() => brokenException(population, edge, row));
		exceptions.push(...list.all());
	}
	return {
		tested,
		exceptions,
		open: open + lacking.size,
		openWhy: [
			...(lacking.size > 0 ? [`not supplied: ${[...lacking].join(', ')}`] : []),
			...(open > 0 ? [`${open} references that may lead to lines set aside`] : []),
		].join('; '),
	};
}

interface BrokenRows {
	readonly rows: readonly number[];
	/** How many different targets they name; counted no further than matters, one more than lines of the target were set aside. */
	readonly named: number;
}

function brokenRows(population: Population, edge: ForeignKey): BrokenRows {
	return edge.columns.length === 1 ? brokenSingles(population, edge) : brokenPairs(population, edge);
}

function brokenSingles(population: Population, edge: ForeignKey): BrokenRows {
	const present = codesPresent(population, edge);
	const codes = population.table(edge.from).codes(edge.columns[0] ?? '');
	const rows: number[] = [];
	const named = new Set<number>();
	const aside = population.table(edge.to).quarantine.length;
	for (let row = 0; row < codes.length; row++) {
		const code = codes[row] as number;
		if (code < 0 || present[code] === 1) continue;
		rows.push(row);
		if (named.size <= aside) named.add(code);
	}
	return { rows, named: named.size };
}

/** 1 by code (of the naming column's dictionary) for the ids the target has. */
function codesPresent(population: Population, { from, columns, to, targetColumns }: ForeignKey): Uint8Array {
	const domainOf = (table: TableName, column: string) => TABLES[table].columns.find(({ name }) => name === column)?.domain ?? '';
	const [own, target] = [domainOf(from, columns[0] ?? ''), domainOf(to, targetColumns[0] ?? '')];
	const present = new Uint8Array(population.dictionary(target).size);
	for (const code of population.table(to).codes(targetColumns[0] ?? '')) if (code >= 0) present[code] = 1;
	if (own === target) return present;
	return Uint8Array.from(population.translation(own, target), (code) => (code >= 0 ? (present[code] as number) : 0));
}

function brokenPairs(population: Population, { from, columns, to, targetColumns }: ForeignKey): BrokenRows {
	const [first = '', second = ''] = columns;
	const targets: PairIndex = population.pairIndex(to, targetColumns[0] ?? '', targetColumns[1] ?? '');
	const table = population.table(from);
	const [firsts, seconds] = [table.codes(first), table.codes(second)];
	const isOfOrder = to === 'sales_order_line';
	const rows: number[] = [];
	const named = new Set<string>();
	const aside = population.table(to).quarantine.length;
	for (let row = 0; row < table.rows; row++) {
		const [a, b] = [firsts[row] as number, seconds[row] as number];
		if (a < 0 || b < 0 || targets.pair(a, b) >= 0) continue;
		if (isOfOrder && population.has('sales_order') && orderRow(population, a) < 0) continue;
		rows.push(row);
		if (named.size <= aside) named.add(`${a}/${b}`);
	}
	return { rows, named: named.size };
}

function brokenException(population: Population, { from, columns, to }: ForeignKey, row: number): ExceptionDraft {
	const table = population.table(from);
	const named = columns.map((column) => `${column} ${table.text(column, row)}`).join(', ');
	return {
		...stakeOfRow(population, from, row),
		keys: keysOf(population, from, row),
		reason: `${TABLES[from].title}: row ${table.keyText(row)} names ${named}, but ${to} has no such row.`,
		rows: [ref(from, row)],
	};
}

/** Null and unknown alike; unknown ones stay open where as many lines of `obligation` were set aside. */
function lineWithoutObligation({ population }: AuditContext): Outcome {
	const lines = population.table('sales_order_line');
	const codes = lines.codes('obligation_id');
	const byId = population.index('obligation', 'obligation_id');
	const unknown = new Set<number>();
	for (const code of codes) if (code >= 0 && byId.countOf(code) === 0) unknown.add(code);
	const mayBeAside = unknown.size <= population.table('obligation').quarantine.length;
	const list = new ExceptionList('sales_order_line');
	let open = 0;
	for (let row = 0; row < lines.rows; row++) {
		const code = codes[row] as number;
		if (code >= 0 && byId.countOf(code) > 0) continue;
		if (code >= 0 && mayBeAside) open++;
		else list.add(() => withoutObligation(population, row));
	}
	return { tested: lines.rows, exceptions: list.all(), open, openWhy: `${open} lines whose obligation may be a line set aside` };
}

function withoutObligation(population: Population, row: number): ExceptionDraft {
	const lines = population.table('sales_order_line');
	const order = lines.codes('order_id')[row] as number;
	const { currency } = stakeOf(population, order);
	const amount = lines.minors('amount_minor')[row] as bigint;
	const named = lines.text('obligation_id', row);
	return {
		orderId: lines.text('order_id', row),
		keys: keysOf(population, 'sales_order_line', row),
		amountMinor: amount < 0n ? -amount : amount,
		currency,
		reason: `Line ${lines.text('line_id', row)} of order ${lines.text('order_id', row)} (${lines.text('sku', row)}, ${inMoney(amount, currency)}) ${named === null ? 'names no obligation' : `names obligation ${named}, which does not exist`}, so no revenue can be measured for it.`,
		rows: [ref('sales_order_line', row), ...refs('sales_order', [orderRow(population, order)])],
	};
}

const referringTables = [...new Set(EDGES.flatMap((edge) => [edge.from, edge.to]))];

export const REFERENCE_TESTS: readonly AuditTest[] = [
	{
		id: 'T76',
		version: 1,
		title: 'Broken reference',
		severity: 'high',
		why: 'A row that leads nowhere was left behind by a deletion, or made up.',
		rule: 'A foreign key resolves to nothing: order to customer, contract and entity, line to order, product and obligation, shipment, invoice line and revenue to order line, and every other reference of the data model.',
		source: 'AS 1105.10',
		parameters: [],
		needs: [
			{ table: 'sales_order', columns: ['order_id', 'entity_id', 'customer_id', 'contract_id', 'total_minor', 'currency'] },
			{ table: 'sales_order_line', columns: ['order_id', 'line_id'] },
		],
		mayRead: referringTables.filter((name) => name !== 'sales_order' && name !== 'sales_order_line'),
		run: brokenReference,
	},
	{
		id: 'T79',
		version: 1,
		title: 'Line without obligation',
		severity: 'medium',
		why: 'Revenue of a line without a performance obligation has no transaction price to be measured against.',
		rule: 'An order line whose obligation_id is null or unknown.',
		source: 'ASC 606-10-25-14',
		parameters: [],
		needs: [
			{ table: 'sales_order_line', columns: ['order_id', 'line_id', 'sku', 'amount_minor'] },
			{ table: 'obligation', columns: ['obligation_id'] },
		],
		mayRead: ['sales_order'],
		run: lineWithoutObligation,
	},
];
