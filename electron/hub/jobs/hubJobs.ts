/** What the hub does by itself: events that waited too long, and at a day's end heads, reconciliation and a publication. */
import type { HubIntake } from '../intake/openIntake.ts';
import type { Publications } from '../publications/publications.ts';
import type { Database, LogStore } from '../types.ts';
import { reconcileDay } from './reconcile.ts';

export interface JobPorts {
	readonly database: Database;
	readonly log: LogStore;
	readonly intake: HubIntake;
	readonly publications: Publications;
	/** Milliseconds since 1970. */
	now(): number;
}

export interface HubJobs {
	stop(): void;
}

const MINUTE_MS = 60_000;
const DAY_MS = 86_400_000;
const SEALED = ['order_event', 'revenue_event'] as const;

export function hubJobs(ports: JobPorts): HubJobs {
	let isRunning = false;
	const run = async (): Promise<void> => {
		if (isRunning) return;
		isRunning = true;
		try {
			for (const tenant of await tenantsOf(ports.database)) {
				await ports.intake.expire(tenant);
				await endOfDay(ports, tenant);
			}
		} catch {
			// Tried again in a minute: each of these is done once, however often it is begun.
		} finally {
			isRunning = false;
		}
	};
	const timer = setInterval(() => void run(), MINUTE_MS);
	timer.unref();
	return { stop: () => clearInterval(timer) };
}

export async function tenantsOf(database: Database): Promise<readonly string[]> {
	return (await database.query<{ tenant: string }>('SELECT tenant FROM tenant ORDER BY tenant')).map(({ tenant }) => tenant);
}

/** The day that has just ended, UTC: its heads, its reconciliation, its publication. Each is made once. */
export async function endOfDay(ports: JobPorts, tenant: string): Promise<void> {
	const day = new Date(ports.now() - DAY_MS).toISOString().slice(0, 10);
	if (SEALED.every((table) => ports.log.head(tenant, table).size === 0)) return;
	for (const table of SEALED) await ports.log.sealHeads(tenant, table, day);
	await reconcileDay(ports, tenant, day);
	await ports.publications.latest(tenant);
}
