/** A passphrase typed once more, as a word that is good for one signature: by that member, within two minutes. It goes when the engagement is locked. */
import { toHex } from '#kernel';
import { randomBytes } from './sealing.ts';

export interface Confirmations {
	/** After the passphrase was found to be the member's. What was given before is good no more. */
	give(memberId: string): string;
	/** Whether the word is the member's and still good; from now on it is not. */
	take(word: string, memberId: string): boolean;
}

const LASTS_MS = 120_000;

export function confirmations(now: () => number): Confirmations {
	let given: { readonly word: string; readonly memberId: string; readonly at: number } | null = null;
	return {
		give: (memberId) => {
			given = { word: toHex(randomBytes(16)), memberId, at: now() };
			return given.word;
		},
		take: (word, memberId) => {
			const last = given;
			if (last === null || last.word !== word) return false;
			given = null;
			const age = now() - last.at;
			// A clock that was set back makes no word last longer.
			return last.memberId === memberId && age >= 0 && age <= LASTS_MS;
		},
	};
}
