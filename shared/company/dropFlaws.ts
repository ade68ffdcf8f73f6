/** What is wrong with the drop itself, beyond its rows: for the writer of the drop to carry out and to answer for. */
import type { TableName } from '#model';

/** The manifest declares a hash, a row count or a control total that the file does not have: T66, T77. */
export type DeclarationFlaw =
	| { readonly kind: 'declared'; readonly what: 'sha256' | 'rows'; readonly table: TableName }
	| { readonly kind: 'declared'; readonly what: 'control_total'; readonly table: TableName; readonly column: string };

/**
 * `other_root`, `beyond_log`: over other lines, or more, than the log has (T68) · `fork`: a second note of one size (T69) ·
 * `bad_signature`, `strange_key`: nobody's word (T74). `nth` counts the table's checkpoints from 0, or from behind.
 */
export interface CheckpointFlaw {
	readonly kind: 'checkpoint';
	readonly what: 'beyond_log' | 'other_root' | 'fork' | 'bad_signature' | 'strange_key';
	readonly table: TableName;
	readonly nth: number;
}

export type DropFlaw = DeclarationFlaw | CheckpointFlaw;

/** Chosen so that every other test still has sound data: tables no test rests on, and checkpoints that are not the last. */
export const DROP_FLAWS: readonly DropFlaw[] = [
	{ kind: 'declared', what: 'sha256', table: 'fx_rate' },
	{ kind: 'declared', what: 'sha256', table: 'period' },
	{ kind: 'declared', what: 'rows', table: 'change_ticket' },
	{ kind: 'declared', what: 'control_total', table: 'product', column: 'list_price_minor' },
	{ kind: 'checkpoint', what: 'other_root', table: 'revenue_event', nth: 1 },
	{ kind: 'checkpoint', what: 'beyond_log', table: 'revenue_event', nth: -1 },
	{ kind: 'checkpoint', what: 'fork', table: 'order_event', nth: 1 },
	{ kind: 'checkpoint', what: 'fork', table: 'order_event', nth: 3 },
	{ kind: 'checkpoint', what: 'bad_signature', table: 'revenue_event', nth: 4 },
	{ kind: 'checkpoint', what: 'strange_key', table: 'revenue_event', nth: 6 },
];
