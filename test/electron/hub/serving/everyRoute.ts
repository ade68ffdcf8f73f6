/** One good question for every route of the hub. What is new in the hub's description and missing here fails the claims about all routes. */
import { createHash } from 'node:crypto';
import { orderRow } from '../intake/records.ts';
import { appoint, found, requestOf, send } from '../papers/workstation.ts';
import { type Call, type Filled, fill, ingest, type ServedHub, traceOf } from './servedHub.ts';
import { cosignatureFor } from './witness.ts';

export interface Question extends Call {
	readonly expected: number;
}

const JSON_BODY = { 'content-type': 'application/json' };
const DOCUMENT = 'another document';
const WORDS = { 'tieout-transfer-passphrase': 'seven%20grey%20herons%20wait' };

export interface Questions {
	readonly filled: Filled;
	/** By method and path as the description has them. */
	readonly of: ReadonlyMap<string, Question>;
}

export async function everyRoute(served: ServedHub): Promise<Questions> {
	const filled = await fill(served, 'acme');
	await served.call({ path: '/v1/publication' });
	const station = found();
	appoint(station, served);
	await send(served, station, 0);
	const engagement = `/v1/engagements/${station.state.engagementId}`;
	const sha256 = createHash('sha256').update(DOCUMENT).digest('hex');
	const size = served.hub.log.head('acme', 'order_event').size;
	const dead = (await served.call(ingest([{ table: 'sales_order', record: {} }]))).json<{ dead: { dead_letter_id: string }[] }>();
	const second = dead.dead[0]?.dead_letter_id ?? '';
	const get = (path: string, more: Partial<Question> = {}): Question => ({ path, expected: 200, ...more });
	const post = (path: string, more: Partial<Question>): Question => ({ path, method: 'POST', expected: 200, ...more });
	const questions: Record<string, Question> = {
		'get /healthz': get('/healthz', { as: null }),
		'get /readyz': get('/readyz', { as: null }),
		'get /openapi.json': get('/openapi.json', { as: null }),
		'get /metrics': get('/metrics', { as: 'operator' }),
		'get /v1/feeds': get('/v1/feeds'),
		'get /v1/traces/{id}': get(`/v1/traces/${traceOf('acme')}`),
		'get /v1/access-log': get('/v1/access-log', { as: 'compliance' }),
		'get /v1/poll': get('/v1/poll?after=0'),
		'get /v1/stream': get('/v1/stream'),
		'get /v1/tenant': get('/v1/tenant'),
		'get /v1/publication': get('/v1/publication'),
		'get /v1/publication/{number}': get('/v1/publication/1'),
		'get /v1/publication/{number}/tables/{table}': get('/v1/publication/1/tables/customer?offset=0&length=100'),
		'get /v1/logs/{table}/checkpoint': get('/v1/logs/order_event/checkpoint'),
		'get /v1/logs/{table}/checkpoint/{size}': get(`/v1/logs/order_event/checkpoint/${size}`),
		'post /v1/logs/{table}/checkpoint/{size}/cosignature': post(`/v1/logs/order_event/checkpoint/${size}/cosignature`, {
			as: 'witness',
			headers: { 'content-type': 'text/plain' },
			body: await cosignatureFor(served, 'order_event'),
		}),
		'get /v1/logs/{table}/consistency': get(`/v1/logs/order_event/consistency?from=1&to=${size}`),
		'get /v1/logs/{table}/lines': get(`/v1/logs/order_event/lines?from=0&to=${size}`),
		'get /v1/logs/{table}/tile/{path}': get(`/v1/logs/order_event/tile/entries/000.p/${size}`),
		'get /v1/disclosures/{table}': get(`/v1/disclosures/order_event?from=0&to=${size}`),
		'get /v1/tables/{table}/changes': get('/v1/tables/customer/changes?since=0&until=1'),
		'get /v1/documents': get('/v1/documents?publication=1'),
		'get /v1/documents/{sha256}': get(`/v1/documents/${filled.documentSha256}`),
		'post /v1/ingest': { ...ingest([orderRow('another order')]), expected: 200 },
		'put /v1/documents/{sha256}': {
			path: `/v1/documents/${sha256}`,
			method: 'PUT',
			as: 'producer',
			headers: { 'content-type': 'application/octet-stream' },
			body: DOCUMENT,
			expected: 200,
		},
		// No drop: read as far as its head, and refused for what it is.
		'post /v1/drops': post('/v1/drops', { as: 'producer', headers: { 'content-type': 'application/zip' }, body: 'PK', expected: 400 }),
		'post /v1/disputes': post('/v1/disputes', {
			as: 'portal',
			headers: { ...JSON_BODY, 'idempotency-key': 'dispute-1' },
			body: JSON.stringify({ order_id: filled.orderId, reason_code: 'price' }),
			expected: 201,
		}),
		'get /v1/dead-letters': get('/v1/dead-letters'),
		'get /v1/dead-letters/{id}': get(`/v1/dead-letters/${filled.deadLetterId}`, { as: 'compliance' }),
		'post /v1/dead-letters/{id}/replay': post(`/v1/dead-letters/${filled.deadLetterId}/replay`, { as: 'operator' }),
		'post /v1/dead-letters/{id}/discard': post(`/v1/dead-letters/${second}/discard`, { as: 'operator' }),
		'post /v1/engagements/{id}/acts': post(`${engagement}/acts`, {
			headers: JSON_BODY,
			body: JSON.stringify(requestOf(station, station.state.order.length)),
		}),
		'get /v1/engagements/{id}/acts': get(`${engagement}/acts?after=0`),
		'get /v1/engagements': get('/v1/engagements'),
		'get /v1/engagements/{id}/findings': get(`${engagement}/findings`),
		'get /v1/findings': get('/v1/findings'),
		'get /v1/engagements/{id}/exchange': get(`${engagement}/exchange`, { headers: WORDS }),
		'post /v1/engagements/{id}/exchange': post(`${engagement}/exchange`, {
			headers: { ...WORDS, 'content-type': 'application/octet-stream' },
			body: 'no exchange file',
			expected: 400,
		}),
	};
	return { filled, of: new Map(Object.entries(questions)) };
}
