import { get } from 'node:http';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyRoute, type Question, type Questions } from './everyRoute.ts';
import { type Answer, ROLES, type ServedHub, serveHub } from './servedHub.ts';

interface Operation {
	readonly security: readonly object[];
	readonly 'x-roles'?: readonly string[];
	readonly 'x-evidence'?: boolean;
}

let served: ServedHub;
let questions: Questions;
let operations: ReadonlyMap<string, Operation>;

beforeAll(async () => {
	served = await serveHub();
	questions = await everyRoute(served);
	const { paths } = (await served.call({ path: '/openapi.json', as: null })).json<{ paths: Record<string, Record<string, Operation>> }>();
	operations = new Map(
		Object.entries(paths).flatMap(([path, of]) => Object.entries(of).map(([method, each]) => [`${method} ${path}`, each] as const)),
	);
});
afterAll(() => served.close());

const each = (): [string, Question, Operation][] =>
	[...questions.of].map(([name, question]) => [name, question, operations.get(name) as Operation]);
const guarded = () => each().filter(([, { as }]) => as !== null);

/** Streams do not end: their head is the answer. */
const ask = (question: Partial<Question>): Promise<Answer> =>
	question.path?.startsWith('/v1/stream') ? headOf(question) : served.call(question as Question);

function headOf({ path, as = 'auditor', token }: Partial<Question>): Promise<Answer> {
	const bearer = token ?? (as === null ? null : served.token(as));
	return new Promise((resolve, reject) => {
		const call = get(
			{ host: served.url.hostname, port: served.url.port, path, headers: bearer === null ? {} : { authorization: `Bearer ${bearer}` } },
			(response) => {
				const { statusCode: status = 0, headers } = response;
				response.once('data', (bytes: Buffer) => {
					resolve({ status, headers, bytes, text: bytes.toString(), json: <T>() => JSON.parse(bytes.toString()) as T });
					call.destroy();
				});
			},
		);
		call.on('error', reject);
	});
}

const isProblem = (answer: Answer, code: string): void => {
	expect(answer.headers['content-type']).toBe('application/json; charset=utf-8');
	expect(Object.keys(answer.json())).toEqual(expect.arrayContaining(['code', 'message']));
	expect(answer.json()).toMatchObject({ code });
};

