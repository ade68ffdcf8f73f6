/** Finds and masks withheld texts in others, in one pass however many there are. */

/** The mark in the place of a withheld value: visible, and never mistaken for the value. */
export const WITHHELD_MARK = '[withheld]';

/** Shorter ones stand inside ordinary words; they are masked only where they stand alone, and no line is left out for them. */
const SHORT = 3;
const WORD = /[\p{L}\p{N}]/u;

export class WithheldTexts {
	/** By their first characters, longest first. */
	readonly #byHead = new Map<string, string[]>();
	readonly #short = new Set<string>();

	constructor(values: Iterable<string>) {
		for (const value of new Set(values)) {
			if (value.trim() === '') continue;
			if (value.length < SHORT) this.#short.add(value);
			else {
				const head = value.slice(0, SHORT);
				const known = this.#byHead.get(head);
				if (known) known.push(value);
				else this.#byHead.set(head, [value]);
			}
		}
		for (const list of this.#byHead.values()) list.sort((a, b) => b.length - a.length);
	}

	/** Whether a withheld text of three characters or more stands in this one. */
	isIn(text: string): boolean {
		for (let at = 0; at + SHORT <= text.length; at++) if (this.#longAt(text, at) !== null) return true;
		return false;
	}

	/** The text with every withheld one in it replaced. */
	mask(text: string): string {
		if (this.#byHead.size + this.#short.size === 0) return text;
		let masked = '';
		let from = 0;
		for (let at = 0; at < text.length; ) {
			const found = this.#longAt(text, at) ?? this.#shortAt(text, at);
			if (found === null) at++;
			else {
				masked += text.slice(from, at) + WITHHELD_MARK;
				at += found.length;
				from = at;
			}
		}
		return masked + text.slice(from);
	}

	#longAt(text: string, at: number): string | null {
		return this.#byHead.get(text.slice(at, at + SHORT))?.find((value) => text.startsWith(value, at)) ?? null;
	}

	#shortAt(text: string, at: number): string | null {
		for (let length = SHORT - 1; length > 0; length--) {
			const value = text.slice(at, at + length);
			const isAlone = !WORD.test(text[at - 1] ?? ' ') && !WORD.test(text[at + length] ?? ' ');
			if (isAlone && value.length === length && this.#short.has(value)) return value;
		}
		return null;
	}
}

/** A copy of plain data in which every text is masked, names of fields and what `keep` names apart. */
export function maskDeep<T>(value: T, texts: WithheldTexts, keep: ReadonlySet<string> = new Set()): T {
	if (typeof value === 'string') return texts.mask(value) as T;
	if (Array.isArray(value)) return value.map((inner: unknown) => maskDeep(inner, texts, keep)) as T;
	if (typeof value !== 'object' || value === null) return value;
	return Object.fromEntries(
		Object.entries(value).map(([key, inner]: [string, unknown]) => [key, keep.has(key) ? inner : maskDeep(inner, texts, keep)]),
	) as T;
}
