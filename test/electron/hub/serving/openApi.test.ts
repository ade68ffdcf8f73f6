import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { TABLE_NAMES } from '#model';
import { customerRow, orderEvent, orderRow, revenueEvent } from '../intake/records.ts';
import { everyRoute, type Questions } from './everyRoute.ts';
import { ingest, type ServedHub, serveHub } from './servedHub.ts';

type Json = Record<string, unknown>;

let served: ServedHub;
let questions: Questions;
let described: Json;

beforeAll(async () => {
	served = await serveHub();
	questions = await everyRoute(served);
	described = (await served.call({ path: '/openapi.json', as: null })).json();
});
afterAll(() => served.close());

function* nodes(value: unknown, path = '#'): Generator<readonly [string, Json]> {
	if (typeof value !== 'object' || value === null) return;
	if (!Array.isArray(value)) yield [path, value as Json];
	for (const [key, inner] of Object.entries(value)) yield* nodes(inner, `${path}/${key}`);
}

const at = (pointer: string): unknown =>
	pointer
		.slice(2)
		.split('/')
		.reduce<unknown>((value, key) => (value as Json | undefined)?.[key.replaceAll('~1', '/').replaceAll('~0', '~')], described);

const operations = (): [string, Json][] =>
	Object.entries(described['paths'] as Record<string, Record<string, Json>>).flatMap(([path, of]) =>
		Object.entries(of).map(([method, operation]): [string, Json] => [`${method} ${path}`, operation]),
	);

/** The schema with what it refers to put in place, as a checker. */
function checkerOf(schema: unknown): z.ZodType {
	const inlined = (value: unknown): unknown => {
		if (typeof value !== 'object' || value === null) return value;
		if (Array.isArray(value)) return value.map(inlined);
		const { $ref, ...rest } = value as Json;
		return typeof $ref === 'string'
			? inlined(at($ref))
			: Object.fromEntries(Object.entries(rest).map(([key, inner]) => [key, inlined(inner)]));
	};
	return z.fromJSONSchema(inlined(schema) as Parameters<typeof z.fromJSONSchema>[0]);
}

describe('the description of the API', () => {
	it('is OpenAPI 3.1: every operation has a name of its own, answers, and parameters that its path has', () => {
		expect(described['openapi']).toBe('3.1.0');
		const ids = operations().map(([, { operationId }]) => operationId);
		expect(new Set(ids).size).toBe(ids.length);
		for (const [name, { summary, responses, parameters }] of operations()) {
			expect(summary, name).toMatch(/\S/);
			expect(Object.keys(responses as Json), name).toEqual(expect.arrayContaining(['200', 'default']));
			const inPath = [...name.matchAll(/\{(\w+)\}/g)].map(([, part]) => part);
			const given = (parameters as { name: string; in: string; required: boolean }[]).filter((each) => each.in === 'path');
			expect(
				given.map((each) => each.name),
				name,
			).toEqual(inPath);
			expect(
				given.every(({ required }) => required),
				name,
			).toBe(true);
		}
	});

	it('refers to nothing that is not there', () => {
		const refs = [...nodes(described)].flatMap(([path, { $ref }]) => (typeof $ref === 'string' ? [[path, $ref] as const] : []));
		expect(refs.length).toBeGreaterThan(TABLE_NAMES.length);
		for (const [path, ref] of refs) expect(at(ref), `${path} → ${ref}`).toBeDefined();
	});

	it('has schemas that check: what the hub answers fits, and so does every refusal', async () => {
		let checked = 0;
		for (const [name, operation] of operations()) {
			const content = ((operation['responses'] as Json)['200'] as { content: Record<string, { schema?: unknown }> }).content;
			const schema = content['application/json']?.schema;
			const question = questions.of.get(name);
			if (schema === undefined || !question || question.expected >= 300) continue;
			const answer = await served.call(question);
			// Asked a second time, some things are done already.
			if (answer.status >= 300) continue;
			const result = checkerOf(schema).safeParse(answer.json());
			expect(result.success, `${name}: ${result.error?.message}`).toBe(true);
			checked++;
		}
		expect(checked).toBeGreaterThan(12);
		const refusal = await served.call({ path: '/v1/documents/x' });
		expect(checkerOf({ $ref: '#/components/schemas/Problem' }).safeParse(refusal.json()).success).toBe(true);
	});

	it('declares by number every status that the hub answers with, and has a schema for every JSON answer', async () => {
		for (const [name, operation] of operations()) {
			const responses = operation['responses'] as Record<string, Json>;
			const content = responses['200']?.['content'] as Record<string, Json>;
			if ('application/json' in content) expect(content['application/json'], name).toHaveProperty('schema');
			const question = questions.of.get(name);
			if (!question) continue;
			const asked: number[] = [];
			for (const call of [
				question,
				{ ...question, as: null },
				{ ...question, token: 'tieout_nobody' },
				{ ...question, as: question.as === 'portal' ? ('witness' as const) : ('portal' as const) },
				{ ...question, path: `${question.path.split('?')[0]}?strange=1` },
				{ ...question, path: question.path.replace(/[0-9a-f]{32,64}|\/1(?=\/|$)/, '0'.repeat(32)) },
				{ ...question, headers: { ...question.headers, 'content-type': 'text/strange' } },
				{ ...question, headers: { ...question.headers, 'if-none-match': '*' } },
			]) {
				if (name === 'get /v1/stream' && asked.length === 0) asked.push(200);
				else asked.push((await served.call(name === 'get /v1/stream' ? { ...call, as: null } : call)).status);
			}
			for (const status of asked) expect(Object.keys(responses), `${name} answered ${status}`).toContain(String(status));
		}
	});

	it('takes as records what the hub takes, and refuses what it sets aside', async () => {
		const submitted = checkerOf({ $ref: '#/components/schemas/Submitted' });
		const good = [
			orderRow('described'),
			customerRow('described'),
			orderEvent('described', 1),
			orderEvent('described', null),
			revenueEvent('r1', 'described'),
		];
		for (const record of good) expect(submitted.safeParse(record).success, JSON.stringify(record)).toBe(true);
		expect((await served.call(ingest(good.filter((_, at) => at !== 3)))).json()).toMatchObject({ accepted: 4, dead: [] });
		const bad = [
			{ table: 'sales_order', record: {} },
			orderRow('bad', { currency: 'EURO' }),
			orderRow('bad', { total_minor: '12' }),
			orderRow('bad', { ordered_at: 'yesterday' }),
			{ table: 'nothing', record: {} },
			{ ...orderRow('bad'), more: 1 },
		];
		for (const record of bad) expect(submitted.safeParse(record).success, JSON.stringify(record)).toBe(false);
		expect((await served.call(ingest(bad))).json<{ dead: unknown[] }>().dead.length).toBe(bad.length);
	});

	it('says of every JSON body what it must be, and a body that fits is taken', async () => {
		for (const [name, operation] of operations()) {
			const content = (operation['requestBody'] as { content: Record<string, { schema?: unknown }> } | undefined)?.content;
			const schema = content?.['application/json']?.schema;
			const question = questions.of.get(name);
			if (schema === undefined || question?.headers?.['content-type'] !== 'application/json') continue;
			expect(checkerOf(schema).safeParse(JSON.parse(String(question.body))).success, name).toBe(true);
			expect([200, 201]).toContain((await served.call(question)).status);
			const wrong = await served.call({ ...question, body: '{"more":1}', headers: { ...question.headers, 'idempotency-key': 'other' } });
			expect(wrong.status, name).toBe(400);
		}
	});
});
