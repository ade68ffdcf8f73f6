/** A route of the hub: what it takes, who may ask, what it answers. The server and `/openapi.json` are both made from these. */
import { z } from 'zod';
import type { LogTable } from '../log/logPort.ts';
import type { HubRole, Principal } from '../principal.ts';
import type { ProblemCode } from '../problem.ts';
import { refuse } from './problems.ts';

export interface Asked {
	/** Null on routes that need no token. */
	readonly principal: Principal | null;
	readonly params: Readonly<Record<string, string>>;
	/** As the route's schema reads it. */
	readonly query: Readonly<Record<string, unknown>>;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** Decoded of `gzip`; empty where the route takes none. */
	readonly body: Uint8Array;
	/** The same in pieces as they come, for routes with `isLarge`; ends with a refusal where it grows too large. */
	readonly pieces: AsyncIterable<Uint8Array>;
	/** W3C trace context, as it came or as the hub began it. */
	readonly traceparent: string;
	/** Ends when the asker has gone, or the hub stops. */
	readonly signal: AbortSignal;
}

/** What was read, without any of its content. */
export interface EvidenceRead {
	readonly subject: string;
	readonly rows: number;
	/** Lines of a log, `to` exclusive: tells when an event reached an auditor. */
	readonly range?: { readonly table: LogTable; readonly from: number; readonly to: number };
}

export interface Reply {
	readonly status?: number;
	readonly type: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** A stream is written as it comes: for events. */
	readonly body: string | Uint8Array | AsyncIterable<string>;
	/** On routes of evidence; others have none. */
	readonly evidence?: EvidenceRead;
	/** Cacheable for ever by whoever may read it: what it stands for never changes. */
	readonly isImmutable?: boolean;
}

export interface Route {
	readonly method: 'GET' | 'POST' | 'PUT';
	/** With `:name` for a part, and `*` for the rest. */
	readonly path: string;
	/** One line for the API's description. */
	readonly summary: string;
	/** Null: no token. */
	readonly roles: readonly HubRole[] | null;
	readonly query?: z.ZodObject;
	/** Media types of the body it takes; absent: none. */
	readonly takes?: readonly string[];
	/** Bytes of a body, decoded. */
	readonly bodyBytes?: number;
	/** Whether it may come without a body, and then without a media type. */
	readonly isBodyOptional?: boolean;
	/** The body is taken in pieces, never as a whole. */
	readonly isLarge?: boolean;
	/** Whether a sending is named, so that it can be sent again. */
	readonly isNamed?: boolean;
	/** Whether it gives evidence out: then every answer says what, and it is noted before the answer leaves. */
	readonly isEvidence?: boolean;
	/** Whether the answer goes on for as long as the asker listens. */
	readonly isEndless?: boolean;
	/** Schema of a JSON body, and of a JSON answer. */
	readonly request?: z.ZodType;
	readonly answer?: z.ZodType;
	/** Media type of an answer that is not JSON. */
	readonly gives?: string;
	/** Whether what is new is answered with 201, and what was there already with 200. */
	readonly isCreating?: boolean;
	/** Refusals of its own, beside those of any route of its kind; for the API's description. */
	readonly refuses?: readonly ProblemCode[];
	/** Headers it reads, and gives, of its own: each with what it is; for the API's description. */
	readonly reads?: Readonly<Record<string, string>>;
	readonly says?: Readonly<Record<string, string>>;
	handle(asked: Asked): Promise<Reply>;
}

export const json = (value: unknown, more: Omit<Partial<Reply>, 'type' | 'body'> = {}): Reply => ({
	...more,
	type: 'application/json; charset=utf-8',
	body: JSON.stringify(value),
});

export const NDJSON = 'application/x-ndjson';
export const OCTETS = 'application/octet-stream';
export const TEXT = 'text/plain; charset=utf-8';

/** A whole number in a query: digits, nothing else, exact. */
export const whole = z
	.string()
	.regex(/^(0|[1-9]\d{0,14})$/, 'not a whole number')
	.transform(Number)
	.meta({ isWhole: true });

/** Up to which a long poll waits. */
const WAIT_S_MAX = 25;
export const waitSeconds = z
	.string()
	.regex(/^(1?\d|2[0-5])$/, `not a number of seconds from 0 to ${WAIT_S_MAX}`)
	.transform(Number)
	.meta({ isWhole: true, most: WAIT_S_MAX });

/** The principal of a route that asks for one. */
export function principalOf({ principal }: Asked): Principal {
	if (!principal) throw new Error('the route asks for no token');
	return principal;
}

/** A number of the query. */
export function numberIn({ query }: Asked, name: string, absent = 0): number {
	const value = query[name];
	return typeof value === 'number' ? value : absent;
}

/** A number of the path. */
export function numberOf({ params }: Asked, name: string): number {
	const text = params[name] ?? '';
	return /^(0|[1-9]\d{0,14})$/.test(text) ? Number(text) : refuse('malformed', 'This is no whole number.', { where: name });
}

/** A text of the query, '' where there is none. */
export function textIn({ query }: Asked, name: string): string {
	const value = query[name];
	return typeof value === 'string' ? value : '';
}

/** A name of the path that may be looked for: nothing is found under any other. */
export function nameOf({ params }: Asked, name: string, shape: RegExp, sentence: string): string {
	const text = params[name] ?? '';
	return shape.test(text) ? text : refuse('not_found', sentence, { where: name });
}
