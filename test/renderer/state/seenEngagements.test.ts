import { beforeEach, describe, expect, it, vi } from 'vitest';
import { forgetEngagements, missingEngagements } from '../../../renderer/state/seenEngagements.ts';

describe('engagements that a machine held', () => {
	const kept = new Map<string, string>();
	beforeEach(() => {
		kept.clear();
		vi.stubGlobal('localStorage', {
			getItem: (key: string) => kept.get(key) ?? null,
			setItem: (key: string, value: string) => kept.set(key, value),
		});
	});

	it('are missed when the store no longer has them, until the person was told', () => {
		expect(missingEngagements(['a', 'b'])).toEqual([]);
		expect(missingEngagements(['b', 'c'])).toEqual(['a']);
		expect(missingEngagements([])).toEqual(['a', 'b', 'c']);
		forgetEngagements(['a', 'b']);
		expect(missingEngagements([])).toEqual(['c']);
	});

	it('are not missed when they were disposed of, or come back', () => {
		missingEngagements(['a', 'b']);
		forgetEngagements(['a']);
		expect(missingEngagements(['b'])).toEqual([]);
		expect(missingEngagements([])).toEqual(['b']);
		expect(missingEngagements(['b'])).toEqual([]);
	});

	it('are taken as none where what was remembered can not be read', () => {
		kept.set('tieout-seen-engagements', '{"a":');
		expect(missingEngagements(['a'])).toEqual([]);
		kept.set('tieout-seen-engagements', '{"a":1}');
		expect(missingEngagements([])).toEqual([]);
	});
});
