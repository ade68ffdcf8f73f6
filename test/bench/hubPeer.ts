/** The same rows without a hub: put into a table of the same engine by COPY and by INSERT, as durable as the hub's. */
import { createHash } from 'node:crypto';
import type { CopyValue } from '../../electron/hub/database/databasePort.ts';
import { openDatabase } from '../../electron/hub/database/openDatabase.ts';
import { eventLine } from './hubTrade.ts';
import { collectGarbage } from './measure.ts';

const COLUMNS = ['tenant', 'idx', 'order_id', 'n', 'leaf', 'line', 'batch_id', 'received_at'] as const;
const PLACES = COLUMNS.map((_, at) => `$${at + 1}`).join(', ');

/** What the hub keeps of an event, without what follows from sealing it. */
function rowOf(no: number): readonly CopyValue[] {
	const line = eventLine(no).trimEnd();
	const { record } = JSON.parse(line) as { record: { order_id: string; order_seq: number } };
	const leaf = new Uint8Array(createHash('sha256').update(line).digest());
	return ['bench', no, record.order_id, record.order_seq, leaf, JSON.stringify(record), `b${Math.floor(no / 1000)}`, Date.UTC(2026, 3, 1)];
}

export interface BareRates {
	/** Rows a second, a durable commit a batch. */
	readonly copy: number;
	readonly insert: number;
}

/** @param name of the database, as `openDatabase` takes it @param rows that are copied; a tenth of them is inserted one by one */
export async function bareRates(name: string, rows: number, batch: number): Promise<BareRates> {
	const database = await openDatabase(name);
	try {
		await database.query(
			'CREATE TABLE bare (tenant text, idx bigint PRIMARY KEY, order_id text, n integer, leaf bytea, line text, batch_id text, received_at bigint)',
		);
		const all = Array.from({ length: rows }, (_, no) => rowOf(no));
		collectGarbage();
		const copying = performance.now();
		for (let at = 0; at < rows; at += batch) await database.copyIn('bare', COLUMNS, all.slice(at, at + batch));
		const copy = rows / (performance.now() - copying);
		await database.query('TRUNCATE bare');
		const few = all.slice(0, Math.max(batch, Math.floor(rows / 10)));
		const inserting = performance.now();
		for (let at = 0; at < few.length; at += batch)
			await database.transaction(async (tx) => {
				for (const row of few.slice(at, at + batch)) await tx.query(`INSERT INTO bare (${COLUMNS.join(', ')}) VALUES (${PLACES})`, row);
			});
		return { copy: copy * 1000, insert: (few.length / (performance.now() - inserting)) * 1000 };
	} finally {
		await database.close();
	}
}
