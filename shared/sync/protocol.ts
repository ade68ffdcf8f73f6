/** What goes over the wire between hub and workstation, apart from lines and tiles: the schemas both sides check by. */
import { z } from 'zod';

const text = z.string().max(1000);
const count = z.int().min(0);
const instant = z.string().max(40);
const money = z.array(z.strictObject({ currency: z.string().max(3), minor: z.string().regex(/^-?\d{1,30}$/) }));

export const problemSchema = z.object({ code: z.string().max(64), message: z.string().max(2000), where: text.optional() });

/** `GET /v1/tenant`: what the hub says it is. A claim: what is believed stands in the trust policy. */
export const tenantAnswerSchema = z.object({
	tenant: z.string().max(64),
	company: text,
	/** Name of the log without a table. */
	log: text,
	log_keys: z
		.array(
			z.object({
				vkey: z.string().max(1024),
				/** Per table, the size from which on and up to which the key signs; absent: from the start, without end. */
				from: z.record(z.string(), count).default({}),
				until: z.record(z.string(), count).default({}),
			}),
		)
		.max(100),
	witnesses: z.array(z.string().max(1024)).max(100),
	entity_ids: z.array(text).max(10_000),
});
export type TenantAnswer = Readonly<z.infer<typeof tenantAnswerSchema>>;

/** `GET /v1/publication`: a cut of everything, as a drop's manifest, under a signed note. */
export const publicationAnswerSchema = z.object({
	number: count,
	/** Text of a `tieout-drop/1` manifest. */
	manifest: z.string().max(3 << 20),
	note: z.string().max(1 << 18),
	/** Per table its revision at the cut; not under the signature: a workstation goes by `revision N` in the manifest. */
	revisions: z.record(z.string(), count),
});
export type PublicationAnswer = Readonly<z.infer<typeof publicationAnswerSchema>>;

export const consistencyAnswerSchema = z.object({ hashes: z.array(z.string().max(64)).max(128) });

/** A line of `GET /v1/tables/:table/changes`: a row's place in the file and its line, or that it is gone. */
export const changeSchema = z.union([
	z.strictObject({ p: count, k: z.string(), l: z.string() }),
	z.strictObject({ p: count, k: z.string(), gone: z.literal(true) }),
]);
export type TableChange = Readonly<z.infer<typeof changeSchema>>;

/** A line of `GET /v1/documents`. */
export const documentLineSchema = z.object({ sha256: z.string().regex(/^[0-9a-f]{64}$/), bytes: count });

/** `GET /v1/feeds`. */
export const feedSchema = z.object({
	feed: z.string().max(128),
	kind: z.enum(['sealed', 'table']),
	/** How it comes in: by event or by batch, and over which channel. */
	mode: z.enum(['stream', 'batch']),
	channels: z.array(z.string().max(32)).max(16),
	/** Lines of a log, or the revision of a table. */
	position: count,
	rows: count,
	last_event_at: instant.nullable(),
	last_received_at: instant.nullable(),
	/** From the source's word to the hub's receipt, of the last event; null before the first. */
	lag_ms: z.int().nullable(),
	freshness: z.enum(['fresh', 'stale', 'silent']),
	waiting: count,
	dead_letters: z.object({ count, revenue: money }),
	latency: z.object({ p50: z.number(), p95: z.number(), p99: z.number(), samples: count }).nullable(),
	/** Slower or more failing than its own usual. */
	degraded: z.boolean(),
});
export const feedsAnswerSchema = z.object({ as_of: instant, feeds: z.array(feedSchema).max(1000) });
export type FeedsAnswer = Readonly<z.infer<typeof feedsAnswerSchema>>;

/** `GET /v1/dead-letters`. */
export const deadLetterSchema = z.object({
	id: z.string().max(64),
	state: z.enum(['open', 'replayed', 'discarded']),
	feed: z.string().max(128),
	channel: z.string().max(32),
	source_system: text.nullable(),
	code: z.string().max(64),
	message: z.string().max(2000),
	attempts: count,
	revenue: money,
	first_at: instant,
	last_at: instant,
});
export const deadLettersAnswerSchema = z.object({ dead_letters: z.array(deadLetterSchema), next: z.string().nullable().default(null) });

/** `GET /v1/traces/:id`: one event from hop to hop. */
export const traceAnswerSchema = z.object({
	trace_id: z.string().max(64),
	order_id: z.string().nullable(),
	spans: z
		.array(
			z.object({
				span_id: z.string().max(64),
				parent_id: z.string().max(64).nullable(),
				/** `sent`, `received`, `validated`, `committed`, `sealed`, `published`, `pulled`. */
				hop: z.string().max(64),
				started_at: instant,
				ms: z.number().min(0),
			}),
		)
		.max(1000),
});
export type TraceAnswer = Readonly<z.infer<typeof traceAnswerSchema>>;
