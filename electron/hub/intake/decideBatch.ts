/** The first half of a batch: every line is decided, and rows, events to be sealed, waiting events and dead letters are written together. */
import { err, ok, type Result } from '#kernel';
import { TABLES } from '#model';
import type { Database, Queryable } from '../database/databasePort.ts';
import type { HubProblem } from '../problem.ts';
import { amountConcerned, orderOf } from './amounts.ts';
import { type BatchSummary, type DecidedBatch, type KeyedBody, keepBatch } from './batchStore.ts';
import { describeCause } from './causes.ts';
import { primaryKeyOf } from './checkRecord.ts';
import { keepDeadLetters, type NewDeadLetter } from './deadLetterStore.ts';
import type { FieldVault } from './fieldVault.ts';
import type { DeadLine, IntakeBatch } from './intakePort.ts';
import { loadKnown } from './knownEvents.ts';
import { loadOrders, type OrderFacts } from './orderFacts.ts';
import type { PendingEvents } from './pendingEvents.ts';
import { type EventPlan, identify, type OfferedEvent, type PlannedEvent, planEvents, type SealedTable } from './planEvents.ts';
import type { BatchLine, ReadBatch } from './readBatch.ts';
import { type OfferedRow, type UpsertCount, upsertRows } from './tableRows.ts';
import { keepTraces } from './traces.ts';
import { dropWaiting, keepWaiting } from './waitingStore.ts';

export interface DecisionPorts {
	readonly database: Database;
	readonly vault: FieldVault;
	readonly now: () => number;
	readonly pending: PendingEvents;
	readonly newBatchId: () => string;
	/** Waits until nothing of the tenant is being sealed. */
	readonly settle: () => Promise<void>;
	/** Must be done before the first row of a region is written. */
	readonly openRegions: (regions: readonly string[]) => Promise<void>;
}

export interface DecideOptions {
	/** A line that can't be taken refuses the batch, and nothing is written. */
	readonly allOrNone?: boolean;
	/** Keys of the messages this batch was put together from: each is answered with it. */
	readonly keys?: readonly KeyedBody[];
	/** Running numbers of the hub that this batch uses up: name and last value. */
	readonly sequence?: () => { readonly name: string; readonly value: number };
}

/** Must be called while no other batch of the tenant is decided. */
export async function decideBatch(
	ports: DecisionPorts,
	batch: IntakeBatch,
	read: ReadBatch,
	bodySha256: Uint8Array,
	options: DecideOptions,
): Promise<Result<DecidedBatch, HubProblem>> {
	const { database, vault, now } = ports;
	const { tenant } = batch;
	const batchId = ports.newBatchId();
	const validatedAt = now();
	const offered = sealedEvents(read.lines, batch, batchId);
	const [orders, known] = await Promise.all([loadOrders(database, vault, tenant, read.lines), knownEvents(ports, tenant, offered)]);
	const plan = planEvents(offered, known);
	const letters = deadLetters(read, plan, batch, batchId, orders);
	const [first] = letters;
	if (options.allOrNone && first) return err({ code: 'malformed', message: `Nothing was taken: ${describeCause(first.cause)}.` });
	const rows = plainRows(read.lines, orders);
	await ports.openRegions([...new Set([...rows.map(({ region }) => region), ...plan.seal.map(({ orderId }) => orders.regionOf(orderId))])]);
	const outbox = plan.seal.map((event) => ({ ...event, region: orders.regionOf(event.orderId) }));
	const decided = await database.transaction(async (tx) => {
		const count = await upsertRows(tx, vault, tenant, rows);
		await dropWaiting(tx, tenant, plan.released);
		await keepWaiting(tx, vault, tenant, plan.wait);
		const ids = await keepDeadLetters(tx, vault, tenant, letters);
		await keepTraces(tx, tenant, batch.traceparent, [...plan.seal, ...plan.wait]);
		if (options.sequence) await keepSequence(tx, tenant, options.sequence());
		const { bytes: _, ...head } = batch;
		const summary = summarise(batchId, plan, count, deadLines(letters, ids), read);
		const { keys = [] } = options;
		const whole: DecidedBatch = { batchId, batch: head, read, summary, outbox, bodySha256, keys, validatedAt, committedAt: now() };
		await keepBatch(tx, vault, whole);
		return whole;
	});
	return ok(decided);
}

