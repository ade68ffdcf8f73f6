/** Where a trusted log key came from. One that came from the drop itself proves less, and every answer under it says so. */
import { formatVerifierKey, parseVerifierKey } from './vkey.ts';

/**
 * The origin of a key that nobody gave from outside: the auditor took the drop's own claim. It shows that later drops are sealed by whoever
 * sealed the first one, and not who that is.
 */
export const FIRST_READING = 'the drop itself, at first reading';

export interface KeyOrigin {
	readonly vkey: string;
	readonly origin: string;
}

export const isFirstReading = (origin: string): boolean => origin === FIRST_READING;

const canonicalKey = (text: string): string => {
	const key = parseVerifierKey(text.trim());
	return key.ok ? formatVerifierKey(key.value) : text.trim();
};

/** Whether the drop's log is trusted by its own claim alone. With no key trusted it is not trusted at all. */
export function isTrustedByClaimAlone(trusted: readonly KeyOrigin[], claimed: string | null): boolean {
	const own = claimed === null ? [] : trusted.filter(({ vkey }) => canonicalKey(vkey) === canonicalKey(claimed));
	const speaking = own.length > 0 ? own : trusted;
	return speaking.length > 0 && speaking.every(({ origin }) => isFirstReading(origin));
}

/** What is added to an answer that rests on such a key. */
export const BY_CLAIM_ALONE = 'The key was trusted at first reading: only the drop itself vouches for it.';
