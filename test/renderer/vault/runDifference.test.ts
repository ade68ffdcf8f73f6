import { describe, expect, test } from 'vitest';
import type { TestResult } from '#audit';
import { differenceBetween, differenceOf, differencesAfter } from '../../../renderer/vault/runDifference.ts';

const result = (...orders: string[]): TestResult => ({
	test: 'T01',
	version: 1,
	title: '',
	verdict: orders.length > 0 ? 'exception' : 'pass',
	why: null,
	population: { rows: 10, sha256: '0'.repeat(64) },
	parameters: {},
	exceptions: orders.map((order) => ({
		order_id: order,
		keys: { order_id: order },
		amount_minor: null,
		currency: null,
		reason: order,
		rows: [],
	})),
	result_sha256: orders.join(),
});
const orders = (list: readonly { readonly exception: { readonly order_id: string | null } }[]) =>
	list.map(({ exception }) => exception.order_id);

describe('two runs of a test', () => {
	test('each exception is added, gone or the same', () => {
		const { added, gone, same } = differenceOf(result('A', 'B', 'C'), result('B', 'C', 'D'));
		expect([orders(added), orders(gone), same]).toEqual([['D'], ['A'], 2]);
	});

	test('a first run has nothing to be compared with', () => {
		expect(differencesAfter({}, new Map(), [result('A')])).toEqual({});
	});

	test('what is kept speaks of the two results it lies between, and of no others', () => {
		const kept = differencesAfter({}, new Map([['T01', result('A', 'B')]]), [result('B')]);
		expect(differenceBetween(kept, 'T01', 'A,B', 'B')).toMatchObject({ added: [], same: 1 });
		expect(differenceBetween(kept, 'T01', 'A', 'B')).toBeNull();
		expect(differenceBetween(kept, 'T02', 'A,B', 'B')).toBeNull();
	});

	test('a run of other tests leaves it as it is', () => {
		const kept = differencesAfter({}, new Map([['T01', result('A')]]), [result('B')]);
		expect(differencesAfter(kept, new Map(), [{ ...result('C'), test: 'T02' }])).toEqual(kept);
	});
});
