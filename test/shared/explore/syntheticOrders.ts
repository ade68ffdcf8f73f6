/** A made-up order list of any length, written straight into columns: deterministic, no file, no parsing. For tests and benches of the list. */
import {
	CHAIN_STATUSES,
	type OrderColumn,
	type OrderTable,
	PathCollector,
	type TextColumn,
	type Texts,
	textsOf,
	textsOfDictionary,
} from '#explore';
import { utf8 } from '#kernel';
import { Dictionary } from '#population';

const AS_OF = Date.parse('2027-01-01T00:00:00.000Z');
const YEAR_MS = 365 * 86_400_000;
const STATES = ['booked', 'released', 'picking', 'shipped', 'delivered', 'closed', 'on_hold', 'cancelled'];
const REGIONS = ['north', 'south', 'east', 'west', 'export'];
const CURRENCIES = ['EUR', 'USD', 'JPY', 'KWD'];
const ENTITIES = ['E1', 'E2', 'E3'];
const CUSTOMERS = 2_000;

/** 32 bits from a number (murmur3's finaliser): the same everywhere, for ever. */
function mixed(value: number): number {
	let hash = Math.imul(value ^ 0x9e3779b9, 0x85ebca6b);
	hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
	return (hash ^ (hash >>> 16)) >>> 0;
}

/** "SO-0000001", "SO-0000002" …: not stored, written when asked for. */
function orderIds(rows: number): Texts {
	const key = (code: number): string => `SO-${String(code + 1).padStart(7, '0')}`;
	const written = utf8('SO-0000000');
	return {
		size: rows,
		key,
		label: key,
		bytes: (code) => {
			let rest = code + 1;
			for (let at = 9; at > 2; at--) {
				written[at] = 48 + (rest % 10);
				rest = Math.floor(rest / 10);
			}
			return rest === 0 ? written : utf8(key(code));
		},
		codeOf: (text) => {
			const [, digits] = /^SO-(\d{7,9})$/.exec(text) ?? [];
			const code = Number(digits) - 1;
			return digits !== undefined && code >= 0 && code < rows ? code : -1;
		},
		isScale: false,
	};
}

function interned(names: readonly string[], codes: TextColumn['codes']): TextColumn {
	const dictionary = new Dictionary();
	for (const name of names) dictionary.internText(name);
	return { kind: 'text', codes, texts: textsOfDictionary(dictionary) };
}

/** Mostly small amounts, some of them negative, a few beyond 2^53. */
function amountOf(row: number): bigint {
	const hash = mixed(row * 7 + 5);
	if (hash % 50_000 === 0) return 9_100_000_000_000_000n + BigInt(hash);
	return BigInt((hash % 5_000_000) - 20_000);
}

export function syntheticOrders(rows: number): OrderTable {
	const column = (size: number, salt: number): Int8Array => Int8Array.from({ length: rows }, (_, row) => mixed(row * 13 + salt) % size);
	const numbers = (numberOf: (row: number) => number): OrderColumn => ({
		kind: 'number',
		values: Float64Array.from({ length: rows }, (_, row) => numberOf(row)),
	});
	const states = column(STATES.length, 1);
	const orderedAt = Float64Array.from({ length: rows }, (_, row) => AS_OF - YEAR_MS + (mixed(row + 99) % (YEAR_MS / 1000)) * 1000);
	const lastAt = orderedAt.map((at, row) => Math.min(AS_OF, at + (mixed(row + 7) % 2_000_000) * 1000));
	const minors = new BigInt64Array(rows);
	for (let row = 0; row < rows; row++) minors[row] = amountOf(row);
	const chain = Int8Array.from({ length: rows }, (_, row) => (mixed(row * 3) % 10_000 === 0 ? 0 : CHAIN_STATUSES.length - 1));
	const customers = Array.from({ length: CUSTOMERS }, (_, code) => [`C${code}`, `Customer ${mixed(code) % 10_000}-${code}`] as const);
	const stateTexts = interned(STATES, states);
	return {
		rows,
		asOf: AS_OF,
		columns: {
			order_id: { kind: 'text', codes: Int32Array.from({ length: rows }, (_, row) => row), texts: orderIds(rows) },
			customer: {
				kind: 'text',
				codes: Int16Array.from({ length: rows }, (_, row) => mixed(row * 17) % CUSTOMERS),
				texts: { ...textsOf(customers, false) },
			},
			entity: interned(ENTITIES, column(ENTITIES.length, 2)),
			region: interned(REGIONS, column(REGIONS.length, 3)),
			state: stateTexts,
			ordered_at: { kind: 'instant', values: orderedAt },
			month: interned(
				Array.from({ length: 12 }, (_, month) => `2026-${String(month + 1).padStart(2, '0')}`),
				Int8Array.from(orderedAt, (at) => new Date(at).getUTCMonth()),
			),
			total: { kind: 'amount', minors },
			currency: interned(CURRENCIES, column(CURRENCIES.length, 4)),
			events: numbers((row) => 3 + (mixed(row) % 9)),
			last_event_at: { kind: 'instant', values: lastAt },
			age_hours: numbers((row) => Math.floor((AS_OF - (lastAt[row] as number)) / 3_600_000)),
			schema_version: numbers((row) => 1 + (row % 2)),
			chain: { kind: 'text', codes: chain, texts: textsOf(CHAIN_STATUSES) },
			exceptions: numbers((row) => (mixed(row * 31) % 20 === 0 ? 1 + (row % 3) : 0)),
			severity: {
				kind: 'text',
				codes: Int8Array.from({ length: rows }, (_, row) => (mixed(row * 31) % 20 === 0 ? row % 4 : -1)),
				texts: textsOf([
					['critical', 'Critical'],
					['high', 'High'],
					['medium', 'Medium'],
					['low', 'Low'],
				]),
			},
			holds: numbers((row) => Number(states[row] === 6)),
			disputes: numbers((row) => Number(mixed(row * 41) % 200 === 0)),
		},
		paths: pathsOf(states, stateTexts.texts),
		strangers: 0,
	};
}

/** Straight through the states up to the order's own, one in eleven by way of a hold. */
function pathsOf(states: Int8Array, texts: Texts): OrderTable['paths'] {
	const collector = new PathCollector();
	const variantOf = Int32Array.from(states, (state, row) => {
		const steps = state < 6 ? Array.from({ length: state + 1 }, (_, at) => at) : [0, state];
		if (mixed(row * 19) % 11 === 0) steps.splice(1, 0, 6);
		return collector.add(
			steps.map((_, at) => steps[at - 1] ?? -1),
			steps,
			steps.length,
		);
	});
	return { variantOf, variants: collector.finish(), states: texts };
}
