/** Prometheus metrics of one hub: counts and times, never what was in them. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';

export interface HubMetrics {
	request(method: string, route: string, status: number, ms: number): void;
	accepted(tenant: string, channel: string, rows: number): void;
	dead(tenant: string, channel: string, lines: number): void;
	sealed(tenant: string, table: string, size: number): void;
	/** Whole page in the text format of Prometheus. */
	page(): Promise<{ readonly type: string; readonly text: string }>;
}

const SECONDS = [0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];

export function hubMetrics(): HubMetrics {
	const registry = new Registry();
	const registers = [registry];
	collectDefaultMetrics({ register: registry });
	const requests = new Histogram({
		name: 'tieout_hub_request_seconds',
		help: 'Time to answer a request',
		labelNames: ['method', 'route', 'status'],
		buckets: SECONDS,
		registers,
	});
	const accepted = new Counter({
		name: 'tieout_hub_rows_accepted_total',
		help: 'Rows taken in',
		labelNames: ['tenant', 'channel'],
		registers,
	});
	const dead = new Counter({
		name: 'tieout_hub_dead_letters_total',
		help: 'Lines set aside',
		labelNames: ['tenant', 'channel'],
		registers,
	});
	const sealed = new Gauge({
		name: 'tieout_hub_log_size',
		help: 'Lines under the last signed checkpoint',
		labelNames: ['tenant', 'table'],
		registers,
	});
	return {
		request: (method, route, status, ms) => requests.observe({ method, route, status: String(status) }, ms / 1000),
		accepted: (tenant, channel, rows) => accepted.inc({ tenant, channel }, rows),
		dead: (tenant, channel, lines) => dead.inc({ tenant, channel }, lines),
		sealed: (tenant, table, size) => sealed.set({ tenant, table }, size),
		page: async () => ({ type: registry.contentType, text: await registry.metrics() }),
	};
}
