/** Errors that can happen are values. A `Result` is either `ok` with a value or not `ok` with an error of a closed vocabulary. */
export type Result<T, E> = { readonly ok: true; readonly value: T } | { readonly ok: false; readonly error: E };

export const ok = <T>(value: T): Result<T, never> => ({ ok: true, value });
export const err = <E>(error: E): Result<never, E> => ({ ok: false, error });

/** States something that must hold; its failure is a bug and stops the operation. */
export function invariant(condition: unknown, message: string): asserts condition {
	if (!condition) throw new Error(`Invariant broken: ${message}`);
}

/** Ends every exhaustive `switch`: a new variant that is not handled does not compile. */
export function unreachable(value: never): never {
	const text = JSON.stringify(value, (_, inner: unknown) => (typeof inner === 'bigint' ? `${inner}n` : inner));
	throw new Error(`Unreachable: ${text}`);
}
