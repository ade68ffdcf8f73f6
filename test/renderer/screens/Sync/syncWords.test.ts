import { describe, expect, it } from 'vitest';
import { CONNECTION_STOPS, DISTRUST_STOPS, type FeedsAnswer, isDistrust, syncStop } from '#sync';
import { cellText, isWritable } from '../../../../renderer/screens/Sync/cellText.ts';
import { feedTotals, sumsOf } from '../../../../renderer/screens/Sync/feedTotals.ts';
import { compareEnds, groupsOf } from '../../../../renderer/screens/Sync/fingerprintEnds.ts';
import { placeOfAct, placeOfCell } from '../../../../renderer/screens/Sync/places.ts';
import { recordSentence } from '../../../../renderer/screens/Sync/recordWords.ts';
import { stopWords, technicalDetails } from '../../../../renderer/screens/Sync/stops.ts';
import { traceIdOf, waterfallOf } from '../../../../renderer/screens/Sync/waterfall.ts';

const PRINT = Array.from({ length: 16 }, (_, at) => (0xab00 + at).toString(16)).join(' ');

describe('the fingerprint from paper', () => {
	it('agrees only when both ends are typed whole, in either case', () => {
		expect(groupsOf(PRINT)).toHaveLength(16);
		expect(compareEnds(PRINT, 'ab00', 'ab0f')).toBe('agrees');
		expect(compareEnds(PRINT, ' AB00 ', 'AB0F')).toBe('agrees');
	});

	it('neither agrees nor differs while one is still typing', () => {
		expect(compareEnds(PRINT, '', '')).toBe('empty');
		for (const [first, last] of [
			['ab', ''],
			['ab00', ''],
			['', 'ab0f'],
			['ab00', 'ab0'],
		] as const)
			expect(compareEnds(PRINT, first, last)).toBe('partial');
	});

	it('differs at the first digit that is another one', () => {
		expect(compareEnds(PRINT, 'ac', '')).toBe('differs');
		expect(compareEnds(PRINT, 'ab00', 'ab00')).toBe('differs');
		expect(compareEnds(PRINT, 'ab000', 'ab0f')).toBe('differs');
	});
});

const span = (hop: string, at: number, ms: number, parent: string | null = null) => ({
	...{ span_id: hop, parent_id: parent, hop, ms },
	started_at: new Date(Date.UTC(2026, 0, 1) + at).toISOString(),
});

describe('the way of an event', () => {
	it('is drawn on one scale from the first start to the last end, its slowest hop marked', () => {
		const { hops, total, slowest } = waterfallOf([span('sealed', 30, 70), span('received', 0, 10), span('validated', 10, 20, 'received')]);
		expect(total).toBe(100);
		expect(hops.map(({ hop, from, share }) => [hop, from, share])).toEqual([
			['received', 0, 0.1],
			['validated', 0.1, 0.2],
			['sealed', 0.3, 0.7],
		]);
		expect(slowest?.hop).toBe('sealed');
	});

	it('puts hops of one instant in the order in which they happen', () => {
		expect(waterfallOf([span('committed', 0, 3), span('validated', 0, 9), span('received', 0, 0)]).hops.map(({ hop }) => hop)).toEqual([
			'received',
			'validated',
			'committed',
		]);
	});

	it('calls no span the slowest that only spans its own parts', () => {
		const { slowest } = waterfallOf([span('batch', 0, 100), span('validated', 0, 20, 'batch'), span('sealed', 20, 60, 'batch')]);
		expect(slowest?.hop).toBe('sealed');
	});

	it('has no slowest hop where nothing took time, and nothing at all without spans', () => {
		expect(waterfallOf([span('received', 0, 0)]).slowest).toBeNull();
		expect(waterfallOf([])).toEqual({ hops: [], total: 0, slowest: null });
	});

	it('is named by the trace of the sealed line, alone or within a traceparent', () => {
		const trace = '4bf92f3577b34da6a3ce929d0e0e4736';
		expect(traceIdOf(`{"trace_id":"${trace}","type":"x"}`)).toBe(trace);
		expect(traceIdOf(`{"trace_id":"00-${trace}-00f067aa0ba902b7-01"}`)).toBe(trace);
		expect(traceIdOf('{"trace_id":null}')).toBeNull();
		expect(traceIdOf('{"note":"trace_id"}')).toBeNull();
	});
});

describe('revenue at risk', () => {
	it('is summed per currency, exactly, and never over currencies', () => {
		expect(
			sumsOf([
				{ currency: 'USD', minor: '9007199254740993' },
				{ currency: 'EUR', minor: '5' },
				{ currency: 'USD', minor: '-1' },
			]),
		).toEqual([
			{ currency: 'EUR', minor: 5n },
			{ currency: 'USD', minor: 9007199254740992n },
		]);
	});

	it('stands beside what is stale, degraded and waiting over all feeds', () => {
		const feed: FeedsAnswer['feeds'][number] = {
			...{ kind: 'sealed', mode: 'stream', channels: [], position: 1, rows: 1, last_event_at: null, last_received_at: null, lag_ms: null },
			...{ latency: null, waiting: 2, degraded: true, freshness: 'stale', feed: 'order_event' },
			dead_letters: { count: 3, revenue: [{ currency: 'EUR', minor: '100' }] },
		};
		expect(feedTotals([feed, { ...feed, feed: 'invoice', degraded: false, freshness: 'silent' }])).toEqual({
			...{ feeds: 2, stale: 1, degraded: 1, waiting: 4, deadLetters: 6 },
			atRisk: [{ currency: 'EUR', minor: 200n }],
		});
	});
});

