/** Quantities moved per order line over time (shipped, delivered, accepted, returned), cumulated, as flat arrays. */
import { RowIndex } from '#population';
import { compareInstants } from './revenueBook.ts';

/** Which table a movement was drawn from. */
export type MovementSource = 'shipment' | 'order_event' | 'dispute';

const SOURCES: readonly MovementSource[] = ['shipment', 'order_event', 'dispute'];

/** Sums stay below this in 64 bits whatever a hostile drop adds up. */
const QUANTITY_CEILING = 1n << 62n;

export class Movements {
	readonly #starts: Int32Array;
	/** Instants of the movements, earliest first within a line. */
	readonly instants: Float64Array;
	/** Quantity moved up to and with each movement, in millionths. */
	readonly cumulative: BigInt64Array;
	/** Row of the source table. */
	readonly rows: Int32Array;
	/** Index into `SOURCES`. */
	readonly #sources: Uint8Array;

	constructor(starts: Int32Array, instants: Float64Array, cumulative: BigInt64Array, rows: Int32Array, sources: Uint8Array) {
		this.#starts = starts;
		this.instants = instants;
		this.cumulative = cumulative;
		this.rows = rows;
		this.#sources = sources;
	}

	/** First movement of a line; they run up to `endOf`. */
	startOf(line: number): number {
		return line < 0 ? 0 : (this.#starts[line] as number);
	}

	endOf(line: number): number {
		return line < 0 ? 0 : (this.#starts[line + 1] as number);
	}

	sourceOf(movement: number): MovementSource {
		return SOURCES[this.#sources[movement] as number] ?? 'shipment';
	}

	/** Cumulative quantity before a movement of a line. */
	before(line: number, movement: number): bigint {
		return movement <= this.startOf(line) ? 0n : (this.cumulative[movement - 1] as bigint);
	}

	/** Movements of a line up to and with an instant: the index behind the last of them. */
	endBy(line: number, instant: number): number {
		let low = this.startOf(line);
		let high = this.endOf(line);
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.instants[middle] as number) <= instant) low = middle + 1;
			else high = middle;
		}
		return low;
	}

	/** Quantity of a line moved up to and with an instant. */
	quantityBy(line: number, instant: number): bigint {
		return this.before(line, this.endBy(line, instant));
	}

	/** Quantity of a line moved in all. */
	total(line: number): bigint {
		return this.before(line, this.endOf(line));
	}

	/** The first movement of a line with which its cumulative quantity reaches `quantity`, or -1. */
	reaching(line: number, quantity: bigint): number {
		let low = this.startOf(line);
		const end = this.endOf(line);
		let high = end;
		while (low < high) {
			const middle = (low + high) >> 1;
			if ((this.cumulative[middle] as bigint) >= quantity) high = middle;
			else low = middle + 1;
		}
		return low < end ? low : -1;
	}
}

/** Collects movements in any order; `build` sorts and cumulates them. */
export class MovementList {
	#size = 0;
	#lines = new Int32Array(1024);
	#instants = new Float64Array(1024);
	#quantities = new BigInt64Array(1024);
	#rows = new Int32Array(1024);
	#sources = new Uint8Array(1024);
	/** 1 where the movement is of all that is left of the line. */
	#isRest = new Uint8Array(1024);

	/** @param quantity null means all that has not moved yet. Movements at unknown instants or of nothing have no place here. */
	add(line: number, instant: number, quantity: bigint | null, source: MovementSource, row: number): void {
		if (quantity === null || quantity > 0n) this.addSigned(line, instant, quantity, source, row);
	}

	/** As `add`, but keeps quantities of nothing and less: progress can fall. Cumulative quantities then need not rise. */
	addSigned(line: number, instant: number, quantity: bigint | null, source: MovementSource, row: number): void {
		if (line < 0 || Number.isNaN(instant)) return;
		if (this.#size === this.#lines.length) this.#grow();
		const at = this.#size++;
		this.#lines[at] = line;
		this.#instants[at] = instant;
		this.#quantities[at] = quantity ?? 0n;
		this.#isRest[at] = quantity === null ? 1 : 0;
		this.#rows[at] = row;
		this.#sources[at] = SOURCES.indexOf(source);
	}

	/** @param ordered quantity of every line: what "all that is left" is measured by */
	build(ordered: BigInt64Array): Movements {
		const byLine = new RowIndex(this.#lines.subarray(0, this.#size), ordered.length);
		const starts = new Int32Array(ordered.length + 1);
		const instants = new Float64Array(this.#size);
		const cumulative = new BigInt64Array(this.#size);
		const rows = new Int32Array(this.#size);
		const sources = new Uint8Array(this.#size);
		let at = 0;
		for (let line = 0; line < ordered.length; line++) {
			let sum = 0n;
			for (const entry of this.#sorted(byLine.rowsOf(line))) {
				const rest = (ordered[line] as bigint) - sum;
				sum += this.#isRest[entry] === 1 ? (rest > 0n ? rest : 0n) : (this.#quantities[entry] as bigint);
				if (sum > QUANTITY_CEILING) sum = QUANTITY_CEILING;
				instants[at] = this.#instants[entry] as number;
				cumulative[at] = sum;
				rows[at] = this.#rows[entry] as number;
				sources[at] = this.#sources[entry] as number;
				at++;
			}
			starts[line + 1] = at;
		}
		return new Movements(starts, instants, cumulative, rows, sources);
	}

	#sorted(entries: Int32Array): Int32Array {
		const instants = this.#instants;
		for (let i = 1; i < entries.length; i++) {
			if ((instants[entries[i - 1] as number] as number) > (instants[entries[i] as number] as number))
				return entries.slice().sort((a, b) => compareInstants(instants[a] as number, instants[b] as number) || a - b);
		}
		return entries;
	}

	#grow(): void {
		this.#lines = grown(this.#lines, new Int32Array(this.#size * 2));
		this.#instants = grown(this.#instants, new Float64Array(this.#size * 2));
		this.#quantities = grown(this.#quantities, new BigInt64Array(this.#size * 2));
		this.#rows = grown(this.#rows, new Int32Array(this.#size * 2));
		this.#sources = grown(this.#sources, new Uint8Array(this.#size * 2));
		this.#isRest = grown(this.#isRest, new Uint8Array(this.#size * 2));
	}
}

type Cells = Int32Array | Float64Array | BigInt64Array | Uint8Array;

function grown<C extends Cells>(from: C, to: C): C {
	to.set(from as never);
	return to;
}
