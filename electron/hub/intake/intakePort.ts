/** The intake as its senders see it: batches in, and what became of each. */
import type { Result } from '#kernel';
import type { HubProblem } from '../problem.ts';

/** Revenue before orders before telemetry, in every queue. */
export type Lane = 'revenue' | 'order' | 'telemetry';
export type Channel = 'http' | 'amqp' | 'drop' | 'carrier' | 'portal';

export interface IntakeBatch {
	readonly tenant: string;
	/** Who sent it. */
	readonly principal: string;
	/** 1 to 200 printable ASCII characters; names the batch for its sender. */
	readonly idempotencyKey: string;
	readonly channel: Channel;
	readonly lane: Lane;
	/** NDJSON as it came. */
	readonly bytes: Uint8Array;
	/** W3C trace context, as it came. */
	readonly traceparent: string | null;
	/** Milliseconds since 1970, by the hub's clock. */
	readonly receivedAt: number;
}

export interface DeadLine {
	/** 1-based line of the batch. */
	readonly line: number;
	readonly code: string;
	readonly message: string;
	readonly dead_letter_id: string;
}

/** What became of a batch, as it is sent on the wire. */
export interface IntakeAnswer {
	readonly batch_id: string;
	readonly accepted: number;
	/** Lines that were there already, byte for byte. */
	readonly duplicates: number;
	/** Lines that wait for their predecessor. */
	readonly waiting: number;
	readonly dead: readonly DeadLine[];
	/** Per sealed table the places taken, `to` exclusive. */
	readonly positions: Readonly<Record<string, { readonly from: number; readonly to: number }>>;
	/** Per sealed table the size of the signed checkpoint that covers them. */
	readonly sealed: Readonly<Record<string, number>>;
	/** Whether this is the kept answer to an earlier sending. */
	readonly replayed: boolean;
}

export interface Intake {
	submit(batch: IntakeBatch): Promise<Result<IntakeAnswer, HubProblem>>;
}
