/** Exceptions of a test whose subjects may be millions: hostile or hopeless data must neither exhaust memory nor bury a reader. */
import type { ExceptionDraft } from './types.ts';

/** Told one by one up to here. Nobody reads more; the rest is counted, and said. */
const TOLD_MAX = 20_000;

export class ExceptionList {
	readonly #subject: string;
	readonly #limit: number;
	readonly #told: ExceptionDraft[] = [];
	#untold = 0;

	/** @param subject what is counted, such as "order_event" */
	constructor(subject: string, limit = TOLD_MAX) {
		this.#subject = subject;
		this.#limit = limit;
	}

	/** @param draft made only if it is told */
	add(draft: () => ExceptionDraft): void {
		if (this.#told.length < this.#limit) this.#told.push(draft());
		else this.#untold++;
	}

	/** The exceptions, and where there were too many, one last that counts the rest. */
	all(): ExceptionDraft[] {
		if (this.#untold === 0) return this.#told;
		return [
			...this.#told,
			{
				orderId: null,
				keys: { table: this.#subject },
				amountMinor: null,
				currency: null,
				reason: `${this.#untold} further exceptions of the same kind in ${this.#subject} are counted here and not listed.`,
				rows: [],
			},
		];
	}
}
