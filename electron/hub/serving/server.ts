/** The hub's HTTP face: routes over Fastify, with identity, limits, traces, compression and one shape for every refusal. */
import type { Socket } from 'node:net';
import fastify, { type FastifyInstance, type FastifyReply, type FastifyRequest, LogController } from 'fastify';
import { TilesMissing } from '../log/tileFolder.ts';
import { PROBLEM_STATUS } from '../problem.ts';
import type { AccessSpool } from './accessSpool.ts';
import { common, sendAnswer, sendRefusal } from './answer.ts';
import { type AskPorts, askedOf, traceparentOf } from './ask.ts';
import { Budget, HEAD_BYTES_MAX, HEADERS_MAX, type ServerLimits, Shares } from './limits.ts';
import type { HubMetrics } from './metrics.ts';
import { bodyOf, isAway, problemOfStatus, Refusal, refuse } from './problems.ts';
import type { Asked, Reply, Route } from './route.ts';
import { Visit } from './visit.ts';

export interface ServerParts extends Pick<AskPorts, 'authenticator' | 'limiter'> {
	readonly routes: readonly Route[];
	readonly readings: AccessSpool;
	readonly metrics: HubMetrics;
	readonly limits: ServerLimits;
	/** Milliseconds since 1970. */
	now(): number;
	readonly tls: TlsOptions | null;
	/** Where log lines go, each a JSON object; null: nowhere. */
	readonly logTo: { write(line: string): void } | null;
}

export interface TlsOptions {
	readonly cert: string;
	readonly key: string;
	/** Certificate authority of clients; where it is given, a connection without a certificate of it is refused (mutual TLS). */
	readonly clientCa: string | null;
}

interface Serving extends ServerParts, AskPorts {
	readonly stopping: AbortSignal;
}

const HANDSHAKE_MS = 10_000;

export function hubServer(parts: ServerParts): FastifyInstance {
	const { tls, limits, logTo } = parts;
	const socket = {
		maxHeaderSize: HEAD_BYTES_MAX,
		headersTimeout: limits.headersMs,
		requestTimeout: limits.requestMs,
		connectionsCheckingInterval: limits.checkMs,
	};
	const options = {
		logger: logTo ? { level: 'info', stream: logTo } : false,
		logController: new LogController({ disableRequestLogging: true }),
		requestTimeout: limits.requestMs,
		connectionTimeout: limits.idleMs,
		routerOptions: { maxParamLength: 500 },
		exposeHeadRoutes: false,
		forceCloseConnections: 'idle',
		clientErrorHandler: (error: Error & { code?: string }, socket: Socket) => refuseOnSocket(error, socket, parts.metrics),
		frameworkErrors: (error: { statusCode?: number }, _request: FastifyRequest, reply: FastifyReply) =>
			void sendRefusal(common(reply), problemOfStatus(error.statusCode ?? 400), limits.lingerMs),
	} as const;
	const server = (tls
		? fastify({
				...options,
				https: { ...socket, cert: tls.cert, key: tls.key, minVersion: 'TLSv1.2', handshakeTimeout: HANDSHAKE_MS, ...mutual(tls) },
			})
		: fastify({ ...options, http: socket })) as unknown as FastifyInstance;
	server.server.maxHeadersCount = HEADERS_MAX + 1;
	server.server.maxConnections = limits.connections;
	// Whoever asks first whether to send a body is told after the head was judged, in `ask.ts`.
	server.server.on('checkExpectation', (request, response) => server.server.emit('request', request, response));
	server.server.on('checkContinue', (request, response) => server.server.emit('request', request, response));
	server.removeAllContentTypeParsers();
	// Bodies are read by the routes, as bytes: nothing parses before it knows who asks.
	server.addContentTypeParser('*', (_request, payload, done) => done(null, payload));
	const stopping = new AbortController();
	server.addHook('preClose', (done) => {
		stopping.abort();
		setTimeout(() => server.server.closeAllConnections(), limits.closeMs).unref();
		done();
	});
	// Nobody keeps a connection to a hub that stops.
	server.addHook('onSend', (_request, reply, _payload, done) => {
		if (stopping.signal.aborted) reply.header('connection', 'close');
		done();
	});
	const serving = { ...parts, bodies: new Budget(limits.bodyBytes), underWay: new Shares(limits.underWay), stopping: stopping.signal };
	answerFailures(server, serving);
	addRoutes(server, serving);
	return server;
}

const mutual = ({ clientCa }: TlsOptions) => (clientCa === null ? {} : { ca: clientCa, requestCert: true, rejectUnauthorized: true });

function answerFailures(server: FastifyInstance, { limits, limiter: _, metrics }: Serving): void {
	server.setNotFoundHandler((_request, reply) => {
		metrics.request(null, '', '', 404, 0);
		return sendRefusal(common(reply), problemOfStatus(404), limits.lingerMs);
	});
	server.setErrorHandler((error, request, reply) => {
		const status = typeof error === 'object' && error && 'statusCode' in error ? Number(error.statusCode) : 500;
		if (status >= 400 && status < 500) return sendRefusal(common(reply), problemOfStatus(status), limits.lingerMs);
		// Where it happened, but not what was said: messages hold data.
		request.log.error(placeOf(error), 'request failed');
		if (isAway(error))
			return sendRefusal(
				reply,
				{ code: 'unavailable', message: 'The hub can not do this at the moment. Try again.', retryAfter: 5 },
				limits.lingerMs,
			);
		return sendRefusal(
			reply,
			{ code: 'failed', message: 'The hub failed at this. Try again; if it stays so, tell its operator.' },
			limits.lingerMs,
		);
	});
}

