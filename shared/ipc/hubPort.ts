/**
 * The vault worker's questions to a hub, on the same port as its questions to drops: the main process holds the sockets, because no page
 * and no worker has a network. Answers go back whole.
 */
import { z } from 'zod';
import { IPC_LIMITS } from './limits.ts';
import { bytes } from './shapes.ts';

const header = z.record(
	z
		.string()
		.regex(/^[a-z][a-z0-9-]{0,63}$/)
		// What the main process itself decides.
		.refine((name) => !['host', 'authorization', 'connection', 'content-length', 'transfer-encoding', 'cookie'].includes(name)),
	z.string().regex(/^[\x20-\x7e]{0,1024}$/),
);

export const hubQuestionSchema = z.strictObject({
	url: z.string().max(512),
	/** Opaque; used for this one question and kept nowhere. */
	bearer: z.string().regex(/^[\x21-\x7e]{1,8192}$/),
	caPem: z.string().max(65_536).nullable(),
	method: z.enum(['GET', 'POST', 'PUT']),
	path: z.string().regex(/^\/v1\/[\x21-\x7e]{0,2000}$/),
	headers: header,
	body: bytes.nullable(),
});
export type HubQuestion = Readonly<z.infer<typeof hubQuestionSchema>>;

export const hubReplySchema = z.discriminatedUnion('kind', [
	z.strictObject({
		kind: z.literal('response'),
		status: z.int().min(0).max(999),
		headers: z.record(z.string(), z.string()),
		bytes,
	}),
	z.strictObject({
		kind: z.literal('failure'),
		code: z.enum(['unreachable', 'timed_out', 'certificate', 'too_large', 'cancelled', 'bad_address']),
		message: z.string().max(IPC_LIMITS.sentenceChars),
	}),
]);
export type HubReply = Readonly<z.infer<typeof hubReplySchema>>;
