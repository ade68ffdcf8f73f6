/** From a request to a question a route can answer: who asks, whether they may, and what they send, each within its bounds. */
import { randomBytes } from 'node:crypto';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { Principal } from '../principal.ts';
import type { Authenticator } from './authenticate.ts';
import { bodyPieces, readBody, tooLarge } from './body.ts';
import { type Budget, HEADERS_MAX, type Shares, URL_CHARS_MAX } from './limits.ts';
import { refuse } from './problems.ts';
import { networkOf, type RateLimiter } from './rateLimit.ts';
import type { Asked, Route } from './route.ts';
import type { Visit } from './visit.ts';

export interface AskPorts {
	readonly authenticator: Authenticator;
	/** By principal; by network where no token is asked for. */
	readonly limiter: RateLimiter;
	readonly bodies: Budget;
	readonly underWay: Shares;
}

/** Headers on which it depends who asks, and for what: a proxy in between might read another one of two. */
const ONCE = ['authorization', 'idempotency-key', 'content-type', 'content-encoding'] as const;

/** Throws `Refusal`. */
export async function askedOf(
	ports: AskPorts,
	route: Route,
	request: FastifyRequest,
	reply: FastifyReply,
	visit: Visit,
	traceparent: string,
): Promise<Asked> {
	if ((request.raw.url?.length ?? 0) > URL_CHARS_MAX) refuse('address_too_long', 'The address is too long.', { where: 'URL' });
	// Beyond this many Node leaves lines out, so that a head is only believed where it is below.
	if (request.raw.rawHeaders.length / 2 > HEADERS_MAX) refuse('headers_too_large', `A request has at most ${HEADERS_MAX} header lines.`);
	const doubled = ONCE.find((name) => (request.raw.headersDistinct[name]?.length ?? 0) > 1);
	if (doubled !== undefined) refuse('malformed', 'This header stands twice: which of them counts, nobody could tell.', { where: doubled });
	const principal = route.roles ? await principalFor(ports, route, request, visit) : null;
	if (!principal) limited(ports, `network ${networkOf(request.ip)}`);
	const query = queryOf(route, request);
	const pieces = bodyFor(ports, route, request, reply, visit);
	const body = route.isLarge || !route.takes ? new Uint8Array(0) : await pieces.whole();
	return {
		...{ principal, query, body, traceparent, signal: visit.signal },
		pieces: pieces.each(),
		params: request.params as Record<string, string>,
		headers: request.headers as Record<string, string | undefined>,
	};
}

async function principalFor(ports: AskPorts, route: Route, request: FastifyRequest, visit: Visit): Promise<Principal> {
	const principal = await ports.authenticator.principal(request.headers.authorization, networkOf(request.ip));
	visit.tenant = principal.tenant;
	const name = `${principal.tenant} ${principal.id}`;
	limited(ports, name);
	if (!ports.underWay.take(name))
		refuse('rate_limited', 'Too many questions of yours are under way. Wait for some of their answers.', { retryAfter: 1 });
	visit.atEnd(() => ports.underWay.give(name));
	if (!route.roles?.includes(principal.role))
		refuse('forbidden', `The role ${principal.role} may not do this: it is for ${route.roles?.join(', ')}.`);
	return principal;
}

function limited({ limiter }: AskPorts, who: string): void {
	const retryAfter = limiter.take(who);
	if (retryAfter > 0) refuse('rate_limited', 'Too many requests. Wait, then go on.', { retryAfter });
}

function queryOf({ query }: Route, request: FastifyRequest): Record<string, unknown> {
	if (!query) return {};
	const parsed = query.safeParse(request.query);
	if (parsed.success) return parsed.data;
	const [issue] = parsed.error.issues;
	// A name that the route does not know is the asker's own: it is not said back.
	const where = String(issue?.path[0] ?? 'query');
	const what = issue?.code === 'unrecognized_keys' ? 'it has a name that this does not know' : (issue?.message ?? 'it does not read');
	return refuse('malformed', `The query is not as this takes it: ${what}.`, { where });
}

/** A body is looked at when somebody is known to ask and its head is right; not a byte of it before. */
function bodyFor({ bodies }: AskPorts, route: Route, request: FastifyRequest, reply: FastifyReply, visit: Visit) {
	const { takes = [], bodyBytes = 0 } = route;
	const { headers, raw } = request;
	const encoding = headers['content-encoding'];
	if (takes.length > 0) {
		const [type = '', ...parameters] = (headers['content-type'] ?? '').split(';').map((part) => part.trim().toLowerCase());
		const hasBody = Number(headers['content-length'] ?? 0) > 0 || headers['transfer-encoding'] !== undefined;
		if (!takes.includes(type) && (hasBody || !route.isBodyOptional))
			refuse('unsupported', `Send this as ${takes.join(' or ')}.`, { where: 'Content-Type' });
		if (parameters.some((parameter) => parameter.startsWith('charset=') && !/^charset="?utf-?8"?$/.test(parameter)))
			refuse('unsupported', 'Texts are read as UTF-8 and nothing else. Send this in it.', { where: 'Content-Type' });
		if (Number(headers['content-length'] ?? 0) > bodyBytes) tooLarge(bodyBytes);
		if (headers.expect?.toLowerCase() === '100-continue') reply.raw.writeContinue();
	}
	const hold = (bytes: number): void => {
		if (!bodies.take(bytes)) refuse('unavailable', 'The hub holds as much as it can at the moment. Send this again.', { retryAfter: 2 });
		visit.atEnd(() => bodies.give(bytes));
	};
	return {
		whole: () => readBody(raw, encoding, { bytesMax: bodyBytes, hold }),
		each: () => bodyPieces(raw, encoding, bodyBytes),
	};
}

/** W3C trace context: kept where one came, begun where none did. What a later version adds behind is left out (§4.3). */
export function traceparentOf(given: string | string[] | undefined): string {
	const [, kept] =
		/^(?!ff)[0-9a-f]{2}(-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2})(?:$|-)/.exec(typeof given === 'string' ? given : '') ??
		[];
	return kept === undefined ? `00-${randomBytes(16).toString('hex')}-${randomBytes(8).toString('hex')}-01` : `00${kept}`;
}
