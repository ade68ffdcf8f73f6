/**
 * The first synchronisation: all of a hub's events verified, sealed and stored by the window, in Debian's Chromium over the real handlers
 * of the main process. Its peers download the same bytes and look at none of them.
 */
import { once } from 'node:events';
import { createReadStream, createWriteStream, mkdtempSync, rmSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyFingerprint, tenantAnswerSchema, trustPolicy } from '#sync';
import { fill, goTo, push, STEP_MS, told } from '../browser/keys.ts';
import { type OpenApp, openApp } from '../browser/openApp.ts';
import { createEngagement } from '../browser/steps/unlock.ts';
import { ask, publicationWith } from '../services/hubProcess.ts';
import type { BenchHub } from './hubIntake.ts';
import { inQuarters, residentBytes, watchMemory } from './hubMemory.ts';
import { watchLiveBytes } from './liveMemory.ts';
import { rendererMemory, storeBytes } from './windowMachine.ts';
import { LIMIT_MS } from './windowUnlock.ts';

export interface Synced {
	readonly rows: number;
	/** Of the publication's tables. */
	readonly bytes: number;
	/** Milliseconds from the key pressed to the evidence stored. */
	readonly wall: number;
	/** The same bytes from the same hub, page by page, thrown away. */
	readonly pages: number;
	/** The same bytes from a bare server, as one file. */
	readonly plain: number;
	readonly hubMemory: string;
	readonly windowMemory: string;
	/** What the page and its workers hold, before and after: the evidence's columns and the trees of its logs are what it grows by. */
	readonly live: { readonly before: number; readonly after: number };
	/** Of the encrypted store. */
	readonly disk: number;
}

interface Declared {
	readonly table: string;
	readonly rows: number;
	readonly bytes: number;
}

export async function firstSync(hub: BenchHub): Promise<Synced> {
	// The publication is made before any clock runs: it is the hub's work of the day's end.
	const publication = await publicationWith(hub.url, hub.auditor, await hub.size());
	const { tables } = JSON.parse(publication.manifest) as { tables: readonly Declared[] };
	const total = (of: 'rows' | 'bytes'): number => tables.reduce((sum, table) => sum + table[of], 0);
	const folder = mkdtempSync(join(tmpdir(), 'tieout-bench-sync-'));
	try {
		const file = join(folder, 'bytes');
		const pages = await downloadPages(hub, publication.number, tables, file);
		const plain = await downloadPlain(file);
		const window = await syncWindow(hub, join(folder, 'profile'));
		return { rows: total('rows'), bytes: total('bytes'), pages, plain, ...window };
	} finally {
		rmSync(folder, { recursive: true, force: true, maxRetries: 5 });
	}
}

async function syncWindow(hub: BenchHub, profile: string): Promise<Omit<Synced, 'rows' | 'bytes' | 'pages' | 'plain'>> {
	const app = await openApp({ profile, isMeasured: true });
	try {
		await createEngagement(app);
		await connect(app, hub);
		const liveBytes = await watchLiveBytes(app);
		const before = await liveBytes();
		const ofHub = watchMemory(() => residentBytes(hub.process.pid));
		const ofWindow = watchMemory(() => rendererMemory().now);
		const began = performance.now();
		await push(app.page, 'Sync now');
		const outcome = await app.page.waitForFunction(
			() =>
				[...document.querySelectorAll('.mantine-Notification-root')]
					.map(({ textContent }) => textContent)
					.find((words) => !words.includes('Connected to')),
			undefined,
			{ polling: 100, timeout: LIMIT_MS },
		);
		const wall = performance.now() - began;
		const said = await outcome.jsonValue();
		if (!/verified and stored/.test(said ?? '')) throw new Error(`the window says: ${said}`);
		const [hubMemory, windowMemory] = [inQuarters(ofHub.end()), inQuarters(ofWindow.end())];
		return { wall, hubMemory, windowMemory, live: { before, after: await liveBytes() }, disk: storeBytes(profile) };
	} finally {
		await app.close();
	}
}

async function connect({ page }: OpenApp, hub: BenchHub): Promise<void> {
	const tenant = tenantAnswerSchema.parse(await ask(hub.url, hub.auditor, '/v1/tenant'));
	const policy = trustPolicy(
		tenant.log,
		tenant.log_keys.map(({ vkey, until }) => ({ vkey, until })),
	);
	if (!policy.ok) throw new Error(policy.error);
	const groups = policyFingerprint(policy.value).split(' ');
	await goTo(page, 'y', 'Sync');
	await page.keyboard.press('Alt+4');
	await fill(page, 'Address', hub.url);
	await fill(page, 'Access token', hub.auditor);
	await page.keyboard.press('Enter');
	await page.getByRole('region', { name: 'What the hub claims' }).waitFor({ timeout: STEP_MS });
	await fill(page, 'First group', groups[0] ?? '');
	await fill(page, 'Last group', groups.at(-1) ?? '');
	await page.keyboard.press('Enter');
	await told(page, 'Connected to');
	await page.keyboard.press('Alt+1');
}

const PAGE_BYTES = 3 << 20;

/** Every table as the workstation asks for it, a page after the other. @param file keeps the bytes for the bare server */
async function downloadPages(hub: BenchHub, number: number, tables: readonly Declared[], file: string): Promise<number> {
	const kept = createWriteStream(file);
	let waited = 0;
	const page = async (path: string): Promise<{ bytes: Uint8Array; headers: Headers }> => {
		const began = performance.now();
		const answer = await fetch(new URL(path, hub.url), { headers: { authorization: `Bearer ${hub.auditor}` } });
		const bytes = new Uint8Array(await answer.arrayBuffer());
		waited += performance.now() - began;
		if (!answer.ok) throw new Error(`${path}: ${answer.status}`);
		if (!kept.write(bytes)) await once(kept, 'drain');
		return { bytes, headers: answer.headers };
	};
	for (const { table, rows, bytes } of tables) {
		const isSealed = table === 'order_event' || table === 'revenue_event';
		for (let at = 0; at < (isSealed ? rows : bytes); ) {
			const path = isSealed
				? `/v1/logs/${table}/lines?from=${at}&to=${rows}`
				: `/v1/publication/${number}/tables/${table}?offset=${at}&length=${Math.min(PAGE_BYTES, bytes - at)}`;
			const got = await page(path);
			at = isSealed ? Number(got.headers.get('log-range')?.split('-')[1]) : at + got.bytes.length;
		}
	}
	kept.end();
	await once(kept, 'finish');
	return waited;
}

async function downloadPlain(file: string): Promise<number> {
	const server = createServer((_, response) => createReadStream(file).pipe(response)).listen(0, '127.0.0.1');
	await once(server, 'listening');
	try {
		const began = performance.now();
		const answer = await fetch(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
		for await (const part of answer.body ?? []) void part;
		return performance.now() - began;
	} finally {
		server.close();
		server.closeAllConnections();
	}
}
