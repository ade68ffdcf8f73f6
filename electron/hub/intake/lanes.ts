/** Which lane a table's rows travel in, and how the lanes take turns: revenue before orders before telemetry, none starves. */
import type { TableName } from '#model';
import type { Lane } from './intakePort.ts';

/** Highest first. */
export const LANES: readonly Lane[] = ['revenue', 'order', 'telemetry'];

/** Turns of sixteen that a lane has when all lanes wait; also how many unacknowledged messages its queue hands out at once. */
export const LANE_WEIGHTS: Readonly<Record<Lane, number>> = { revenue: 10, order: 5, telemetry: 1 };

const REVENUE: ReadonlySet<TableName> = new Set<TableName>([
	'revenue_event',
	'invoice',
	'invoice_line',
	'payment',
	'contract',
	'contract_amendment',
	'obligation',
	'approval',
	'hold',
	'dispute',
	'journal_line',
	'trial_balance',
]);
const TELEMETRY: ReadonlySet<TableName> = new Set<TableName>(['carrier_event', 'feed_message', 'fx_rate']);

export const laneOf = (table: TableName): Lane => (REVENUE.has(table) ? 'revenue' : TELEMETRY.has(table) ? 'telemetry' : 'order');

/** The highest lane of several tables; order where there is none. */
export function laneOfTables(tables: Iterable<TableName>): Lane {
	const lanes = new Set<Lane>();
	for (const table of tables) lanes.add(laneOf(table));
	return LANES.find((lane) => lanes.has(lane)) ?? 'order';
}
