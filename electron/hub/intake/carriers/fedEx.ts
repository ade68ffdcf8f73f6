/** FedEx-style track replies: XML of the track service, without a document type, without entities of its own, bounded. */
import { XMLParser, XMLValidator } from 'fast-xml-parser';
import { z } from 'zod';
import { err, fromUtf8, ok, type Result } from '#kernel';
import { MAX_SCANS, MAX_TRACKING_BYTES, type Parcel, type Scan, scanInstant, type TrackingFault } from './tracking.ts';

/** Event types of the track service; what is not here, or is null, has no certain meaning in the data model. */
const MEANINGS: Readonly<Record<string, Scan['meaning']>> = {
	OC: 'not_yet_accepted',
	PU: 'accepted',
	IP: 'accepted',
	AR: 'in_transit',
	DP: 'in_transit',
	AF: 'in_transit',
	IT: 'in_transit',
	OD: 'out_for_delivery',
	DL: 'delivered',
	DE: 'exception',
	SE: 'exception',
	RS: 'returned',
	HP: null,
	RR: null,
	CA: null,
};

const NOT_FOUND: ReadonlySet<string> = new Set(['9040', '5508', '6035']);
const TAGS_AS_LISTS: ReadonlySet<string> = new Set(['CompletedTrackDetails', 'TrackDetails', 'Events', 'Notifications', 'Notification']);
const MAX_DEPTH = 24;

const text = z.string().max(2000);
const noticeSchema = z.object({ Severity: text.optional(), Code: text.optional() });
const eventSchema = z.object({ Timestamp: text.optional(), EventType: text.optional(), EventDescription: text.optional() });
const detailsSchema = z.object({
	Notification: z.array(noticeSchema).default([]),
	TrackingNumber: text.optional(),
	Events: z.array(eventSchema).max(MAX_SCANS).default([]),
});
const replySchema = z.object({
	TrackReply: z.object({
		HighestSeverity: text.optional(),
		Notifications: z.array(noticeSchema).default([]),
		CompletedTrackDetails: z
			.array(z.object({ Notifications: z.array(noticeSchema).default([]), TrackDetails: z.array(detailsSchema).max(1000).default([]) }))
			.max(100)
			.default([]),
	}),
});

const parser = new XMLParser({
	ignoreAttributes: true,
	ignoreDeclaration: true,
	removeNSPrefix: true,
	processEntities: false,
	parseTagValue: false,
	maxNestedTags: MAX_DEPTH,
	isArray: (name) => TAGS_AS_LISTS.has(name),
});

export function readFedEx(body: Uint8Array): Result<readonly Parcel[], TrackingFault> {
	if (body.length > MAX_TRACKING_BYTES) return err('too_large');
	const xml = fromUtf8(body);
	// A document type could define entities and fetch things; a reply has none.
	if (xml === null || /<!DOCTYPE|<!ENTITY|<!\[CDATA\[/i.test(xml)) return err('unreadable');
	const reply = readReply(xml);
	if (!reply) return err('unreadable');
	const parcels = reply.CompletedTrackDetails.flatMap(({ TrackDetails }) => TrackDetails);
	const notices = [
		...reply.Notifications,
		...reply.CompletedTrackDetails.flatMap(({ Notifications }) => Notifications),
		...parcels.flatMap(({ Notification }) => Notification),
	].filter(({ Severity }) => Severity === 'ERROR' || Severity === 'FAILURE');
	const [adverse] = notices;
	if (adverse) return err(NOT_FOUND.has(adverse.Code ?? '') ? 'not_found' : 'try_later');
	return ok(mergeParcels(parcels));
}

function readReply(xml: string): z.infer<typeof replySchema>['TrackReply'] | null {
	try {
		if (XMLValidator.validate(xml) !== true) return null;
		const parsed = replySchema.safeParse(parser.parse(xml));
		return parsed.success ? parsed.data.TrackReply : null;
	} catch {
		return null;
	}
}

/** One number may stand for several shipments over the years; then all of their scans are told, each with its instant. */
function mergeParcels(details: readonly z.infer<typeof detailsSchema>[]): readonly Parcel[] {
	const parcels = new Map<string, { readonly trackingNo: string; readonly scans: Scan[]; readonly unreadable: string[] }>();
	for (const { TrackingNumber, Events } of details) {
		const trackingNo = decode(TrackingNumber ?? '');
		if (trackingNo === '') continue;
		const parcel = parcels.get(trackingNo) ?? { trackingNo, scans: [], unreadable: [] };
		parcels.set(trackingNo, parcel);
		for (const [index, { Timestamp, EventType, EventDescription }] of Events.entries()) {
			const at = scanInstant(Timestamp);
			const code = decode(EventType ?? '');
			if (at === null || code === '')
				parcel.unreadable.push(`scan ${index + 1} has no ${at === null ? 'instant with an offset' : 'event type'}`);
			else
				parcel.scans.push({
					at,
					code,
					description: decode(EventDescription ?? ''),
					meaning: Object.hasOwn(MEANINGS, code) ? (MEANINGS[code] ?? null) : null,
				});
		}
	}
	return [...parcels.values()];
}

const PREDEFINED: Readonly<Record<string, string>> = { '&lt;': '<', '&gt;': '>', '&quot;': '"', '&apos;': "'", '&amp;': '&' };

/** The five entities every XML has; others stay as they are written. */
const decode = (value: string): string => value.replace(/&(?:lt|gt|quot|apos|amp);/g, (entity) => PREDEFINED[entity] ?? entity);

const escapeXml = (value: string): string => value.replace(/[<>&"']/g, (character) => `&#${character.charCodeAt(0)};`);

export interface FedExAccount {
	readonly key: string;
	readonly password: string;
	readonly account: string;
	readonly meter: string;
}

/** The request for one tracking number, as the track service v7 takes it. Holds the account's password: never to be logged. */
export function fedExRequest(trackingNo: string, { key, password, account, meter }: FedExAccount): string {
	const tag = (name: string, value: string): string => `<${name}>${escapeXml(value)}</${name}>`;
	return `<?xml version="1.0" encoding="UTF-8"?><TrackRequest xmlns="http://fedex.com/ws/track/v7"><WebAuthenticationDetail><UserCredential>${tag('Key', key)}${tag('Password', password)}</UserCredential></WebAuthenticationDetail><ClientDetail>${tag('AccountNumber', account)}${tag('MeterNumber', meter)}</ClientDetail><Version><ServiceId>trck</ServiceId><Major>7</Major><Intermediate>0</Intermediate><Minor>0</Minor></Version><SelectionDetails><PackageIdentifier><Type>TRACKING_NUMBER_OR_DOORTAG</Type>${tag('Value', trackingNo)}</PackageIdentifier></SelectionDetails><ProcessingOptions>INCLUDE_DETAILED_SCANS</ProcessingOptions></TrackRequest>`;
}
