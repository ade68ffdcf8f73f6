/** All events of an order: a pack that has heads shows it, a pack that leaves one out is caught, and one without heads says nothing. */
import { beforeAll, describe, expect, it } from 'vitest';
import { NO_REDACTION, packInputOf, planRedaction } from '#assembly';
import type { SealedHeads } from '#evidence';
import { type Block, type CheckCode, checkPackEvidence, type PackInput, planPack } from '#pack';
import { nodeIntakePorts } from '../../../electron/services/nodeIntake.ts';
import { type DropFiles, hexOf, LOG_SIGNER, signer } from '../../electron/services/dropWriter.ts';
import { keyOf, memorySource, TRUSTED } from '../../electron/services/memorySource.ts';
import { brokenDrop, jsonOf, type Packed, packFiles } from '../../electron/services/packedSample.ts';
import { SIGNING_TIME } from '../../electron/services/testAuthority.ts';
import { Forgery, type Json } from './evidenceForgery.ts';
import { type HeadsOptions, headLines, sealedHeads } from './hubRecords.ts';

const HEADS = 'heads__order_event.json';
const RECORD = 'heads-record__order_event.json';
const PROOF = 'heads-record__order_event.tlog-proof';

let files: DropFiles;
let packed: Packed;
let plain: Packed;
beforeAll(async () => {
	files = brokenDrop();
	const heads = [sealedHeads(files), sealedHeads(files, { table: 'revenue_event' })];
	packed = await packFiles(files, { trustedKeys: [TRUSTED], heads });
	plain = await packFiles(files, { trustedKeys: [TRUSTED] });
});

interface HeadsFile {
	readonly orders: readonly { readonly line: string; readonly index: number; readonly path: readonly string[] }[];
}
const orderOf = ({ line }: { line: string }): string => (JSON.parse(line) as [string])[0];
const provedOrders = (from: Packed): string[] => jsonOf<HeadsFile>(from.files, HEADS).orders.map(orderOf);

describe('a pack with heads', () => {
	it('is VALID, and its check names the orders that are complete, a table and a day', () => {
		const orders = provedOrders(packed);
		expect(orders.length).toBeGreaterThan(3);
		expect([packed.report.verdict, packed.report.codes]).toEqual(['VALID', []]);
		expect(packed.report.order_heads?.failed).toBe(0);
		expect(packed.report.order_heads?.records[0]).toEqual({ table: 'order_event', day: '2026-12-01', size: 45, orders });
		expect(packed.report.order_heads?.records.map(({ table }) => table)).toEqual(['order_event', 'revenue_event']);
	});
	it('carries the record as the hub sealed it, and lists its three files a table in the manifest', () => {
		expect(Buffer.from(packed.files.get(RECORD) ?? []).toString('utf8')).toBe(sealedHeads(files).line);
		expect(Buffer.from(packed.files.get(PROOF) ?? []).toString('utf8')).toContain(sealedHeads(files).checkpoint);
		expect(packed.manifest.files.map(({ name }) => name)).toEqual(expect.arrayContaining([HEADS, RECORD, PROOF]));
		const known = new Set(headLines(files, 'order_event', 45));
		for (const { line } of jsonOf<HeadsFile>(packed.files, HEADS).orders) expect(known).toContain(line);
	});
	it('made twice has the same bytes', async () => {
		const heads = [sealedHeads(files), sealedHeads(files, { table: 'revenue_event' })];
		const again = await packFiles(files, { trustedKeys: [TRUSTED], heads });
		expect(hexOf(Buffer.from(again.made.unsigned))).toBe(hexOf(Buffer.from(packed.made.unsigned)));
	});
});

describe('a pack without heads', () => {
	it('has no file and no word of them, and its check has no key for them', () => {
		expect(Object.keys(plain.report)).not.toContain('order_heads');
		expect([...plain.files.keys()].filter((name) => name.startsWith('heads'))).toEqual([]);
	});
	it('has the bytes of one to which only records were given that do not hold', async () => {
		const useless: HeadsOptions[] = [
			{ change: { size: 46 } },
			{ change: { root: 'ab'.repeat(32) } },
			{ change: { orders: 3 } },
			{ change: { kind: 'batch' } },
			{ change: { table: 'no_such' } },
			{ by: signer('mallory.example', 'mine') },
			{ origin: 'acme.example/o2c/order_event' },
			{ origin: 'other.example/o2c/hub_record' },
		];
		const heads = useless.map((options) => sealedHeads(files, options));
		const broken: SealedHeads = { ...sealedHeads(files), index: 5 };
		const again = await packFiles(files, { trustedKeys: [TRUSTED], heads: [...heads, broken] });
		expect(hexOf(Buffer.from(again.made.unsigned))).toBe(hexOf(Buffer.from(plain.made.unsigned)));
	});
});

