/** The workstation's line to a hub: one question, one answer. Whoever holds the socket implements it; nothing here knows of networks. */
import type { Result } from '#kernel';

export interface HubRequest {
	readonly method: 'GET' | 'POST' | 'PUT';
	/** From `/v1/` on, with its query. */
	readonly path: string;
	/** Lower-case names. */
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: Uint8Array;
}

export interface HubResponse {
	readonly status: number;
	/** Lower-case names. */
	readonly headers: Readonly<Record<string, string>>;
	/** Decoded: never compressed, never cut. */
	readonly bytes: Uint8Array;
}

export type TransportFailureCode =
	/** No connection, or it broke before the whole answer was there. */
	| 'unreachable'
	| 'timed_out'
	/** The hub's certificate is not one this connection trusts. */
	| 'certificate'
	/** An answer larger than one may be. */
	| 'too_large'
	| 'cancelled';

export interface TransportFailure {
	readonly code: TransportFailureCode;
	readonly message: string;
}

export interface HubTransport {
	request(request: HubRequest): Promise<Result<HubResponse, TransportFailure>>;
}

/** Bytes of one answer, at most: what one message between the workstation's processes may hold. */
export const HUB_ANSWER_BYTES_MAX = 4 << 20;
