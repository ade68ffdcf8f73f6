import { describe, expect, it } from 'vitest';
import { CONNECTION_STOPS, DISTRUST_STOPS, syncStop } from '#sync';
import { needsPerson, pillOf, type SyncFacts } from '../../../renderer/app/syncPill.ts';

const NOON = new Date(2026, 10, 29, 12, 0).getTime();
const QUIET: SyncFacts = {
	isConnected: true,
	lastOkAt: new Date(2026, 10, 29, 11, 2).getTime(),
	lastStop: null,
	isPapersDistrusted: false,
	isOutOfReach: false,
	hasNews: false,
	toSend: 0,
	waiting: 0,
	isRunning: false,
	share: null,
};
const pill = (facts: Partial<SyncFacts>) => pillOf({ ...QUIET, ...facts }, NOON);

describe('the pill of the top bar', () => {
	it('is grey without a hub and without a network, and counts what waits to be sent', () => {
		expect(pill({ isConnected: false })).toMatchObject({ tone: 'neutral', words: 'Offline' });
		const away = pill({ isOutOfReach: true, lastStop: syncStop('unreachable', '', 'No network.'), toSend: 37 });
		expect(away.tone).toBe('neutral');
		expect(away.words).toMatch(/^Offline · last sync 11:02.* · 37 to send$/);
	});

	it('names the day where the last synchronisation was not today', () => {
		expect(pill({ lastOkAt: new Date(2026, 10, 20, 11, 2).getTime() }).words).toMatch(/^Last sync .*20.* 11:02/);
		expect(pill({ lastOkAt: null }).words).toBe('Never synchronised');
	});

	it('is amber for what waits for a person, and counts it', () => {
		expect(pill({ waiting: 2 })).toMatchObject({ tone: 'warn', words: 'Needs you · 2' });
		expect(pill({ waiting: 1, lastStop: syncStop('unauthenticated', '', 'Enter a new one.') })).toMatchObject({
			tone: 'warn',
			words: 'Needs you · 2',
		});
	});

	it('is red for distrust alone, whatever else there is', () => {
		for (const code of DISTRUST_STOPS)
			expect(pill({ lastStop: syncStop(code, 'order_event', ''), isRunning: true, waiting: 3, isOutOfReach: true }).tone).toBe('fail');
		for (const code of CONNECTION_STOPS)
			expect(pill({ lastStop: syncStop(code, 'order_event', ''), waiting: 3, isOutOfReach: true }).tone).not.toBe('fail');
		expect(pill({ isPapersDistrusted: true }).tone).toBe('fail');
	});

	it('says how far a synchronisation is, rounded down', () => {
		expect(pill({ isRunning: true, share: 0.999 }).words).toBe('Synchronising 99 %');
		expect(pill({ isRunning: true }).words).toBe('Synchronising');
	});

	it('tells news at the hub without bringing them', () => {
		expect(pill({ hasNews: true })).toMatchObject({ tone: 'info' });
		expect(pill({ hasNews: true, isOutOfReach: true }).tone).toBe('neutral');
	});
});

describe('a stop', () => {
	it('needs a person unless it passes by itself', () => {
		const passing = CONNECTION_STOPS.filter((code) => !needsPerson(syncStop(code, '', '')));
		expect(passing).toEqual(['unreachable', 'timed_out', 'busy', 'cancelled']);
		expect(DISTRUST_STOPS.every((code) => needsPerson(syncStop(code, '', '')))).toBe(true);
		expect(needsPerson(null)).toBe(false);
	});
});
