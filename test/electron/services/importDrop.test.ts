import { describe, expect, it } from 'vitest';
import type { ImportProgress } from '#intake';
import { cleanDrop, disclosedIn, putDisclosures } from './cleanDrop.ts';
import { canonical, type DropFiles, declare, fileOf, hexOf, LOG_SIGNER, linesOf, putLines } from './dropWriter.ts';
import { findingsOf, imported, importFiles } from './memorySource.ts';

const tampered = (tamper: (files: DropFiles) => void): DropFiles => {
	const files = cleanDrop(2);
	tamper(files);
	return files;
};
const firstDocument = (files: DropFiles): string => [...files.keys()].find((path) => path.startsWith('documents/')) as string;

describe('an import', () => {
	it('says the same however the bytes are cut', async () => {
		const whole = await imported(cleanDrop(2));
		for (const chunkBytes of [1, 7, 64, 1000]) {
			const cut = await importFiles(cleanDrop(2), {}, chunkBytes);
			expect(cut.ok && cut.value.evidence).toEqual(whole.evidence);
		}
	});

	it('holds what the drop holds', async () => {
		const drop = await imported(cleanDrop(2));
		expect(drop.population.table('order_event').rows).toBe(45);
		expect(drop.evidence.tables.payment).toEqual({ rows: 9, sha256: hexOf(cleanDrop(2).get('data/payment.ndjson') as Buffer) });
		expect(drop.manifestSha256).toBe(hexOf(cleanDrop(2).get('manifest.json') as Buffer));
		expect(drop.evidence.documents).toEqual({ present: 9, missing: [], altered: [] });
		expect(drop.sealed.get('order_event')?.report.leafHashes).toHaveLength(45 * 32);
		expect(drop.sealed.get('order_event')?.verification.head).toMatchObject({ origin: 'acme.example/o2c/order_event', size: 45 });
	});

	it('says which lines of a plain table are no canonical JSON, and reads them', async () => {
		const files = tampered((drop) => {
			const lines = linesOf(drop, 'payment');
			lines[1] = (lines[1] as string).replace('{', '{ ');
			lines[4] = `${lines[4]}\r`;
			putLines(drop, 'payment', lines);
		});
		const drop = await imported(files);
		expect(drop.notices).toEqual([expect.stringMatching(/^data\/payment\.ndjson: line 2 and 1 more not in canonical form/)]);
		expect(drop.population.table('payment').rows).toBe(9);
	});

	it('is never verified without a key from outside, and says so once a table', async () => {
		const drop = await imported(cleanDrop(2), { trustedKeys: [] });
		expect(findingsOf(drop)).toEqual(['order_event untrusted_key@null', 'revenue_event untrusted_key@null']);
		expect(drop.sealed.get('order_event')?.verification).toMatchObject({
			verdict: 'not_verifiable',
			trust: 'not_judged',
			unsealedLines: 45,
		});
	});

	it('still calls altered and truncated what contradicts itself, without a key', async () => {
		const files = tampered((drop) => {
			putLines(drop, 'order_event', linesOf(drop, 'order_event').slice(0, 40));
			const lines = linesOf(drop, 'revenue_event');
			lines[2] = (lines[2] as string).replace('"amount_minor":1', '"amount_minor":9');
			putLines(drop, 'revenue_event', lines);
		});
		const { integrity } = (await imported(files, { trustedKeys: [] })).evidence;
		expect([integrity.order_event?.verdict, integrity.revenue_event?.verdict]).toEqual(['truncated', 'altered']);
	});

	it('reports its progress to the last byte', async () => {
		const seen: ImportProgress[] = [];
		await imported(cleanDrop(2), { onProgress: (progress) => seen.push(progress) });
		expect(new Set(seen.map(({ phase }) => phase))).toEqual(new Set(['manifest', 'tables', 'documents', 'verification']));
		expect(seen.at(-1)?.bytesDone).toBe(seen.at(-1)?.bytesTotal);
		expect(seen.map(({ bytesDone }) => bytesDone)).toEqual(seen.map(({ bytesDone }) => bytesDone).sort((a, b) => a - b));
	});

	it('ends when it is cancelled, at any point', async () => {
		for (const after of [0, 1, 5, 12]) {
			const abort = new AbortController();
			let reports = 0;
			const drop = await importFiles(cleanDrop(2), { signal: abort.signal, onProgress: () => reports++ === after && abort.abort() });
			expect(drop.ok ? 'read' : drop.error.code).toBe('cancelled');
		}
	});

	it('throws on what is no failure of the drop: a bug is not bad input', async () => {
		const broken = importFiles(cleanDrop(2), {
			onProgress: () => {
				throw new Error('bug');
			},
		});
		await expect(broken).rejects.toThrow('bug');
	});
});

