import { deflateRawSync, inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import {
	helpersFor,
	type PackingAnswer,
	type PackingHelper,
	type PackingRequest,
	packingPool,
} from '../../../renderer/vault/packingPool.ts';

const text = (word: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(word.repeat(20_000));
const inflated = ({ bytes }: { bytes: Uint8Array }): string => inflateRawSync(bytes).toString('utf8');
const deflated = (bytes: Uint8Array): Uint8Array<ArrayBuffer> => new Uint8Array(deflateRawSync(bytes));

/** A helper whose answers are given by the test. What is handed over is gone here, as in a browser. */
function fakeHelper() {
	const asked: PackingRequest[] = [];
	const helper: PackingHelper = {
		postMessage: (request, transferred) => void asked.push(structuredClone(request, { transfer: transferred })),
		onmessage: null,
		onerror: null,
	};
	const answer = (answered: PackingAnswer): void => helper.onmessage?.({ data: answered } as MessageEvent<PackingAnswer>);
	const pack = ({ id, bytes }: PackingRequest): void => answer({ id, isDone: true, deflated: true, bytes: deflated(bytes) });
	const fail = ({ id, bytes }: PackingRequest): void => answer({ id, isDone: false, deflated: false, bytes });
	return { helper, asked, answer, pack, fail, breakDown: () => helper.onerror?.({} as ErrorEvent) };
}

describe('packing on other cores', () => {
	it('gives each its own bytes, in whatever order the helpers answer', async () => {
		const helpers = [fakeHelper(), fakeHelper()] as const;
		let started = 0;
		const pool = packingPool(() => (helpers[started++] ?? helpers[0]).helper, 2);
		const made = Promise.all(['one', 'two', 'three'].map((word) => pool.pack(text(word))));
		expect(helpers.map(({ asked }) => asked.length)).toEqual([2, 1]);
		for (const { asked, pack } of helpers.toReversed()) for (const request of asked.toReversed()) pack(request);
		expect((await made).map(inflated)).toEqual(['one', 'two', 'three'].map((word) => word.repeat(20_000)));
	});

	it('unpacks what was packed', async () => {
		const { helper, asked, answer } = fakeHelper();
		const made = packingPool(() => helper, 1).unpack({ deflated: true, bytes: deflated(text('x')) }, 20_000);
		for (const { id, op, bytes } of asked)
			if (op === 'unpack') answer({ id, isDone: true, deflated: false, bytes: new Uint8Array(inflateRawSync(bytes)) });
		expect(await made).toEqual(text('x'));
	});

	it('starts no helper before there is something to do that is worth the way', async () => {
		let started = 0;
		const { helper, asked, pack } = fakeHelper();
		const pool = packingPool(() => {
			started++;
			return helper;
		}, 3);
		expect(inflated(await pool.pack(text('x').slice(0, 1000)))).toBe('x'.repeat(1000));
		expect(await pool.unpack({ deflated: false, bytes: text('as it is') }, 160_000)).toEqual(text('as it is'));
		expect(started).toBe(0);
		const made = pool.pack(text('y'));
		for (const request of asked) pack(request);
		await made;
		expect(started).toBe(1);
	});

	it('starts its helpers once where it is told that they will be needed', async () => {
		const helpers = [fakeHelper(), fakeHelper()] as const;
		let started = 0;
		const pool = packingPool(() => (helpers[started++] ?? helpers[0]).helper, 2);
		pool.prepare();
		pool.prepare();
		expect(started).toBe(2);
		const made = pool.pack(text('x'));
		for (const { asked, pack } of helpers) for (const request of asked) pack(request);
		expect(inflated(await made)).toBe('x'.repeat(20_000));
		expect(started).toBe(2);
	});

	it('does here what a helper could not do, and what one left that never answered', async () => {
		const { helper, asked, breakDown } = fakeHelper();
		const pool = packingPool(() => helper, 1);
		const left = pool.pack(text('left'));
		breakDown();
		const later = pool.pack(text('later'));
		expect((await Promise.all([left, later])).map(inflated)).toEqual(['left', 'later'].map((word) => word.repeat(20_000)));
		expect(asked.length).toBe(1);
		const failing = fakeHelper();
		const failed = packingPool(() => failing.helper, 1).pack(text('failed'));
		for (const request of failing.asked) failing.fail(request);
		expect(inflated(await failed)).toBe('failed'.repeat(20_000));
	});

	it('hands bytes over to a helper that has answered once, and says that it broke where they are lost with it', async () => {
		const { helper, asked, pack, breakDown } = fakeHelper();
		const pool = packingPool(() => helper, 1);
		const first = text('first');
		const made = pool.pack(first);
		for (const request of asked) pack(request);
		await made;
		expect(first.length).toBe(100_000);
		const second = text('second');
		const lost = pool.pack(second);
		expect(second.length).toBe(0);
		breakDown();
		await expect(lost).rejects.toMatchObject({ error: { code: 'storage_failed' } });
		expect(inflated(await pool.pack(text('third')))).toBe('third'.repeat(20_000));
	});

	it('has as many helpers as there are cores, and never more than three', () => {
		expect([1, 2, 4, 64].map(helpersFor)).toEqual([1, 2, 3, 3]);
	});
});
