/** Saved views of the triage: what is written is read again, and nothing else is. */
import { describe, expect, it } from 'vitest';
import { definitionOf, FIRST_VIEW } from '../../../renderer/screens/Exceptions/views.ts';
import { readTriageView, type TriageView } from '../../../renderer/vault/exceptionsViews.ts';

const FULL: TriageView = {
	filter: {
		queue: 'waiting',
		tests: ['T01', 'T16'],
		severities: ['high', 'critical'],
		verdicts: ['waiting'],
		currency: 'EUR',
		amountFrom: 100_000n,
		amountTo: 9_007_199_254_740_993n,
		text: 'Ibex',
		orderId: 'SO-1',
	},
	sort: [{ column: 'amount', direction: 'desc' }],
};

describe('a saved view of the triage', () => {
	it('is read as it was saved, amounts to the last minor unit', () => {
		const read = readTriageView(definitionOf(FULL));
		expect(read.ok && definitionOf(read.value)).toBe(definitionOf(FULL));
		expect(read.ok && read.value.filter.amountTo).toBe(9_007_199_254_740_993n);
	});

	it('is the same text however its conditions came to be', () => {
		const now: TriageView = { filter: { text: '', tests: [], queue: 'new' }, sort: [] };
		expect(definitionOf(now)).toBe(definitionOf(FIRST_VIEW));
		expect(definitionOf({ filter: { tests: ['T16', 'T01'] }, sort: [] })).toBe(
			definitionOf({ filter: { tests: ['T01', 'T16'] }, sort: [] }),
		);
	});

	it.each([
		'no JSON',
		'{}',
		'{"filter":{"queue":"other"},"sort":[]}',
		'{"filter":{"amountFrom":"1.5"},"sort":[]}',
		'{"filter":{"later":1},"sort":[]}',
	])('of another form is refused: %s', (text) => {
		expect(readTriageView(text)).toMatchObject({ ok: false, error: { code: 'invalid' } });
	});
});
