import { describe, expect, it } from 'vitest';
import { compareHeads, isLogHead, type LogHead, rememberHead } from '#evidence';
import { fromBase64, toBase64, utf8 } from '#kernel';
import { rootOf } from '../../electron/services/dropWriter.ts';

const LINES = ['a', 'b', 'c', 'd', 'e'];
const rootAt = (size: number): Uint8Array => new Uint8Array(rootOf(LINES.slice(0, size)));
const head = (size: number, origin = 'x/order_event', root = rootAt(size)): LogHead => ({
	origin,
	size,
	root: toBase64(root),
	key: 'k+00000000',
});

describe('a remembered head', () => {
	it('is consistent with a log that grew or stayed', () => {
		expect(compareHeads([head(3)], 'x/order_event', 5, rootAt).kind).toBe('consistent');
		expect(compareHeads([head(5)], 'x/order_event', 5, rootAt).kind).toBe('consistent');
		expect(compareHeads([head(0)], 'x/order_event', 5, rootAt).kind).toBe('consistent');
	});

	it('shows a rollback and a fork', () => {
		expect(compareHeads([head(5)], 'x/order_event', 4, rootAt)).toEqual({ kind: 'rollback', previous: head(5) });
		expect(compareHeads([head(3, 'x/order_event', rootAt(2))], 'x/order_event', 5, rootAt).kind).toBe('fork');
	});

	it('of another log says nothing', () => {
		expect(compareHeads([head(5, 'y/order_event')], 'x/order_event', 1, rootAt).kind).toBe('first_seen');
	});

	it('moves forward only, one a log', () => {
		const kept = [head(5), head(2, 'y/order_event')].reduce<readonly LogHead[]>(rememberHead, [head(3)]);
		expect(kept).toEqual([head(5), head(2, 'y/order_event')]);
		expect(rememberHead(kept, head(4))).toBe(kept);
	});

	it('is recognised by its shape, whatever a file holds', () => {
		expect(isLogHead(head(1))).toBe(true);
		expect(fromBase64(head(1).root)).toHaveLength(32);
		for (const wrong of [
			null,
			1,
			{},
			{ ...head(1), size: -1 },
			{ ...head(1), size: 1.5 },
			{ ...head(1), root: toBase64(utf8('short')) },
			{ ...head(1), key: 0 },
			{ ...head(1), origin: null },
		])
			expect(isLogHead(wrong)).toBe(false);
	});
});
