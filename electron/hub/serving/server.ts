/** The hub's HTTP face: routes over Fastify, with identity, limits, traces, compression and one shape for every refusal. */
import { createHash, randomBytes } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import type { Database } from '../types.ts';
import { noteReading } from './accessLog.ts';
import type { Authenticator } from './authenticate.ts';
import { readBody } from './body.ts';
import type { HubMetrics } from './metrics.ts';
import { bodyOf, Refusal, refuse, statusOf } from './problems.ts';
import type { RateLimiter } from './rateLimit.ts';
import type { Asked, Reply, Route } from './route.ts';

export interface ServerParts {
	readonly database: Database;
	readonly routes: readonly Route[];
	readonly authenticator: Authenticator;
	/** By principal, and by address before a token was looked at. */
	readonly limiter: RateLimiter;
	readonly metrics: HubMetrics;
	/** Milliseconds since 1970. */
	now(): number;
	readonly tls: TlsOptions | null;
	/** False: no log lines, for tests. */
	readonly isLogging: boolean;
}

export interface TlsOptions {
	readonly cert: string;
	readonly key: string;
	/** Certificate authority of clients; where it is given, a connection without a certificate of it is refused (mutual TLS). */
	readonly clientCa: string | null;
}

/** A head must be whole within this, a request within the other: nobody holds a place by being slow. */
const HEADERS_MS = 15_000;
const REQUEST_MS = 120_000;
const URL_CHARS_MAX = 4096;
const GZIP_FROM_BYTES = 1024;
const zip = promisify(gzip);

