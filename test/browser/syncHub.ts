/** A real hub with a small made-up company, behind a relay that can be down, or lie. */
import { mkdtempSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, request, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { policyFingerprint, trustPolicy } from '#sync';
import { loadSample } from '../../electron/hub/demo/loadSample.ts';
import { type Hub, openHub } from '../../electron/hub/hub.ts';
import { RATE_LIMIT } from '../../electron/hub/hubOptions.ts';
import { endOfDay } from '../../electron/hub/jobs/hubJobs.ts';

const TENANT = 'zephyrine';
const LOG = 'zephyrine.example/o2c';
const TRACE = '4bf92f3577b34da6a3ce929d0e0e4736';

export interface SyncHub {
	readonly hub: Hub;
	/** Of the relay. */
	readonly url: string;
	/** An auditor's. */
	readonly token: string;
	/** 16 groups, as the company would print them. */
	readonly fingerprint: string;
	/** What the relay does with questions: passes them on, drops the line, or answers in the hub's place where `lie` gives a body. */
	relay: { isDown: boolean; lie(path: string): string | null; heard(path: string, body: string): void };
	/** One more event of the order that had the last one, and an invoice line that can't be taken. @returns order and trace of the event */
	sendMore(): Promise<{ readonly orderId: string; readonly trace: string }>;
	close(): Promise<void>;
}

export async function openSyncHub(orders: number): Promise<SyncHub> {
	const folder = mkdtempSync(join(tmpdir(), 'tieout-sync-hub-'));
	const hub = await openHub({
		...{ folder, database: null, masterKeyFile: null, tls: null, oidc: [], rateLimit: RATE_LIMIT, isLogging: false },
		listen: { host: '127.0.0.1', port: 0 },
		now: () => Date.now(),
	});
	await hub.addTenant({ tenant: TENANT, company: 'Zephyrine Trading', log: LOG, entityIds: ['NW-US', 'NW-DE'], createdAt: Date.now() });
	await loadSample(hub, { tenant: TENANT, orders, seed: 5, anomalies: 'none' });
	await endOfDay(
		{ database: hub.database, log: hub.log, intake: hub.intake, publications: hub.publications, now: () => Date.now() },
		TENANT,
	);
	const policy = trustPolicy(
		LOG,
		hub.log.keys(TENANT).map(({ vkey, to }) => ({ vkey, until: to ?? {} })),
	);
	if (!policy.ok) throw new Error(policy.error);
	const relay: SyncHub['relay'] = { isDown: false, lie: () => null, heard: () => undefined };
	const server = await listen(new URL(hub.url ?? ''), relay);
	return {
		hub,
		relay,
		url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
		token: await hub.issueToken({ tenant: TENANT, id: 'ada', name: 'Ada', role: 'auditor', expiresAt: null }),
		fingerprint: policyFingerprint(policy.value),
		sendMore: async () => {
			const { prev: _, order_seq: __, ...last } = await lastEvent(hub);
			const at = new Date(Date.parse(String(last['recorded_at'])) + 60_000).toISOString();
			const changed = {
				event_id: 'EV-AFTER-ALL',
				source_system: 'late-desk',
				source_seq: 1,
				trace_id: TRACE,
				occurred_at: at,
				recorded_at: at,
			};
			const lines = [
				{ table: 'order_event', record: { ...last, ...changed } },
				{ table: 'invoice_line', record: { amount_minor: 1_250_000, currency: 'EUR' } },
			];
			const answer = await hub.intake.submit({
				...{ tenant: TENANT, principal: 'wms', idempotencyKey: 'more', channel: 'http', lane: 'order' },
				bytes: Buffer.from(lines.map((line) => `${JSON.stringify(line)}\n`).join('')),
				traceparent: `00-${TRACE}-00f067aa0ba902b7-01`,
				receivedAt: Date.now(),
			});
			if (!answer.ok || answer.value.accepted !== 1) throw new Error(JSON.stringify(answer));
			return { orderId: String(last['order_id']), trace: TRACE };
		},
		close: async () => {
			server.closeAllConnections();
			server.close();
			await hub.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

async function lastEvent({ log }: Hub): Promise<Readonly<Record<string, unknown>>> {
	const { size } = log.head(TENANT, 'order_event');
	for await (const line of log.lines(TENANT, 'order_event', size - 1, size)) return JSON.parse(Buffer.from(line).toString('utf8'));
	throw new Error('the hub has no events');
}

function listen(hub: URL, relay: SyncHub['relay']): Promise<Server> {
	const server = createServer((asked, answer) => pass(hub, relay, asked, answer));
	return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

function pass(hub: URL, relay: SyncHub['relay'], asked: IncomingMessage, answer: ServerResponse): void {
	const path = asked.url ?? '/';
	if (relay.isDown) {
		asked.socket.destroy();
		return;
	}
	const lie = relay.lie(path);
	if (lie !== null) {
		answer.setHeader('content-type', 'application/json').end(lie);
		return;
	}
	// Plain on this leg, so that what passes can be heard.
	const { 'accept-encoding': _, ...headers } = asked.headers;
	const onward = request({ host: hub.hostname, port: hub.port, method: asked.method, path, headers }, (given) => {
		const parts: Buffer[] = [];
		given.on('data', (part: Buffer) => parts.push(part));
		given.on('end', () => {
			const body = Buffer.concat(parts);
			relay.heard(path, body.toString('utf8'));
			answer.writeHead(given.statusCode ?? 500, given.headers).end(body);
		});
	});
	onward.on('error', () => asked.socket.destroy());
	asked.pipe(onward);
}
