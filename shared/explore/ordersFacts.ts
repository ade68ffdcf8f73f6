/** What verification and the audit tests say of each order: its chain's verdict, its exceptions and the worst of their severities. */
import { type AuditResult, type EvidenceFacts, type IntegrityProblem, type Severity, testById } from '#audit';
import type { Population } from '#population';
import { type NumberColumn, type TextColumn, textsOf } from './ordersColumns.ts';
import { isWhole } from './whole.ts';

export type ChainStatus = 'altered' | 'missing' | 'out_of_order' | 'unproven' | 'no_events' | 'verified';

/** The worst first, as the list sorts them. */
export const CHAIN_STATUSES: readonly (readonly [ChainStatus, string])[] = [
	['altered', 'Altered'],
	['missing', 'Missing events'],
	['out_of_order', 'Out of order'],
	['unproven', 'Not verifiable'],
	['no_events', 'No events'],
	['verified', 'Verified'],
];

const CHAIN_TEXTS = textsOf(CHAIN_STATUSES);

const SEVERITIES: readonly (readonly [Severity, string])[] = [
	['critical', 'Critical'],
	['high', 'High'],
	['medium', 'Medium'],
	['low', 'Low'],
];

const SEVERITY_TEXTS = textsOf(SEVERITIES);

/** What a problem of an order's own lines says of the order. A problem that only the log as a whole has accuses no order. */
const STATUS_OF: Readonly<Record<IntegrityProblem['code'], ChainStatus>> = {
	chain_break: 'altered',
	not_canonical: 'altered',
	root_mismatch: 'altered',
	inconsistent: 'altered',
	sequence_gap: 'missing',
	duplicate: 'out_of_order',
	beyond_log: 'missing',
	bad_signature: 'unproven',
	untrusted_key: 'unproven',
};

/**
 * Of the order events, the lines that a checkpoint under a trusted key vouches for: lines 1 to this one, as packs tell it. 0 without a
 * trusted key: then nothing of any order is verified. In a forked log it is the history that the drop holds.
 */
export function provenLines(evidence: EvidenceFacts): number {
	const facts = evidence.integrity.order_event;
	if (!facts) return 0;
	if (facts.verdict === 'verified') return facts.rows;
	const sealed = (evidence.checkpoints?.order_event ?? []).map(({ size, signature, root }) =>
		signature === 'trusted' && root === 'matches' ? (size ?? 0) : 0,
	);
	return sealed.reduce((most, size) => Math.max(most, size), 0);
}

/**
 * The verdict of each order's chain. `verified` needs every event of the order under a checkpoint of a trusted key, and no problem of its
 * own; whatever else is not known to be wrong is `unproven`, never fine.
 */
export function chainColumn(population: Population, evidence: EvidenceFacts, orders: ArrayLike<number>): TextColumn {
	const codes = new Int8Array(orders.length);
	const codeOf = (status: ChainStatus): number => CHAIN_TEXTS.codeOf(status);
	const texts = CHAIN_TEXTS;
	if (!population.has('order_event')) return { kind: 'text', codes: codes.fill(codeOf('unproven')), texts };
	const events = population.table('order_event');
	const byOrder = population.index('order_event', 'order_id');
	const proven = provenLines(evidence);
	const accused = accusedOrders(population, evidence.integrity.order_event?.problems ?? []);
	// An order none of whose events could be read is not one without events.
	const none = codeOf(isWhole(population, 'order_event') ? 'no_events' : 'unproven');
	const [verified, unproven] = [codeOf('verified'), codeOf('unproven')];
	for (let row = 0; row < orders.length; row++) {
		const order = orders[row] as number;
		const own = byOrder.rowsOf(order);
		const accusation = accused.get(order);
		const last = own.length === 0 ? 0 : events.lineOf(own[own.length - 1] as number);
		codes[row] = accusation !== undefined ? codeOf(accusation) : own.length === 0 ? none : last <= proven ? verified : unproven;
	}
	return { kind: 'text', codes, texts };
}

/** The worst word of each order's own problems. A problem that names a line only is its order's. */
function accusedOrders(population: Population, problems: readonly IntegrityProblem[]): Map<number, ChainStatus> {
	const events = population.table('order_event');
	const ids = events.codes('order_id');
	const accused = new Map<number, ChainStatus>();
	for (const { code, line, order_id: orderId } of problems) {
		const row = orderId === null && line !== null ? events.rowOfLine(line) : -1;
		const order = orderId !== null ? population.dictionary('order').codeOf(orderId) : row < 0 ? -1 : (ids[row] as number);
		if (order < 0) continue;
		const status = STATUS_OF[code];
		const known = accused.get(order);
		if (known === undefined || CHAIN_TEXTS.codeOf(status) < CHAIN_TEXTS.codeOf(known)) accused.set(order, status);
	}
	return accused;
}

export interface ExceptionColumns {
	readonly exceptions: NumberColumn;
	readonly severity: TextColumn;
}

/** Exceptions by order. Before the first run nothing is known of any order, which is not the same as none. */
export function exceptionColumns(population: Population, result: AuditResult | null, orders: ArrayLike<number>): ExceptionColumns {
	const counts = new Float64Array(orders.length).fill(result === null ? Number.NaN : 0);
	const worst = new Int8Array(orders.length).fill(-1);
	const rowOf = new Map<number, number>();
	if (result !== null) for (let row = 0; row < orders.length; row++) rowOf.set(orders[row] as number, row);
	const dictionary = population.dictionary('order');
	for (const { test, exceptions } of result?.tests ?? []) {
		const severity = SEVERITY_TEXTS.codeOf(testById(test)?.severity ?? 'medium');
		for (const { order_id: orderId } of exceptions) {
			const row = orderId === null ? undefined : rowOf.get(dictionary.codeOf(orderId));
			if (row === undefined) continue;
			counts[row] = (counts[row] as number) + 1;
			const known = worst[row] as number;
			worst[row] = known < 0 ? severity : Math.min(known, severity);
		}
	}
	return { exceptions: { kind: 'number', values: counts }, severity: { kind: 'text', codes: worst, texts: SEVERITY_TEXTS } };
}
