/** Sending a dead letter again: as it was, or mended. It goes the way of every batch, its history stays, and twice is once. */
import { createHash } from 'node:crypto';
import { err, ok, type Result } from '#kernel';
import { isTableName } from '#model';
import type { Database } from '../database/databasePort.ts';
import type { HubProblem } from '../problem.ts';
import { actOf, type DeadLetter, type DeadLetterView, markDeadLetter, readDeadLetter } from './deadLetterStore.ts';
import type { FieldVault } from './fieldVault.ts';
import type { Channel, Intake, IntakeAnswer } from './intakePort.ts';
import { laneOf } from './lanes.ts';

export interface Replay {
	readonly tenant: string;
	readonly principal: string;
	readonly id: string;
	/** What is sent in its place, as NDJSON; null sends it as it was. */
	readonly corrected: Uint8Array | null;
}

export interface ReplayAnswer {
	readonly dead_letter: DeadLetterView;
	/** What became of it; null where it had been replayed before and that answer is gone. */
	readonly answer: IntakeAnswer | null;
}

export interface DeadLetterPorts {
	readonly database: Database;
	readonly vault: FieldVault;
	readonly intake: Intake;
	/** Milliseconds since 1970. */
	readonly now: () => number;
}

/** Replays one dead letter. What fails again stays open, with one act more in its history. */
export async function replayDeadLetter(ports: DeadLetterPorts, replay: Replay): Promise<Result<ReplayAnswer, HubProblem>> {
	const { database, vault, intake, now } = ports;
	const { tenant, principal, id } = replay;
	const letter = await readDeadLetter(database, vault, tenant, id);
	if (!letter) return err({ code: 'not_found', message: 'There is no such dead letter.' });
	if (letter.view.state !== 'open') return ok({ dead_letter: letter.view, answer: null });
	const bytes = replay.corrected ?? letter.payload;
	const taken = await intake.submit({
		tenant,
		principal,
		// The state of its history is part of the key: a crash behind this line repeats the same sending, a later try is another one.
		idempotencyKey: `replay:${id}:${letter.view.history.length}:${createHash('sha256').update(bytes).digest('hex').slice(0, 32)}`,
		channel: letter.view.channel as Channel,
		lane: isTableName(letter.view.feed) ? laneOf(letter.view.feed) : 'order',
		bytes,
		traceparent: null,
		receivedAt: now(),
	});
	if (!taken.ok && taken.error.code === 'unavailable') return taken;
	const isTaken = taken.ok && taken.value.dead.length === 0;
	const act = actOf(isTaken ? 'replayed' : 'replay_failed', now(), principal, taken.ok ? taken.value.batch_id : null, bytes);
	await markDeadLetter(database, tenant, id, isTaken ? 'replayed' : 'open', act);
	if (!taken.ok) return taken;
	return ok({ dead_letter: await viewAgain(ports, letter, tenant), answer: taken.value });
}

/** Ends a dead letter without sending it again; the payload stays. */
export async function discardDeadLetter(
	{ database, vault, now }: Omit<DeadLetterPorts, 'intake'>,
	tenant: string,
	principal: string,
	id: string,
): Promise<Result<DeadLetterView, HubProblem>> {
	const letter = await readDeadLetter(database, vault, tenant, id);
	if (!letter) return err({ code: 'not_found', message: 'There is no such dead letter.' });
	if (letter.view.state === 'replayed') return err({ code: 'conflict', message: 'The dead letter was replayed already.' });
	if (letter.view.state === 'open')
		await markDeadLetter(database, tenant, id, 'discarded', actOf('discarded', now(), principal, null, null));
	return ok(await viewAgain({ database, vault }, letter, tenant));
}

async function viewAgain(
	{ database, vault }: Pick<DeadLetterPorts, 'database' | 'vault'>,
	letter: DeadLetter,
	tenant: string,
): Promise<DeadLetterView> {
	return (await readDeadLetter(database, vault, tenant, letter.view.id))?.view ?? letter.view;
}
