/** All that is known of one order: its dossier, its timeline with the state of each event's bytes, its exceptions, its stored lines. */
import { type AuditResult, type Severity, testById } from '#audit';
import { type OrderDossier, orderDossier } from '#explore';
import { exceptionIndex, type KeyedException, type Workbook } from '#findings';
import { ok } from '#kernel';
import { type OrderTimeline, timelineOf } from '#pack';
import type { Answer, LoadedEvidence } from './contract.ts';
import { beginFinding } from './findingSeed.ts';
import type { Ground } from './ordersGround.ts';
import { hashNote, hashStatusOf, leavesOf, staleLimits } from './ordersLines.ts';
import { presentFacts } from './presentKeys.ts';
import { guarded, refuse } from './vaultError.ts';

/** An exception about the order, and how it was judged. */
interface OrderException {
	readonly exceptionKey: string;
	readonly test: string;
	readonly title: string;
	readonly severity: Severity;
	readonly reason: string;
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
	readonly verdict: string;
	/** Keys of the events it cites. */
	readonly eventIds: readonly string[];
}

export interface OrderFile {
	readonly dossier: OrderDossier;
	readonly timeline: OrderTimeline;
	/** Null before the first run. */
	readonly exceptions: readonly OrderException[] | null;
	/** Epoch milliseconds. */
	readonly asOf: number;
	/** Why no event is verified, where that is so; null otherwise. */
	readonly hashNote: string | null;
}

const byOrder = new WeakMap<AuditResult, ReadonlyMap<string, readonly KeyedException[]>>();

function exceptionsByOrder(result: AuditResult): ReadonlyMap<string, readonly KeyedException[]> {
	let index = byOrder.get(result);
	if (!index) {
		const found = new Map<string, KeyedException[]>();
		for (const one of exceptionIndex(result).values()) {
			const orderId = one.exception.order_id;
			if (orderId === null) continue;
			const known = found.get(orderId);
			if (known) known.push(one);
			else found.set(orderId, [one]);
		}
		index = found;
		byOrder.set(result, index);
	}
	return index;
}

function exceptionsOf(result: AuditResult, workbook: Workbook, orderId: string): OrderException[] {
	return (exceptionsByOrder(result).get(orderId) ?? []).map(({ key, test, exception }) => ({
		exceptionKey: key,
		test: test.test,
		title: test.title,
		severity: testById(test.test)?.severity ?? 'medium',
		reason: exception.reason,
		amountMinor: exception.amount_minor === null ? null : BigInt(exception.amount_minor),
		currency: exception.currency,
		verdict: workbook.judgements.get(key)?.verdict ?? 'new',
		eventIds: exception.rows.flatMap((row) => (row.table === 'order_event' ? [row.key] : [])),
	}));
}

export function orderFile(
	loaded: LoadedEvidence,
	result: AuditResult | null,
	workbook: Workbook,
	orderId: string,
): Promise<Answer<OrderFile>> {
	return guarded(async () => {
		const { drop } = loaded;
		const { population } = drop;
		const evidence = presentFacts(drop.evidence, workbook);
		const dossier = orderDossier(population, orderId, staleLimits(workbook));
		if (dossier.isListed !== true && dossier.events.length === 0)
			return refuse(
				'not_found',
				dossier.isListed === null
					? `No order ${orderId} could be read from the loaded evidence; lines of sales_order were set aside, and it may be one of them.`
					: `The loaded evidence has no order ${orderId}. Check the number, or whether other evidence was imported.`,
			);
		const leaves = await leavesOf(loaded, dossier.events);
		const exceptions = result === null ? null : exceptionsOf(result, workbook, orderId);
		const citing = new Map<string, Set<string>>();
		for (const { test, eventIds } of exceptions ?? []) for (const id of eventIds) citing.set(id, (citing.get(id) ?? new Set()).add(test));
		const [missing, altered] = [new Set(evidence.documents.missing), new Set(evidence.documents.altered)];
		const timeline = timelineOf(orderId, {
			population,
			hashStatusOf: population.has('order_event') ? hashStatusOf(population, evidence) : () => 'unsealed',
			leafHashOf: (row) => leaves.get(row) ?? null,
			documentStatusOf: (sha256) => (altered.has(sha256) ? 'altered' : missing.has(sha256) ? 'missing' : 'present'),
			attachmentOf: () => null,
			citedBy: (row) => [...(citing.get(population.table('order_event').keyText(row)) ?? [])],
			isWithheld: () => false,
		});
		return ok({ dossier, timeline, exceptions, asOf: population.asOf, hashNote: hashNote(drop, workbook) });
	});
}

/** The sentence and the lines a finding about an order begins with. */
export async function findingOf(
	{ loaded, engagement }: Ground,
	randomId: () => string,
	orderId: string,
	eventId: string | null,
): Promise<Answer<{ readonly findingId: string }>> {
	const file = await orderFile(loaded, engagement.results(), engagement.workbook(), orderId);
	if (!file.ok) return file;
	const { dossier, timeline, exceptions } = file.value;
	const at = timeline.events.findIndex((event) => event.eventId === eventId);
	const event = timeline.events[at];
	const about = (exceptions ?? []).filter(({ eventIds }) => !event || eventIds.includes(event.eventId));
	const row = dossier.events[at];
	const rows =
		event && row !== undefined
			? [{ table: 'order_event' as const, row, label: `${orderId} #${event.orderSeq} ${event.type}` }]
			: dossier.order
				? [{ table: 'sales_order' as const, row: dossier.order.row, label: orderId }]
				: [];
	const what = event
		? `Event #${event.orderSeq} of order ${orderId} (${event.type}, ${event.occurredAt}, by ${event.actorId} as ${event.actorRole}).`
		: `Order ${orderId}.`;
	return beginFinding(engagement, loaded, randomId, {
		title: event ? `Order ${orderId}: ${event.type}` : `Order ${orderId}`,
		severity: worstOf(about),
		condition: [what, ...about.map(({ test, reason }) => `${test}: ${reason}`)].join('\n'),
		criteria: [...new Set(about.map(({ test }) => testById(test)?.source ?? ''))].filter((source) => source !== '').join('; '),
		rows,
		exceptions: about.map(({ exceptionKey, test, title }) => ({ key: exceptionKey, label: `${test} ${title}: ${orderId}` })),
	});
}

const SEVERITIES: readonly Severity[] = ['critical', 'high', 'medium', 'low'];

/** Of the exceptions the worst; medium where there are none, for a person to judge. */
const worstOf = (exceptions: readonly OrderException[]): Severity =>
	SEVERITIES.find((severity) => exceptions.some((one) => one.severity === severity)) ?? 'medium';
