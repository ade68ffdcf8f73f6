/** Refusals of the vault as values, and the failures of the browser's storage turned into them. */
import { err } from '#kernel';
import type { Answer, VaultError } from './contract.ts';

export const refuse = (code: VaultError['code'], message: string): Answer<never> => err({ code, message });

/** Thrown below the APIs, where a `Result` would have to pass through RxDB, Dexie or a stream; `vaultErrorOf` catches it at the edge. */
export class VaultFailure extends Error {
	readonly error: VaultError;

	constructor(code: VaultError['code'], message: string, cause?: unknown) {
		super(message, { cause });
		this.name = 'VaultFailure';
		this.error = { code, message };
	}
}

/** Names of an error and of all that it wraps: Dexie and RxDB put the browser's own error in `inner`, `cause` or `failures`. */
function namesOf(error: unknown, depth = 0): string[] {
	if (typeof error !== 'object' || error === null || depth > 4) return [];
	const names = 'name' in error ? [String(error.name)] : [];
	if ('message' in error) names.push(String(error.message));
	for (const key of ['inner', 'cause', 'failures', 'failuresByPos', 'parameters', 'error'] as const) {
		const inner: unknown = (error as Record<string, unknown>)[key];
		for (const each of Array.isArray(inner) ? inner.slice(0, 4) : [inner]) names.push(...namesOf(each, depth + 1));
	}
	return names;
}

const FULL = /quota|not enough (disk )?space|disk is full|no space left/i;

export function isStorageFull(error: unknown): boolean {
	return namesOf(error).some((name) => FULL.test(name));
}

/** A value that the store keeps as a file of its own is gone from the disk, or its bytes can't be read there. */
const UNREADABLE = /^NotReadableError$/;

/** What a failure at the edge of an API says to a person. Bugs (broken invariants, type errors) go on being thrown. */
export function vaultErrorOf(error: unknown): VaultError {
	if (error instanceof VaultFailure) return error.error;
	if (isStorageFull(error))
		return {
			code: 'storage_full',
			message:
				'The disk of this computer, or the room given to this program on it, is full. Free some space and try again; nothing stored so far is lost.',
		};
	const names = namesOf(error);
	if (names.some((name) => UNREADABLE.test(name)))
		return {
			code: 'engagement_damaged',
			message:
				'A part of what is stored can no longer be read from the disk. Restore the engagement from a backup, or import the drop anew; have the disk examined.',
		};
	if (names.includes('AbortError'))
		return { code: 'cancelled', message: 'The work was stopped before it was done. What was stored before stands unchanged.' };
	if (names.some((name) => STORAGE.test(name)))
		return {
			code: 'storage_failed',
			message: `The store on this computer did not take or give the data (${names[0] ?? 'unknown'}). Lock the engagement, open it again and repeat the last step.`,
		};
	throw error;
}

const STORAGE =
	/^(UnknownError|InvalidStateError|TransactionInactiveError|DatabaseClosedError|OpenFailedError|BulkError|ConstraintError|DataError|VersionError|TimeoutError|MissingAPIError|NotFoundError|RxError.*|RxStorageInstanceDexie is closed .*)$/;

/** Runs `work` and gives back failures of the storage as values. */
export async function guarded<T>(work: () => Promise<Answer<T>>): Promise<Answer<T>> {
	try {
		return await work();
	} catch (error) {
		return err(vaultErrorOf(error));
	}
}
