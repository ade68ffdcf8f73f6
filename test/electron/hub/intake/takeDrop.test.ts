import { createHash } from 'node:crypto';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { listDeadLetters } from '../../../../electron/hub/intake/deadLetterStore.ts';
import { takeDrop } from '../../../../electron/hub/intake/drops/takeDrop.ts';
import { writeSample } from '../../../../electron/services/writeSample.ts';
import { orderEvent } from './records.ts';
import { batchOf, NOON, openTestHub, type TestHub } from './support.ts';

const folder = mkdtempSync(join(tmpdir(), 'tieout-drop-test-'));
const sample = join(folder, 'sample');
let hub: TestHub;
let tenant: string;
const documents = new Map<string, number>();
const rowsOf = (drop: string, table: string): string[] =>
	readFileSync(join(drop, 'data', `${table}.ndjson`), 'utf8')
		.trimEnd()
		.split('\n');

beforeAll(async () => {
	hub = await openTestHub();
	const written = await writeSample(sample, { orders: 12, seed: 7, anomalies: 'none' }, () => undefined);
	if (!written.ok) throw new Error(written.error.message);
});
beforeEach(async () => {
	tenant = await hub.tenant();
	documents.clear();
});
afterAll(async () => {
	await hub.close();
	rmSync(folder, { recursive: true, force: true });
});

const take = (path: string) =>
	takeDrop(
		{
			intake: hub.intake,
			documents: { write: () => Promise.resolve() },
			keepDocument: (_tenant, sha256, bytes) => Promise.resolve(void documents.set(sha256, bytes)),
		},
		{ tenant, principal: 'erp', path, receivedAt: NOON },
	);
/** A copy of the sample with one file changed. */
const changed = (name: string, file: string, change: (text: string) => string): string => {
	const copy = join(folder, name);
	cpSync(sample, copy, { recursive: true });
	writeFileSync(join(copy, file), change(readFileSync(join(copy, file), 'utf8')));
	return copy;
};

describe('a drop', () => {
	it('is taken whole, and its sealed lines are this log’s, byte for byte', async () => {
		const answer = await take(sample);
		expect(answer).toMatchObject({
			ok: true,
			value: { duplicates: 0, waiting: 0, dead: [], dead_count: 0, sealed: { order_event: 'not_verifiable' } },
		});
		for (const table of ['order_event', 'revenue_event'] as const) expect(hub.log.lines(tenant, table)).toEqual(rowsOf(sample, table));
		const rows = await hub.database.query<{ table_name: string; rows: bigint }>(
			'SELECT table_name, rows FROM table_state WHERE tenant = $1',
			[tenant],
		);
		for (const { table_name, rows: count } of rows) expect(Number(count), table_name).toBe(rowsOf(sample, table_name).length);
		expect(answer.ok && answer.value.documents).toBe(documents.size);
		expect(documents.size).toBeGreaterThan(0);
	});

	it('taken twice changes nothing', async () => {
		const first = await take(sample);
		const again = await take(sample);
		expect(again.ok && first.ok && again.value.accepted).toBe(first.ok && first.value.accepted);
		expect(hub.log.lines(tenant, 'order_event')).toHaveLength(rowsOf(sample, 'order_event').length);
	});

	it('of another history is not mixed into this log: its lines name other predecessors', async () => {
		const order = (JSON.parse(rowsOf(sample, 'order_event')[0] as string) as { order_id: string }).order_id;
		await hub.intake.submit(batchOf(tenant, [orderEvent(order, 1, { event_id: 'before' })]));
		const answer = await take(sample);
		if (!answer.ok) throw new Error(answer.error.message);
		const mine = rowsOf(sample, 'order_event').filter((line) => (JSON.parse(line) as { order_id: string }).order_id === order);
		// Those behind the first two wait for a predecessor that never comes.
		expect(answer.value.dead_count + answer.value.waiting).toBe(mine.length);
		expect(new Set(answer.value.dead.map(({ code }) => code))).toEqual(new Set(['sequence_taken', 'chain_differs']));
		expect(hub.log.lines(tenant, 'order_event').filter((line) => line.includes(`"${order}"`))).toHaveLength(1);
	});

	it('whose log was changed is refused whole', async () => {
		const drop = changed('altered', 'data/order_event.ndjson', (text) => text.replace('order.booked', 'order.closed'));
		expect(await take(drop)).toMatchObject({
			ok: false,
			error: { code: 'batch_differs', message: expect.stringContaining('order_event is altered') as string },
		});
		expect(hub.log.lines(tenant, 'order_event')).toEqual([]);
	});

	it('that is not as declared is refused whole, and says what differs', async () => {
		const drop = changed('differs', 'data/product.ndjson', (text) => text.split('\n').slice(1).join('\n'));
		expect(await take(drop)).toMatchObject({
			ok: false,
			error: { code: 'batch_differs', message: expect.stringContaining('product is not as declared') as string },
		});
	});

	it('with a declared bad line leaves that line among the dead letters', async () => {
		const drop = changed('bad-line', 'data/product.ndjson', (text) => `${text}{"sku":1}\n`);
		const data = readFileSync(join(drop, 'data/product.ndjson'));
		const manifest = JSON.parse(readFileSync(join(drop, 'manifest.json'), 'utf8')) as {
			tables: { table: string; sha256: string; bytes: number; rows: number; control_totals: unknown }[];
		};
		const declared = manifest.tables.find(({ table }) => table === 'product');
		if (!declared) throw new Error('the sample has products');
		Object.assign(declared, {
			sha256: createHash('sha256').update(data).digest('hex'),
			bytes: data.length,
			rows: declared.rows + 1,
			control_totals: {},
		});
		writeFileSync(join(drop, 'manifest.json'), JSON.stringify(manifest));
		const answer = await take(drop);
		expect(answer).toMatchObject({ ok: true, value: { dead: [{ table: 'product', line: declared.rows, code: 'wrong_type' }] } });
		expect(await listDeadLetters(hub.database, tenant, 'open')).toMatchObject([{ feed: 'product', channel: 'drop' }]);
	});

	it('that is none is refused without telling of the hub’s disk', async () => {
		const answer = await take(join(folder, 'nowhere'));
		expect(answer).toMatchObject({ ok: false, error: { code: 'malformed' } });
		expect(JSON.stringify(answer)).not.toContain(folder);
	});
});