export function hubServer(parts: ServerParts): FastifyInstance {
	const { tls } = parts;
	const options = {
		logger: parts.isLogging ? { level: 'info', redact: ['req.headers'] } : false,
		disableRequestLogging: true,
		requestTimeout: REQUEST_MS,
		bodyLimit: 1,
		routerOptions: { maxParamLength: 500 },
		forceCloseConnections: true,
	} as const;
	const server = (tls
		? fastify({ ...options, https: { cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2', ...mutual(tls) } })
		: fastify(options)) as unknown as FastifyInstance;
	server.server.headersTimeout = HEADERS_MS;
	server.server.maxHeadersCount = 64;
	server.removeAllContentTypeParsers();
	// Bodies are read by the routes, as bytes: nothing parses before it knows who asks.
	server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
	server.setNotFoundHandler((_request, reply) =>
		send(reply, { code: 'not_found', message: 'There is no such place here. See /openapi.json.' }),
	);
	server.setErrorHandler((error, request, reply) => {
		request.log.error({ name: error instanceof Error ? error.name : 'unknown' }, 'request failed');
		const status = typeof error === 'object' && error && 'statusCode' in error ? Number(error.statusCode) : 500;
		if (status >= 400 && status < 500)
			return send(reply, { code: 'malformed', message: 'The request is not one that can be read.' }, status);
		return send(reply, { code: 'unavailable', message: 'The hub failed at this. Try again; if it stays so, tell its operator.' }, 500);
	});
	for (const route of parts.routes)
		server.route({ method: route.method, url: route.path, handler: (request, reply) => handle(parts, route, request, reply) });
	return server;
}

const mutual = ({ clientCa }: TlsOptions) => (clientCa === null ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true });

const send = (reply: FastifyReply, problem: Parameters<typeof bodyOf>[0], status = statusOf(problem)): FastifyReply => {
	if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
	// What was not read of a body must not be taken for the next request.
	if (!reply.request.raw.readableEnded && Number(reply.request.headers['content-length'] ?? 0) > 0) reply.header('connection', 'close');
	return reply
		.code(status)
		.type('application/json; charset=utf-8')
		.send(JSON.stringify(bodyOf(problem)));
};

async function handle(parts: ServerParts, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
	const began = performance.now();
	const finish = (status: number): void => {
		parts.metrics.request(route.method, route.path, status, performance.now() - began);
		request.log.info({ method: route.method, route: route.path, status, ms: Math.round(performance.now() - began) }, 'request');
	};
	try {
		const asked = await askedOf(parts, route, request);
		const answer = await route.handle(asked);
		if (answer.evidence && asked.principal)
			await noteReading(parts.database, {
				principal: asked.principal,
				route: `${route.method} ${route.path}`,
				...answer.evidence,
				traceId: asked.traceparent.slice(3, 35),
				at: parts.now(),
			});
		finish(answer.status ?? 200);
		return await write(request, reply, answer, asked.traceparent);
	} catch (error) {
		if (!(error instanceof Refusal)) throw error;
		finish(statusOf(error.problem));
		return send(reply, error.problem);
	}
}

async function askedOf(parts: ServerParts, route: Route, request: FastifyRequest): Promise<Asked> {
	if (request.raw.url && request.raw.url.length > URL_CHARS_MAX) refuse('too_large', 'The address is too long.', { where: 'URL' });
	const limited = (who: string): void => {
		const retryAfter = parts.limiter.take(who);
		if (retryAfter > 0) refuse('rate_limited', 'Too many requests. Wait, then go on.', { retryAfter });
	};
	if (route.roles) limited(`address ${request.ip}`);
	const principal = route.roles ? await parts.authenticator.principal(request.headers.authorization) : null;
	if (principal) limited(`principal ${principal.tenant} ${principal.id}`);
	if (principal && !route.roles?.includes(principal.role))
		refuse('forbidden', `The role ${principal.role} may not do this: it is for ${route.roles?.join(', ')}.`);
	const query = queryOf(route, request);
	const gone = new AbortController();
	request.raw.on('close', () => {
		if (!request.raw.complete || request.raw.destroyed) gone.abort();
	});
	return {
		principal,
		params: request.params as Record<string, string>,
		query,
		headers: request.headers as Record<string, string | undefined>,
		body: await bodyFor(route, request),
		traceparent: traceparentOf(request.headers['traceparent']),
		signal: gone.signal,
	};
}

function queryOf({ query }: Route, request: FastifyRequest): Record<string, string> {
	if (!query) return {};
	const parsed = query.safeParse(request.query);
	if (parsed.success) return parsed.data as Record<string, string>;
	const [issue] = parsed.error.issues;
	return refuse('malformed', `The query is not as this takes it: ${issue?.message ?? 'unknown'}.`, {
		where: String(issue?.path[0] ?? 'query'),
	});
}

async function bodyFor({ takes, bodyBytes = 0 }: Route, request: FastifyRequest): Promise<Uint8Array> {
	if (!takes) return new Uint8Array(0);
	const type = (request.headers['content-type'] ?? '').split(';')[0]?.trim().toLowerCase() ?? '';
	if (!takes.includes(type)) refuse('unsupported', `Send this as ${takes.join(' or ')}.`, { where: 'Content-Type' });
	if (Number(request.headers['content-length'] ?? 0) > bodyBytes)
		refuse('too_large', `The body is larger than the ${bodyBytes} bytes one request may have. Send it in parts.`, { where: 'body' });
	return await readBody(request.raw, request.headers['content-encoding'], bodyBytes);
}

/** W3C trace context: kept where one came, begun where none did. */
function traceparentOf(given: string | string[] | undefined): string {
	return typeof given === 'string' && /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/.test(given)
		? given
		: `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01`;
}

async function write(request: FastifyRequest, reply: FastifyReply, answer: Reply, traceparent: string): Promise<FastifyReply> {
	reply
		.code(answer.status ?? 200)
		.type(answer.type)
		.header('traceparent', traceparent)
		.header('x-content-type-options', 'nosniff');
	for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
	const { body } = answer;
	if (typeof body !== 'string' && !(body instanceof Uint8Array))
		return reply.header('cache-control', 'no-store').send(Readable.from(body as AsyncIterable<string>));
	const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
	if (request.method !== 'GET') return reply.send(bytes);
	const etag = `"${createHash('sha256').update(bytes).digest('base64url').slice(0, 27)}"`;
	reply.header('etag', etag).header('vary', 'authorization, accept-encoding');
	reply.header('cache-control', answer.isImmutable ? 'private, max-age=31536000, immutable' : 'private, no-cache');
	if (request.headers['if-none-match'] === etag) return reply.code(304).send();
	if (bytes.length < GZIP_FROM_BYTES || !/\bgzip\b/.test(request.headers['accept-encoding'] ?? '')) return reply.send(bytes);
	return reply.header('content-encoding', 'gzip').send(await zip(bytes, { level: 4 }));
}
