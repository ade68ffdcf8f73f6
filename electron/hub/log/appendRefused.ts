/** Why an append was refused. Intake looks before it appends, so each of these is a race that was lost, or a fault. */
export type AppendRefusalCode =
	/** No such tenant. */
	| 'unknown_log'
	/** The id of an event is taken, in the log or within the call. */
	| 'event_exists'
	/** `order_seq` is not the one that comes next along the order's chain. */
	| 'not_next'
	/** No canonical form, no order, an id that can't be stored, or a `prev` of its own. */
	| 'malformed'
	/** More than 60,000 bytes as a line. */
	| 'too_long'
	/** The log has ended. */
	| 'frozen'
	/** The disk or the database failed; whether the events are sealed shows once they work again. */
	| 'unavailable';

export class AppendRefused extends Error {
	readonly code: AppendRefusalCode;
	/** Which event of the call, from 0; null where it is none in particular. */
	readonly at: number | null;

	constructor(
		message: string,
		{ code, at = null, ...options }: ErrorOptions & { readonly code: AppendRefusalCode; readonly at?: number | null },
	) {
		super(message, options);
		this.name = 'AppendRefused';
		this.code = code;
		this.at = at;
	}
}
