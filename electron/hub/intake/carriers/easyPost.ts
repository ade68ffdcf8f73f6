/** EasyPost-style trackers: JSON, one tracker, a list of them, or the tracker of an event. */
import { z } from 'zod';
import { err, fromUtf8, ok, type Result } from '#kernel';
import { MAX_SCANS, MAX_TRACKING_BYTES, type Parcel, type Scan, scanInstant, type TrackingFault } from './tracking.ts';

/** @see https://docs.easypost.com/docs/trackers, "Tracker statuses" */
const MEANINGS: Readonly<Record<string, Scan['meaning']>> = {
	pre_transit: 'not_yet_accepted',
	in_transit: 'in_transit',
	out_for_delivery: 'out_for_delivery',
	delivered: 'delivered',
	return_to_sender: 'returned',
	failure: 'exception',
	error: 'exception',
	// In nobody's hands for certain: the data model has no word for these.
	available_for_pickup: null,
	cancelled: null,
	unknown: null,
};

const detailSchema = z.object({ status: z.string().max(64).nullish(), datetime: z.unknown(), message: z.string().max(2000).nullish() });
const trackerSchema = z.object({
	tracking_code: z.string().min(1).max(128),
	tracking_details: z.array(detailSchema).max(MAX_SCANS).default([]),
});
const answerSchema = z.union([
	trackerSchema.transform((tracker) => [tracker]),
	z.object({ trackers: z.array(trackerSchema).max(1000) }).transform(({ trackers }) => trackers),
	z.object({ result: trackerSchema }).transform(({ result }) => [result]),
]);

export function readEasyPost(body: Uint8Array): Result<readonly Parcel[], TrackingFault> {
	if (body.length > MAX_TRACKING_BYTES) return err('too_large');
	const text = fromUtf8(body);
	if (text === null) return err('unreadable');
	let json: unknown;
	try {
		json = JSON.parse(text);
	} catch {
		return err('unreadable');
	}
	const answer = answerSchema.safeParse(json);
	if (answer.success) return ok(answer.data.map(parcelOf));
	return err(isNotFound(json) ? 'not_found' : 'unreadable');
}

/** `{"error":{"code":"TRACKER.NOT_FOUND"…}}` and the like. */
function isNotFound(json: unknown): boolean {
	const shape = z.object({ error: z.object({ code: z.string() }) }).safeParse(json);
	return shape.success && /NOT_FOUND/.test(shape.data.error.code);
}

function parcelOf({ tracking_code: trackingNo, tracking_details: details }: z.infer<typeof trackerSchema>): Parcel {
	const scans: Scan[] = [];
	const unreadable: string[] = [];
	for (const [index, { status, datetime, message }] of details.entries()) {
		const at = scanInstant(datetime);
		if (at === null || !status) unreadable.push(`scan ${index + 1} has no ${at === null ? 'instant with an offset' : 'status'}`);
		else
			scans.push({
				at,
				code: status,
				description: message ?? '',
				meaning: Object.hasOwn(MEANINGS, status) ? (MEANINGS[status] ?? null) : null,
			});
	}
	return { trackingNo, scans, unreadable };
}
