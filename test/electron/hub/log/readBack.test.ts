/** What the hub serves, put together as an evidence drop, is verified by the command line as any company's drop is. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { LOG, openTestHub, orderEvent, TENANT, type TestHub, textOf } from './testHub.ts';

const root = join(dirname(fileURLToPath(import.meta.url)), '..', '..', '..', '..');
const drop = mkdtempSync(join(tmpdir(), 'tieout-hub-drop-'));
let hub: TestHub;

beforeAll(async () => {
	hub = await openTestHub();
	const sizes: number[] = [];
	for (const count of [3, 250, 600, 1]) {
		const sealed = await hub.log.append(
			TENANT,
			'order_event',
			Array.from({ length: count }, (_, at) => orderEvent(`SO-${at % 40}`)),
		);
		sizes.push((sealed.at(-1)?.index ?? 0) + 1);
	}
	const bytes = await textOf(hub.log.lines(TENANT, 'order_event', 0, 854));
	for (const folder of ['data', 'checkpoints/order_event']) mkdirSync(join(drop, folder), { recursive: true });
	writeFileSync(join(drop, 'data/order_event.ndjson'), bytes);
	for (const size of sizes) {
		writeFileSync(join(drop, `checkpoints/order_event/${size}.txt`), (await hub.log.checkpointAt(TENANT, 'order_event', size)) ?? '');
	}
	const table = {
		table: 'order_event',
		file: 'data/order_event.ndjson',
		sha256: createHash('sha256').update(bytes).digest('hex'),
		bytes: bytes.length,
		rows: 854,
		control_totals: {},
		extracted_at: '2026-06-01T00:00:00.000Z',
		extracted_by: 'hub',
		system: 'hub',
		query: '',
	};
	const manifest = {
		format: 'tieout-drop/1',
		drop_id: 'D1',
		company: 'Acme',
		entity_ids: ['E1'],
		period_from: '2026-01',
		period_to: '2026-12',
		as_of: '2026-06-01T00:00:00.000Z',
		log: LOG,
		log_key: hub.log.keys(TENANT)[0]?.vkey,
		previous_drop: null,
		tables: [table],
		documents: { count: 0, bytes: 0 },
	};
	writeFileSync(join(drop, 'manifest.json'), JSON.stringify(manifest));
});
afterAll(async () => {
	await hub.close();
	rmSync(drop, { recursive: true, force: true });
});

describe("a drop of the hub's lines and checkpoints", () => {
	it('is verified under the key that the hub tells', () => {
		const key = hub.log.keys(TENANT)[0]?.vkey ?? '';
		const run = spawnSync(process.execPath, [join(root, 'electron/cli/main.ts'), 'verify', drop, '--key', key, '--json'], {
			encoding: 'utf8',
			env: { ...process.env, XDG_STATE_HOME: join(drop, 'state') },
		});
		const report = JSON.parse(run.stdout) as Record<string, unknown>;
		const text = JSON.stringify(report);
		expect(text, run.stderr).toContain('"verdict":"verified"');
		expect(text).toContain('"rows":854');
	});
});
