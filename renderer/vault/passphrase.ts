/** What a passphrase must be. Length is what resists guessing (NIST SP 800-63B §5.1.1.2); nothing asks for a digit or a sign. */
const MIN_CHARACTERS = 12;
const MIN_WORDS = 4;
const MAX_CHARACTERS = 1_024;

const bare = (text: string): string =>
	text
		.normalize('NFKC')
		.toLowerCase()
		.replace(/[^\p{L}\p{N}]+/gu, '');

/**
 * One sentence on what is wrong, or null.
 * @param names of the engagement, its client and members: what somebody who knows the case would try first
 */
export function passphraseFault(passphrase: string, names: readonly string[]): string | null {
	const characters = [...passphrase.normalize('NFKC')];
	const words = passphrase.trim().split(/\s+/u);
	if (characters.length > MAX_CHARACTERS) return `A passphrase may have at most ${MAX_CHARACTERS} characters. Take a shorter one.`;
	if (characters.length < MIN_CHARACTERS && words.length < MIN_WORDS)
		return `The passphrase has ${characters.length} characters. Take at least ${MIN_CHARACTERS} characters or ${MIN_WORDS} words.`;
	if (new Set(characters).size < 5)
		return 'The passphrase repeats a few characters only. Take one that nobody guesses, for example four words.';
	if (words.length >= MIN_WORDS && new Set(words).size < MIN_WORDS)
		return `The passphrase repeats a word. Take ${MIN_WORDS} different words.`;
	const plain = bare(passphrase);
	const taken = names.find((name) => bare(name).length > 0 && plain === bare(name));
	if (taken !== undefined)
		return `The passphrase is the name “${taken}”, which anybody who knows the engagement would try first. Take another one.`;
	return null;
}
