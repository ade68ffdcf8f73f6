/** A message as intake takes it: its id, its trace, how often it was tried, and its lines. */
import { gunzipSync } from 'node:zlib';
import { err, ok, type Result } from '#kernel';
import { MAX_BATCH_BYTES } from '../bounds.ts';
import { type Cause, cause } from '../causes.ts';

/** What of a delivery is looked at. */
export interface Delivery {
	readonly content: Uint8Array;
	readonly messageId: unknown;
	readonly contentType: unknown;
	readonly contentEncoding: unknown;
	readonly headers: Readonly<Record<string, unknown>>;
}

export interface ReadMessage {
	readonly messageId: string;
	/** NDJSON, unpacked. */
	readonly bytes: Uint8Array;
	readonly traceparent: string | null;
}

/** Tries so far stand in this header of what waits for its next one. */
export const ATTEMPTS_HEADER = 'x-tieout-attempts';

const MESSAGE_ID = /^[\x20-\x7e]{1,180}$/;
const CONTENT_TYPES: readonly unknown[] = ['application/x-ndjson', 'application/json', undefined];

const count = (value: unknown): number => (typeof value === 'number' && Number.isSafeInteger(value) && value > 0 ? value : 0);

/** How often the hub tried a message before this delivery and failed. */
export const attemptsOf = (headers: Readonly<Record<string, unknown>>): number => count(headers[ATTEMPTS_HEADER]);

/**
 * How often a message was delivered and nobody answered: connections that broke, or a hub that it killed. Only a large number speaks
 * against the message.
 */
export const unansweredOf = (headers: Readonly<Record<string, unknown>>): number => count(headers['x-delivery-count']);

export function readMessage({ content, messageId, contentType, contentEncoding, headers }: Delivery): Result<ReadMessage, Cause> {
	if (typeof messageId !== 'string' || !MESSAGE_ID.test(messageId))
		return err(cause('not_identified', 'message_id: 1 to 180 ASCII characters'));
	if (!CONTENT_TYPES.includes(contentType)) return err(cause('unreadable_batch', `content_type ${JSON.stringify(contentType)}`));
	const bytes = unpacked(content, contentEncoding);
	if (!bytes.ok) return bytes;
	const traceparent = headers['traceparent'];
	return ok({ messageId, bytes: bytes.value, traceparent: typeof traceparent === 'string' ? traceparent : null });
}

function unpacked(content: Uint8Array, encoding: unknown): Result<Uint8Array, Cause> {
	if (encoding === undefined || encoding === 'identity') return ok(content);
	if (encoding !== 'gzip') return err(cause('unreadable_batch', `content_encoding ${JSON.stringify(encoding)}`));
	try {
		return ok(gunzipSync(content, { maxOutputLength: MAX_BATCH_BYTES }));
	} catch {
		return err(cause('unreadable_batch', `no gzip, or more than ${MAX_BATCH_BYTES} bytes unpacked`));
	}
}
