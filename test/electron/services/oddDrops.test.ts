/** Packs over drops that are not as one expects: each is made, is VALID, and says what it rests on. */
import { describe, expect, it } from 'vitest';
import { replayPack } from '../../../electron/services/replayPack.ts';
import { cleanDrop } from './cleanDrop.ts';
import { canonical, type DropFiles, declare, linesOf, putLines } from './dropWriter.ts';
import { TRUSTED } from './memorySource.ts';
import { brokenDrop, packFiles } from './packedSample.ts';

const without = (files: DropFiles, names: RegExp): DropFiles => {
	for (const path of [...files.keys()]) if (names.test(path)) files.delete(path);
	declare(files);
	return files;
};
const changed = (change: (files: DropFiles) => unknown, files = brokenDrop()): DropFiles => {
	change(files);
	return files;
};
const LONG = 'x'.repeat(10_000);
const NAMES = '株式会社テスト Ökonomie ÅB “Łódź” Ωμέγα Ёлка 한국 \u202Ereversed';

/** Rewrites an order's id in all sealed and plain lines; chains break, which is a finding of its own. */
const renamed = (files: DropFiles, to: string): DropFiles => {
	for (const table of ['order_event', 'revenue_event', 'shipment', 'document'])
		putLines(
			files,
			table,
			linesOf(files, table).map((line) => canonical(JSON.parse(line.replaceAll('"SO-1"', JSON.stringify(to))))),
		);
	return files;
};

describe('a pack of', () => {
	it.each<readonly [string, () => DropFiles]>([
		['a drop of one table', () => without(cleanDrop(), /^(data\/(?!payment)|checkpoints|disclosures|documents)/)],
		['a drop without sealed tables', () => without(cleanDrop(), /(order|revenue)_event/)],
		['a drop without documents', () => without(brokenDrop(), /^documents|data\/document/)],
		['a drop whose documents are missing', () => without(brokenDrop(), /^documents/)],
		['tables without a row', () => changed((files) => ['payment', 'order_event', 'shipment'].map((table) => putLines(files, table, [])))],
		['a drop without checkpoints', () => without(brokenDrop(), /^checkpoints/)],
		[
			'a drop with lines set aside',
			() => changed((files) => putLines(files, 'payment', [...linesOf(files, 'payment'), '{"payment_id":7}', 'no json'])),
		],
		['an undeclared table', () => changed((files) => files.set('data/customer.ndjson', Buffer.from('{"customer_id":"C-1"}\n')))],
		[
			'files under names that no attachment could have',
			() =>
				changed((files) =>
					files
						.set('data/Räume & "Türen" ünd.ndjson', Buffer.from('{}\n'))
						.set('data/a__b.ndjson', Buffer.from('\n'))
						.set('data/A__B.ndjson', Buffer.from('\n')),
				),
		],
		[
			'a drop with other names of checkpoints',
			() =>
				changed((files) => {
					files.set('checkpoints/order_event/zz__ä.txt', files.get('checkpoints/order_event/16.txt') as Buffer);
				}),
		],
		['an order with ten thousand letters', () => renamed(brokenDrop(), LONG)],
		['an order in many scripts', () => renamed(brokenDrop(), NAMES)],
		[
			'a company with a name in many scripts, and of ten thousand letters',
			() => changed((files) => declare(files, { company: `${NAMES}${LONG}`, entity_ids: [NAMES, LONG] })),
		],
	])('%s', async (_, files) => {
		const { report, files: embedded, manifest } = await packFiles(files(), { trustedKeys: [TRUSTED], findings: [NAMES] });
		expect([report.verdict, report.codes]).toEqual(['VALID', []]);
		const { codes } = await replayPack(embedded, manifest);
		expect(codes).toEqual([]);
	});
});
