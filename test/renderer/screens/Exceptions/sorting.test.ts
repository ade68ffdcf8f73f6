import { beforeEach, describe, expect, it } from 'vitest';
import { rowInHand, useTriage } from '../../../../renderer/screens/Exceptions/state.ts';
import { sortAfter } from '../../../../renderer/screens/Exceptions/triageColumns.tsx';

describe('the order of the triage', () => {
	beforeEach(() => useTriage.getState().replace({}));

	it('turns at the second click on a head, and is worst first again at the third; the largest amounts come first', () => {
		const once = sortAfter([], 'test');
		expect(once).toEqual([{ column: 'test', direction: 'asc' }]);
		expect(sortAfter(once, 'test')).toEqual([{ column: 'test', direction: 'desc' }]);
		expect(sortAfter(sortAfter(once, 'test'), 'test')).toEqual([]);
		expect(sortAfter(once, 'amount')).toEqual([{ column: 'amount', direction: 'desc' }]);
	});

	it('keeps the exception in hand: no other one is judged by the key after it', () => {
		useTriage.getState().stand(7);
		useTriage.getState().sortBy(sortAfter([], 'amount'), 'k');
		expect(useTriage.getState().sort).toEqual([{ column: 'amount', direction: 'desc' }]);
		expect(rowInHand(useTriage.getState(), 10)).toBe(-1);
		expect(useTriage.getState().sought?.key).toBe('k');
	});
});
