/** RC2 in CBC mode, decryption only (RFC 2268): old PKCS#12 files hide their certificates with it, and OpenSSL 3 no longer knows it. */

/** RFC 2268 §2, from the digits of pi. */
const PITABLE = Uint8Array.from(
	(
		'd978f9c419ddb5ed28e9fd794aa0d89d c67e37832b76538e624c6488448bfba2 179a59f587b34f1361456d8d09817d32 bd8f40eb86b77b0bf09521225c6b4e82 ' +
		'54d66593ce60b21c7356c014a78cf1dc 1275ca1f3bbee4d1423dd430a33cb626 6fbf0eda4669075727f21d9bbc944303 f811c7f690ef3ee706c3d52fc8661ed7 ' +
		'08e8eade8052eef784aa72ac354d6a2a 961ad2715a1549744b9fd05e0418a4ec c2e0416e0f51cbcc2491af50a1f47039 997c3a8523b8b47afc02365b25559731 ' +
		'2d5dfa98e38a92ae05df2910676cbac9 d300e6cfe19ea82c6316013f58e289a9 0d38341bab33ffb0bb480c5fb9b1cd2e c5f3db47e5a59c770aa62068fe7fc1ad'
	)
		.replace(/ /g, '')
		.match(/../g) ?? [],
	(pair) => Number.parseInt(pair, 16),
);

const pi = (index: number): number => PITABLE[index & 0xff] as number;

/** RFC 2268 §2: 64 words of 16 bits from a key of `effectiveBits`. */
function expandKey(key: Uint8Array, effectiveBits: number): Uint16Array {
	const bytes = new Uint8Array(128);
	bytes.set(key);
	const at = (index: number): number => bytes[index] as number;
	const length = Math.ceil(effectiveBits / 8);
	for (let i = key.length; i < 128; i++) bytes[i] = pi(at(i - 1) + at(i - key.length));
	bytes[128 - length] = pi(at(128 - length) & (0xff >> (8 * length - effectiveBits)));
	for (let i = 127 - length; i >= 0; i--) bytes[i] = pi(at(i + 1) ^ at(i + length));
	return Uint16Array.from({ length: 64 }, (_, i) => at(2 * i) | (at(2 * i + 1) << 8));
}

const SHIFTS = [1, 2, 3, 5];

/** RFC 2268 §4: sixteen rounds of mixing backwards, two of mashing between them. */
function decryptBlock(words: Uint16Array, key: Uint16Array): void {
	const word = (i: number): number => words[i & 3] as number;
	let next = 63;
	for (let round = 0; round < 16; round++) {
		if (round === 5 || round === 11) for (let i = 3; i >= 0; i--) words[i] = word(i) - (key[word(i + 3) & 63] as number);
		for (let i = 3; i >= 0; i--) {
			const shift = SHIFTS[i] as number;
			const turned = (word(i) >> shift) | (word(i) << (16 - shift));
			words[i] = turned - (key[next--] as number) - (word(i + 3) & word(i + 2)) - (~word(i + 3) & word(i + 1));
		}
	}
}

/** Decrypts CBC and takes the padding of RFC 2898 §6.1.1 off; null when the padding is wrong. */
export function decryptRc2Cbc(key: Uint8Array, effectiveBits: number, iv: Uint8Array, data: Uint8Array): Uint8Array | null {
	if (data.length === 0 || data.length % 8 !== 0 || iv.length !== 8) return null;
	const expanded = expandKey(key, effectiveBits);
	const plain = new Uint8Array(data.length);
	const words = new Uint16Array(4);
	for (let at = 0; at < data.length; at += 8) {
		for (let i = 0; i < 4; i++) words[i] = (data[at + 2 * i] as number) | ((data[at + 2 * i + 1] as number) << 8);
		decryptBlock(words, expanded);
		for (let i = 0; i < 8; i++) {
			const previous = at === 0 ? (iv[i] as number) : (data[at - 8 + i] as number);
			plain[at + i] = (((words[i >> 1] as number) >> (8 * (i & 1))) & 0xff) ^ previous;
		}
	}
	const pad = plain.at(-1) as number;
	if (pad < 1 || pad > 8 || !plain.subarray(-pad).every((byte) => byte === pad)) return null;
	return plain.subarray(0, -pad);
}
