import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { utf8 } from '#kernel';
import { deadLettersAnswerSchema } from '#sync';
import { listDeadLetters } from '../../../../electron/hub/intake/deadLetterStore.ts';
import { discardDeadLetter, replayDeadLetter } from '../../../../electron/hub/intake/deadLetters.ts';
import { orderEvent, orderRow, revenueEvent } from './records.ts';
import { batchOf, NOON, openTestHub, type TestHub } from './support.ts';

let hub: TestHub;
let tenant: string;
beforeAll(async () => {
	hub = await openTestHub();
});
beforeEach(async () => {
	tenant = await hub.tenant();
	hub.clock.now = NOON;
});
afterAll(() => hub.close());

const take = (...lines: (object | string)[]) => hub.intake.submit(batchOf(tenant, lines));
const letters = (state: 'open' | 'replayed' | 'discarded' | null = null) => listDeadLetters(hub.database, tenant, state);
const ports = () => ({ database: hub.database, vault: hub.vault, intake: hub.intake, now: () => hub.clock.now });
const replay = (id: string, corrected: object | null = null) =>
	replayDeadLetter(ports(), { tenant, principal: 'ops', id, corrected: corrected === null ? null : utf8(JSON.stringify(corrected)) });
const sealed = () => hub.log.lines(tenant, 'order_event').length;
const onlyId = async (): Promise<string> => (await letters())[0]?.id ?? '';

describe('a dead letter', () => {
	it('tells what, why, how often and which revenue, as the workstation reads it', async () => {
		await take(
			orderRow('O1'),
			revenueEvent('R1', 'O1', { period: 'March' }),
			orderEvent('O1', 1, { type: 7 }),
			orderEvent('unknown', 1, { type: 7 }),
		);
		const list = await letters();
		expect(deadLettersAnswerSchema.safeParse({ dead_letters: list }).success).toBe(true);
		expect(Object.fromEntries(list.map(({ line, revenue }) => [line, revenue]))).toEqual({
			2: [{ currency: 'EUR', minor: '50000' }],
			// The event names no amount: its whole order can't be told without it.
			3: [{ currency: 'EUR', minor: '120000' }],
			4: [],
		});
	});

	it('that comes again is one letter with one attempt more', async () => {
		await take('garbage');
		await take('garbage', 'garbage');
		expect(await letters()).toMatchObject([{ attempts: 3, history: [{ act: 'set_aside' }, { act: 'set_aside' }] }]);
	});

	it('is taken when it is replayed mended, and its history stays', async () => {
		await take(orderEvent('O1', 1, { quantity: 'many' }));
		const id = await onlyId();
		hub.clock.now += 1000;
		expect(await replay(id, orderEvent('O1', 1, { quantity: '2' }))).toMatchObject({
			ok: true,
			value: { answer: { accepted: 1 }, dead_letter: { state: 'replayed' } },
		});
		expect((await letters())[0]?.history).toMatchObject([
			{ act: 'set_aside', by: null },
			{ act: 'replayed', by: 'ops', at: '2026-03-31T12:00:01.000Z', sha256: expect.stringMatching(/^[0-9a-f]{64}$/) as string },
		]);
		expect([sealed(), (await letters('open')).length]).toEqual([1, 0]);
	});

	it('replayed twice, also at once, is taken once', async () => {
		await take(orderEvent('O1', 1, { quantity: 'many' }));
		const id = await onlyId();
		const mended = orderEvent('O1', 1);
		const both = await Promise.all([replay(id, mended), replay(id, mended)]);
		expect(both.every(({ ok }) => ok)).toBe(true);
		expect(await replay(id, mended)).toMatchObject({ ok: true, value: { answer: null, dead_letter: { state: 'replayed' } } });
		expect(sealed()).toBe(1);
		expect(hub.log.lines(tenant, 'hub_record')).toHaveLength(2);
	});

	it('that fails again stays open with what was tried', async () => {
		await take(orderEvent('O1', 1, { quantity: 'many' }));
		const id = await onlyId();
		expect(await replay(id)).toMatchObject({
			ok: true,
			value: { dead_letter: { state: 'open', attempts: 2 }, answer: { dead: [{ code: 'bad_value' }] } },
		});
		expect((await letters())[0]?.history.map(({ act }) => act)).toEqual(['set_aside', 'set_aside', 'replay_failed']);
		expect(await replay(id, orderEvent('O1', 1))).toMatchObject({ ok: true, value: { dead_letter: { state: 'replayed' } } });
	});

	it('of an event that waited in vain is taken as it was, once its predecessor is there', async () => {
		await take(orderEvent('O1', 2));
		hub.clock.now += 60_001;
		await hub.intake.expire(tenant);
		await take(orderEvent('O1', 1));
		expect(await replay(await onlyId())).toMatchObject({ ok: true, value: { answer: { accepted: 1 } } });
		expect(sealed()).toBe(2);
	});

	it('of a whole batch is replayed with a mended batch', async () => {
		const declared = (rows: number) => `{"batch":{"source_system":"erp","batch_no":1,"rows":${rows}}}`;
		await take(declared(2), orderEvent('O1', 1));
		const id = await onlyId();
		expect(await replay(id)).toMatchObject({ ok: false, error: { code: 'batch_differs' } });
		const corrected = utf8(`${declared(1)}\n${JSON.stringify(orderEvent('O1', 1))}\n`);
		expect(await replayDeadLetter(ports(), { tenant, principal: 'ops', id, corrected })).toMatchObject({
			ok: true,
			value: { dead_letter: { state: 'replayed' } },
		});
		expect(sealed()).toBe(1);
	});

	it('that was replayed and fails anew is open again', async () => {
		await take('garbage');
		await replay(await onlyId(), orderEvent('O1', 1));
		await take('garbage');
		expect((await letters('open'))[0]?.history.map(({ act }) => act)).toEqual(['set_aside', 'replayed', 'set_aside']);
	});

	it('may be discarded, keeps its payload, and is not replayed by accident', async () => {
		await take('garbage');
		const id = await onlyId();
		expect(await discardDeadLetter(ports(), tenant, 'ops', id)).toMatchObject({ ok: true, value: { state: 'discarded' } });
		expect(await replay(id)).toMatchObject({ ok: true, value: { answer: null, dead_letter: { state: 'discarded' } } });
	});

	it('of another tenant is not found', async () => {
		await take('garbage');
		const id = await onlyId();
		tenant = await hub.tenant();
		expect(await replay(id)).toMatchObject({ ok: false, error: { code: 'not_found' } });
		expect(await discardDeadLetter(ports(), tenant, 'ops', id)).toMatchObject({ ok: false, error: { code: 'not_found' } });
	});

	it('stays open while the log can not be written, and is taken by the next replay', async () => {
		await take('garbage');
		const id = await onlyId();
		hub.log.faults.push('before', 'before');
		expect(await replay(id, orderEvent('O1', 1))).toMatchObject({ ok: false, error: { code: 'unavailable' } });
		expect(await letters('open')).toHaveLength(1);
		expect(await replay(id, orderEvent('O1', 1))).toMatchObject({ ok: true, value: { answer: { replayed: true } } });
		expect(sealed()).toBe(1);
	});
});