/** Leaves an event of an order out of the pack as somebody would who signs it anew: index, lines, proof, whole tables. */
function omit(forgery: Forgery, order: string, which: (events: readonly number[]) => number): Forgery {
	const name = 'lines__order_event.ndjson';
	const lines = forgery.text(name).trimEnd().split('\n');
	const index = JSON.parse(forgery.text('lines.json')) as Json;
	const listed = index['tables']['order_event']['lines'] as Json[];
	const own = lines.flatMap((line, i) => ((JSON.parse(line) as Json)['order_id'] === order ? [i] : []));
	const gone = which(own);
	const kept = listed.filter((_, i) => i !== gone);
	forgery.put(
		name,
		lines
			.filter((_, i) => i !== gone)
			.join('\n')
			.concat('\n'),
	);
	forgery.json('lines.json', (value) => (value['tables']['order_event']['lines'] = kept));
	const tree = packed.audited.drop.sealed.get('order_event')?.report.tree;
	forgery.json('proof__order_event.json', (proof) => {
		const numbers = kept.map(({ line }) => line as number);
		const nodes = tree?.multiproof(
			numbers.map((line) => line - 1),
			proof['size'] as number,
		);
		Object.assign(proof, { lines: numbers, proof: nodes?.map((node) => Buffer.from(node).toString('base64')) });
	});
	// Where an exception cites the event, the exception goes too.
	const hash = hexOf(lines[gone] as string);
	forgery.result(({ tests }) => {
		for (const test of tests as Json[])
			test['exceptions'] = (test['exceptions'] as Json[]).filter(({ rows }) => !(rows as Json[]).some(({ sha256 }) => sha256 === hash));
	});
	return forgery.without(/^drop__data__order_event/);
}

const detailsOf = (forgery: Forgery): string => checkPackEvidence(forgery.files, forgery.manifest, []).codes[0]?.detail ?? '';

describe('an event left out of a pack that is signed anew', () => {
	const firstOrder = (): string => provedOrders(packed)[0] as string;
	it.each<readonly [string, (events: readonly number[]) => number, RegExp]>([
		['the last one', (events) => events.at(-1) as number, /5 events are counted, 4 are in the pack; the last one is not among them/],
		['one in the middle', (events) => events[1] as number, /event 2 of 5 is not among them/],
		['the first one', (events) => events[0] as number, /event 1 of 5 is not among them/],
	])('%s: INCOMPLETE, and said which', (_, which, detail) => {
		const forgery = omit(new Forgery(packed), firstOrder(), which);
		expect(forgery.codes()).toEqual(['order_incomplete']);
		expect(detailsOf(forgery)).toMatch(detail);
		const { orderHeads } = checkPackEvidence(forgery.files, forgery.manifest, []);
		expect(orderHeads?.failed).toBe(1);
		expect(orderHeads?.records[0]?.orders).toEqual(provedOrders(packed).slice(1));
	});
	it('is not found in a pack without heads: inclusion proofs can’t show it', () => {
		expect(omit(new Forgery(plain), firstOrder(), (events) => events.at(-1) as number).codes()).toEqual([]);
	});
	it('together with its head: no objection, but the order is no longer called complete', () => {
		const forgery = omit(new Forgery(packed), firstOrder(), (events) => events.at(-1) as number);
		forgery.json(HEADS, (heads) => (heads['orders'] as Json[]).shift());
		const { codes, orderHeads } = checkPackEvidence(forgery.files, forgery.manifest, []);
		expect([codes, orderHeads?.records[0]?.orders]).toEqual([[], provedOrders(packed).slice(1)]);
	});
});

