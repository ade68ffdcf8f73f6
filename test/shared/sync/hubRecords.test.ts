/** The hub's own records are held against each other: what it has said under its key once, it can't say less of later. */
import { describe, expect, it } from 'vitest';
import { leafHash, merkleTree } from '#evidence';
import { concatBytes, ok, utf8 } from '#kernel';
import { type HubPorts, NO_RECORDS, pullRecords, type RecordsPin, type TrustPolicy, trustPolicy } from '#sync';
import { checkpoint, logKey } from './signedNotes.ts';

const LOG = 'acme.example/o2c';
const KEY = logKey(LOG);

function policy(): TrustPolicy {
	const made = trustPolicy(LOG, [{ vkey: KEY.vkey }]);
	if (!made.ok) throw new Error(made.error);
	return made.value;
}

const heads = (day: string, size: number, root = 'aa'.repeat(32), orders = 2): string =>
	JSON.stringify({ kind: 'heads', table: 'order_event', day, size, orders, root });

/** A hub whose log of records has these lines, signed. */
function hubWith(lines: readonly string[]): HubPorts {
	const tree = merkleTree(concatBytes(...lines.map((line) => leafHash(utf8(line)))));
	const note = checkpoint(`${LOG}/hub_record`, lines.length, tree.rootOf(lines.length), [KEY]);
	return {
		transport: {
			request: ({ path }) => {
				const from = Number(/from=(\d+)/.exec(path)?.[1] ?? -1);
				const body =
					from < 0
						? note
						: lines
								.slice(from)
								.map((line) => `${line}\n`)
								.join('');
				return Promise.resolve(ok({ status: 200, headers: {}, bytes: utf8(body) }));
			},
		},
		wait: () => Promise.resolve(),
		random: () => 0,
		isCancelled: () => false,
	};
}

async function pinnedAfter(lines: readonly string[]): Promise<RecordsPin> {
	const pulled = await pullRecords(hubWith(lines), policy(), NO_RECORDS);
	if (!pulled.ok) throw new Error(pulled.error.message);
	return pulled.value.pin;
}

describe('heads records', () => {
	const first = heads('2026-12-01', 10);

	it('that count more, day after day, are believed, and the newest is held against the evidence', async () => {
		const pin = await pinnedAfter([first, heads('2026-12-02', 10), heads('2026-12-03', 12, 'bb'.repeat(32), 3)]);
		expect(pin.heads['order_event']).toMatchObject({ day: '2026-12-03', size: 12 });
	});

	it('that count fewer lines than an earlier one are a rollback, of one pull or of two', async () => {
		const less = heads('2026-12-02', 9);
		expect(await pullRecords(hubWith([first, less]), policy(), NO_RECORDS)).toMatchObject({
			error: { code: 'rollback', feed: 'hub_record' },
		});
		const pin = await pinnedAfter([first]);
		expect(await pullRecords(hubWith([first, less]), policy(), pin)).toMatchObject({ error: { code: 'rollback', feed: 'hub_record' } });
	});

	it('that tell another thing of the same lines contradict each other', async () => {
		const pin = await pinnedAfter([first]);
		for (const other of [heads('2026-12-02', 10, 'bb'.repeat(32)), heads('2026-12-01', 10, 'aa'.repeat(32), 1)])
			expect(await pullRecords(hubWith([first, other]), policy(), pin)).toMatchObject({
				error: { code: 'log_differs', feed: 'hub_record' },
			});
	});

	it('of another history of the same length are a fork, with both signed heads', async () => {
		const pin = await pinnedAfter([first, heads('2026-12-02', 10)]);
		const other = await pullRecords(hubWith([first, heads('2026-12-02', 11)]), policy(), pin);
		expect(other).toMatchObject({ error: { code: 'fork', equivocation: { feed: 'hub_record', seen: pin.note } } });
	});
});