/** Where an event names its predecessor, sent now or waiting, hashes are needed; what is being sealed has none yet. */
async function knownEvents({ database, vault, pending, settle }: DecisionPorts, tenant: string, offered: readonly OfferedEvent[]) {
	const load = () => loadKnown(database, vault, tenant, offered.map(identify), pending);
	const isSealing = !pending.isEmpty;
	const known = await load();
	if (!isSealing || ![...offered, ...known.waiting].some(({ record }) => record['prev'] !== undefined)) return known;
	await settle();
	return await load();
}

function sealedEvents(lines: readonly BatchLine[], batch: IntakeBatch, batchId: string): OfferedEvent[] {
	return lines.flatMap(({ line, read }): OfferedEvent[] => {
		if (!read.ok || !TABLES[read.value.table].sealed) return [];
		const { table, record, disclosures, trace } = read.value;
		return [
			{ table: table as SealedTable, record, disclosures, trace, line, batchId, channel: batch.channel, receivedAt: batch.receivedAt },
		];
	});
}

function plainRows(lines: readonly BatchLine[], orders: OrderFacts): OfferedRow[] {
	return lines.flatMap(({ read }): OfferedRow[] => {
		if (!read.ok || TABLES[read.value.table].sealed) return [];
		const { table, record, text } = read.value;
		return [{ table, pk: primaryKeyOf(TABLES[table], record), region: orders.regionOf(orderOf(record)), text }];
	});
}

function deadLetters(read: ReadBatch, plan: EventPlan, batch: IntakeBatch, batchId: string, orders: OrderFacts): NewDeadLetter[] {
	const common = { channel: batch.channel, sourceSystem: read.declaration?.sourceSystem ?? null, at: batch.receivedAt };
	const unread = read.lines.flatMap(({ line, bytes, read: one }): NewDeadLetter[] => {
		if (one.ok) return [];
		const amount = amountConcerned(one.table, one.record, orders.amountOf(orderOf(one.record)));
		return [{ ...common, batchId, line, table: one.table, cause: one.cause, payload: bytes, amount }];
	});
	const unplaced = plan.dead.map(({ event, cause }): NewDeadLetter => {
		const amount = amountConcerned(event.table, event.record, orders.amountOf(event.orderId));
		return { ...common, batchId: event.batchId, line: event.line, table: event.table, cause, payload: payloadOf(event), amount };
	});
	return [...unread, ...unplaced].sort((a, b) => a.line - b.line);
}

/** An event as a line that can be sent again. */
export function payloadOf({ table, record, disclosures, trace }: PlannedEvent): Uint8Array {
	return Buffer.from(JSON.stringify({ table, record, ...(disclosures.length > 0 ? { disclosures } : {}), ...(trace ? { trace } : {}) }));
}

const deadLines = (letters: readonly NewDeadLetter[], ids: readonly string[]): DeadLine[] =>
	letters.map(({ line, cause }, at) => ({ line, code: cause.code, message: describeCause(cause), dead_letter_id: ids[at] ?? '' }));

function summarise(
	batchId: string,
	plan: EventPlan,
	{ accepted, duplicates }: UpsertCount,
	dead: readonly DeadLine[],
	{ verdict }: ReadBatch,
): BatchSummary {
	const mine = plan.seal.filter((event) => event.batchId === batchId).length;
	return {
		batch_id: batchId,
		accepted: accepted + mine,
		duplicates: duplicates + plan.duplicates,
		waiting: plan.wait.length,
		dead,
		verdict,
	};
}

async function keepSequence(
	tx: Queryable,
	tenant: string,
	{ name, value }: { readonly name: string; readonly value: number },
): Promise<void> {
	await tx.query(
		`INSERT INTO hub_sequence (tenant, name, value) VALUES ($1, $2, $3::bigint)
		 ON CONFLICT (tenant, name) DO UPDATE SET value = excluded.value`,
		[tenant, name, String(value)],
	);
}
