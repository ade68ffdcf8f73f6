/**
 * What becomes of messages: taken (and acknowledged only once they are sealed), tried again later, or set aside with their payload. Knows
 * nothing of the broker but these three.
 */
import { equalBytes, type Result } from '#kernel';
import type { HubProblem } from '../../problem.ts';
import { type Cause, type CauseCode, cause, describeCause } from '../causes.ts';
import type { HubIntake } from '../hubIntake.ts';
import type { IntakeAnswer, Lane } from '../intakePort.ts';
import { digestOfMessage, groupMessages, joinMessages, keyOfMessage, type Received } from './groupMessages.ts';
import { attemptsOf, type Delivery, readMessage, unansweredOf } from './readMessage.ts';

/** A copy of a dead letter, for whoever listens at the broker. */
export interface DeadCopy {
	readonly id: string;
	readonly code: string;
	readonly message: string;
	readonly payload: Uint8Array;
}

/** What the broker is asked to do. Each resolves once the broker has confirmed it. */
export interface MessageSink<M> {
	/** Forgets the message: it is sealed, or kept as a dead letter. */
	done(message: M): void;
	/** Gives the message back later. @param attempts tries that count against it */
	later(message: M, attempts: number): Promise<void>;
	copyDead(copy: DeadCopy): Promise<void>;
}

export interface TakingPorts {
	readonly tenant: string;
	readonly principal: string;
	readonly intake: HubIntake;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** Tries before a message is set aside as poison. */
	readonly maxAttempts: number;
}

/** Takes the messages of one lane that arrived together, in their order. */
export async function takeMessages<M extends Delivery>(
	ports: TakingPorts,
	lane: Lane,
	messages: readonly M[],
	sink: MessageSink<M>,
): Promise<void> {
	const taker = new MessageTaker(ports, lane, sink);
	const sound: Received<M>[] = [];
	for (const message of messages) {
		const read = readMessage(message);
		if (!read.ok) await taker.setAside(message, message.content, read.error);
		else if (isPoison(message, ports.maxAttempts)) await taker.setAside(message, read.value.bytes, cause('poison_message'));
		else sound.push({ message, read: read.value });
	}
	for (const group of groupMessages(sound)) await taker.take(group);
}

/** Deliveries that ended without an answer: so many can't all have been the network. */
const MAX_UNANSWERED = 50;

const isPoison = ({ headers }: Delivery, maxAttempts: number): boolean =>
	attemptsOf(headers) >= maxAttempts || unansweredOf(headers) >= MAX_UNANSWERED;

class MessageTaker<M extends Delivery> {
	readonly #ports: TakingPorts;
	readonly #lane: Lane;
	readonly #sink: MessageSink<M>;

	constructor(ports: TakingPorts, lane: Lane, sink: MessageSink<M>) {
		this.#ports = ports;
		this.#lane = lane;
		this.#sink = sink;
	}

	async take(group: readonly Received<M>[]): Promise<void> {
		const fresh = await this.#fresh(group);
		if (fresh === null) return;
		if (fresh.length === 0 || (await this.#takeTogether(fresh))) return;
		for (const one of fresh) await this.#takeAlone(one);
	}

	/** Those that were not taken before; null where that can't be told now. What was taken before is done with. */
	async #fresh(group: readonly Received<M>[]): Promise<readonly Received<M>[] | null> {
		const { intake, tenant, principal } = this.#ports;
		try {
			const keys = group.map(({ read }) => keyOfMessage(read));
			let used = await intake.usedKeys(tenant, principal, keys);
			if ([...used.values()].some(({ answer }) => answer === null)) {
				await intake.recover(tenant);
				used = await intake.usedKeys(tenant, principal, keys);
			}
			const fresh: Received<M>[] = [];
			for (const one of group) {
				const known = used.get(keyOfMessage(one.read));
				if (!known) fresh.push(one);
				else if (equalBytes(known.bodySha256, digestOfMessage(one.read))) this.#sink.done(one.message);
				else await this.setAside(one.message, one.read.bytes, cause('id_reused', one.read.messageId));
			}
			return fresh;
		} catch {
			for (const { message } of group) await this.#later(message, 0);
			return null;
		}
	}

	/** @returns false where the group as a whole can't be taken, so that each message must show whether it is the one */
	async #takeTogether(messages: readonly Received<M>[]): Promise<boolean> {
		const [only] = messages;
		if (messages.length === 1 || !only) return false;
		const group = joinMessages(messages);
		let answer: Result<IntakeAnswer, HubProblem>;
		try {
			answer = await this.#submit(group.bytes, group.key, null, group.keys);
		} catch {
			return false;
		}
		if (!answer.ok) {
			if (answer.error.code !== 'unavailable') return false;
			for (const { message } of messages) await this.#later(message, 0);
			return true;
		}
		for (const dead of answer.value.dead) {
			const member = group.members.findLast(({ linesBefore }) => linesBefore < dead.line);
			if (member) await this.#copy(dead.dead_letter_id, dead.code, dead.message, lineOf(member.read.bytes, dead.line - member.linesBefore));
		}
		for (const { message } of messages) this.#sink.done(message);
		return true;
	}