describe('what is declared', () => {
	it('and differs is told: hash, bytes, rows and totals', async () => {
		const files = cleanDrop(2);
		const lines = linesOf(files, 'payment');
		files.set('data/payment.ndjson', fileOf(lines.slice(1)));
		const [payment] = (await imported(files)).evidence.ipe.filter(({ table }) => table === 'payment');
		expect(payment?.verdict).toBe('differs');
		expect(payment?.differences.map(({ what }) => what)).toEqual(['sha256', 'rows', 'bytes', 'control_total']);
		expect(payment?.differences.at(-1)?.found).toMatch(/^amount_minor: \d+$/);
	});

	it('as a quantity total is compared as a number', async () => {
		const manifest = JSON.parse(cleanDrop(2).get('manifest.json')?.toString() ?? '') as {
			tables: { table: string; control_totals: object }[];
		};
		expect(manifest.tables.find(({ table }) => table === 'shipment')?.control_totals).toEqual({ quantity: '49.50' });
		expect((await imported(cleanDrop(2))).evidence.ipe.find(({ table }) => table === 'shipment')?.verdict).toBe('as_declared');
	});

	it('as an unknown table is hashed, compared and noted', async () => {
		const files = tampered((drop) => {
			drop.set('data/gift_card.ndjson', Buffer.from('{"a":1}\n'));
			declare(drop);
		});
		const drop = await imported(files);
		expect(drop.evidence.ipe.find(({ table }) => table === 'gift_card')).toMatchObject({ verdict: 'as_declared' });
		expect(drop.notices).toEqual([expect.stringContaining('gift_card')]);
		files.set('data/gift_card.ndjson', Buffer.from('{"a":2}\n'));
		expect((await imported(files)).evidence.ipe.find(({ table }) => table === 'gift_card')?.differences).toMatchObject([
			{ what: 'sha256' },
		]);
	});

	it('not, though it lies there, is loaded and marked', async () => {
		const files = cleanDrop(2);
		files.set('data/fx_rate.ndjson', fileOf([canonical({ currency: 'USD', quote: 'EUR', on: '2026-03-01', rate: '0.9', source: 'ECB' })]));
		files.set('data/notes.txt', Buffer.from('hello'));
		const drop = await imported(files);
		expect(drop.population.table('fx_rate').rows).toBe(1);
		expect(drop.evidence.ipe.filter(({ verdict }) => verdict === 'not_declared').map(({ table }) => table)).toEqual([
			'fx_rate',
			'data/notes.txt',
		]);
	});
});

const FIRST = (text: string): string => text.replace('{', '{"zz":1e400,');

describe('a malformed line', () => {
	it.each<[string, (line: string) => Buffer | string, string]>([
		['with a NUL byte', (line) => line.replace('EUR', 'E\0R'), 'not_json'],
		['that is not UTF-8', (line) => Buffer.from(line.replace('EUR', 'E\u00ffR'), 'latin1'), 'not_utf8'],
		['with 1e400', FIRST, 'number_out_of_range'],
		['with a fraction of a cent', (line) => line.replace(/"amount_minor":\d+/, '"amount_minor":1.5'), 'number_out_of_range'],
		['that is blank', () => '', 'blank_line'],
		['with a key twice', (line) => line.replace('{', '{"currency":"USD",'), 'duplicate_key'],
		['with an impossible date', (line) => line.replace('2026-03-01', '2026-02-30'), 'bad_value'],
	])('%s is set aside, and the rest loads', async (_, change, code) => {
		const files = tampered((drop) => {
			const lines: (string | Buffer)[] = linesOf(drop, 'payment');
			lines[3] = change(lines[3] as string);
			putLines(drop, 'payment', lines);
		});
		const drop = await imported(files);
		expect(drop.population.table('payment').rows).toBe(8);
		expect(drop.quarantine.get('payment')).toMatchObject([{ line: 4, code }]);
		const offset = drop.quarantine.get('payment')?.[0]?.offset ?? -1;
		expect(files.get('data/payment.ndjson')?.subarray(0, offset).toString('latin1').split('\n')).toHaveLength(4);
	});

	it.each(['data/payment.ndjson', 'data/revenue_event.ndjson'])('of 100 MB in %s is refused as a whole: line_too_long', async (path) => {
		const files = tampered((drop) => {
			drop.set(path, Buffer.concat([drop.get(path) as Buffer, Buffer.alloc(1e8, 'x')]));
		});
		const drop = await importFiles(files);
		expect(drop.ok ? 'read' : drop.error).toMatchObject({ code: 'line_too_long', path });
	});
});

