/**
 * How acts and their order lie on their shelf: one record an act, named by replica and number, and one a batch of positions that acts got
 * later. What belongs together is written in one transaction.
 */

import { z } from 'zod';
import { type LoggedAct, loggedActSchema } from '#findings';
import type { Json } from '#kernel';
import { type OrderRecord, orderRecordSchema, type PapersState } from '#sync';
import type { Shelf, StoredRecord } from './shelf.ts';
import { VaultFailure } from './vaultError.ts';

/** What is wrong with a stored log, and where. */
export interface LogDamage {
	readonly seq: number;
	readonly message: string;
}

export interface ReadLog {
	readonly acts: readonly LoggedAct[];
	readonly order: readonly OrderRecord[];
	/** Of the last position, where it came with one. */
	readonly checkpoint: string | null;
	readonly damages: readonly LogDamage[];
}

const DIGITS = 10;
const READ_BATCH = 512;
/** Positions a record holds. */
const ORDER_BATCH = 2000;
const ORDER = 'order';

const pad = (count: number): string => String(count).padStart(DIGITS, '0');
const actId = ({ replica, seq }: LoggedAct): string => `${replica}.${pad(seq)}`;
const numberOf = (id: string): number => Number(id.slice(id.indexOf('.') + 1));

/** `position`: where the act was confirmed as it was written; null where it was pending. */
const actBody = z.strictObject({ logged: loggedActSchema, position: z.int().positive().nullable() });
const orderBody = z.strictObject({ records: z.array(orderRecordSchema).min(1), checkpoint: z.string().nullable() });

/**
 * The records that bring the store from one state to the next.
 * @param acts those that `after` holds and `before` did not
 */
export function recordsBetween(before: PapersState, after: PapersState, acts: readonly LoggedAct[]): readonly StoredRecord[] {
	const fresh = new Map(acts.map((logged) => [actId(logged), logged]));
	const positions = new Map<string, number>();
	const later: OrderRecord[] = [];
	// A checkpoint is kept with the positions it came with.
	for (const record of after.order.slice(before.order.length)) {
		const id = `${record.replica}.${pad(record.seq)}`;
		if (fresh.has(id) && after.checkpoint === null) positions.set(id, record.position);
		else later.push(record);
	}
	const records = acts.map((logged) => recordOf(actId(logged), { logged, position: positions.get(actId(logged)) ?? null }));
	for (let at = 0; at < later.length; at += ORDER_BATCH) {
		const batch = later.slice(at, at + ORDER_BATCH);
		const checkpoint = at + ORDER_BATCH >= later.length ? after.checkpoint : null;
		records.push(recordOf(`${ORDER}.${pad(batch[0]?.position ?? 0)}`, { records: batch, checkpoint }));
	}
	return records;
}

const recordOf = (id: string, body: unknown): StoredRecord => ({ id, body: body as Json, bytes: new Uint8Array(0) });

/** Whether a record stood when the log was in this state: what a backup takes along. */
export function stoodIn({ chains, order }: PapersState): (id: string) => boolean {
	return (id) => {
		const [name = ''] = id.split('.');
		return numberOf(id) <= (name === ORDER ? order.length : (chains.get(name)?.length ?? 0));
	};
}

/** All that opens and is of this version; what does not is damage. */
export async function readLog(shelf: Shelf): Promise<ReadLog> {
	const acts: LoggedAct[] = [];
	const placed: Batch[] = [];
	const damages: LogDamage[] = [];
	const ids = await shelf.ids();
	for (let at = 0; at < ids.length; at += READ_BATCH) {
		for (const { id, body } of await readBatch(shelf, ids.slice(at, at + READ_BATCH), damages)) {
			const fault = id.startsWith(`${ORDER}.`) ? takeOrder(id, body, placed) : takeAct(id, body, acts, placed);
			if (!fault) continue;
			damages.push({ seq: numberOf(id), message: `${nameOf(id)} is not of this version of the program.` });
		}
	}
	placed.sort((a, b) => (a.records[0]?.position ?? 0) - (b.records[0]?.position ?? 0));
	return { acts, order: placed.flatMap(({ records }) => records), checkpoint: placed.at(-1)?.checkpoint ?? null, damages };
}

const nameOf = (id: string): string => (id.startsWith(`${ORDER}.`) ? `The order from position ${numberOf(id)}` : `Act ${numberOf(id)}`);

/** Positions as they were written together. */
interface Batch {
	readonly records: readonly OrderRecord[];
	readonly checkpoint: string | null;
}

/** @returns whether something is wrong with it */
function takeAct(id: string, body: Json, acts: LoggedAct[], placed: Batch[]): boolean {
	const parsed = actBody.safeParse(body);
	if (!parsed.success || actId(parsed.data.logged) !== id) return true;
	const { logged, position } = parsed.data;
	acts.push(logged);
	const { replica, seq, hash } = logged;
	if (position !== null) placed.push({ records: [{ position, replica, seq, hash }], checkpoint: null });
	return false;
}

function takeOrder(id: string, body: Json, placed: Batch[]): boolean {
	const parsed = orderBody.safeParse(body);
	if (!parsed.success || `${ORDER}.${pad(parsed.data.records[0]?.position ?? 0)}` !== id) return true;
	placed.push(parsed.data);
	return false;
}

/** One by one where the batch holds a record that does not open, so that the others are read all the same. */
async function readBatch(shelf: Shelf, ids: readonly string[], damages: LogDamage[]): Promise<readonly StoredRecord[]> {
	try {
		return await shelf.get(ids);
	} catch (error) {
		if (!(error instanceof VaultFailure)) throw error;
	}
	const records: StoredRecord[] = [];
	for (const id of ids) {
		try {
			records.push(...(await shelf.get([id])));
		} catch (error) {
			if (!(error instanceof VaultFailure)) throw error;
			damages.push({ seq: numberOf(id), message: `${nameOf(id)} was changed outside this program and does not open.` });
		}
	}
	return records;
}
