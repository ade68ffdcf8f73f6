import { inflateRawSync } from 'node:zlib';
import { describe, expect, it } from 'vitest';
import { deflate } from '../../../renderer/vault/deflate.ts';
import {
	type DeflateAnswer,
	type DeflateHelper,
	type DeflateRequest,
	deflatePool,
	helpersFor,
} from '../../../renderer/vault/deflatePool.ts';

const text = (word: string): Uint8Array<ArrayBuffer> => new TextEncoder().encode(word.repeat(1_000));
const inflated = (small: Uint8Array): string => inflateRawSync(small).toString('utf8');

/** A helper whose answers are given by the test. */
function fakeHelper() {
	const asked: DeflateRequest[] = [];
	const helper: DeflateHelper = { postMessage: (request) => void asked.push(request), onmessage: null, onerror: null };
	const answer = (answered: DeflateAnswer): void => helper.onmessage?.({ data: answered } as MessageEvent<DeflateAnswer>);
	return { helper, asked, answer, breakDown: () => helper.onerror?.({} as ErrorEvent) };
}

describe('deflating on other cores', () => {
	it('gives each its own bytes, in whatever order the helpers answer', async () => {
		const helpers = [fakeHelper(), fakeHelper()] as const;
		let started = 0;
		const pool = deflatePool(() => (helpers[started++] ?? helpers[0]).helper, 2);
		const made = Promise.all([pool(text('one')), pool(text('two')), pool(text('three'))]);
		expect(helpers.map(({ asked }) => asked.length)).toEqual([2, 1]);
		for (const { asked, answer } of helpers.toReversed())
			for (const { id, raw } of asked.toReversed()) answer({ id, small: await deflate(raw) });
		expect((await made).map(inflated)).toEqual(['one', 'two', 'three'].map((word) => word.repeat(1_000)));
	});

	it('starts no helper before there is something to do', async () => {
		let started = 0;
		const { helper, answer } = fakeHelper();
		const pool = deflatePool(() => {
			started++;
			return helper;
		}, 3);
		expect(started).toBe(0);
		const made = pool(text('x'));
		answer({ id: 0, small: text('y') });
		await made;
		expect(started).toBe(1);
	});

	it('does here what a helper could not do, and what a broken one left', async () => {
		const { helper, asked, answer, breakDown } = fakeHelper();
		const pool = deflatePool(() => helper, 1);
		const [failed, left] = [pool(text('failed')), pool(text('left'))];
		answer({ id: 0, small: null });
		breakDown();
		const later = pool(text('later'));
		expect((await Promise.all([failed, left, later])).map(inflated)).toEqual(['failed', 'left', 'later'].map((word) => word.repeat(1_000)));
		expect(asked.length).toBe(2);
	});

	it('leaves one core to the vault, and has a helper all the same where there is but one', () => {
		expect([1, 2, 4, 64].map(helpersFor)).toEqual([1, 1, 3, 3]);
	});
});
