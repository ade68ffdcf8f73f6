/** Withheld fields: their values stand nowhere in a pack, what is left of it still holds, and what is left out is said. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { planRedaction, WITHHELD_MARK, WithheldTexts } from '#assembly';
import { FINDINGS_NAME } from '#pack';
import { hasProgram } from '../../../build/outsideTools.ts';
import { replayPack } from '../../../electron/services/replayPack.ts';
import { type Disclosed, digestOf, disclosedIn, encodeDisclosure, putDisclosures } from './cleanDrop.ts';
import { addCheckpoints, canonical, type DropFiles, declare, dropCheckpoints, fileOf, linesOf, type Row, sealLines } from './dropWriter.ts';
import { imported, memorySource, TRUSTED } from './memorySource.ts';
import { brokenDrop, jsonOf, type Packed, packFiles } from './packedSample.ts';

const NAME = 'Zoë (Zebra) Quine';

/** A drop whose log commits to the reason of every shipment, which names somebody; and customers, whose names stand in clear. */
function drop(): DropFiles {
	const files = brokenDrop();
	const disclosed: Disclosed[] = disclosedIn(files);
	const rows = linesOf(files, 'order_event').map((line, i) => {
		const { reason_code: reason, prev: _, ...row } = JSON.parse(line) as Row & { sd?: Row };
		if (reason === null) return { ...row, reason_code: null };
		const one = { line: i + 1, salt: Buffer.alloc(16, i).toString('base64url'), name: 'reason_code', value: `${NAME}: late ${i}` };
		disclosed.push(one);
		return { ...row, sd: { ...(row['sd'] as Row | undefined), reason_code: digestOf(encodeDisclosure(one)) } };
	});
	files.set('data/order_event.ndjson', fileOf(sealLines(rows)));
	putDisclosures(files, disclosed);
	dropCheckpoints(files, 'order_event');
	addCheckpoints(files, 'order_event');
	const customers = ['A', 'B'].map((id) => ({
		customer_id: `C-${id}`,
		name: `Ümlaut "Brothers" ${id}\\Co`,
		country: 'DE',
		credit_limit_minor: 98765432,
		currency: 'EUR',
		owner_system: 'crm',
		active_from: '2020-01-01',
		active_to: null,
		tin: 'DE-777000777',
	}));
	files.set('data/customer.ndjson', fileOf(customers.map(canonical)));
	const orders = Array.from({ length: 9 }, (_, i) => ({
		order_id: `SO-${i + 1}`,
		entity_id: 'E1',
		customer_id: i % 2 === 0 ? 'C-A' : 'C-B',
		contract_id: null,
		ordered_at: '2026-03-01T08:00:00.000Z',
		currency: 'EUR',
		total_minor: 5000 + i,
		state: 'fulfilled',
		source_system: 'shop',
	}));
	files.set('data/sales_order.ndjson', fileOf(orders.map(canonical)));
	declare(files);
	return files;
}

const outputOf = (program: string, ...args: readonly string[]): string =>
	execFileSync(program, args, { maxBuffer: 1 << 26 }).toString('utf8');

/** Everything a reader can get out of a pack: its bytes, every stream inflated, every embedded file, and the text of its pages. */
function allText({ made, files }: Packed): string {
	const bytes = Buffer.from(made.signed);
	const parts = [bytes.toString('latin1'), bytes.toString('utf8')];
	for (let at = bytes.indexOf('stream\n'); at >= 0; at = bytes.indexOf('stream\n', at + 1)) {
		try {
			const stream = inflateSync(bytes.subarray(at + 7), { finishFlush: 2 });
			parts.push(stream.toString('latin1'), stream.toString('utf8'));
		} catch {
			// Not every stream is deflated, and "endstream" ends in the same letters.
		}
	}
	for (const content of files.values()) parts.push(Buffer.from(content).toString('utf8'));
	if (hasProgram('pdftotext')) {
		const folder = mkdtempSync(join(tmpdir(), 'tieout-text-'));
		writeFileSync(join(folder, 'p.pdf'), bytes);
		parts.push(outputOf('pdftotext', '-raw', join(folder, 'p.pdf'), '-'));
		rmSync(folder, { recursive: true });
	}
	return parts.join('\n');
}

describe('a committed field', () => {
	it('is withheld by its disclosures alone: the pack is VALID, its proofs hold, and its tests come out again', async () => {
		const packed = await packFiles(drop(), { trustedKeys: [TRUSTED], redact: ['order_event.reason_code'] });
		expect([packed.report.verdict, packed.report.codes]).toEqual(['VALID', []]);
		expect(packed.report.proofs.checked).toBeGreaterThan(10);
		expect(allText(packed)).not.toMatch(/Zebra|Quine/);
		const { replay, codes } = await replayPack(packed.files, packed.manifest);
		expect([codes, replay?.matching]).toEqual([[], 90]);
		expect(jsonOf<{ withheld: object }>(packed.files, 'lines.json').withheld).toEqual({});
	});
	it('is in the pack where nobody withholds it, so that the test above can fail', async () => {
		const packed = await packFiles(drop(), { trustedKeys: [TRUSTED] });
		expect(allText(packed)).toMatch(/Zebra/);
	});
	it('takes along a disclosure that nobody here can read: it could be its own', async () => {
		const files = drop();
		const disclosure = encodeDisclosure({ salt: 'c2FsdA', name: 'reason_code', value: 'Zebra 12' });
		// Its spare bits are not zero: strict readers refuse it, others read on.
		const odd = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789']
			.map((last) => `${disclosure.slice(0, -1)}${last}`)
			.find((text) => text !== disclosure && Buffer.from(text, 'base64url').equals(Buffer.from(disclosure, 'base64url')));
		expect(odd).toBeDefined();
		files.set('disclosures/order_event.ndjson', fileOf([canonical({ line: 1, disclosure: odd })]));
		declare(files);
		const { files: packed } = await packFiles(files, { redact: ['order_event.reason_code'] });
		expect(Buffer.from(packed.get('drop__disclosures__order_event.ndjson') ?? []).toString('utf8')).toBe('');
	});
	it('keeps the other disclosures', async () => {
		const { files } = await packFiles(drop(), { redact: ['reason_code'] });
		const kept = Buffer.from(files.get('drop__disclosures__order_event.ndjson') ?? [])
			.toString('utf8')
			.trim()
			.split('\n')
			.map((line) => Buffer.from((JSON.parse(line) as { disclosure: string }).disclosure, 'base64url').toString('utf8'));
		expect(kept).toHaveLength(9);
		expect(kept.every((text) => text.includes('"actor_id"'))).toBe(true);
	});
});

