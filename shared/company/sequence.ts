/** Puts an order's events in sequence: running numbers, ids, when each was recorded, and the states it left and reached. */
import type { EventPlan, OrderPlan } from './orderPlan.ts';
import type { Random } from './random.ts';

/** Sources store an event within a minute of its happening. */
const RECORDING_MS_LOW = 2_000;
const RECORDING_MS_HIGH = 50_000;

/** Numbers and states, from the order in time. Call it again after adding events; hand-set states come afterwards. */
export function sequenceEvents(plan: OrderPlan, random: Random): void {
	plan.events.sort((a, b) => a.occurredAt - b.occurredAt);
	let recorded = 0;
	for (const event of plan.events) {
		recorded = Math.max(recorded + 1, event.occurredAt + random.between(RECORDING_MS_LOW, RECORDING_MS_HIGH));
		event.recordedAt = recorded;
	}
	numberEvents(plan);
	deriveStates(plan);
}

function numberEvents(plan: OrderPlan): void {
	for (const [index, event] of plan.events.entries()) {
		event.seq = index + 1;
		event.eventId = `EV-${plan.number}-${String(index + 1).padStart(2, '0')}`;
	}
}

interface Progress {
	state: string;
	/** Where a frozen order goes back to. */
	before: string;
	shipped: bigint;
	delivered: bigint;
	accepted: bigint;
	returned: bigint;
	readonly ordered: bigint;
}

function deriveStates(plan: OrderPlan): void {
	const ordered = plan.lines.reduce((sum, line) => sum + line.quantity, 0n);
	const progress: Progress = { state: 'draft', before: 'draft', shipped: 0n, delivered: 0n, accepted: 0n, returned: 0n, ordered };
	for (const event of plan.events) {
		const reached = stateAfter(event, progress);
		event.from = reached === null ? null : progress.state;
		event.to = reached;
		if (reached !== null) progress.state = reached;
	}
	plan.state = progress.state;
}

/** The state an event leads to, or null when it changes none. Also counts the quantities it moves. */
function stateAfter(event: EventPlan, progress: Progress): string | null {
	const quantity = event.quantity ?? 0n;
	const { state, ordered } = progress;
	switch (event.type) {
		case 'order.booked':
			return 'booked';
		case 'order.credit_held':
			return 'credit_hold';
		case 'order.released':
			return 'released';
		case 'order.picking':
			return 'picking';
		case 'order.backordered':
			return 'backordered';
		case 'line.shipped':
			progress.shipped += quantity;
			return moved(state, progress.shipped >= ordered ? 'shipped' : 'partially_shipped', ['released', 'picking', 'partially_shipped']);
		case 'line.delivered':
			progress.delivered += quantity;
			return moved(state, progress.delivered >= ordered ? 'delivered' : 'partially_delivered', ['shipped', 'partially_delivered']);
		case 'line.accepted':
			progress.accepted += quantity;
			return progress.accepted >= ordered ? moved(state, 'accepted', ['delivered']) : null;
		case 'order.fulfilled':
			return 'fulfilled';
		case 'order.closed':
			return 'closed';
		case 'order.cancelled':
			return 'cancelled';
		case 'order.held':
		case 'order.disputed':
			progress.before = state;
			return event.type === 'order.held' ? 'on_hold' : 'disputed';
		case 'order.hold_released':
		case 'order.dispute_resolved':
			return progress.before;
		case 'line.return_requested':
			return moved(state, 'return_requested', ['delivered', 'accepted', 'fulfilled']);
		case 'line.returned':
			progress.returned += quantity;
			return moved(state, progress.returned >= ordered ? 'returned' : 'partially_returned', ['return_requested', 'partially_returned']);
		case 'order.amended':
		case 'order.escalated':
		case 'order.corrected':
			return null;
	}
}

const moved = (state: string, to: string, from: readonly string[]): string | null => (from.includes(state) && state !== to ? to : null);
