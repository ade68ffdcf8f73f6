/** Printed numbers as a careless eye reads them: what makes two invoice numbers look different and mean one. */
import { fromUtf8, utf8 } from '#kernel';

const ZERO = 48;
const ONE = 49;
const POINT = 46;

const isDigit = (byte: number): boolean => byte >= 48 && byte <= 57;
const isLetter = (byte: number): boolean => (byte >= 65 && byte <= 90) || (byte >= 97 && byte <= 122) || byte >= 128;

/**
 * Spells printed numbers in capital letters, O as 0, I as 1, without symbols and leading zeros, into buffers it uses again.
 * `separated` keeps a point between two numbers that a symbol parts, so that 1-12 and 11-2 stay apart; `joined` does not.
 */
export class ReadAlikeSpeller {
	#separated = new Uint8Array(256);
	#separatedLength = 0;
	#joined = new Uint8Array(128);
	#joinedLength = 0;
	/** Whether a symbol parts two numbers of the last one spelled, so that `joined` may read two numbers as one. */
	isParted = false;

	/** A view that the next `spell` overwrites. */
	get separated(): Uint8Array {
		return this.#separated.subarray(0, this.#separatedLength);
	}

	get joined(): Uint8Array {
		return this.#joined.subarray(0, this.#joinedLength);
	}

	spell(printed: Uint8Array): void {
		const bytes = printed.some((byte) => byte >= 128) ? plainSpelling(printed) : printed;
		this.#start(bytes.length);
		let hadNumber = false;
		let at = 0;
		while (at < bytes.length) {
			const from = at;
			let tail = at;
			while (at < bytes.length && (isDigit(bytes[at] as number) || isLetter(bytes[at] as number))) {
				if (!isDigit(alike(bytes[at] as number))) tail = at + 1;
				at++;
			}
			if (at > from) hadNumber = this.#segment(bytes, from, tail, at, hadNumber);
			at++;
		}
	}

	#start(length: number): void {
		if (length > this.#joined.length) {
			this.#joined = new Uint8Array(2 * length);
			this.#separated = new Uint8Array(4 * length);
		}
		this.#separatedLength = 0;
		this.#joinedLength = 0;
		this.isParted = false;
	}

	/**
	 * Letters [from, tail) and the digits behind them [tail, to). Every number loses its leading zeros in `separated`, in `joined` only
	 * the first one, which may be all zeros and go on behind the next symbol.
	 * @returns whether `joined` has a number by now
	 */
	#segment(bytes: Uint8Array, from: number, tail: number, to: number, hadNumber: boolean): boolean {
		let start = tail;
		while (start < to && alike(bytes[start] as number) === ZERO) start++;
		if (tail === from && this.#separatedLength > 0 && isDigit(this.#separated[this.#separatedLength - 1] as number)) {
			this.#separated[this.#separatedLength++] = POINT;
			this.isParted = true;
		}
		for (let at = from; at < to; at++) {
			const byte = alike(bytes[at] as number);
			if (at < tail || at >= Math.min(start, to - 1)) this.#separated[this.#separatedLength++] = byte;
			if (at < tail || at >= start || hadNumber) this.#joined[this.#joinedLength++] = byte;
		}
		return hadNumber || start < to;
	}
}

/** A number in other than ASCII characters: symbols replaced by a hyphen, compatibility forms such as wide digits resolved. */
const plainSpelling = (bytes: Uint8Array): Uint8Array =>
	utf8(
		(fromUtf8(bytes) ?? '')
			.replace(/[^\p{L}\p{N}]/gu, '-')
			.normalize('NFKC')
			.toUpperCase(),
	);

function alike(byte: number): number {
	const upper = byte >= 97 && byte <= 122 ? byte - 32 : byte;
	return upper === 79 ? ZERO : upper === 73 ? ONE : upper;
}
