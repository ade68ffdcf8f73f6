/** All that is known of one order: its dossier, its timeline with the state of each event's bytes, its exceptions, its stored lines. */
import { type AuditResult, type EvidenceFacts, type Severity, testById } from '#audit';
import { BY_CLAIM_ALONE, isTrustedByClaimAlone, leafHash } from '#evidence';
import { type OrderDossier, orderDossier, provenLines, type StaleLimits } from '#explore';
import { exceptionIndex, type KeyedException, type Workbook } from '#findings';
import { type CollectedLine, collectRows } from '#intake';
import { fromUtf8, ok, sha256Hex, toHex } from '#kernel';
import type { TableName } from '#model';
import { type HashStatus, type OrderTimeline, timelineOf } from '#pack';
import type { Population } from '#population';
import type { Answer, LoadedEvidence } from './contract.ts';
import { beginFinding } from './findingSeed.ts';
import type { Ground } from './ordersGround.ts';
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

/** A line as it was handed over, hashed now. */
export interface RawLine {
	readonly table: TableName;
	readonly key: string;
	/** 1-based, in its file. */
	readonly line: number;
	readonly text: string;
	/** SHA-256 of the line, without its line feed: how results cite it. */
	readonly sha256: string;
	/** Of lines of sealed tables: the leaf hash, recomputed now. */
	readonly leaf: string | null;
	/** The `prev` the line itself states; null where it states none. */
	readonly prev: string | null;
	/** Whether `prev` is the recomputed leaf hash of the order's line before; null for tables that are not sealed. */
	readonly isLinked: boolean | null;
	readonly status: HashStatus;
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

/** The limits of T58 as this engagement has set them. */
function staleLimits(workbook: Workbook): StaleLimits {
	const own = workbook.parameters.get('T58');
	const value = (name: string): number | string | undefined =>
		own?.get(name)?.value ?? testById('T58')?.parameters.find((parameter) => parameter.name === name)?.default;
	return { hours: Number(value('hours') ?? 72), stateHours: String(value('state_hours') ?? '') };
}

/** How the bytes of a row of a sealed table stand, by what the verification found. */
function hashStatusOf(population: Population, evidence: EvidenceFacts): (row: number) => HashStatus {
	const facts = evidence.integrity.order_event;
	if (!facts) return () => 'unsealed';
	const events = population.table('order_event');
	const broken = new Set(facts.problems.flatMap(({ line }) => (line === null ? [] : [line])));
	const proven = provenLines(evidence);
	return (row) => {
		const line = events.lineOf(row);
		return broken.has(line) ? 'link_broken' : line <= proven ? 'verified' : 'not_verifiable';
	};
}

function hashNote({ evidence, manifest }: LoadedEvidence['drop'], workbook: Workbook): string | null {
	const facts = evidence.integrity.order_event;
	if (!facts) return 'The order events are not sealed: nothing can be said of their bytes.';
	if (facts.verdict === 'forked')
		return 'The log is forked: two histories of it are signed. “Verified” speaks of the one that this drop holds. See Integrity.';
	if (provenLines(evidence) > 0)
		return isTrustedByClaimAlone([...workbook.trustedKeys.values()], manifest.claimedLogKey) ? BY_CLAIM_ALONE : null;
	const trust = evidence.keyTrust?.order_event;
	if (trust !== 'trusted')
		return 'No trusted key: the log’s key is only the company’s claim. Add the key from outside the drop under Data & IPE.';
	return `No event is proven: the log is ${facts.verdict.replaceAll('_', ' ')}. See Integrity.`;
}

const HASHED_MAX = 500;

export function orderFile(
	loaded: LoadedEvidence,
	result: AuditResult | null,
	workbook: Workbook,
	orderId: string,
): Promise<Answer<OrderFile>> {
	return guarded(async () => {
		const { drop } = loaded;
		const { population, evidence } = drop;
		const dossier = orderDossier(population, orderId, staleLimits(workbook));
		if (!dossier.isListed && dossier.events.length === 0)
			return refuse('not_found', `The loaded evidence has no order ${orderId}. Check the number, or whether other evidence was imported.`);
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

/** Leaf hashes of events, recomputed from the stored lines; none where single lines can't be reached. */
async function leavesOf({ source, drop }: LoadedEvidence, events: readonly number[]): Promise<ReadonlyMap<number, string>> {
	if (events.length === 0 || events.length > HASHED_MAX || !source.readRange) return new Map();
	const lines = await collectRows(source, drop, new Map([['order_event', events]]));
	if (!lines.ok) return new Map();
	return new Map([...(lines.value.get('order_event') ?? [])].map(([row, { bytes }]) => [row, toHex(leafHash(bytes))]));
}

/** Rows of an order by table: its events first, in chain order, then all else that names it. */
function rowsOfOrder(dossier: OrderDossier): Map<TableName, number[]> {
	const wanted = new Map<TableName, number[]>();
	const want = (table: TableName, row: number): void => {
		const known = wanted.get(table);
		if (known) known.push(row);
		else wanted.set(table, [row]);
	};
	for (const row of dossier.events) want('order_event', row);
	const { order, contract, lines, obligations, shipments, invoices, invoiceLines, payments, revenue } = dossier;
	const { journals, documents, approvals, holds, disputes } = dossier;
	const lists = [lines, obligations, shipments, invoices, invoiceLines, payments, revenue, journals, documents, approvals, holds, disputes];
	for (const one of [order, contract, ...lists.flat()]) if (one) want(one.table, one.row);
	return wanted;
}

/** The stored lines of an order. */
export function rawLines(loaded: LoadedEvidence, workbook: Workbook, orderId: string): Promise<Answer<readonly RawLine[]>> {
	return guarded(async () => {
		const { source, drop } = loaded;
		const { population, evidence } = drop;
		const wanted = rowsOfOrder(orderDossier(population, orderId, staleLimits(workbook)));
		const collected = await collectRows(source, drop, wanted);
		if (!collected.ok) return refuse(collected.error.code === 'cancelled' ? 'cancelled' : 'unreadable_file', collected.error.message);
		const statusOf = population.has('order_event') ? hashStatusOf(population, evidence) : () => 'unsealed' as const;
		const raw: RawLine[] = [];
		for (const [table, rows] of wanted) {
			const isSealed = table === 'order_event' || table === 'revenue_event';
			let before: string | null = null;
			for (const row of rows) {
				const stored = collected.value.get(table)?.get(row);
				if (!stored) continue;
				const status = table === 'order_event' ? statusOf(row) : isSealed ? 'not_verifiable' : 'unsealed';
				const line = hashedLine(table, population.table(table).keyText(row), stored, before, status);
				raw.push(line);
				before = line.leaf;
			}
		}
		return ok(raw);
	});
}

/** @param before the leaf hash of the order's line before; null for tables that are not sealed, and for the first line */
function hashedLine(table: TableName, key: string, { line, bytes }: CollectedLine, before: string | null, status: HashStatus): RawLine {
	const isSealed = table === 'order_event' || table === 'revenue_event';
	const text = fromUtf8(bytes);
	const prev = isSealed ? prevOf(text) : null;
	return {
		table,
		key,
		line,
		text: text ?? '(not valid UTF-8)',
		sha256: sha256Hex(bytes),
		leaf: isSealed ? toHex(leafHash(bytes)) : null,
		prev,
		isLinked: isSealed ? prev === before : null,
		status,
	};
}

function prevOf(text: string | null): string | null {
	try {
		const record: unknown = JSON.parse(text ?? '');
		const prev = typeof record === 'object' && record !== null && 'prev' in record ? record.prev : null;
		return typeof prev === 'string' ? prev : null;
	} catch {
		return null;
	}
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