function placeOf(error: unknown): Record<string, unknown> {
	if (!(error instanceof Error)) return { name: typeof error };
	const code = 'code' in error && /^[A-Z0-9_]{1,40}$/i.test(String(error.code)) ? String(error.code) : null;
	const stack = (error.stack ?? '').split('\n').filter((line) => /^ {4}at /.test(line));
	return { name: error.name, code, at: stack.slice(0, 5).map((line) => line.trim()) };
}

/** What is no HTTP, too much of a head, or too slow. */
function refuseOnSocket(error: Error & { code?: string }, socket: Socket, metrics: HubMetrics): void {
	if (error.code === 'ECONNRESET' || !socket.writable) {
		socket.destroy();
		return;
	}
	const status = error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? 408 : error.code === 'HPE_HEADER_OVERFLOW' ? 431 : 400;
	metrics.request(null, '', '', status, 0);
	const problem = problemOfStatus(status);
	const body = JSON.stringify(bodyOf(problem));
	socket.end(
		`HTTP/1.1 ${PROBLEM_STATUS[problem.code]} ${problem.code}\r\ncontent-type: application/json; charset=utf-8\r\ncontent-length: ${Buffer.byteLength(body)}\r\nconnection: close\r\n\r\n${body}`,
		() => socket.destroy(),
	);
}

const METHODS = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'] as const;

function addRoutes(server: FastifyInstance, serving: Serving): void {
	const allowed = new Map<string, Set<string>>();
	for (const route of serving.routes) {
		const methods = route.method === 'GET' && !route.isEndless ? (['GET', 'HEAD'] as const) : [route.method];
		const of = allowed.get(route.path) ?? new Set(['OPTIONS']);
		for (const method of methods) of.add(method);
		allowed.set(route.path, of);
		server.route({ method: [...methods], url: route.path, handler: (request, reply) => handle(serving, route, request, reply) });
	}
	for (const [url, methods] of allowed) {
		const allow = METHODS.filter((method) => methods.has(method)).join(', ');
		server.route({
			method: METHODS.filter((method) => !methods.has(method) || method === 'OPTIONS'),
			url,
			handler(request, reply) {
				common(reply).header('allow', allow);
				if (request.method === 'OPTIONS') return reply.code(204).send();
				return sendRefusal(reply, { code: 'method_not_allowed', message: `This takes ${allow}.` }, serving.limits.lingerMs);
			},
		});
	}
}

async function handle(serving: Serving, route: Route, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
	const visit = new Visit(reply, serving.stopping);
	const traceparent = traceparentOf(request.headers['traceparent']);
	common(reply).header('traceparent', traceparent);
	visit.atEnd(() => tell(serving, route, request, reply, visit, traceparent));
	try {
		const asked = await askedOf(serving, route, request, reply, visit, traceparent);
		const answer = await route.handle(asked);
		await noteReading(serving, route, asked, answer);
		return await sendAnswer(request, reply, answer, serving.limits.lingerMs);
	} catch (error) {
		const refusal = error instanceof TilesMissing ? damagedLog(error) : error;
		if (!(refusal instanceof Refusal)) throw refusal;
		if (refusal.damaged !== null && visit.tenant !== null) {
			serving.metrics.damaged(visit.tenant, refusal.damaged.split(' ')[0] ?? '');
			request.log.error({ tenant: visit.tenant, damaged: refusal.damaged }, 'stored bytes are damaged');
		}
		return sendRefusal(reply, refusal.problem, serving.limits.lingerMs);
	}
}

/** A log's own file is gone or torn while the hub runs. It is not repaired under its readers: the next start looks at all of it. */
const damagedLog = ({ file }: TilesMissing): Refusal =>
	new Refusal(
		{
			code: 'damaged',
			message:
				'A file of this log is no longer whole. The hub’s operator must start the hub again, which repairs it or says what is wrong.',
		},
		`log ${file}`,
	);

/** Before the answer leaves: nothing is read without a trace. */
async function noteReading({ readings, now }: Serving, route: Route, asked: Asked, { evidence }: Reply): Promise<void> {
	if (!route.isEvidence || !asked.principal) return;
	if (!evidence) throw new Error(`${route.path} gives evidence and does not say what`);
	const reading = {
		...evidence,
		principal: asked.principal,
		route: `${route.method} ${route.path}`,
		traceId: asked.traceparent.slice(3, 35),
		at: now(),
	};
	await readings
		.note(reading)
		.catch(() =>
			refuse('unavailable', 'What is read can’t be noted at the moment, and is not given out without. Try again.', { retryAfter: 5 }),
		);
}

function tell({ metrics }: Serving, route: Route, request: FastifyRequest, reply: FastifyReply, visit: Visit, traceparent: string): void {
	const status = reply.raw.headersSent ? reply.statusCode : 499;
	const ms = performance.now() - visit.began;
	// How long somebody listened says nothing about how quick the hub is.
	if (!route.isEndless) metrics.request(visit.tenant, request.method, route.path, status, ms);
	const trace = traceparent.slice(3, 35);
	request.log.info({ method: request.method, route: route.path, status, ms: Math.round(ms), tenant: visit.tenant, trace }, 'request');
}
