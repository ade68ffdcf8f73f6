/**
 * A customer's objection from a portal: the dispute, its hold and the event that says so, all or none and before the answer, so that no
 * revenue is recognised between the customer's word and the freeze.
 */
import { createHash } from 'node:crypto';
import { z } from 'zod';
import { err, formatInstant, isCurrency, ok, parseQuantity, type Result, utf8 } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { HubProblem } from '../problem.ts';
import { MAX_KEY_BYTES } from './bounds.ts';
import type { FieldVault } from './fieldVault.ts';
import type { HubIntake } from './hubIntake.ts';
import type { IntakeAnswer } from './intakePort.ts';
import { readRows } from './tableRows.ts';

const name = z
	.string()
	.min(1)
	.refine((text) => Buffer.byteLength(text) <= MAX_KEY_BYTES && text.isWellFormed() && !text.includes('\0'), {
		message: `at most ${MAX_KEY_BYTES} bytes`,
	});

/** Body of `POST /v1/disputes`. */
export const disputeSchema = z.strictObject({
	order_id: name,
	line_id: name.optional(),
	/** How the customer said it: portal, phone, mail … */
	channel: z.string().min(1).max(64).default('portal'),
	reason_code: z.string().min(1).max(64),
	/** The customer's own words; kept encrypted. */
	statement: z.string().max(8000).optional(),
	disputed_quantity: z
		.string()
		.refine((text) => parseQuantity(text).ok, { message: 'a decimal text of at most 6 decimals' })
		.optional(),
	/** Minor units of the order's currency. */
	amount_minor: z.int().min(0).optional(),
	currency: z.string().refine(isCurrency, { message: 'an ISO 4217 code' }).optional(),
	logged_at: z.iso.datetime({ precision: 3 }).optional(),
});
type DisputeBody = z.infer<typeof disputeSchema>;

export interface DisputeRequest {
	readonly tenant: string;
	readonly principal: string;
	readonly idempotencyKey: string;
	/** The body as it came. */
	readonly bytes: Uint8Array;
	readonly traceparent: string | null;
	/** Milliseconds since 1970, by the hub's clock. */
	readonly receivedAt: number;
}

export interface DisputeAnswer extends IntakeAnswer {
	readonly dispute_id: string;
	readonly hold_id: string;
}

export interface DisputePorts {
	readonly database: Database;
	readonly vault: FieldVault;
	readonly intake: HubIntake;
}

const SOURCE = 'hub.disputes';
/** From these an order leads nowhere any more, so a dispute holds revenue but moves no state. */
const TERMINAL: ReadonlySet<string> = new Set(['closed', 'cancelled', 'returned', 'disputed']);

export async function submitDispute(ports: DisputePorts, request: DisputeRequest): Promise<Result<DisputeAnswer, HubProblem>> {
	const body = readBody(request.bytes);
	if (!body.ok) return body;
	const { tenant, principal, idempotencyKey } = request;
	// The same sending makes the same ids, so that a repeated one can't open a second hold.
	const id = createHash('sha256')
		.update(JSON.stringify([tenant, principal, idempotencyKey]))
		.digest('hex')
		.slice(0, 24);
	let seq = 0;
	const taken = await ports.intake.submit(
		{ ...request, channel: 'portal', lane: 'revenue' },
		{
			allOrNone: true,
			sequence: () => ({ name: SOURCE, value: seq }),
			async prepare() {
				await ports.intake.settle(tenant);
				const state = await orderState(ports, tenant, body.value.order_id);
				if (!state.ok) return state;
				seq = (await lastNumber(ports.database, tenant)) + 1;
				return ok(linesOf(body.value, id, request, state.value, seq));
			},
		},
	);
	return taken.ok ? ok({ ...taken.value, dispute_id: `dispute-${id}`, hold_id: `hold-${id}` }) : taken;
}

function readBody(bytes: Uint8Array): Result<DisputeBody, HubProblem> {
	let json: unknown;
	try {
		json = JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes));
	} catch {
		return err({ code: 'malformed', message: 'The dispute is not JSON in UTF-8.' });
	}
	const parsed = disputeSchema.safeParse(json);
	if (parsed.success) return ok(parsed.data);
	const [issue] = parsed.error.issues;
	const where = issue?.path.join('.') ?? '';
	return err({ code: 'malformed', message: `The dispute can't be taken: ${where || 'body'}: ${issue?.message ?? 'malformed'}.`, where });
}

/** The state an order is in by its events, else by its row. */
async function orderState({ database, vault }: DisputePorts, tenant: string, orderId: string): Promise<Result<string, HubProblem>> {
	const lines = await database.query<{ line: string }>(
		"SELECT line FROM sealed_line WHERE tenant = $1 AND log_table = 'order_event' AND order_id = $2 ORDER BY idx DESC LIMIT 50",
		[tenant, orderId],
	);
	for (const { line } of lines) {
		const { to_state: state } = JSON.parse(line) as { readonly to_state?: unknown };
		if (typeof state === 'string') return ok(state);
	}
	const row = (await readRows(database, vault, tenant, 'sales_order', [orderId])).get(orderId);
	if (typeof row?.['state'] === 'string') return ok(row['state']);
	return err({ code: 'not_found', message: 'The hub knows no such order, so nothing could be put on hold.', where: 'order_id' });
}

async function lastNumber(database: Database, tenant: string): Promise<number> {
	const [row] = await database.query<{ value: bigint }>('SELECT value FROM hub_sequence WHERE tenant = $1 AND name = $2', [tenant, SOURCE]);
	return Number(row?.value ?? 0n);
}

function linesOf(body: DisputeBody, id: string, request: DisputeRequest, state: string, seq: number): Uint8Array {
	const now = formatInstant(request.receivedAt);
	const { order_id, line_id = null, amount_minor = null, disputed_quantity: quantity = null, reason_code, statement } = body;
	const [disputeId, holdId] = [`dispute-${id}`, `hold-${id}`];
	const moves = !TERMINAL.has(state);
	const dispute = {
		dispute_id: disputeId,
		order_id,
		line_id,
		logged_at: body.logged_at ?? now,
		channel: body.channel,
		status: 'open',
		root_cause_code: null,
		disputed_quantity: quantity,
		amount_minor,
		...(body.currency === undefined ? {} : { currency: body.currency }),
		...(statement === undefined ? {} : { statement }),
	};
	const hold = {
		hold_id: holdId,
		order_id,
		line_id,
		kind: 'dispute',
		dispute_id: disputeId,
		opened_at: now,
		opened_by: request.principal,
		reason_code,
		quantity,
		amount_minor,
	};
	const event = {
		event_id: `disputed-${id}`,
		order_id,
		line_id,
		type: 'order.disputed',
		from_state: moves ? state : null,
		to_state: moves ? 'disputed' : null,
		occurred_at: body.logged_at ?? now,
		recorded_at: now,
		actor_id: request.principal,
		actor_role: 'service',
		source_system: SOURCE,
		source_seq: seq,
		quantity,
		reason_code,
		schema_version: 1,
	};
	const lines = [
		{ table: 'dispute', record: dispute },
		{ table: 'hold', record: hold },
		{ table: 'order_event', record: event },
	];
	return utf8(`${lines.map((line) => JSON.stringify(line)).join('\n')}\n`);
}
