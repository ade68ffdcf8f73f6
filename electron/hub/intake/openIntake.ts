/** Intake: every way in ends here. A batch is decided in one transaction and sealed at once; an answer means that both are done. */
import { createHash, randomBytes } from 'node:crypto';
import { equalBytes, err, ok, type Result } from '#kernel';
import { ensureRegions } from '../database/tenants.ts';
import type { HubProblem, Intake, IntakeAnswer, IntakeBatch } from '../types.ts';
import { pendingOf, readKeys, readPending, type UsedKey } from './batchStore.ts';
import { cause } from './causes.ts';
import { keepDeadLetters, type NewDeadLetter } from './deadLetterStore.ts';
import { type DecideOptions, decideBatch } from './decideBatch.ts';
import { expireWaiting } from './expireWaiting.ts';
import type { FieldVault } from './fieldVault.ts';
import { PendingEvents } from './pendingEvents.ts';
import type { PlacedEvent } from './planEvents.ts';
import { type ReadBatch, readBatch } from './readBatch.ts';
import { type SealingPorts, sealBatch } from './sealBatch.ts';
import { TenantQueue } from './tenantQueue.ts';

export interface IntakePorts extends SealingPorts {
	readonly vault: FieldVault;
	/** How long an event waits for its predecessor, in milliseconds. */
	readonly windowMs?: number;
}

interface SubmitOptions extends DecideOptions {
	/** What is read instead of the batch's own bytes, made when nobody else decides about the tenant. */
	readonly prepare?: () => Promise<Result<Uint8Array, HubProblem>>;
}

export interface HubIntake extends Intake {
	submit(batch: IntakeBatch, options?: SubmitOptions): Promise<Result<IntakeAnswer, HubProblem>>;
	/** Sets aside what waited too long. @returns how many events */
	expire(tenant: string): Promise<number>;
	/** Seals what a crash left over; done at the start for every tenant. */
	recover(tenant: string): Promise<void>;
	/** What is known of these keys of a sender. */
	usedKeys(tenant: string, principal: string, keys: readonly string[]): Promise<ReadonlyMap<string, UsedKey>>;
	/** Keeps what could not even be read as a batch. @returns their ids */
	keepDeadLetters(tenant: string, letters: readonly NewDeadLetter[]): Promise<readonly string[]>;
	/** Waits until nothing of the tenant is being sealed. */
	settle(tenant: string): Promise<void>;
	/**
	 * Runs `work` while nothing of the tenant is being decided or sealed: rows and logs are then of the same batches. Null, and `work` not run,
	 * where what a failure left over can't be sealed at the moment.
	 */
	atRest<T>(tenant: string, work: () => Promise<T>): Promise<T | null>;
	close(): Promise<void>;
}

const DEFAULT_WINDOW_MS = 15 * 60_000;
const KEY = /^[\x20-\x7e]{1,200}$/;
const RETRY_SECONDS = 5;

/** Opens intake and seals what a crash left over. */
export async function openIntake(ports: IntakePorts): Promise<HubIntake> {
	const intake = new OpenIntake(ports);
	const tenants = await ports.database.query<{ tenant: string }>("SELECT DISTINCT tenant FROM etl_batch WHERE state = 'pending'");
	for (const { tenant } of tenants) await intake.recover(tenant);
	return intake;
}

interface TenantState {
	readonly queue: TenantQueue;
	readonly pending: PendingEvents;
	/** Batches being sealed. */
	readonly sealing: Set<Promise<unknown>>;
	readonly regions: Set<string>;
	/** A batch could not be sealed: what is left over goes first. */
	isBehind: boolean;
}

class OpenIntake implements HubIntake {
	readonly #ports: IntakePorts;
	readonly #tenants = new Map<string, TenantState>();
	/** Batches under way, by key: a second sending waits for the first. */
	readonly #underWay = new Map<string, Promise<unknown>>();

	constructor(ports: IntakePorts) {
		this.#ports = ports;
	}

