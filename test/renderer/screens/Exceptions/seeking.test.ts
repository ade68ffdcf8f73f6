import { beforeEach, describe, expect, it } from 'vitest';
import { rowInHand, useTriage } from '../../../../renderer/screens/Exceptions/state.ts';
import { askedFilter } from '../../../../renderer/screens/Exceptions/useAsked.ts';

describe('a link to one exception', () => {
	beforeEach(() => useTriage.getState().replace({}));
	const hand = (): number => rowInHand(useTriage.getState(), 10);

	it('is read, with or without a test, and looks in all queues', () => {
		expect(askedFilter({ exception: 'k' })).toEqual({ queue: 'all' });
		expect(askedFilter({ exception: 'k', test: 'T01' })).toEqual({ queue: 'all', tests: ['T01'] });
		expect(askedFilter({})).toBeNull();
	});

	it('puts no other row in hand while the exception is looked for, nor where it is not found', () => {
		const { seek, miss, stand } = useTriage.getState();
		seek({ queue: 'all' }, 'k');
		expect(hand()).toBe(-1);
		miss('another', 'late');
		expect(useTriage.getState().sought).toEqual({ key: 'k', missing: null });
		miss('k', 'gone');
		expect(hand()).toBe(-1);
		stand(4);
		expect(hand()).toBe(4);
	});

	it('is forgotten when one goes elsewhere in the list', () => {
		const { seek, narrow } = useTriage.getState();
		seek({ queue: 'all' }, 'k');
		narrow({ queue: 'new' });
		expect(hand()).toBe(0);
	});

	it('is looked for again when another run makes the list anew: the row at its place may be another', () => {
		const { stand, set, stay } = useTriage.getState();
		stand(4);
		set({ inHand: 'k' });
		stay();
		expect(hand()).toBe(-1);
		expect(useTriage.getState().sought).toEqual({ key: 'k', missing: null });
	});
});