describe('heads that are forged', () => {
	const asFiles = (forgery: Forgery, options: HeadsOptions): Forgery => {
		const { line, index, hashes, checkpoint } = sealedHeads(files, options);
		forgery.put(RECORD, line);
		return forgery.put(PROOF, `c2sp.org/tlog-proof@v1\nindex ${index}\n${hashes.map((hash) => `${hash}\n`).join('')}\n${checkpoint}`);
	};
	const first = (heads: Json): Json => (heads['orders'] as Json[])[0] as Json;
	it.each<readonly [string, CheckCode, (forgery: Forgery) => unknown]>([
		[
			'a smaller number of events',
			'heads_invalid',
			(forgery) => forgery.json(HEADS, (heads) => (first(heads)['line'] = String(first(heads)['line']).replace(',5,', ',4,'))),
		],
		[
			'the head of another order',
			'heads_invalid',
			(forgery) => forgery.json(HEADS, ({ orders }) => Object.assign(orders[0], { line: orders[1].line })),
		],
		[
			'a node of a path',
			'heads_invalid',
			(forgery) => forgery.json(HEADS, ({ orders }) => (orders[0].path[0] = Buffer.alloc(32, 1).toString('base64'))),
		],
		['a path that is no list', 'heads_invalid', (forgery) => forgery.json(HEADS, ({ orders }) => (orders[0].path = 'x'))],
		['another place in the tree', 'heads_invalid', (forgery) => forgery.json(HEADS, ({ orders }) => (orders[0].index += 1))],
		['an order twice', 'heads_invalid', (forgery) => forgery.json(HEADS, ({ orders }) => orders.push(orders[0]))],
		[
			'a line with a space in it',
			'heads_invalid',
			(forgery) => forgery.json(HEADS, ({ orders }) => (orders[0].line = orders[0].line.replace(',', ', '))),
		],
		['another format', 'heads_invalid', (forgery) => forgery.json(HEADS, (heads) => (heads['format'] = 'x'))],
		['no JSON', 'heads_invalid', (forgery) => forgery.put(HEADS, '[')],
		[
			'fewer lines in the record',
			'heads_invalid',
			(forgery) => forgery.put(RECORD, forgery.text(RECORD).replace('"size":45', '"size":44')),
		],
		['a record of another day, soundly signed', 'heads_invalid', (forgery) => asFiles(forgery, { size: 30, day: '2026-11-30' })],
		['a record of another table, soundly signed', 'heads_invalid', (forgery) => asFiles(forgery, { table: 'revenue_event' })],
		[
			'a record of another log under the same key',
			'heads_invalid',
			(forgery) => asFiles(forgery, { origin: 'other.example/o2c/hub_record' }),
		],
		[
			'a record under a key that the drop does not name',
			'heads_invalid',
			(forgery) => asFiles(forgery, { by: signer('mallory.example', 'mine') }),
		],
		[
			'a record whose signature is another’s',
			'heads_invalid',
			(forgery) =>
				forgery.put(
					PROOF,
					forgery
						.text(PROOF)
						.replace(/\d{4,}\n/, '9\n')
						.replace('\n11\n', '\n12\n'),
				),
		],
		['a proof that is none', 'heads_invalid', (forgery) => forgery.put(PROOF, 'index 1')],
		['without its record', 'evidence_missing', ({ files: all }) => all.delete(RECORD)],
		['without its proof', 'evidence_missing', ({ files: all }) => all.delete(PROOF)],
		['a record alone', 'evidence_missing', ({ files: all }) => all.delete(HEADS)],
	])('%s', (_, code, forge) => {
		const forgery = new Forgery(packed);
		forge(forgery);
		expect(forgery.codes()).toEqual([code]);
		expect(checkPackEvidence(forgery.files, forgery.manifest, []).orderHeads?.failed).toBeGreaterThan(0);
	});
	it('an older record of the same log with its own heads holds, and what came after it is just not spoken of', async () => {
		const older = await packFiles(files, { trustedKeys: [TRUSTED], heads: [sealedHeads(files, { size: 30, day: '2026-11-30' })] });
		expect(older.report.codes).toEqual([]);
		expect(older.report.order_heads?.records).toMatchObject([{ day: '2026-11-30', size: 30 }]);
	});
	it('under a given key must be signed with it; else the log is not trusted', () => {
		const forgery = asFiles(new Forgery(packed), { by: signer('mallory.example', 'mine') });
		expect(forgery.codes([LOG_SIGNER.vkey])).toEqual(['log_key_untrusted']);
		expect(checkPackEvidence(forgery.files, forgery.manifest, [keyOf(LOG_SIGNER.vkey)]).logTrust).toBe('untrusted');
		expect(new Forgery(packed).codes([LOG_SIGNER.vkey])).toEqual([]);
	});
});

