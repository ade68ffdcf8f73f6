/** HTTP to a hub: one address, no redirects, everything bounded. Over TLS, or in clear to this very machine. */
import { type ClientRequest, Agent as HttpAgent, type IncomingMessage, type RequestOptions, request as requestHttp } from 'node:http';
import { Agent as HttpsAgent, request as requestHttps } from 'node:https';
import { brotliDecompressSync, gunzipSync } from 'node:zlib';
import { err, ok, type Result } from '#kernel';
import { HUB_ANSWER_BYTES_MAX, type HubRequest, type HubResponse, type HubTransport, type TransportFailure } from '#sync';

export interface HubAddress {
	/** `https://hub.example:8443`, without a path. */
	readonly url: string;
	readonly bearer: string;
	/** PEM of the certificate authority the hub's certificate must come from; null: those of the system. */
	readonly caPem: string | null;
}

export interface HubHttp extends HubTransport {
	close(): void;
}

export type AddressProblem = 'not_a_url' | 'not_https' | 'has_path';

const ADDRESS_SENTENCES: Readonly<Record<AddressProblem, string>> = {
	not_a_url: 'This is no address. It reads https://HOST or https://HOST:PORT.',
	not_https: 'A hub is reached over https; http is taken for this machine itself only (127.0.0.1, localhost).',
	has_path: 'Give the address of the hub alone, without a path, user name or query.',
};

export const describeAddressProblem = (problem: AddressProblem): string => ADDRESS_SENTENCES[problem];

const LOOPBACK = new Set(['127.0.0.1', 'localhost', '[::1]']);

export function parseHubAddress(text: string): Result<URL, AddressProblem> {
	const url = URL.canParse(text) ? new URL(text) : null;
	if (!url || url.hostname === '') return err('not_a_url');
	if (url.pathname !== '/' || url.search !== '' || url.hash !== '' || url.username !== '' || url.password !== '') return err('has_path');
	if (url.protocol === 'https:' || (url.protocol === 'http:' && LOOPBACK.has(url.hostname))) return ok(url);
	return err(url.protocol === 'http:' ? 'not_https' : 'not_a_url');
}

/** Longer than the hub holds a poll. */
const IDLE_MS = 45_000;
const WHOLE_MS = 180_000;
/** A page of lines shrinks tenfold; what claims more is no page of lines. */
const COMPRESSED_BYTES_MAX = HUB_ANSWER_BYTES_MAX;

export function hubHttp(address: HubAddress): Result<HubHttp, AddressProblem> {
	const parsed = parseHubAddress(address.url);
	if (!parsed.ok) return parsed;
	const url = parsed.value;
	const isTls = url.protocol === 'https:';
	const agent = isTls
		? new HttpsAgent({ keepAlive: true, maxSockets: 4, minVersion: 'TLSv1.2', ...(address.caPem === null ? {} : { ca: address.caPem }) })
		: new HttpAgent({ keepAlive: true, maxSockets: 4 });
	const open = (request: HubRequest): ClientRequest => {
		const options: RequestOptions = {
			agent,
			method: request.method,
			// An IPv6 name stands in brackets in a URL and without them in a socket.
			hostname: url.hostname.replace(/^\[|\]$/g, ''),
			port: url.port === '' ? (isTls ? 443 : 80) : Number(url.port),
			path: request.path,
			maxHeaderSize: 16_384,
			timeout: IDLE_MS,
			headers: {
				...request.headers,
				authorization: `Bearer ${address.bearer}`,
				'accept-encoding': 'gzip',
				...(request.body ? { 'content-length': request.body.length } : {}),
			},
		};
		return isTls ? requestHttps(options) : requestHttp(options);
	};
	return ok({
		request: (request) => exchange(open, request),
		close: () => agent.destroy(),
	});
}

function exchange(open: (request: HubRequest) => ClientRequest, request: HubRequest): Promise<Result<HubResponse, TransportFailure>> {
	return new Promise((resolve) => {
		const call = open(request);
		const limit = setTimeout(() => call.destroy(new Error('timed_out')), WHOLE_MS);
		const settle = (result: Result<HubResponse, TransportFailure>): void => {
			clearTimeout(limit);
			resolve(result);
		};
		call.on('timeout', () => call.destroy(new Error('timed_out')));
		call.on('error', (error: Error & { code?: string }) => settle(err(failureOf(error))));
		call.on('response', (response) => {
			collect(response, call)
				.then(settle)
				.catch((error: Error) => settle(err(failureOf(error))));
		});
		call.end(request.body);
	});
}

async function collect(response: IncomingMessage, call: ClientRequest): Promise<Result<HubResponse, TransportFailure>> {
	const parts: Buffer[] = [];
	let bytes = 0;
	for await (const part of response as AsyncIterable<Buffer>) {
		bytes += part.length;
		if (bytes > COMPRESSED_BYTES_MAX) {
			call.destroy();
			return err(tooLarge());
		}
		parts.push(part);
	}
	if (!response.complete)
		return err({ code: 'unreachable', message: 'The connection broke before the whole answer was there. Try again.' });
	const raw = Buffer.concat(parts);
	const decoded = decode(raw, response.headers['content-encoding']);
	if (!decoded.ok) return decoded;
	const headers: Record<string, string> = {};
	for (const [name, value] of Object.entries(response.headers)) if (typeof value === 'string') headers[name] = value;
	return ok({ status: response.statusCode ?? 0, headers, bytes: decoded.value });
}

function decode(raw: Buffer, encoding: string | undefined): Result<Uint8Array, TransportFailure> {
	if (encoding === undefined || encoding === 'identity') return ok(new Uint8Array(raw.buffer, raw.byteOffset, raw.byteLength));
	const inflate = encoding === 'gzip' ? gunzipSync : encoding === 'br' ? brotliDecompressSync : null;
	if (!inflate)
		return err({ code: 'unreachable', message: `The hub answered in an encoding nobody asked for (${encoding.slice(0, 20)}).` });
	try {
		return ok(new Uint8Array(inflate(raw, { maxOutputLength: HUB_ANSWER_BYTES_MAX })));
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'ERR_BUFFER_TOO_LARGE') return err(tooLarge());
		return err({ code: 'unreachable', message: 'An answer arrived damaged and does not unpack. Try again.' });
	}
}

const tooLarge = (): TransportFailure => ({
	code: 'too_large',
	message: `The hub sent more than the ${HUB_ANSWER_BYTES_MAX} bytes one answer may have.`,
});

function failureOf({ message, code = '' }: Error & { code?: string }): TransportFailure {
	if (message === 'timed_out') return { code: 'timed_out', message: 'The hub did not answer in time. Check the network, then try again.' };
	if (/CERT|SSL|TLS|SELF_SIGNED|UNABLE_TO|ALTNAME/.test(code))
		return {
			code: 'certificate',
			message: `The hub’s certificate is not trusted (${code}). Give the company’s certificate authority under Sync.`,
		};
	return {
		code: 'unreachable',
		message: `The hub can't be reached (${code === '' ? 'connection lost' : code}). Check the address and the network.`,
	};
}
