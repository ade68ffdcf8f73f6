/** Intake as the hub's other rooms know it. */
import type { Result } from '#kernel';
import type { HubProblem } from '../problem.ts';
import type { UsedKey } from './batchStore.ts';
import type { NewDeadLetter } from './deadLetterStore.ts';
import type { DecideOptions } from './decideBatch.ts';
import type { FieldVault } from './fieldVault.ts';
import type { Intake, IntakeAnswer, IntakeBatch } from './intakePort.ts';
import type { SealingPorts } from './sealBatch.ts';

export interface IntakePorts extends SealingPorts {
	readonly vault: FieldVault;
	/** How long an event waits for its predecessor, in milliseconds. */
	readonly windowMs?: number;
}

export interface SubmitOptions extends DecideOptions {
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