	async submit(batch: IntakeBatch, options: SubmitOptions = {}): Promise<Result<IntakeAnswer, HubProblem>> {
		if (!KEY.test(batch.idempotencyKey))
			return err({ code: 'malformed', message: 'The idempotency key is not 1 to 200 printable ASCII characters.' });
		const name = JSON.stringify([batch.tenant, batch.principal, batch.idempotencyKey]);
		for (let first = this.#underWay.get(name); first; first = this.#underWay.get(name)) await first.catch(() => undefined);
		const work = this.#take(batch, options);
		this.#underWay.set(name, work);
		try {
			return await work;
		} finally {
			this.#underWay.delete(name);
		}
	}

	async #take(batch: IntakeBatch, options: SubmitOptions): Promise<Result<IntakeAnswer, HubProblem>> {
		const bodySha256 = new Uint8Array(createHash('sha256').update(batch.bytes).digest());
		const answered = await this.#answerOf(batch, bodySha256);
		if (answered) return answered;
		const state = this.#state(batch.tenant);
		// Read before the turn comes, so that nobody waits for a digest.
		const early = options.prepare ? null : readBatch(batch.bytes);
		const sealing = await state.queue.enter(batch.lane, async () => {
			if (state.isBehind && !(await this.#caughtUp(batch.tenant, state))) return err(BEHIND);
			const prepared = early ? null : await (options.prepare as NonNullable<typeof options.prepare>)();
			if (prepared && !prepared.ok) return prepared;
			const read = early ?? readBatch((prepared as { value: Uint8Array }).value);
			if (!read.ok) {
				if (read.error.code === 'batch_differs') await this.#keepWhole(batch, read.error);
				return read;
			}
			const decided = await this.#decide(batch, read.value, bodySha256, options, state);
			if (!decided.ok) return decided;
			return ok(this.#seal(state, () => sealBatch(this.#ports, pendingOf(decided.value), false), decided.value.outbox));
		});
		return sealing.ok ? await answer(sealing.value) : sealing;
	}

	async #decide(batch: IntakeBatch, read: ReadBatch, bodySha256: Uint8Array, options: SubmitOptions, state: TenantState) {
		try {
			return await decideBatch(this.#decisionPorts(batch.tenant, state), batch, read, bodySha256, options);
		} catch (error) {
			// Whether the transaction was committed is not known, so what is pending must be read before anything else is decided.
			state.isBehind = true;
			throw error;
		}
	}

	async #caughtUp(tenant: string, state: TenantState): Promise<boolean> {
		try {
			await this.#catchUp(tenant, state);
			return true;
		} catch {
			return false;
		}
	}

	/** The kept answer to an earlier sending; null where the key is new. */
	async #answerOf(batch: IntakeBatch, bodySha256: Uint8Array): Promise<Result<IntakeAnswer, HubProblem> | null> {
		const read = async () => (await this.usedKeys(batch.tenant, batch.principal, [batch.idempotencyKey])).get(batch.idempotencyKey);
		let used = await read();
		if (!used) return null;
		if (!equalBytes(used.bodySha256, bodySha256))
			return err({
				code: 'idempotency_conflict',
				message: 'This idempotency key was used for another body. Give a new batch a new key.',
				where: 'Idempotency-Key',
			});
		if (used.answer === null) {
			try {
				await this.recover(batch.tenant);
			} catch {
				return err(UNAVAILABLE);
			}
			used = await read();
		}
		return used?.answer ? ok({ ...used.answer, replayed: true }) : err(UNAVAILABLE);
	}

	#decisionPorts(tenant: string, state: TenantState) {
		return {
			...this.#ports,
			pending: state.pending,
			newBatchId: () => `${this.#ports.now().toString(36).padStart(9, '0')}-${randomBytes(8).toString('hex')}`,
			settle: () => this.#settled(state),
			openRegions: async (regions: readonly string[]) => {
				const unknown = regions.filter((region) => !state.regions.has(region));
				if (unknown.length === 0) return;
				await ensureRegions(this.#ports.database, tenant, unknown);
				for (const region of unknown) state.regions.add(region);
			},
		};
	}

	/** Begins to seal at once, while it is the tenant's turn, so that logs get batches in the order of their decisions. */
	#seal(state: TenantState, work: () => Promise<IntakeAnswer>, events: readonly PlacedEvent[]): { readonly done: Promise<IntakeAnswer> } {
		for (const event of events) state.pending.add(event);
		const done = work().then(
			(sealed) => {
				for (const event of events) state.pending.remove(event);
				return sealed;
			},
			(error: unknown) => {
				state.isBehind = true;
				throw error;
			},
		);
		const settled = done.then(
			() => undefined,
			() => undefined,
		);
		state.sealing.add(settled);
		void settled.then(() => state.sealing.delete(settled));
		return { done };
	}

