/** An answer on its way out: caching, compression, HEAD; and one shape for every refusal. */
import { createHash } from 'node:crypto';
import { Readable } from 'node:stream';
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { HubProblem } from '../problem.ts';
import { bodyOf, statusOf } from './problems.ts';
import type { Reply } from './route.ts';

const GZIP_FROM_BYTES = 1024;
const GZIP_LEVEL = 4;
const zip = promisify(gzip);

/** Sets what every answer has. */
export const common = (reply: FastifyReply): FastifyReply =>
	reply
		.header('x-content-type-options', 'nosniff')
		.header('content-security-policy', "default-src 'none'; frame-ancestors 'none'")
		.header('referrer-policy', 'no-referrer');

export async function sendAnswer(request: FastifyRequest, reply: FastifyReply, answer: Reply, lingerMs: number): Promise<FastifyReply> {
	// A body that nobody asked for is not waited for longer than one that is refused.
	linger(reply, lingerMs);
	reply.code(answer.status ?? 200).type(answer.type);
	for (const [name, value] of Object.entries(answer.headers ?? {})) reply.header(name, value);
	const { body } = answer;
	if (typeof body !== 'string' && !(body instanceof Uint8Array))
		return reply.header('cache-control', 'no-store').send(Readable.from(body, { objectMode: false }));
	const bytes = typeof body === 'string' ? Buffer.from(body, 'utf8') : Buffer.from(body.buffer, body.byteOffset, body.byteLength);
	if (request.method !== 'GET' && request.method !== 'HEAD') return reply.header('cache-control', 'no-store').send(bytes);
	return await sendCacheable(request, reply, answer, bytes);
}

async function sendCacheable(request: FastifyRequest, reply: FastifyReply, { isImmutable }: Reply, bytes: Buffer): Promise<FastifyReply> {
	const isZipped = bytes.length >= GZIP_FROM_BYTES && takesGzip(request.headers['accept-encoding']);
	// Two codings are two representations, so each has a tag of its own (RFC 9110 §8.8.3.3).
	const tag = createHash('sha256').update(bytes).digest('base64url').slice(0, 27);
	reply.header('etag', `"${tag}${isZipped ? '-gzip' : ''}"`).header('vary', 'authorization, accept-encoding');
	reply.header('cache-control', isImmutable ? 'private, max-age=31536000, immutable' : 'private, no-cache');
	if (hasTag(request.headers['if-none-match'], tag)) return reply.code(304).removeHeader('content-type').send();
	const sent = isZipped ? await zip(bytes, { level: GZIP_LEVEL }) : bytes;
	if (isZipped) reply.header('content-encoding', 'gzip');
	return request.method === 'HEAD' ? reply.header('content-length', sent.length).send() : reply.send(sent);
}

/** RFC 9110 §12.5.3: named with a weight above nothing. A client that takes anything (`*`) gets it as it is. */
function takesGzip(header: string | string[] | undefined): boolean {
	return String(header ?? '')
		.toLowerCase()
		.split(',')
		.some((coding) => {
			const [name = '', ...parameters] = coding.split(';').map((part) => part.trim());
			const weight = parameters.find((parameter) => parameter.startsWith('q='));
			return (name === 'gzip' || name === 'x-gzip') && (weight === undefined || Number(weight.slice(2)) > 0);
		});
}

/** RFC 9110 §13.1.2: any of the tags, compared weakly. */
function hasTag(header: string | undefined, tag: string): boolean {
	if (header === undefined) return false;
	const offered = header.split(',').map((one) => one.trim().replace(/^W\//, ''));
	return offered.includes('*') || offered.includes(`"${tag}"`) || offered.includes(`"${tag}-gzip"`);
}

export function sendRefusal(reply: FastifyReply, problem: HubProblem, lingerMs: number): FastifyReply {
	if (problem.retryAfter !== undefined) reply.header('retry-after', String(problem.retryAfter));
	if (problem.code === 'unauthenticated') reply.header('www-authenticate', 'Bearer');
	linger(reply, lingerMs);
	return reply
		.code(statusOf(problem))
		.header('cache-control', 'no-store')
		.type('application/json; charset=utf-8')
		.send(JSON.stringify(bodyOf(problem)));
}

/** What is still coming of a body is thrown away for a while, so that the sender reads why; then the connection ends. */
function linger({ request: { raw } }: FastifyReply, ms: number): void {
	if (raw.complete) return;
	raw.resume();
	const timer = setTimeout(() => raw.destroy(), ms);
	timer.unref();
	raw.once('close', () => clearTimeout(timer));
}
