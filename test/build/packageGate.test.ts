import { describe, expect, it, test } from 'vitest';
import { ageOfElectron, isAboveFloor } from '../../build/packageGate.ts';

describe('the floor [16]', () => {
	test.each([
		['45.0.0', true],
		['46.2.1', true],
		['44.9.9', false],
		['25.1.1', false],
		['46.0.0-beta.1', false],
		['', false],
	])('Electron %j may be shipped: %s', (version, expected) => {
		expect(isAboveFloor(version, 45)).toBe(expected);
	});
});

describe('the age of the pinned Electron [16]', () => {
	const now = Date.parse('2026-03-31T00:00:00Z');
	const published = {
		created: '2013-01-01T00:00:00Z',
		'44.0.0': '2026-01-01T00:00:00Z',
		'45.0.0': '2026-02-01T00:00:00Z',
		'45.1.0': '2026-03-10T00:00:00Z',
		'45.1.1': '2026-03-25T00:00:00Z',
		'46.0.0-beta.3': '2026-03-01T00:00:00Z',
	};
	test.each([
		['the newest', '45.1.1', published, 'current'],
		['one whose successor is some days old', '45.1.0', published, 'current'],
		['one whose successor is three weeks old', '45.0.0', published, 'outdated'],
		['the last of an older major that still gets fixes', '44.0.0', published, 'current'],
		['a major that is the fourth newest', '44.0.0', { ...published, '47.0.0': '2026-03-30T00:00:00Z' }, 'outdated'],
		['a version that the registry does not know', '45.1.2', published, 'unknown'],
		['a preview', '46.0.0-beta.3', published, 'unknown'],
		['one whose successor has no date', '45.1.1', { ...published, '45.1.2': 'soon' }, 'unknown'],
		['anything, where the registry says nothing', '45.1.1', {}, 'unknown'],
	])('%s: %j', (_what, pinned, versions, kind) => {
		expect(ageOfElectron(pinned, versions, now).kind).toBe(kind);
	});

	it('names the successor that a release must have', () => {
		expect(ageOfElectron('45.0.0', published, now)).toEqual({
			kind: 'outdated',
			reason: 'Electron 45.1.0 has been out for more than 14 days; 45.0.0 is pinned',
		});
	});
});
