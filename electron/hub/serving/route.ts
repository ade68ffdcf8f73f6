/** A route of the hub: what it takes, who may ask, what it answers. The server and `/openapi.json` are both made from these. */
import type { z } from 'zod';
import type { HubRole, Principal } from '../types.ts';

export interface Asked {
	/** Null on routes that need no token. */
	readonly principal: Principal | null;
	readonly params: Readonly<Record<string, string>>;
	readonly query: Readonly<Record<string, string>>;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string | undefined>>;
	/** Decoded of `gzip`; empty where the route takes none. */
	readonly body: Uint8Array;
	/** W3C trace context, as it came or as the hub began it. */
	readonly traceparent: string;
	/** Ends when the asker has gone. */
	readonly signal: AbortSignal;
}

export interface Reply {
	readonly status?: number;
	readonly type: string;
	readonly headers?: Readonly<Record<string, string>>;
	/** A stream is written as it comes: for events. */
	readonly body: string | Uint8Array | AsyncIterable<string>;
	/** Rows of evidence given out, for the access log; absent: none. */
	readonly evidence?: { readonly subject: string; readonly rows: number };
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
	/** Schema of a JSON body, and of a JSON answer. */
	readonly request?: z.ZodType;
	readonly answer?: z.ZodType;
	/** Media type of an answer that is not JSON. */
	readonly gives?: string;
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

/** The principal of a route that asks for one. */
export function principalOf({ principal }: Asked): Principal {
	if (!principal) throw new Error('the route asks for no token');
	return principal;
}
