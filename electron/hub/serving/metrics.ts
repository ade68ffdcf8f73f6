/**
 * Prometheus metrics: counts and times, never what was in them. Each tenant has a page of its own, beside what is the process's: from nobody
 * else's numbers can be told how busy another tenant is.
 */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface HubMetrics {
	/** @param tenant null where nobody was known to ask */
	request(tenant: string | null, method: string, route: string, status: number, ms: number): void;
	accepted(tenant: string, channel: string, rows: number): void;
	dead(tenant: string, channel: string, lines: number): void;
	sealed(tenant: string, table: string, size: number): void;
	/** Somebody asked for what is stored damaged. @param kind first word of what it is, such as `document` */
	damaged(tenant: string, kind: string): void;
	/** A job of the hub's own did not come to its end. */
	jobFailed(tenant: string): void;
	/** The page of a tenant in the text format of Prometheus. */
	page(tenant: string): Promise<{ readonly type: string; readonly text: string }>;
}

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function hubMetrics(): HubMetrics {
	const process = new Registry();
	collectDefaultMetrics({ register: process });
	const strangers = new Counter({
		name: 'tieout_hub_requests_without_principal_total',
		help: 'Requests of nobody the hub knows, by status',
		labelNames: ['status'],
		registers: [process],
	});
	const tenants = new Map<string, ReturnType<typeof tenantMetrics>>();
	const of = (tenant: string) => {
		const known = tenants.get(tenant) ?? tenantMetrics(tenant);
		tenants.set(tenant, known);
		return known;
	};
	return {
		request(tenant, method, route, status, ms) {
			if (tenant === null) strangers.inc({ status: String(status) });
			else of(tenant).requests.observe({ method, route, status: String(status) }, ms / 1000);
		},
		accepted: (tenant, channel, rows) => of(tenant).accepted.inc({ channel }, rows),
		dead: (tenant, channel, lines) => of(tenant).dead.inc({ channel }, lines),
		sealed: (tenant, table, size) => of(tenant).sealed.set({ table }, size),
		damaged: (tenant, kind) => of(tenant).damaged.inc({ kind }),
		jobFailed: (tenant) => of(tenant).jobsFailed.inc(),
		async page(tenant) {
			const own = of(tenant).registry;
			return { type: own.contentType, text: `${await process.metrics()}\n${await own.metrics()}` };
		},
	};
}

function tenantMetrics(tenant: string) {
	const registry = new Registry();
	registry.setDefaultLabels({ tenant });
	const registers = [registry];
	return {
		registry,
		requests: new Histogram({
			name: 'tieout_hub_request_seconds',
			help: 'Time to answer a request',
			labelNames: ['method', 'route', 'status'],
			buckets: SECONDS,
			registers,
		}),
		accepted: new Counter({ name: 'tieout_hub_rows_accepted_total', help: 'Rows taken in', labelNames: ['channel'], registers }),
		dead: new Counter({ name: 'tieout_hub_dead_letters_total', help: 'Lines set aside', labelNames: ['channel'], registers }),
		damaged: new Counter({
			name: 'tieout_hub_damaged_reads_total',
			help: 'Questions for what is stored damaged, by its kind: above nothing, something must be restored or sent again',
			labelNames: ['kind'],
			registers,
		}),
		jobsFailed: new Counter({
			name: 'tieout_hub_job_failures_total',
			help: 'Jobs of the hub’s own that did not come to their end',
			registers,
		}),
		sealed: new Gauge({ name: 'tieout_hub_log_size', help: 'Lines under the last signed checkpoint', labelNames: ['table'], registers }),
	};
}