describe('every route', () => {
	it('has a question here, and every question a route', () => {
		expect(new Set(questions.of.keys())).toEqual(new Set(operations.keys()));
		expect(operations.size).toBeGreaterThan(35);
	});

	it('is for those it names, and answers nobody else: no token, unknown, malformed, of another scheme', async () => {
		for (const [name, question, { security }] of guarded()) {
			expect(security, name).toEqual([{ token: [] }]);
			const strangers = [
				{ ...question, as: null },
				{ ...question, token: `tieout_${'A'.repeat(43)}` },
				{ ...question, as: null, headers: { ...question.headers, authorization: 'Basic YTpi' } },
			];
			for (const stranger of strangers.slice(0, name.startsWith('get /v1/pub') ? 3 : 1)) {
				const answer = await ask(stranger);
				expect(answer.status, name).toBe(401);
				isProblem(answer, 'unauthenticated');
				expect(answer.headers['www-authenticate']).toBe('Bearer');
			}
		}
	});

	it('refuses every role it does not name, before it looks at what they send', async () => {
		let refused = 0;
		for (const [name, question, operation] of guarded()) {
			for (const role of ROLES.filter((known) => !operation['x-roles']?.includes(known))) {
				const answer = await ask({ ...question, as: role });
				expect(answer.status, `${name} as ${role}`).toBe(403);
				isProblem(answer, 'forbidden');
				refused++;
			}
		}
		expect(refused).toBeGreaterThan(80);
	});

	it('refuses a token that has expired', async () => {
		const token = await served.hub.issueToken({
			tenant: 'acme',
			id: 'late',
			name: 'Late',
			role: 'auditor',
			expiresAt: served.clock.now + 1000,
		});
		expect((await served.call({ path: '/v1/tenant', token })).status).toBe(200);
		served.clock.now += 2000;
		for (const [name, question, operation] of guarded()) {
			if (!operation['x-roles']?.includes('auditor')) continue;
			const answer = await ask({ ...question, token });
			expect(answer.status, name).toBe(401);
			expect(answer.json<{ message: string }>().message, name).toMatch(/expired/);
		}
	});

	it('answers a good question', async () => {
		for (const [name, question] of each()) {
			const answer = await ask(question);
			expect(answer.status, `${name}: ${answer.text.slice(0, 300)}`).toBe(question.expected);
			expect(answer.headers['x-content-type-options'], name).toBe('nosniff');
			expect(answer.headers['traceparent'], name).toMatch(/^00-[0-9a-f]{32}-[0-9a-f]{16}-[0-9a-f]{2}$/);
		}
	});

	it('says what it takes to other methods, and shows heads without bodies', async () => {
		const paths = Map.groupBy(each(), ([, { path }]) => path);
		for (const [path, of] of paths) {
			const wrong = await served.call({ method: 'DELETE', path, as: null });
			expect(wrong.status, path).toBe(405);
			isProblem(wrong, 'method_not_allowed');
			const options = await served.call({ method: 'OPTIONS', path, as: null });
			expect(options.status).toBe(204);
			expect(options.headers.allow).toBe(wrong.headers.allow);
			expect(options.headers).not.toHaveProperty('access-control-allow-origin');
			const [name, question] = of.find(([known]) => known.startsWith('get')) ?? [];
			if (!question || name === 'get /v1/stream') continue;
			const [head, whole] = [await served.call({ ...question, method: 'HEAD' }), await served.call(question)];
			expect([head.status, head.bytes.length], path).toEqual([whole.status, 0]);
			// What tells of reading grows by being read.
			if (!/access-log|metrics|exchange/.test(path)) expect(head.headers['content-length'], path).toBe(whole.headers['content-length']);
		}
	});

	it('that gives evidence notes who read what, when, and under which trace', async () => {
		const evidence = each().filter(([, question, operation]) => operation['x-evidence'] && question.expected < 300);
		expect(evidence.length).toBeGreaterThan(17);
		const reader = await served.hub.issueToken({ tenant: 'acme', id: 'ada', name: 'Ada', role: 'auditor', expiresAt: null });
		const keeper = await served.hub.issueToken({ tenant: 'acme', id: 'carl', name: 'Carl', role: 'compliance', expiresAt: null });
		const traceId = '4bf92f3577b34da6a3ce929d0e0e4736';
		const asked: string[] = [];
		for (const [name, question, operation] of evidence) {
			const token = operation['x-roles']?.includes('auditor') ? reader : keeper;
			const headers = { ...question.headers, traceparent: `00-${traceId}-00f067aa0ba902b7-01` };
			const answer = await served.call({ ...question, token, headers });
			expect(answer.status, name).toBe(200);
			const [method = '', path = ''] = name.split(' ');
			asked.push(`${method.toUpperCase()} ${path.replace('{path}', '*').replace(/\{(\w+)\}/g, ':$1')}`);
		}
		const { entries } = (await served.call({ path: '/v1/access-log?after=0', as: 'operator' })).json<{
			entries: { principal: string; route: string; trace_id: string; subject: string; at: string; role: string }[];
		}>();
		const noted = entries.filter(({ principal }) => principal === 'ada' || principal === 'carl');
		expect(noted.map(({ route }) => route)).toEqual(asked);
		expect(noted.every(({ trace_id, subject, at }) => trace_id === traceId && subject !== '' && at.startsWith('2026-03-31'))).toBe(true);
	});

	it('that is refused notes nothing', async () => {
		const count = async () => (await served.call({ path: '/v1/access-log', as: 'operator' })).json<{ entries: unknown[] }>().entries.length;
		const before = await count();
		await served.call({ path: '/v1/logs/order_event/lines?from=0&to=99999' });
		await served.call({ path: '/v1/publication', as: 'producer' });
		expect(await count()).toBe(before);
	});
});
