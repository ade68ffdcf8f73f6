/** The generator's own randomness: small, seeded, the same on every engine. Nothing here is fit for secrets. */

export interface Random {
	/** A whole number in [0, bound). `bound` must be below 2²¹, so that the product stays exact. */
	below(bound: number): number;
	/** A whole number in [low, high]. */
	between(low: number, high: number): number;
	/** True in `percent` of 100 draws. */
	chance(percent: number): boolean;
	pick<T>(list: readonly T[]): T;
	/** A new list with the same items in drawn order (Fisher–Yates). */
	shuffle<T>(list: readonly T[]): T[];
}

/** Four 32-bit words out of a text: FNV-1a with four offsets, each finished by an avalanche. */
function seedWords(text: string): [number, number, number, number] {
	const words: [number, number, number, number] = [0x811c9dc5, 0x9e3779b9, 0x85ebca6b, 0xc2b2ae35];
	for (let i = 0; i < text.length; i++) {
		const code = text.charCodeAt(i);
		for (let w = 0; w < 4; w++) words[w] = Math.imul((words[w] as number) ^ (code + w), 0x01000193);
	}
	for (let w = 0; w < 4; w++) {
		let word = words[w] as number;
		word = Math.imul(word ^ (word >>> 16), 0x85ebca6b);
		word = Math.imul(word ^ (word >>> 13), 0xc2b2ae35);
		words[w] = word ^ (word >>> 16);
	}
	return words;
}

const WARM_UP = 12;

/** The sfc32 generator (Doty-Humphrey, PractRand), seeded by a text: equal texts draw equal numbers. */
export function createRandom(seed: string): Random {
	let [a, b, c, counter] = seedWords(seed);
	const next = (): number => {
		const sum = (a + b + counter) | 0;
		counter = (counter + 1) | 0;
		a = b ^ (b >>> 9);
		b = (c + (c << 3)) | 0;
		c = (((c << 21) | (c >>> 11)) + sum) | 0;
		return sum >>> 0;
	};
	for (let i = 0; i < WARM_UP; i++) next();
	const below = (bound: number): number => Math.floor((next() * bound) / 0x1_0000_0000);
	return {
		below,
		between: (low, high) => low + below(high - low + 1),
		chance: (percent) => below(100) < percent,
		pick: <T>(list: readonly T[]): T => list[below(list.length)] as T,
		shuffle: <T>(list: readonly T[]): T[] => {
			const items = [...list];
			for (let i = items.length - 1; i > 0; i--) {
				const j = below(i + 1);
				[items[i], items[j]] = [items[j] as T, items[i] as T];
			}
			return items;
		},
	};
}
