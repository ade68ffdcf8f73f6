import { describe, expect, it } from 'vitest';
import { leafHash, type OrderHead } from '#evidence';
import { utf8 } from '#kernel';
import { type ChainedEvent, eventsByOrder, headProblem } from '#pack';
import { canonical, sealLines } from '../../electron/services/dropWriter.ts';

const lines = sealLines(Array.from({ length: 5 }, (_, i) => ({ order_id: 'SO-1', event_id: `E${i}` })));
const others = sealLines(Array.from({ length: 2 }, (_, i) => ({ order_id: 'SO-2', event_id: `F${i}` })));
const chained = (texts: readonly string[]): readonly ChainedEvent[] =>
	eventsByOrder(texts.map((text, i) => ({ line: i + 1, bytes: utf8(text) }))).get('SO-1') ?? [];
const head = (n: number, last = lines[n - 1] as string): OrderHead => ({ orderId: 'SO-1', n, leaf: leafHash(utf8(last)) });

describe('the events of an order against its head', () => {
	it('are all there, whatever else is; in any order', () => {
		expect(headProblem(head(5), 7, chained([...lines, ...others]))).toBeNull();
		expect(headProblem(head(5), 7, chained(lines).toReversed())).toBeNull();
	});
	it('may go on behind the size that the head speaks of', () => {
		expect(headProblem(head(3), 3, chained(lines))).toBeNull();
	});
	it('are incomplete where one is missing, and it is said which', () => {
		const without = (gone: number): string | undefined => headProblem(head(5), 5, chained(lines.filter((_, i) => i !== gone)))?.detail;
		expect(without(4)).toMatch(/the last one/);
		expect([0, 1, 2, 3].map((gone) => /event (\d) of 5/.exec(without(gone) ?? '')?.[1])).toEqual(['1', '2', '3', '4']);
		expect(headProblem(head(5), 5, [])).toMatchObject({ code: 'order_incomplete' });
	});
	it('are others where the number is right and the last one is not', () => {
		const other = [...lines.slice(0, 4), canonical({ ...(JSON.parse(lines[4] as string) as object), event_id: 'X' })];
		expect(headProblem(head(5), 5, chained(other))).toMatchObject({ code: 'head_mismatch' });
	});
	it('are others where more or fewer are counted than the chain has', () => {
		expect(headProblem(head(4, lines[4]), 5, chained(lines))).toMatchObject({ code: 'head_mismatch' });
		expect(headProblem(head(6, lines[4]), 5, chained(lines))).toMatchObject({ code: 'head_mismatch' });
		expect(headProblem(head(3), 5, chained(lines))).toMatchObject({ code: 'head_mismatch' });
	});
	it('are none where a line is no event: it is not counted', () => {
		expect(
			eventsByOrder([
				{ line: 1, bytes: utf8('[') },
				{ line: 2, bytes: utf8('{"order_id":7}') },
				{ line: 3, bytes: utf8('{"order_id":"A","prev":1}') },
			]).size,
		).toBe(0);
	});
});
