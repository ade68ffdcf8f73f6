/** Intake: every way in ends here. A batch is decided in one transaction and sealed at once; an answer means that both are done. */
import { createHash } from 'node:crypto';
import { err, ok, type Result } from '#kernel';
import type { HubProblem } from '../problem.ts';
import { pendingOf, readKeys, type UsedKey } from './batchStore.ts';
import { cause } from './causes.ts';
import { keepDeadLetters, type NewDeadLetter } from './deadLetterStore.ts';
import { decideBatch } from './decideBatch.ts';
import { expireWaiting } from './expireWaiting.ts';
import type { HubIntake, IntakePorts, SubmitOptions } from './hubIntake.ts';
import type { IntakeAnswer, IntakeBatch } from './intakePort.ts';
import { keptAnswer, NOT_SEALED_YET, NOTHING_TAKEN } from './keptAnswer.ts';
import { type ReadBatch, readBatch } from './readBatch.ts';
import { sealBatch } from './sealBatch.ts';
import { TenantIntake } from './tenantIntake.ts';

const DEFAULT_WINDOW_MS = 15 * 60_000;
const KEY = /^[\x20-\x7e]{1,200}$/;

/** Opens intake and seals what a crash left over. */
export async function openIntake(ports: IntakePorts): Promise<HubIntake> {
	const intake = new OpenIntake(ports);
	const tenants = await ports.database.query<{ tenant: string }>("SELECT DISTINCT tenant FROM etl_batch WHERE state = 'pending'");
	for (const { tenant } of tenants) await intake.recover(tenant);
	return intake;
}

class OpenIntake implements HubIntake {
	readonly #ports: IntakePorts;
	readonly #tenants = new Map<string, TenantIntake>();
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
		const answered = await keptAnswer(this.#ports.database, batch, bodySha256, () => this.recover(batch.tenant));
		if (answered) return answered;
		const tenant = this.#of(batch.tenant);
		const reading = readingOf(batch, options.prepare);
		const sealing = await tenant.inTurn(batch.lane, async () => {
			if (!(await tenant.isCaughtUp())) return err(NOTHING_TAKEN);
			const read = await reading();
			if (!read.ok) {
				if (read.error.code === 'batch_differs') await this.#keepWhole(batch, read.error);
				return read;
			}
			const decided = await tenant.decide((ports) => decideBatch(ports, batch, read.value, bodySha256, options));
			if (!decided.ok) return decided;
			return ok(tenant.seal(() => sealBatch(this.#ports, pendingOf(decided.value), false), decided.value.outbox));
		});
		return sealing.ok ? await answer(sealing.value) : sealing;
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

	usedKeys(tenant: string, principal: string, keys: readonly string[]): Promise<ReadonlyMap<string, UsedKey>> {
		return readKeys(this.#ports.database, tenant, principal, keys);
	}

	async keepDeadLetters(tenant: string, letters: readonly NewDeadLetter[]): Promise<readonly string[]> {
		const { database, vault } = this.#ports;
		return await database.transaction((tx) => keepDeadLetters(tx, vault, tenant, letters));
	}

	async settle(tenant: string): Promise<void> {
		await this.#of(tenant).settled();
	}

	async atRest<T>(tenant: string, work: () => Promise<T>): Promise<T | null> {
		return await this.#of(tenant).atRest(work);
	}

	async recover(tenant: string): Promise<void> {
		await this.#of(tenant).recover();
	}

	async expire(tenant: string): Promise<number> {
		const before = this.#ports.now() - (this.#ports.windowMs ?? DEFAULT_WINDOW_MS);
		return await this.#of(tenant).inTurn('order', () => expireWaiting(this.#ports, tenant, before));
	}

	async close(): Promise<void> {
		for (const tenant of this.#tenants.values()) await tenant.inTurn('order', () => tenant.settled());
	}

	#of(name: string): TenantIntake {
		let tenant = this.#tenants.get(name);
		if (!tenant) {
			tenant = new TenantIntake(this.#ports, name);
			this.#tenants.set(name, tenant);
		}
		return tenant;
	}
}

/** Read before the turn comes where that can be, so that nobody waits for a digest. */
function readingOf({ bytes }: IntakeBatch, prepare: SubmitOptions['prepare']): () => Promise<Result<ReadBatch, HubProblem>> {
	if (!prepare) {
		const read = readBatch(bytes);
		return () => Promise.resolve(read);
	}
	return async () => {
		const prepared = await prepare();
		return prepared.ok ? readBatch(prepared.value) : prepared;
	};
}

async function answer({ done }: { readonly done: Promise<IntakeAnswer> }): Promise<Result<IntakeAnswer, HubProblem>> {
	try {
		return ok(await done);
	} catch {
		return err(NOT_SEALED_YET);
	}
}