describe('a stop in words', () => {
	it('says for every code what it means and what to do', () => {
		for (const code of [...CONNECTION_STOPS, ...DISTRUST_STOPS]) {
			const { title, meaning, safe, steps } = stopWords({ code });
			expect(title).not.toBe('');
			expect(meaning).toMatch(/\.$/);
			expect(safe).toMatch(isDistrust({ code }) ? /stands unchanged/ : /Nothing is lost/);
			expect(steps.length).toBeGreaterThan(0);
		}
	});

	it('leads to Connection where a step is done there, and nowhere else', () => {
		for (const code of [...CONNECTION_STOPS, ...DISTRUST_STOPS]) {
			const { steps, isOfConnection } = stopWords({ code });
			expect(isOfConnection, code).toBe(steps.some((step) => step.includes('under Connection')));
		}
	});

	it('gives the company what it needs to look into it', () => {
		const heads = { order_event: { origin: 'acme.example/o2c/order_event', size: 7, root: 'AA==' } };
		const details = JSON.parse(
			technicalDetails(syncStop('fork', 'order_event', 'Two histories.'), {
				...{ url: 'https://hub.example', publication: 3, heads, lastAt: Date.UTC(2026, 0, 1) },
				policy: { log: 'acme.example/o2c', fingerprint: PRINT },
			}),
		) as Record<string, unknown>;
		expect(details).toMatchObject({
			...{ code: 'fork', kind: 'distrust', feed: 'order_event', at: '2026-01-01T00:00:00.000Z', hub: 'https://hub.example' },
			...{ policy_fingerprint: PRINT, pinned_publication: 3, pinned_heads: heads },
		});
	});
});

describe('a record of the hub’s own log in a sentence', () => {
	it('names source, batch and rows, and what was not taken', () => {
		const record = { kind: 'batch', source_system: 'sap', batch_no: 'B-7', rows: 12, accepted: 10, dead_letters: 2 };
		expect(recordSentence({ kind: 'batch', line: JSON.stringify(record) })).toBe('sap B-7: 12 rows, 10 new, 2 not taken');
	});

	it('gives a reconciliation by currency, with what could not be looked into apart', () => {
		const currencies = [
			{ currency: 'EUR', orders: 1200, orders_with_breaks: 3 },
			{ currency: 'USD', orders: 1, orders_with_breaks: 0 },
		];
		const line = JSON.stringify({ kind: 'reconciliation', day: '2026-11-28', currencies, unreadable_rows: 2 });
		expect(recordSentence({ kind: 'reconciliation', line })).toBe(
			'2026-11-28: EUR 3 of 1,200 orders with breaks, USD 0 of 1 order with breaks, 2 rows could not be looked into',
		);
	});

	it('names the channel where no source is named, and shows an unknown kind by its fields', () => {
		expect(recordSentence({ kind: 'batch', line: '{"kind":"batch","source_system":null,"channel":"drop","rows":1,"accepted":1}' })).toBe(
			'by drop: 1 row, 1 new',
		);
		expect(recordSentence({ kind: 'audit', line: '{"kind":"audit","prev":"00","job_no":4}' })).toBe('job no 4');
		expect(recordSentence({ kind: '', line: 'no JSON at all' })).toBe('');
	});
});

describe('a value in conflict', () => {
	it('is shown as people read it, and nothing as nothing', () => {
		expect(cellText('finding/f1/condition', 'Goods left.')).toBe('Goods left.');
		expect(cellText('finding/f1/state', 'reviewed')).toBe('Reviewed');
		expect(cellText('engagement/deadline', null)).toBe('nothing');
		expect(cellText('exception/k', { verdict: 'confirmed', cause: 'Billing lag', note: 'Seen.', duplicateOf: null })).toBe(
			'Confirmed\nCause: Billing lag\nSeen.',
		);
	});

	it('can be written anew where it is free text, and is chosen elsewhere where it is not', () => {
		expect(['finding/f1/condition', 'engagement/name'].every(isWritable)).toBe(true);
		expect(['finding/f1/severity', 'finding/f1/state', 'exception/k', 'member/m1/role', 'engagement/deadline'].some(isWritable)).toBe(
			false,
		);
	});
});

describe('where a thing is edited', () => {
	it('is the screen that holds it, with the thing in hand where it has a name', () => {
		expect(placeOfCell('finding/f1/cause')).toEqual({ screen: 'findings', params: { finding: 'f1' } });
		expect(placeOfCell('parameter/T16/days')).toEqual({ screen: 'procedures', params: { test: 'T16' } });
		expect(placeOfCell('view/v1')).toBeNull();
		expect(placeOfAct({ type: 'note.answered', noteId: 'n', text: 'x' })?.screen).toBe('findings');
		expect(placeOfAct({ type: 'engagement.edited', field: 'name', value: 'x' })?.screen).toBe('settings');
		expect(placeOfAct({ type: 'act.undone', undoes: 3 })).toBeNull();
	});
});