describe('a field in clear', () => {
	it('is withheld with every line that shows it, and said to be: VALID, but not to be replayed', async () => {
		const packed = await packFiles(drop(), {
			trustedKeys: [TRUSTED],
			redact: ['customer.name'],
			findings: ['Nothing was found at Ümlaut "Brothers" A\\Co.'],
		});
		expect([packed.report.verdict, packed.report.codes]).toEqual(['VALID', []]);
		expect(packed.report.proofs.checked).toBeGreaterThan(10);
		expect(allText(packed)).not.toMatch(/mlaut|Brothers/);
		const { replay, codes } = await replayPack(packed.files, packed.manifest);
		expect([replay, codes.map(({ code }) => code)]).toEqual([null, ['replay_not_possible']]);
		expect(packed.made.notes.join(' ')).toMatch(/supporting documents|cited lines only/);
	});
	it('is masked in every word of a written finding, on its pages and in its data', async () => {
		const name = 'Ümlaut "Brothers" A\\Co';
		const packed = await packFiles(drop(), {
			redact: ['customer.name'],
			findings: [
				{
					number: 'F-001',
					title: `Late at ${name}`,
					severity: 'high',
					state: 'draft',
					parts: [{ heading: 'Condition', text: `It was ${name}.` }],
					evidence: [{ kind: 'exception', label: `T01 of ${name}`, sha256: null, attachment: null }],
					signoffs: [],
				},
			],
		});
		expect([packed.report.verdict, packed.report.codes]).toEqual(['VALID', []]);
		expect(allText(packed)).not.toMatch(/mlaut|Brothers/);
		expect(JSON.stringify(jsonOf(packed.files, FINDINGS_NAME))).toContain(`Late at ${WITHHELD_MARK}`);
	});
	it('of a sealed table takes its lines away, is counted, and leaves the pack VALID', async () => {
		const packed = await packFiles(drop(), { redact: ['order_event.actor_role'] });
		expect([packed.report.verdict, packed.report.codes]).toEqual(['VALID', []]);
		const { withheld } = jsonOf<{ withheld: Record<string, { fields: string[]; lines: number }> }>(packed.files, 'lines.json');
		expect(withheld['order_event']).toEqual({ fields: ['actor_role'], lines: 35 });
		expect(packed.made.notes).toContain('35 cited lines of order_event are withheld, for actor_role.');
	});
	it('without which a test says nothing takes its sentence and amount along', async () => {
		const packed = await packFiles(drop(), { redact: ['order_event.recorded_at'] });
		const exceptions = packed.audited.result.tests.flatMap((test) => test.exceptions);
		expect(exceptions.some(({ reason }) => reason.includes('2026-09-01 00:00'))).toBe(true);
		expect(allText(packed)).not.toMatch(/2026-09-01 00:00|2026-09-01T00:00/);
	});
});

describe('what can’t be withheld', () => {
	const plan = async (field: string) => {
		const files = drop();
		return planRedaction(memorySource(files), (await imported(files)).population, [field]);
	};
	it.each([
		['a field of no table, which may be a typo', 'reason_cod'],
		['a field of another table', 'customer.reason_code'],
		['a primary key', 'event_id'],
		['a key of one table that others refer to', 'order_id'],
	])('%s', async (_, field) => {
		expect(await plan(field)).toMatchObject({ ok: false });
	});
	it.each(['reason_code', 'order_event.reason_code', 'actor_id'])('%s can', async (field) => {
		expect(await plan(field)).toMatchObject({ ok: true });
	});
});

describe('masking', () => {
	it('leaves no withheld text of three letters or more in any sentence', () => {
		const word = fc.stringMatching(/^[a-c]{3,5}$/);
		fc.assert(
			fc.property(fc.array(word, { minLength: 1, maxLength: 5 }), fc.stringMatching(/^[a-d ]{0,40}$/), (values, text) => {
				const texts = new WithheldTexts(values);
				const masked = texts.mask(text);
				expect(texts.isIn(text)).toBe(masked !== text);
				for (const value of values) expect(masked.split(WITHHELD_MARK).join('|')).not.toContain(value);
			}),
		);
	});
	it('takes the longest, and short ones only where they stand alone', () => {
		const texts = new WithheldTexts(['Acme', 'Acme Ltd', 'US']);
		expect(texts.mask('Acme Ltd of US must, Acme too')).toBe('[withheld] of [withheld] must, [withheld] too');
	});
	it('finds one text in a hundred thousand without trying each', () => {
		const texts = new WithheldTexts(Array.from({ length: 100_000 }, (_, i) => `name ${i} of many`));
		expect(texts.mask(`${'x'.repeat(10_000)} name 99999 of many`)).toMatch(/x \[withheld\]$/);
	});
});