describe('documents', () => {
	it('altered, missing, uncited and misnamed are told apart', async () => {
		const files = cleanDrop(2);
		const [altered, missing] = [...files.keys()].filter((path) => path.startsWith('documents/')) as [string, string];
		files.set(altered, Buffer.from('other bytes'));
		files.delete(missing);
		const stray = Buffer.from('stray');
		files.set(`documents/${hexOf(stray)}`, stray);
		files.set('documents/note.txt', stray);
		const drop = await imported(files);
		expect(drop.evidence.documents).toEqual({ present: 8, missing: [missing.slice(10)], altered: [altered.slice(10)] });
		expect(drop.documents).toMatchObject({ uncited: [hexOf(stray)], misnamed: ['documents/note.txt'], count: 10 });
		expect(drop.evidence.ipe.at(-1)).toMatchObject({ table: 'documents', verdict: 'differs' });
	});

	it('that no manifest counts are not declared', async () => {
		const files = tampered((drop) => declare(drop, { documents: null }));
		expect((await imported(files)).evidence.ipe.at(-1)).toEqual({ table: 'documents', verdict: 'not_declared', differences: [] });
	});

	it('taken away with their row and their count leave nothing to tell', async () => {
		const files = tampered((drop) => {
			const document = firstDocument(drop);
			drop.delete(document);
			putLines(
				drop,
				'document',
				linesOf(drop, 'document').filter((line) => !line.includes(document.slice(10))),
			);
		});
		expect(findingsOf(await imported(files))).toEqual([]);
	});
});

describe('disclosures', () => {
	const change = (edit: (all: ReturnType<typeof disclosedIn>) => ReturnType<typeof disclosedIn>): DropFiles =>
		tampered((files) => putDisclosures(files, edit(disclosedIn(files))));

	it('put the disclosed values into the rows', async () => {
		const drop = await imported(cleanDrop(2));
		const table = drop.population.table('order_event');
		expect(table.withheld.get('actor_id')).toBeUndefined();
		expect(table.text('actor_id', 0)).toMatch(/^u\d$/);
	});

	it('may be withheld: lawful, counted, and no proof breaks', async () => {
		const drop = await imported(tampered((files) => files.delete('disclosures/order_event.ndjson')));
		expect(findingsOf(drop)).toEqual([]);
		expect(drop.population.table('order_event').withheld.get('actor_id')).toBe(9);
		expect(drop.evidence.integrity.order_event?.verdict).toBe('verified');
	});

	it('with a value changed are a problem, and the value is not taken', async () => {
		const drop = await imported(change((all) => all.map((one, i) => (i === 0 ? { ...one, value: 'u8888' } : one))));
		expect(findingsOf(drop)).toEqual(['disclosure order_event:1 digest_mismatch']);
		expect(drop.population.table('order_event').withheld.get('actor_id')).toBe(1);
	});

	it('moved to another line are a problem', async () => {
		const drop = await imported(change((all) => all.map((one, i) => (i === 0 ? { ...one, line: all[1]?.line ?? 0 } : one))));
		expect(findingsOf(drop)).toContain(`disclosure order_event:${disclosedIn(cleanDrop(2))[1]?.line} digest_mismatch`);
	});

	it('of lines without commitments are a problem', async () => {
		const drop = await imported(change((all) => [...all, { line: 999, salt: 'eA', name: 'actor_id', value: 'x' }]));
		expect(findingsOf(drop)).toEqual(['disclosure order_event:999 no_commitment']);
	});
});

describe('what no table is', () => {
	it('is noted: files of no sealed table, keys nobody knows, a log key that is none', async () => {
		const files = tampered((drop) => {
			drop.set('checkpoints/payment/8.txt', Buffer.from('x'));
			drop.set('checkpoints/readme.txt', Buffer.from('x'));
			drop.set('disclosures/payment.ndjson', Buffer.from('x'));
			declare(drop, { log_key: `${LOG_SIGNER.vkey}x`, colour: 'red' });
		});
		const { notices, evidence } = await imported(files);
		expect(notices).toHaveLength(5);
		expect(evidence.integrity.order_event?.verdict).toBe('verified');
	});
});