	async #takeAlone({ message, read }: Received<M>): Promise<void> {
		let answer: Result<IntakeAnswer, HubProblem>;
		try {
			answer = await this.#submit(read.bytes, keyOfMessage(read), read.traceparent, []);
		} catch {
			await this.#later(message, 1);
			return;
		}
		if (answer.ok) {
			for (const dead of answer.value.dead) await this.#copy(dead.dead_letter_id, dead.code, dead.message, lineOf(read.bytes, dead.line));
			this.#sink.done(message);
			return;
		}
		const { code } = answer.error;
		if (code === 'unavailable' || code === 'rate_limited') await this.#later(message, 0);
		else if (code === 'batch_differs') {
			// Intake has kept it already.
			await this.#copy('', code, answer.error.message, read.bytes);
			this.#sink.done(message);
		} else await this.setAside(message, read.bytes, cause(CODES[code] ?? 'unreadable_batch', answer.error.message));
	}

	#submit(bytes: Uint8Array, idempotencyKey: string, traceparent: string | null, keys: ReturnType<typeof joinMessages>['keys']) {
		const { intake, tenant, principal, now } = this.#ports;
		const batch = { tenant, principal, idempotencyKey, channel: 'amqp', lane: this.#lane, bytes, traceparent, receivedAt: now() } as const;
		return intake.submit(batch, { keys });
	}

	/** Keeps the message as a dead letter; only then is the broker rid of it. */
	async setAside(message: M, payload: Uint8Array, why: Cause): Promise<void> {
		const { intake, tenant, now } = this.#ports;
		const attempts = Math.max(1, attemptsOf(message.headers), unansweredOf(message.headers));
		const letter = {
			batchId: '',
			line: 0,
			channel: 'amqp',
			sourceSystem: null,
			table: null,
			cause: why,
			payload,
			amount: null,
			at: now(),
			attempts,
		} as const;
		try {
			const [id = ''] = await intake.keepDeadLetters(tenant, [letter]);
			await this.#copy(id, why.code, describeCause(why), payload);
			this.#sink.done(message);
		} catch {
			await this.#later(message, 0);
		}
	}

	#later(message: M, failed: number): Promise<void> {
		return this.#sink.later(message, attemptsOf(message.headers) + failed);
	}

	#copy(id: string, code: string, message: string, payload: Uint8Array): Promise<void> {
		return this.#sink.copyDead({ id, code, message, payload });
	}
}

const CODES: Partial<Readonly<Record<HubProblem['code'], CauseCode>>> = { idempotency_conflict: 'id_reused' };

/** @param line 1-based */
function lineOf(bytes: Uint8Array, line: number): Uint8Array {
	let from = 0;
	for (let at = 1; at < line && from < bytes.length; at++) from = endOf(bytes, from) + 1;
	return bytes.subarray(from, endOf(bytes, from));
}

function endOf(bytes: Uint8Array, from: number): number {
	const end = bytes.indexOf(10, from);
	return end < 0 ? bytes.length : end;
}
