import type { Ledger as Book } from '#book';

export interface Ledger {
	readonly before: Book | null;
}
