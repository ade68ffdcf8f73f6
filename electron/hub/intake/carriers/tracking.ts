/** What carriers say of parcels, in one form: scans as they are told, with the status of the data model where it has one. */
import { formatInstant, type Result } from '#kernel';

/** Statuses of `carrier_event`. */
type CarrierStatus = 'accepted' | 'in_transit' | 'out_for_delivery' | 'delivered' | 'exception' | 'returned';

export interface Scan {
	/** RFC 3339 in UTC with milliseconds. */
	readonly at: string;
	/** The carrier's own word for it. */
	readonly code: string;
	readonly description: string;
	/** What the word means in the data model; null where that is not for certain: it is never guessed. */
	readonly meaning: CarrierStatus | 'not_yet_accepted' | null;
}

export interface Parcel {
	readonly trackingNo: string;
	readonly scans: readonly Scan[];
	/** Scans that can't be placed in time or have no word, one sentence each. */
	readonly unreadable: readonly string[];
}

export type TrackingFault =
	/** No such parcel at the carrier. */
	| 'not_found'
	/** The carrier can't say at the moment. */
	| 'try_later'
	/** Not what such a carrier answers. */
	| 'unreadable'
	/** Larger than any such answer. */
	| 'too_large';

export type ReadTracking = (body: Uint8Array) => Result<readonly Parcel[], TrackingFault>;

/** A tracker has some kilobytes. */
export const MAX_TRACKING_BYTES = 4 << 20;
export const MAX_SCANS = 2_000;

const RFC3339 = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(\.\d{1,9})?(Z|[+-]\d\d:\d\d)$/;

/** An instant as carriers write it, with an offset; null where it has none, since local time would have to be guessed. */
export function scanInstant(text: unknown): string | null {
	if (typeof text !== 'string' || !RFC3339.test(text)) return null;
	const ms = Date.parse(text);
	// A day that does not exist is moved by the parser into the next month.
	const offset = /[+-]\d\d:\d\d$/.exec(text)?.[0] ?? '+00:00';
	const minutes = (offset.startsWith('-') ? -1 : 1) * (Number(offset.slice(1, 3)) * 60 + Number(offset.slice(4, 6)));
	const local = Number.isNaN(ms) ? '' : new Date(ms + minutes * 60_000).toISOString();
	return local.slice(0, 19) === text.slice(0, 19) ? formatInstant(ms) : null;
}