	async #settled(state: TenantState): Promise<void> {
		while (state.sealing.size > 0) await Promise.all(state.sealing);
	}

	usedKeys(tenant: string, principal: string, keys: readonly string[]): Promise<ReadonlyMap<string, UsedKey>> {
		return readKeys(this.#ports.database, tenant, principal, keys);
	}

	async keepDeadLetters(tenant: string, letters: readonly NewDeadLetter[]): Promise<readonly string[]> {
		const { database, vault } = this.#ports;
		return await database.transaction((tx) => keepDeadLetters(tx, vault, tenant, letters));
	}

	async settle(tenant: string): Promise<void> {
		await this.#settled(this.#state(tenant));
	}

	async atRest<T>(tenant: string, work: () => Promise<T>): Promise<T | null> {
		const state = this.#state(tenant);
		return await state.queue.enter('revenue', async () => {
			await this.#settled(state);
			return state.isBehind && !(await this.#caughtUp(tenant, state)) ? null : await work();
		});
	}

	async recover(tenant: string): Promise<void> {
		const state = this.#state(tenant);
		await state.queue.enter('revenue', () => this.#catchUp(tenant, state));
	}

	/** Seals what is left over, in the order in which it was decided. */
	async #catchUp(tenant: string, state: TenantState): Promise<void> {
		await this.#settled(state);
		for (const batch of await readPending(this.#ports.database, this.#ports.vault, tenant)) await sealBatch(this.#ports, batch, true);
		state.pending.clear();
		state.isBehind = false;
	}

	async #keepWhole(batch: IntakeBatch, problem: HubProblem): Promise<void> {
		const letter = {
			batchId: '',
			line: 0,
			channel: batch.channel,
			sourceSystem: null,
			table: null,
			cause: cause('batch_differs', problem.message),
			payload: batch.bytes,
			amount: null,
			at: batch.receivedAt,
		};
		await this.keepDeadLetters(batch.tenant, [letter]);
	}

	async expire(tenant: string): Promise<number> {
		const before = this.#ports.now() - (this.#ports.windowMs ?? DEFAULT_WINDOW_MS);
		return await this.#state(tenant).queue.enter('order', () => expireWaiting(this.#ports, tenant, before));
	}

	async close(): Promise<void> {
		for (const state of this.#tenants.values()) await state.queue.enter('order', () => this.#settled(state));
	}

	#state(tenant: string): TenantState {
		let state = this.#tenants.get(tenant);
		if (!state) {
			state = { queue: new TenantQueue(), pending: new PendingEvents(), sealing: new Set(), regions: new Set(), isBehind: false };
			this.#tenants.set(tenant, state);
		}
		return state;
	}
}

/** What was decided is durable: it will be sealed, and a further sending with the same key gets the answer. */
const UNAVAILABLE: HubProblem = {
	code: 'unavailable',
	message: 'The batch is kept but not sealed yet. Send it again with the same key; nothing is taken twice.',
	retryAfter: RETRY_SECONDS,
};

/** Nothing more is decided before what was decided is sealed. */
const BEHIND: HubProblem = {
	code: 'unavailable',
	message: 'The log can not be written at the moment, so nothing was taken. Send the batch again.',
	retryAfter: RETRY_SECONDS,
};

async function answer({ done }: { readonly done: Promise<IntakeAnswer> }): Promise<Result<IntakeAnswer, HubProblem>> {
	try {
		return ok(await done);
	} catch {
		return err(UNAVAILABLE);
	}
}
