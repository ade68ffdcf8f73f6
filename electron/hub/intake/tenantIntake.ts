/** What is under way of one tenant: one decision at a time, batches being sealed behind it, and what a failure left to be sealed first. */
import { randomBytes } from 'node:crypto';
import { ensureRegions } from '../database/tenants.ts';
import { readPending } from './batchStore.ts';
import type { DecisionPorts } from './decideBatch.ts';
import type { FieldVault } from './fieldVault.ts';
import type { IntakeAnswer, Lane } from './intakePort.ts';
import { PendingEvents } from './pendingEvents.ts';
import type { PlacedEvent } from './planEvents.ts';
import { type SealingPorts, sealBatch } from './sealBatch.ts';
import { TenantQueue } from './tenantQueue.ts';

interface Ports extends SealingPorts {
	readonly vault: FieldVault;
}

export class TenantIntake {
	readonly #ports: Ports;
	readonly #tenant: string;
	readonly #queue = new TenantQueue();
	readonly #pending = new PendingEvents();
	/** Batches being sealed. */
	readonly #sealing = new Set<Promise<unknown>>();
	readonly #regions = new Set<string>();
	/** A batch could not be sealed: what is left over goes first. */
	#isBehind = false;

	constructor(ports: Ports, tenant: string) {
		this.#ports = ports;
		this.#tenant = tenant;
	}

	/** Runs `work` when no other decision of the tenant is made. */
	inTurn<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
		return this.#queue.enter(lane, work);
	}

	/** Must be called in turn. @returns whether nothing is left over that would have to be sealed first */
	async isCaughtUp(): Promise<boolean> {
		if (!this.#isBehind) return true;
		try {
			await this.#catchUp();
			return true;
		} catch {
			return false;
		}
	}

	/**
	 * Runs a decision; must be called in turn. Where it fails, whether its transaction was committed is not known, so what is pending must be
	 * read before anything else is decided.
	 */
	async decide<T>(decision: (ports: DecisionPorts) => Promise<T>): Promise<T> {
		try {
			return await decision(this.#decisionPorts());
		} catch (error) {
			this.#isBehind = true;
			throw error;
		}
	}

	#decisionPorts(): DecisionPorts {
		return {
			...this.#ports,
			pending: this.#pending,
			newBatchId: () => `${this.#ports.now().toString(36).padStart(9, '0')}-${randomBytes(8).toString('hex')}`,
			settle: () => this.settled(),
			openRegions: async (regions) => {
				const unknown = regions.filter((region) => !this.#regions.has(region));
				if (unknown.length === 0) return;
				await ensureRegions(this.#ports.database, this.#tenant, unknown);
				for (const region of unknown) this.#regions.add(region);
			},
		};
	}

	/**
	 * Begins to seal at once; must be called in turn, so that logs get batches in the order of their decisions. What is done stands apart in
	 * the answer, so that waiting for the turn is no waiting for the log.
	 */
	seal(work: () => Promise<IntakeAnswer>, events: readonly PlacedEvent[]): { readonly done: Promise<IntakeAnswer> } {
		for (const event of events) this.#pending.add(event);
		const done = work().then(
			(sealed) => {
				for (const event of events) this.#pending.remove(event);
				return sealed;
			},
			(error: unknown) => {
				this.#isBehind = true;
				throw error;
			},
		);
		const settled = done.then(
			() => undefined,
			() => undefined,
		);
		this.#sealing.add(settled);
		void settled.then(() => this.#sealing.delete(settled));
		return { done };
	}

	/** Waits until nothing is being sealed. */
	async settled(): Promise<void> {
		while (this.#sealing.size > 0) await Promise.all(this.#sealing);
	}

	/** Runs `work` while nothing is being decided or sealed; null, and `work` not run, where what is left over can't be sealed. */
	atRest<T>(work: () => Promise<T>): Promise<T | null> {
		return this.#queue.enter('revenue', async () => {
			await this.settled();
			return (await this.isCaughtUp()) ? await work() : null;
		});
	}

	/** Seals what is left over; rejects where that can't be done. */
	recover(): Promise<void> {
		return this.#queue.enter('revenue', () => this.#catchUp());
	}

	/** In the order in which it was decided. */
	async #catchUp(): Promise<void> {
		await this.settled();
		for (const batch of await readPending(this.#ports.database, this.#ports.vault, this.#tenant)) await sealBatch(this.#ports, batch, true);
		this.#pending.clear();
		this.#isBehind = false;
	}
}
