/** What was planted, and what else it sets off: the key to grade an audit of the made-up company with. */

export interface Answer {
	readonly test: string;
	readonly order_id: string | null;
	/** Primary keys of the subject, by column name. */
	readonly keys: Readonly<Record<string, string>>;
	readonly note: string;
}

export interface Answers {
	readonly format: 'tieout-answers/1';
	readonly seed: number;
	/** Each must be found. */
	readonly planted: readonly Answer[];
	/** Each may be found as well: the planted ones bring them along, by one reading of the rules or another. */
	readonly consequences: readonly Answer[];
}
