/** serialization_failure and deadlock_detected: the transaction did nothing, and may do better the next time. */
const AGAIN = new Set(['40001', '40P01']);
const MAX_ATTEMPTS = 8;

/** Runs a whole transaction, again where the engine could not serialise it. */
export async function tryAgain<T>(transaction: () => Promise<T>): Promise<T> {
	for (let attempt = 1; ; attempt++) {
		try {
			return await transaction();
		} catch (error) {
			const code = error instanceof Error && 'code' in error ? String(error.code) : '';
			if (!AGAIN.has(code) || attempt === MAX_ATTEMPTS) throw error;
		}
	}
}
