import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Call, type Filled, fill, ROLES, type ServedHub, serveHub, traceOf } from './servedHub.ts';

let served: ServedHub;
let own: Filled;
let foreign: Filled;

beforeAll(async () => {
	served = await serveHub();
	// The other tenant has more of everything, so that its sizes and numbers are none of this one's.
	foreign = await fill(served, 'zeta', 300);
	own = await fill(served, 'acme', 3);
	await served.call({ path: '/v1/publication', tenant: 'zeta' });
	await served.call({ path: '/v1/publication' });
});
afterAll(() => served.close());

/** Everything that can be read, with this tenant's own names in it. */
const readings = ({ documentSha256, deadLetterId }: Filled, tenant: 'acme' | 'zeta', size: number): readonly string[] => [
	'/v1/tenant',
	'/v1/publication',
	'/v1/publication/1',
	'/v1/publication/1/tables/customer?offset=0&length=1000000',
	'/v1/publication/1/tables/sales_order?offset=0&length=1000000',
	'/v1/logs/order_event/checkpoint',
	`/v1/logs/order_event/checkpoint/${size}`,
	`/v1/logs/order_event/lines?from=0&to=${size}`,
	'/v1/logs/order_event/tile/entries/000.p/4',
	`/v1/disclosures/order_event?from=0&to=${size}`,
	'/v1/logs/hub_record/lines?from=0&to=1',
	'/v1/tables/customer/changes?since=0&until=1',
	'/v1/documents',
	`/v1/documents/${documentSha256}`,
	'/v1/dead-letters',
	`/v1/dead-letters/${deadLetterId}`,
	`/v1/traces/${traceOf(tenant)}`,
	'/v1/feeds',
	'/v1/poll',
	'/v1/engagements',
	'/v1/findings',
	'/v1/access-log',
	'/metrics',
];

describe('what one tenant reads', () => {
	it('is its own, and never holds a word of another tenant', async () => {
		let read = 0;
		for (const path of readings(own, 'acme', 4)) {
			for (const as of ROLES) {
				const answer = await served.call({ path, as });
				expect([200, 403], `${path} as ${as}`).toContain(answer.status);
				if (answer.status !== 200) continue;
				read++;
				const shown = path.includes('/dead-letters/')
					? Buffer.from(answer.json<{ payload_base64: string }>().payload_base64, 'base64').toString()
					: '';
				expect(`${answer.text}${shown}${JSON.stringify(answer.headers)}`, path).not.toMatch(/zeta/);
			}
		}
		expect(read).toBeGreaterThan(40);
	});

	it('shows the marks it would be found by, so that their absence means something', async () => {
		const texts = await Promise.all(
			readings(own, 'acme', 4).map(async (path) => {
				for (const as of ['auditor', 'compliance', 'operator'] as const) {
					const answer = await served.call({ path, as });
					if (answer.status === 200) return answer.text;
				}
				return '';
			}),
		);
		expect(texts.filter((text) => text.includes(own.mark)).length).toBeGreaterThan(6);
	});

	it('is refused by the names of another tenant’s things as if there were none', async () => {
		const guesses: readonly [string, Call][] = [
			['document', { path: `/v1/documents/${foreign.documentSha256}` }],
			['dead letter', { path: `/v1/dead-letters/${foreign.deadLetterId}`, as: 'operator' }],
			['replay', { path: `/v1/dead-letters/${foreign.deadLetterId}/replay`, as: 'operator', method: 'POST' }],
			['discard', { path: `/v1/dead-letters/${foreign.deadLetterId}/discard`, as: 'operator', method: 'POST' }],
			['trace', { path: `/v1/traces/${traceOf('zeta')}` }],
			['lines beyond', { path: '/v1/logs/order_event/lines?from=0&to=301' }],
			['full tile', { path: '/v1/logs/order_event/tile/entries/000' }],
			['hash tile', { path: '/v1/logs/order_event/tile/0/000' }],
			['checkpoint', { path: '/v1/logs/order_event/checkpoint/301' }],
			['proof', { path: '/v1/logs/order_event/consistency?from=4&to=301' }],
		];
		for (const [name, guess] of guesses) {
			const missing = await served.call({ ...guess, path: guess.path.replace(foreign.documentSha256, '0'.repeat(64)) });
			const answer = await served.call(guess);
			expect(answer.status, name).toBe(404);
			expect(answer.text, name).not.toMatch(/zeta|301/.exec(guess.path) ? /zeta/ : /zeta|mark-of/);
			expect({ status: answer.status, body: answer.text }, name).toEqual({ status: missing.status, body: missing.text });
		}
		const [letter] = (await served.call({ path: '/v1/dead-letters', tenant: 'zeta' })).json<{ dead_letters: { state: string }[] }>()
			.dead_letters;
		expect(letter?.state).toBe('open');
	});

	it('has places and cursors that count within the tenant, so that gaps say nothing of others', async () => {
		await Promise.all(['/v1/documents', '/v1/dead-letters'].map((path) => served.call({ path, tenant: 'zeta' })));
		await served.call({ path: '/v1/documents' });
		const { entries } = (await served.call({ path: '/v1/access-log', as: 'compliance' })).json<{
			entries: { position: number; principal: string }[];
		}>();
		expect(entries.map(({ position }) => position)).toEqual(entries.map((_, at) => at + 1));
		expect(entries.every(({ principal }) => principal.startsWith('acme-'))).toBe(true);
		const before = (await served.call({ path: '/v1/poll' })).json<{ cursor: number }>().cursor;
		await fillOneMore('zeta');
		expect((await served.call({ path: '/v1/poll' })).json()).toMatchObject({ cursor: before });
		const metrics = (await served.call({ path: '/metrics', as: 'operator' })).text;
		expect(metrics).toMatch(/tieout_hub_log_size\{table="order_event",tenant="acme"\} 4\n/);
	});
});

async function fillOneMore(tenant: 'zeta'): Promise<void> {
	const size = served.hub.log.head(tenant, 'hub_record').size;
	await served.hub.log.sealHeads(tenant, 'order_event', '2026-03-30');
	expect(served.hub.log.head(tenant, 'hub_record').size).toBe(size + 1);
}
