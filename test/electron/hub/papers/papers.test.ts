import { mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { pushAnswerSchema } from '#sync';
import { type ServedHub, serveHub } from '../serving/servedHub.ts';
import {
	act,
	appoint,
	ENGAGEMENT,
	found,
	pathOf,
	push,
	receive,
	requestOf,
	secondOf,
	send,
	setting,
	type Workstation,
} from './workstation.ts';

let served: ServedHub;
let pat: Workstation;
let paul: Workstation;

beforeAll(async () => {
	// The database stays, because the hub is started again below.
	served = await serveHub({ database: null }, mkdtempSync(join(tmpdir(), 'tieout-hub-papers-')));
	pat = found();
	paul = secondOf(pat);
	appoint(pat, served);
	await send(served, pat, 0);
});
afterAll(() => served.close());

const orderOnHub = async () => (await served.hub.papers.state('acme', ENGAGEMENT))?.order ?? [];

describe('work papers at the hub', () => {
	it('get their places there and come back to every copy in the same order', async () => {
		act(pat, setting('a'));
		act(pat, setting('b'));
		await receive(served, paul);
		act(paul, setting('c'));
		await send(served, pat, pat.state.order.length);
		await send(served, paul, paul.state.order.length);
		await receive(served, pat);
		expect(pat.state.order).toEqual(paul.state.order);
		expect(pat.state.order).toEqual(await orderOnHub());
		expect(pat.state.workbook).toEqual(paul.state.workbook);
		expect(pat.state.pending).toEqual([]);
	});

	it('pushed by two at once are all there, one after the other, whoever was first', async () => {
		for (let at = 0; at < 5; at++) {
			act(pat, setting(`pat-${at}`));
			act(paul, setting(`paul-${at}`));
		}
		const before = (await orderOnHub()).length;
		const answers = await Promise.all([pat, paul].map((station) => push(served, station, requestOf(station, before))));
		expect(answers.map(({ status }) => status)).toEqual([200, 200]);
		await receive(served, pat);
		await receive(served, paul);
		expect((await orderOnHub()).length).toBe(before + 10);
		expect(pat.state.workbook).toEqual(paul.state.workbook);
	});

	it('pushed again after a lost answer keep the places they had', async () => {
		act(pat, setting('again'));
		const request = requestOf(pat, pat.state.order.length);
		const [first, second] = [await push(served, pat, request), await push(served, pat, request)];
		expect(pushAnswerSchema.parse(second.json()).placed).toEqual(pushAnswerSchema.parse(first.json()).placed);
		await receive(served, pat);
	});

	it('come in pages of any size, each under a checkpoint that continues the one before', async () => {
		for (let at = 0; at < 12; at++) act(pat, setting(`page-${at}`));
		await send(served, pat, pat.state.order.length);
		const pages = await receive(served, paul, 5);
		expect(pages).toEqual([5, 5, 3]);
		expect(paul.state.workbook).toEqual(pat.state.workbook);
	});

	it('come in answers that a workstation can take, however long the acts are', async () => {
		for (let at = 0; at < 100; at++) act(pat, setting(`long-${at}`, 'é'.repeat(20_000)));
		for (let tries = 0; pat.state.pending.length > 0 && tries < 5; tries++) {
			const answer = await push(served, pat, requestOf(pat, pat.state.order.length));
			expect(answer.status).toBe(200);
			expect(answer.bytes.length).toBeLessThan(4 << 20);
			await receive(served, pat);
		}
		expect(pat.state.pending).toEqual([]);
		const pages = await receive(served, paul);
		expect(pages.length).toBeGreaterThan(1);
		expect(paul.state.workbook).toEqual(pat.state.workbook);
	});

	it('with a fault change nothing: altered acts, gaps, another engagement', async () => {
		act(pat, setting('fault'));
		const request = requestOf(pat, pat.state.order.length);
		const [one] = request.acts;
		const before = await orderOnHub();
		const altered = { ...request, acts: [{ ...one, act: setting('altered') }] };
		const gap = { ...request, acts: [{ ...one, seq: (one?.seq ?? 0) + 1 }] };
		expect((await push(served, pat, altered)).status).toBe(409);
		expect((await push(served, pat, gap)).status).toBe(409);
		expect((await push(served, pat, { ...request, engagementId: 'd'.repeat(32) })).status).toBe(400);
		expect((await push(served, pat, { ...request, more: 1 })).status).toBe(400);
		expect((await push(served, found('c'.repeat(32)), requestOf(found('c'.repeat(32)), 0))).status).toBe(409);
		expect(await orderOnHub()).toEqual(before);
		expect((await served.call({ path: '/v1/engagements' })).json<{ engagements: unknown[] }>().engagements.length).toBe(1);
		await send(served, pat, pat.state.order.length);
		await receive(served, paul);
	});

	it('are unknown to another tenant, and to names that nobody pushed', async () => {
		expect((await served.call({ path: `${pathOf(pat)}/acts?after=0`, tenant: 'zeta' })).status).toBe(404);
		expect((await served.call({ path: `${pathOf(pat)}/findings`, tenant: 'zeta' })).status).toBe(404);
		expect((await served.call({ path: '/v1/engagements', tenant: 'zeta' })).json()).toEqual({ engagements: [] });
		expect((await served.call({ path: `/v1/engagements/${'f'.repeat(32)}/acts?after=0` })).status).toBe(404);
		expect((await served.call({ path: `${pathOf(pat)}/acts?after=99999` })).status).toBe(409);
	});

	it('stay under the key they were given to when the log gets another, and move to that by an act', async () => {
		await served.hub.log.rotateKey('acme');
		act(pat, setting('after-the-turn'));
		expect((await send(served, pat, pat.state.order.length)).kind).toBe('advance');
		appoint(pat, served);
		act(pat, setting('under-the-new-key'));
		expect((await send(served, pat, pat.state.order.length)).kind).toBe('advance');
		expect(pat.state.pending).toEqual([]);
		await receive(served, paul);
		act(paul, setting('by-the-other-copy'));
		await send(served, paul, paul.state.order.length);
		await receive(served, pat);
		expect(paul.state.order).toEqual(pat.state.order);
	});

	it('keep their order over a restart', async () => {
		const before = await orderOnHub();
		served = await served.reopen();
		expect(await orderOnHub()).toEqual(before);
		act(pat, setting('after-the-restart'));
		expect((await send(served, pat, before.length)).kind).toBe('advance');
		await receive(served, paul);
		expect(paul.state.workbook).toEqual(pat.state.workbook);
	});

	it('lie encrypted in the database', async () => {
		const [row] = await served.hub.database.query<{ acts: string }>(
			"SELECT string_agg(act, '') AS acts FROM paper_act WHERE tenant = 'acme'",
		);
		expect(Buffer.from(row?.acts ?? '', 'base64').toString('latin1')).not.toMatch(/Nordwind|setting\.changed/);
	});
});
