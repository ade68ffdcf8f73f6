/** A real hub with a small made-up company, over real HTTP; what arrives there later; and tokens for those who ask. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TableName } from '#model';
import { loadSample } from '../../electron/hub/demo/loadSample.ts';
import { type Hub, openHub } from '../../electron/hub/hub.ts';
import { RATE_LIMIT } from '../../electron/hub/hubOptions.ts';
import type { IntakeAnswer } from '../../electron/hub/intake/intakePort.ts';
import { endOfDay } from '../../electron/hub/jobs/hubJobs.ts';
import type { HubAddress } from '../../renderer/vault/hubLink.ts';

export const TENANT = 'zephyrine';
export const LOG = 'zephyrine.example/o2c';

export interface HubWorld {
	readonly hub: Hub;
	/** The hub's clock. */
	readonly clock: { at: number };
	/** Where an auditor finds it. */
	addressOf(tenant: string): Promise<HubAddress>;
	addTenant(tenant: string, log: string): Promise<void>;
	send(tenant: string, records: readonly (readonly [TableName, Readonly<Record<string, unknown>>])[]): Promise<IntakeAnswer>;
	/** Heads of the day that ended, and a publication. */
	endDay(tenant: string): Promise<void>;
	close(): Promise<void>;
}

const START = Date.UTC(2026, 11, 1, 9);

/** A hub over a database in memory, which ends with the process. */
export async function openHubWorld(folder = mkdtempSync(join(tmpdir(), 'tieout-sync-'))): Promise<HubWorld> {
	const clock = { at: START };
	const now = (): number => clock.at++;
	const hub = await openHub({
		...{ folder, database: 'memory:', masterKeyFile: null, tls: null, oidc: [], isLogging: false, now },
		rateLimit: { burst: RATE_LIMIT.burst * 1000, perSecond: RATE_LIMIT.perSecond * 1000 },
		listen: { host: '127.0.0.1', port: 0 },
		publicationMinAgeMs: 0,
	});
	let keys = 0;
	return {
		hub,
		clock,
		addressOf: async (tenant) => ({
			url: hub.url ?? '',
			bearer: await hub.issueToken({ tenant, id: `auditor-${keys++}`, name: 'Ada', role: 'auditor', expiresAt: null }),
			caPem: null,
		}),
		addTenant: (tenant, log) => hub.addTenant({ tenant, company: 'Zephyrine Trading', log, entityIds: ['NW-US'], createdAt: now() }),
		send: async (tenant, records) => {
			const answer = await hub.intake.submit({
				...{ tenant, principal: 'wms', idempotencyKey: `k${keys++}`, channel: 'http', lane: 'order', traceparent: null, receivedAt: now() },
				bytes: Buffer.from(records.map(([table, record]) => `${JSON.stringify({ table, record })}\n`).join('')),
			});
			if (!answer.ok || answer.value.dead.length > 0) throw new Error(JSON.stringify(answer));
			return answer.value;
		},
		endDay: async (tenant) => {
			clock.at += 86_400_000;
			await endOfDay({ database: hub.database, log: hub.log, intake: hub.intake, publications: hub.publications, now }, tenant);
		},
		close: async () => {
			await hub.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

export const withSample = async ({ hub }: HubWorld, tenant: string, orders: number): Promise<void> => {
	await loadSample(hub, { tenant, orders, seed: 5, anomalies: 'none' });
};

/** Lines of a log as records. */
export async function eventsOf(
	{ hub }: HubWorld,
	tenant: string,
	table: 'order_event' | 'revenue_event' = 'order_event',
): Promise<readonly Readonly<Record<string, unknown>>[]> {
	const { size } = hub.log.head(tenant, table);
	const events: Readonly<Record<string, unknown>>[] = [];
	for await (const line of hub.log.lines(tenant, table, 0, size)) events.push(JSON.parse(Buffer.from(line).toString('utf8')));
	return events;
}

/** Another event of the same order, as its source would send it next. */
export function eventAfter(event: Readonly<Record<string, unknown>>, id: string): Readonly<Record<string, unknown>> {
	const { prev: _, order_seq: __, ...rest } = event;
	const at = new Date(Date.parse(String(event['recorded_at'])) + 60_000).toISOString();
	return { ...rest, event_id: id, source_system: 'late-desk', source_seq: Number(id.replace(/\D/g, '')), occurred_at: at, recorded_at: at };
}

/** Rows of a plain table as they stand, in the order of their places. */
export async function rowsOf({ hub }: HubWorld, tenant: string, table: TableName): Promise<readonly Readonly<Record<string, unknown>>[]> {
	const rows = await hub.database.query<{ line: string; secret: Uint8Array | null }>(
		'SELECT line, secret FROM table_row WHERE tenant = $1 AND table_name = $2 AND NOT deleted ORDER BY position',
		[tenant, table],
	);
	return rows.map((row) => JSON.parse(hub.keys.reveal(tenant, table, row)));
}
