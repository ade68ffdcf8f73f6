import { describe, expect, test } from 'vitest';
import type { TestResult } from '#audit';
import { differenceOf, keepDifferences, keptDifference } from '../../../renderer/vault/runDifference.ts';

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

	test('a first run has nothing to be compared with, and another engagement knows nothing of it', () => {
		const engagement = {};
		keepDifferences(engagement, null, [result('A')]);
		expect(keptDifference(engagement, 'T01')).toBeNull();
		expect(keptDifference({}, 'T01')).toBeNull();
	});
});