async function inputWith(heads: readonly SealedHeads[], redaction = NO_REDACTION): Promise<PackInput> {
	const gathered = await packInputOf(memorySource(files), packed.audited, nodeIntakePorts, {
		...{ preparedBy: 'Paula', organisation: '', created: SIGNING_TIME, version: '0', fonts: {}, findings: [] },
		...{ redaction, trustedKey: TRUSTED, heads },
	});
	if (!gathered.ok) throw new Error(gathered.error.message);
	return gathered.value.input;
}

const wordsOf = (input: PackInput, section: string): string =>
	(planPack(input).sections.find(({ title }) => title === section)?.blocks ?? [])
		.flatMap((block: Block) =>
			block.kind === 'text' ? [typeof block.words === 'string' ? block.words : block.words.map(({ text }) => text).join('')] : [],
		)
		.join('\n');

describe('what the pages say', () => {
	it('is the number of all events and the day, for each order', async () => {
		const words = wordsOf(await inputWith([sealedHeads(files)]), 'Order timelines');
		expect(words.match(/✓ {2}All 5 events as of 2026-12-01 \(heads record, over the first 45 lines of order_event\)\./g)).toHaveLength(
			provedOrders(packed).length,
		);
	});
	it('is how many events are newer than the record, and where a record shows nothing, that it does not', async () => {
		const words = wordsOf(await inputWith([sealedHeads(files, { size: 1 })]), 'Order timelines');
		expect(words).toContain(
			'The only event as of 2026-12-01 (heads record, over the first line of order_event). 4 events are newer than it.',
		);
		expect(words).toContain(
			'Completeness of this order’s events is not shown (heads record of 2026-12-01, over the first line of order_event). 5 events are newer than it.',
		);
	});
	it('is for how many of the orders that is shown, and never more of them', async () => {
		const count = (words: string) => /Of (\d+) orders, (\d+) (?:is|are) shown to have all events as of 2026-12-01[^.]*\./.exec(words);
		const all = count(wordsOf(await inputWith([sealedHeads(files)]), 'Order timelines'));
		expect(all?.slice(1)).toEqual([String(provedOrders(packed).length), String(provedOrders(packed).length)]);
		expect(all?.[0]).not.toContain('not shown');
		const few = count(wordsOf(await inputWith([sealedHeads(files, { size: 1 })]), 'Order timelines'));
		expect([few?.[1], few?.[2]]).toEqual([all?.[1], '1']);
		expect(few?.[0]).toContain('of the others that is not shown');
	});
	it('is how to verify it by hand, and nothing of all that without a record', async () => {
		expect(wordsOf(await inputWith([sealedHeads(files)]), 'Appendix')).toMatch(/All events of an order\. .*prev leads back/);
		const input = await inputWith([]);
		expect(`${wordsOf(input, 'Order timelines')}${wordsOf(input, 'Appendix')}`).not.toMatch(/All \d+ events|Completeness|heads record/i);
	});
	it('is that it is not shown where lines are withheld; and then no head stands in the pack that a check would miss events of', async () => {
		const withheld = await packFiles(files, { trustedKeys: [TRUSTED], heads: [sealedHeads(files)], redact: ['order_event.source_seq'] });
		expect([...withheld.files.keys()].filter((name) => name.startsWith('heads'))).toEqual([]);
		expect(withheld.report.codes).toEqual([]);
		const redaction = await planRedaction(memorySource(files), packed.audited.drop.population, ['order_event.source_seq']);
		if (!redaction.ok) throw new Error(redaction.error);
		const input = await inputWith([sealedHeads(files)], redaction.value);
		expect(wordsOf(input, 'Order timelines').match(/Completeness of this order’s events is not shown/g)).toHaveLength(
			input.timelines.length,
		);
	});
	it('takes the newest of several records that hold', async () => {
		const older = sealedHeads(files, { size: 20, day: '2026-11-20' });
		expect((await inputWith([older, sealedHeads(files), older])).timelines[0]?.completeness).toMatchObject([{ day: '2026-12-01' }]);
	});
});
