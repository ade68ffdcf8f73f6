import { mkdtempSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseCheckpoint, parseManifest, parseVerifierKey, verifyNote } from '#evidence';
import { sha256, toHex, utf8 } from '#kernel';
import { feedSource, type HubPorts, planPull, trustPolicy } from '#sync';
import type { Database } from '../../../../electron/hub/database/databasePort.ts';
import { loadSample } from '../../../../electron/hub/demo/loadSample.ts';
import { publications } from '../../../../electron/hub/publications/publications.ts';
import { hubHttp } from '../../../../electron/services/hubHttp.ts';
import { importDrop } from '../../../../electron/services/nodeIntake.ts';
import { customerRow, orderEvent, orderRow } from '../intake/records.ts';
import { ingest, type ServedHub, serveHub } from '../serving/servedHub.ts';

interface Published {
	readonly number: number;
	readonly manifest: string;
	readonly note: string;
	readonly revisions: Readonly<Record<string, number>>;
}

let served: ServedHub;

beforeAll(async () => {
	served = await serveHub({ database: null }, mkdtempSync(join(tmpdir(), 'tieout-hub-published-')));
	await loadSample(served.hub, { tenant: 'acme', orders: 30, seed: 1, anomalies: 'none' });
});
afterAll(() => served.close());

const latest = async (): Promise<Published> => (await served.call({ path: '/v1/publication' })).json<Published>();
const tableFolder = (table: string): string => join(served.folder, 'publications', 'acme', table);
const filesOf = (table: string): string[] => readdirSync(tableFolder(table));

function tableOf({ manifest }: Published, name: string) {
	const parsed = parseManifest(utf8(manifest));
	if (!parsed.ok) throw new Error(parsed.error.message);
	return parsed.value.tables.find(({ table }) => table === name);
}

async function bytesOf({ number }: Published, table: string, pageBytes: number): Promise<Buffer> {
	const parts: Buffer[] = [];
	for (let offset = 0; ; ) {
		const { status, bytes } = await served.call({ path: `/v1/publication/${number}/tables/${table}?offset=${offset}&length=${pageBytes}` });
		if (status !== 200) throw new Error(`${status}`);
		if (bytes.length === 0) return Buffer.concat(parts);
		parts.push(bytes);
		offset += bytes.length;
	}
}

