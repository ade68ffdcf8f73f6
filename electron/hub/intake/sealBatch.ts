/**
 * The second half of a batch: its events go into their logs, its own record into the hub's, then its answer is kept. Whatever a crash or
 * a failure leaves between the two halves is in the outbox, and is sealed once: events that their log has already are left out.
 */
import { formatInstant } from '#kernel';
import type { Database, Queryable } from '../database/databasePort.ts';
import type { LogTable, LogWriter, NewEvent, SealedEvent, SignedHead } from '../log/logPort.ts';
import { finishBatch, type PendingBatch } from './batchStore.ts';
import type { IntakeAnswer } from './intakePort.ts';
import type { SealedTable } from './planEvents.ts';
import type { OutboxEvent } from './storedEvent.ts';

export interface SealingPorts {
	readonly database: Database;
	readonly log: LogWriter & { head(tenant: string, table: LogTable): SignedHead };
	/** Milliseconds since 1970. */
	readonly now: () => number;
}

const TABLES: readonly SealedTable[] = ['order_event', 'revenue_event'];

/**
 * Hands the batch to the logs at once, in the order of the calls, and waits until all of it is sealed.
 * @param resumed whether some of it may be sealed already
 */
export async function sealBatch(ports: SealingPorts, batch: PendingBatch, resumed: boolean): Promise<IntakeAnswer> {
	const { tenant, outbox } = batch;
	const done = resumed ? await alreadySealed(ports.database, batch) : NOTHING_DONE;
	const appends = TABLES.map((table) => {
		const events = outbox.filter((event) => event.table === table && !done.indexes.get(table)?.has(event.eventId));
		return events.length === 0 ? Promise.resolve([]) : ports.log.append(tenant, table, events.map(newEvent));
	});
	const record = done.hasRecord ? Promise.resolve([]) : ports.log.append(tenant, 'hub_record', [batchRecord(batch)]);
	const sealed = await settled([...appends, record]);
	const answer = answerOf(ports, batch, sealed, done);
	await ports.database.transaction((tx) => finishBatch(tx, tenant, answer, ports.now()));
	return answer;
}

/** Waits for all, so that nothing of a failed batch is still under way when its failure is known. */
async function settled(appends: readonly Promise<readonly SealedEvent[]>[]): Promise<readonly (readonly SealedEvent[])[]> {
	const outcomes = await Promise.allSettled(appends);
	const failed = outcomes.find((outcome) => outcome.status === 'rejected');
	if (failed) throw failed.reason instanceof Error ? failed.reason : new Error('the log refused a batch', { cause: failed.reason });
	return outcomes.map((outcome) => (outcome.status === 'fulfilled' ? outcome.value : []));
}

function newEvent({ record, region, receivedAt, batchId, disclosures }: OutboxEvent): NewEvent {
	const { prev: _, ...rest } = record;
	return { record: rest, region, receivedAt, batchId, disclosures };
}

/** The batch as a line of the hub's own log: what came, what became of it, and both digests. */
function batchRecord(batch: PendingBatch): NewEvent {
	const { summary, batchId, receivedAt } = batch;
	const record = {
		kind: 'batch',
		record_id: batchRecordId(batchId),
		batch_id: batchId,
		source_system: batch.sourceSystem,
		batch_no: batch.batchNo,
		channel: batch.channel,
		lane: batch.lane,
		received_at: formatInstant(receivedAt),
		rows: batch.rows,
		accepted: summary.accepted,
		duplicates: summary.duplicates,
		waiting: summary.waiting,
		dead_letters: summary.dead.length,
		sums: batch.sums,
		declaration: summary.verdict,
		sha256_source: batch.sha256Source,
		sha256_payload: batch.sha256Payload,
	};
	return { record, region: '', batchId, receivedAt, disclosures: [] };
}

const batchRecordId = (batchId: string): string => `batch-${batchId}`;

interface Done {
	/** By table, event id to place. */
	readonly indexes: ReadonlyMap<SealedTable, ReadonlyMap<string, number>>;
	readonly hasRecord: boolean;
}

const NOTHING_DONE: Done = { indexes: new Map(), hasRecord: false };

async function alreadySealed(db: Queryable, { tenant, batchId, outbox }: PendingBatch): Promise<Done> {
	const indexes = new Map<SealedTable, ReadonlyMap<string, number>>();
	const find = (table: LogTable, ids: readonly string[]) =>
		db.query<{ event_id: string; idx: bigint }>(
			'SELECT event_id, idx FROM event_key WHERE tenant = $1 AND log_table = $2 AND event_id = ANY($3::text[])',
			[tenant, table, ids],
		);
	for (const table of TABLES) {
		const ids = outbox.filter((event) => event.table === table).map(({ eventId }) => eventId);
		if (ids.length > 0) indexes.set(table, new Map((await find(table, ids)).map(({ event_id, idx }) => [event_id, Number(idx)])));
	}
	return { indexes, hasRecord: (await find('hub_record', [batchRecordId(batchId)])).length > 0 };
}

function answerOf(
	{ log }: SealingPorts,
	{ tenant, summary }: PendingBatch,
	appended: readonly (readonly SealedEvent[])[],
	done: Done,
): IntakeAnswer {
	const positions: Record<string, { from: number; to: number }> = {};
	const sealed: Record<string, number> = {};
	for (const [at, table] of TABLES.entries()) {
		const indexes = [...(appended[at] ?? []).map(({ index }) => index), ...(done.indexes.get(table)?.values() ?? [])];
		if (indexes.length === 0) continue;
		const [from, to] = indexes.reduce(([low, high], index) => [Math.min(low, index), Math.max(high, index + 1)], [
			Number.POSITIVE_INFINITY,
			0,
		] as [number, number]);
		positions[table] = { from, to };
		sealed[table] = log.head(tenant, table).size;
	}
	sealed['hub_record'] = log.head(tenant, 'hub_record').size;
	const { verdict: _, ...counts } = summary;
	return { ...counts, positions, sealed, replayed: false };
}
