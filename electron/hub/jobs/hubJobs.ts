/** What the hub does by itself: events that waited too long, a publication while things change, and at a day's end heads and reconciliation. */

import type { Database } from '../database/databasePort.ts';
import type { HubIntake } from '../intake/hubIntake.ts';
import { AppendRefused } from '../log/appendRefused.ts';
import { headsRecordId } from '../log/dailyHeads.ts';
import type { LogStore } from '../log/logPort.ts';
import type { Publications } from '../publications/publications.ts';
import { reconcileDay } from './reconcile.ts';

export interface JobPorts {
	readonly database: Database;
	readonly log: LogStore;
	readonly intake: HubIntake;
	readonly publications: Publications;
	/** Milliseconds since 1970. */
	now(): number;
}

export interface RunningPorts extends JobPorts {
	/** A tenant's jobs did not come to their end; they are begun again in a minute. */
	onFailure(tenant: string): void;
}

export interface HubJobs {
	/** Does what is due; who asks while it is being done gets that one. */
	run(): Promise<void>;
	/** Nothing is begun any more, and what was is done. */
	stop(): Promise<void>;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SEALED = ['order_event', 'revenue_event'] as const;

export function hubJobs(ports: RunningPorts): HubJobs {
	let running: Promise<void> | null = null;
	/** The last day that was ended, by tenant. */
	const ended = new Map<string, string>();
	const runFor = async (tenant: string): Promise<void> => {
		await ports.intake.expire(tenant);
		const day = dayBefore(ports.now());
		if (ended.get(tenant) !== day && hasEvents(ports, tenant)) {
			await endOfDay(ports, tenant);
			ended.set(tenant, day);
		}
		await ports.publications.keepFresh(tenant);
	};
	const runAll = async (): Promise<void> => {
		// A database that does not answer is said by the hub's readiness.
		const tenants = await tenantsOf(ports.database).catch(() => []);
		// One tenant's fault is none of the others'. Begun again in a minute: each of these is done once, however often it is begun.
		for (const tenant of tenants) await runFor(tenant).catch(() => ports.onFailure(tenant));
	};
	const run = (): Promise<void> => {
		running ??= runAll().finally(() => {
			running = null;
		});
		return running;
	};
	const timer = setInterval(() => void run(), MINUTE_MS);
	timer.unref();
	return {
		run,
		async stop() {
			clearInterval(timer);
			await running;
		},
	};
}

export async function tenantsOf(database: Database): Promise<readonly string[]> {
	return (await database.query<{ tenant: string }>('SELECT tenant FROM tenant ORDER BY tenant')).map(({ tenant }) => tenant);
}

const dayBefore = (now: number): string => new Date(now - DAY_MS).toISOString().slice(0, 10);

const hasEvents = ({ log }: JobPorts, tenant: string): boolean => SEALED.some((table) => log.head(tenant, table).size > 0);

/**
 * The day that has just ended, UTC: its heads, its reconciliation, its publication. Heads and reconciliation are made once a day, whoever
 * begins it, and when; where nothing was sealed yet, there is nothing of which a day could end.
 */
export async function endOfDay(ports: JobPorts, tenant: string): Promise<void> {
	const day = dayBefore(ports.now());
	if (!hasEvents(ports, tenant)) return;
	for (const table of SEALED) await sealHeadsOnce(ports, tenant, table, day);
	await reconcileDay(ports, tenant, day);
	await ports.publications.latest(tenant);
}

async function sealHeadsOnce({ database, log }: JobPorts, tenant: string, table: (typeof SEALED)[number], day: string): Promise<void> {
	// Looked up first, because all orders' heads are read for a record, which here would be made in vain.
	const [sealed] = await database.query<{ is: boolean }>(
		`SELECT EXISTS (SELECT FROM event_key WHERE tenant = $1 AND log_table = 'hub_record' AND event_id = $2) AS is`,
		[tenant, headsRecordId(table, day)],
	);
	if (sealed?.is) return;
	try {
		await log.sealHeads(tenant, table, day);
	} catch (error) {
		// Another run was quicker.
		if (!(error instanceof AppendRefused && error.code === 'event_exists')) throw error;
	}
}