describe('a publication', () => {
	it('is signed over its manifest, which says what every file must be; pages of any size give exactly that', async () => {
		const published = await latest();
		const note = parseCheckpoint(utf8(published.note));
		const key = parseVerifierKey(served.hub.log.keys('acme')[0]?.vkey ?? '');
		if (!note.ok || !key.ok) throw new Error(published.note);
		expect(verifyNote(note.value.note, key.value)).toBe('valid');
		expect(note.value.origin).toBe('acme.example/o2c/publication');
		expect([note.value.size, toHex(note.value.root)]).toEqual([published.number, toHex(sha256(utf8(published.manifest)))]);
		for (const [table, pageBytes] of [
			['customer', 777],
			['sales_order', 3 << 20],
			['invoice_line', 262_144],
		] as const) {
			const declared = tableOf(published, table);
			const bytes = await bytesOf(published, table, pageBytes);
			expect([bytes.length, toHex(sha256(bytes))], table).toEqual([declared?.bytes, declared?.sha256]);
		}
		const beyond = await served.call({ path: `/v1/publication/${published.number}/tables/customer?offset=999999999&length=10` });
		expect([beyond.status, beyond.bytes.length]).toEqual([200, 0]);
	});

	it('is pulled by a workstation, imports as verified and as declared, and names every document', async () => {
		const http = hubHttp({ url: served.hub.url ?? '', bearer: served.token('auditor'), caPem: null });
		if (!http.ok) throw new Error(http.error);
		const ports: HubPorts = { transport: http.value, wait: () => Promise.resolve(), random: () => 0, isCancelled: () => false };
		const keys = served.hub.log.keys('acme');
		const policy = trustPolicy(
			'acme.example/o2c',
			keys.map(({ vkey }) => ({ vkey, until: {} })),
		);
		if (!policy.ok) throw new Error(policy.error);
		const plan = await planPull({ ports, policy: policy.value, pinned: null, hasPrevious: false });
		if (!plan.ok || !plan.value) throw new Error(plan.ok ? 'nothing' : plan.error.message);
		const trusted = parseVerifierKey(keys[0]?.vkey ?? '');
		const drop = await importDrop(feedSource(plan.value, ports, null), { trustedKeys: trusted.ok ? [trusted.value] : [] });
		http.value.close();
		if (!drop.ok) throw new Error(drop.error.message);
		const { integrity, ipe, documents } = drop.value.evidence;
		expect([integrity.order_event?.verdict, integrity.revenue_event?.verdict]).toEqual(['verified', 'verified']);
		expect(ipe.length).toBeGreaterThan(15);
		expect(ipe.filter(({ verdict }) => verdict !== 'as_declared')).toEqual([]);
		expect([documents.missing, documents.altered]).toEqual([[], []]);
		expect(documents.present).toBeGreaterThan(0);
		expect([...drop.value.quarantine.values()].flat()).toEqual([]);
	});

	it('stays the one it is while nothing changes, and writes anew only what did', async () => {
		const first = await latest();
		expect(await latest()).toEqual(first);
		const before = new Map(Object.keys(first.revisions).map((table) => [table, filesOf(table)]));
		await served.call(ingest([customerRow('new customer', { name: 'Canary Person' })]));
		const second = await latest();
		expect(second.number).toBe(first.number + 1);
		const changed = Object.keys(second.revisions).filter((table) => filesOf(table).length !== before.get(table)?.length);
		expect(changed).toEqual(['customer']);
		expect((tableOf(second, 'customer')?.rows ?? 0) - (tableOf(first, 'customer')?.rows ?? 0)).toBe(1);
		expect(await bytesOf(first, 'customer', 1 << 20)).not.toEqual(await bytesOf(second, 'customer', 1 << 20));
	});

	it('lies sealed on the disk: no name, number or key of a record is to be read there', async () => {
		const clear = (await bytesOf(await latest(), 'customer', 1 << 20)).toString();
		expect(clear).toContain('Canary Person');
		for (const name of filesOf('customer'))
			expect(readFileSync(join(tableFolder('customer'), name), 'latin1')).not.toMatch(/Canary|customer_id/);
		const { number, revisions } = await latest();
		const path = join(tableFolder('customer'), `${revisions['customer']}.sealed`);
		const bytes = readFileSync(path);
		writeFileSync(
			path,
			bytes.map((byte, at) => (at === 100 ? byte ^ 1 : byte)),
		);
		// What was changed there never leaves: the file is made again.
		const answer = await served.call({ path: `/v1/publication/${number}/tables/customer?offset=0&length=${1 << 20}` });
		expect([answer.status, answer.text]).toEqual([200, clear]);
	});

	it('cuts between batches: each has all of a batch or nothing of it', async () => {
		const sendings = (async () => {
			for (let at = 0; at < 12; at++) await served.call(ingest([orderRow(`cut-${at}`), orderEvent(`cut-${at}`, 1)], { tenant: 'zeta' }));
		})();
		let isDone = false;
		void sendings.then(() => {
			isDone = true;
		});
		const seen = new Set<number>();
		while (!isDone) {
			const answer = await served.call({ path: '/v1/publication', tenant: 'zeta' });
			if (answer.status === 404) continue;
			const published = answer.json<Published>();
			const rows = tableOf(published, 'order_event')?.rows ?? 0;
			expect(tableOf(published, 'sales_order')?.rows).toBe(rows);
			seen.add(rows);
		}
		await sendings;
		expect(seen.size).toBeGreaterThan(1);
	});

	it('counts and lists the same documents, those that came meanwhile included', async () => {
		for (let at = 0; at < 4; at++) {
			const text = `document ${at}`;
			await served.call({
				method: 'PUT',
				path: `/v1/documents/${toHex(sha256(utf8(text)))}`,
				as: 'producer',
				headers: { 'content-type': 'application/octet-stream' },
				body: text,
			});
			await served.call(ingest([customerRow(`with document ${at}`)]));
			const { number, manifest } = await latest();
			const { documents } = JSON.parse(manifest) as { documents: { count: number } };
			const listed = async () => (await served.call({ path: `/v1/documents?publication=${number}` })).text.split('\n').length - 1;
			expect(await listed()).toBe(documents.count);
			await served.hub.keepDocument('acme', toHex(sha256(utf8(`later ${at}`))), utf8(`later ${at}`));
			expect(await listed()).toBe(documents.count);
		}
		expect((await served.call({ path: '/v1/documents?publication=9999' })).status).toBe(404);
	});

	it('is not kept for ever: files of the last eight, and those that somebody still reads', async () => {
		const slow = await latest();
		await bytesOf(slow, 'customer', 1 << 20);
		for (let at = 0; at < 10; at++) {
			await served.call(ingest([customerRow(`kept-${at}`)]));
			await latest();
		}
		expect((await bytesOf(slow, 'customer', 1 << 20)).length).toBe(tableOf(slow, 'customer')?.bytes);
		served.clock.now += 31 * 60_000;
		await served.call(ingest([customerRow('kept-last')]));
		const last = await latest();
		expect(filesOf('customer').length).toBe(8);
		const gone = await served.call({ path: `/v1/publication/${slow.number}/tables/customer?offset=0&length=10` });
		expect([gone.status, gone.json()]).toMatchObject([404, { code: 'not_found' }]);
		expect((await served.call({ path: `/v1/publication/${slow.number}` })).json()).toMatchObject({ number: slow.number });
		expect((await bytesOf(last, 'sales_order', 3 << 20)).length).toBe(tableOf(last, 'sales_order')?.bytes);
	});

	it('that fails or is cut off in the middle is none, and leaves no half file behind', async () => {
		const before = await latest();
		await served.call(ingest([customerRow('torn'), orderRow('torn')]));
		const failing = publications({
			...{ keys: served.hub.keys, log: served.hub.log, version: '0', minAgeMs: 0, now: () => served.clock.now },
			database: failingAt(served.hub.database, 'sales_order'),
			folder: join(served.folder, 'publications'),
			atRest: (tenant, work) => served.hub.intake.atRest(tenant, work),
			onPublication: () => undefined,
		});
		await expect(failing.latest('acme')).rejects.toThrow('the power went');
		expect(filesOf('sales_order').filter((name) => name.endsWith('.half'))).toEqual([]);
		writeFileSync(join(tableFolder('customer'), '99.sealed.0a0b0c0d.half'), 'half of a file');
		served = await served.reopen();
		expect(filesOf('customer').filter((name) => name.endsWith('.half'))).toEqual([]);
		const after = await latest();
		expect(after.number).toBe(before.number + 1);
		for (const table of ['customer', 'sales_order'])
			expect(toHex(sha256(await bytesOf(after, table, 3 << 20)))).toBe(tableOf(after, table)?.sha256);
	});

	it('waits until the last one is old enough, so that who asks often costs little', async () => {
		const patient = publications({
			...{ keys: served.hub.keys, log: served.hub.log, version: '0', database: served.hub.database },
			...{ minAgeMs: 60_000, now: () => served.clock.now },
			folder: join(served.folder, 'patient'),
			atRest: (tenant, work) => served.hub.intake.atRest(tenant, work),
			onPublication: () => undefined,
		});
		await served.call(ingest([customerRow('patience')]));
		// The clock of the hub that was started again is behind that of the last publication.
		served.clock.now += 3_600_000;
		const first = await patient.latest('acme');
		await served.call(ingest([customerRow('patience again')]));
		served.clock.now += 59_999;
		expect((await patient.latest('acme'))?.number).toBe(first?.number);
		served.clock.now += 1;
		expect((await patient.latest('acme'))?.number).toBe((first?.number ?? 0) + 1);
	});
});

/** Fails when the rows of this table are read. */
function failingAt(database: Database, table: string): Database {
	return {
		...database,
		transaction: (work) =>
			database.transaction((tx) =>
				work({
					...tx,
					query: (sql, params) => {
						if (sql.includes('FROM table_row') && params?.includes(table)) return Promise.reject(new Error('the power went'));
						return tx.query(sql, params);
					},
				}),
			),
	};
}
