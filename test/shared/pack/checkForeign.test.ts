/** The verifier on files that are no packs: other people's PDFs, damaged ones, and no PDFs at all. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { deflateSync } from 'node:zlib';
import fc from 'fast-check';
import { PDFDocument } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '#kernel';
import { type CheckReport, surveyPdf } from '#pack';
import { nodeVerifyPorts } from '../../../electron/services/checkPorts.ts';
import { renderFixture } from './packFixture.ts';
import { both, check, codesOf } from './signedFixture.ts';
import { appendUpdate, insert } from './tamper.ts';

/** A pack under another attachment name is just somebody's signed PDF. */
const asForeign = (bytes: Uint8Array): Uint8Array =>
	new Uint8Array(
		Buffer.from(
			Buffer.from(bytes)
				.toString('latin1')
				.replaceAll(Buffer.from('manifest.json').toString('hex'), Buffer.from('manifest.txt!').toString('hex')),
			'latin1',
		),
	);

const codes = async (bytes: Uint8Array): Promise<string[]> => codesOf(await check(bytes, null));

describe('PDFs that are no packs', () => {
	it('an unsigned one is INCOMPLETE: it claims nothing, and nothing is held against it', async () => {
		const document = await PDFDocument.create();
		document.addPage();
		for (const useObjectStreams of [true, false]) {
			const report = await check(await document.save({ useObjectStreams }), null);
			expect([report.verdict, codesOf(report), report.signatures]).toEqual(['INCOMPLETE', ['not_a_tieout_pack'], []]);
		}
	});

	it('without any %%EOF it is truncated', async () => {
		expect(await codes((await renderFixture()).subarray(0, 900))).toContain('truncated');
	});

	it.each<[string, Uint8Array]>([
		['nothing', new Uint8Array()],
		['text', utf8('Dear auditor,')],
		['a header alone', utf8('%PDF-1.7\n')],
		['an endless string', utf8(`%PDF-1.7\n1 0 obj (${'('.repeat(100_000)}`)],
		['deep nesting', utf8(`%PDF-1.7\n1 0 obj ${'['.repeat(100_000)}`)],
		['a stream without end', utf8(`%PDF-1.7\n${'1 0 obj << /Length 9 >> stream\n'.repeat(20_000)}`)],
		['nothing but numbers', utf8(`%PDF-1.7\n${'1 0 '.repeat(100_000)}`)],
	])('%s is judged and does not crash', async (_what, bytes) => {
		const report = await check(bytes, null);
		expect(report.verdict).toBe('TAMPERED');
		expect(report.signatures).toEqual([]);
	});

	it('text and nothing are no PDFs, and nothing else is said of them', async () => {
		for (const bytes of [new Uint8Array(), utf8('Dear auditor,')]) expect(await codes(bytes)).toEqual(['not_a_pdf']);
	});

	it('any bytes are judged and do not crash', async () => {
		const token = fc.constantFrom(
			'1 0 obj',
			'endobj',
			'<<',
			'>>',
			'/ByteRange',
			'[0 1 2 3]',
			'/Contents',
			'<30',
			'>',
			'(',
			')',
			'stream\n',
			'endstream',
			'xref\n0 1\n',
			'trailer',
			'startxref',
			'%%EOF\n',
			'/Type /Sig',
			'%',
			'\\',
			'0 R',
			'/FT /Sig /T (x) /V 1 0 R',
		);
		await fc.assert(
			fc.asyncProperty(fc.array(token, { maxLength: 40 }), fc.boolean(), async (tokens, header) => {
				const report = await check(utf8((header ? '%PDF-1.7\n' : '') + tokens.join(' ')), null);
				expect(report.verdict).not.toBe('VALID');
				expect(codesOf(report)).not.toContain('check_failed');
			}),
			{ numRuns: 300 },
		);
	});
});

describe('signature facts of any PDF', () => {
	let signed: Uint8Array;
	let report: CheckReport;
	beforeAll(async () => {
		const text = Buffer.from(await both()).toString('latin1');
		signed = asForeign(new Uint8Array(Buffer.from(text, 'latin1')));
		report = await check(signed, null);
	});

	it('who, when, and what they cover are reported, and a broken digest is named', () => {
		expect(report.signatures.map(({ field, signer }) => `${field}: ${signer}`)).toEqual([
			'Preparer: Paula Preparer',
			'Reviewer: Ruben Reviewer',
		]);
		expect(codesOf(report)).toEqual(['not_a_tieout_pack', 'digest_mismatch', 'digest_mismatch']);
	});

	it('bytes behind the last signature', async () => {
		expect(await codes(appendUpdate(signed, {}))).toContain('bytes_after_signature');
	});

	it('bytes put into the gap, the byte range stretched over them', async () => {
		const at = Buffer.from(signed).lastIndexOf('>\n>>\nendobj') + 1;
		const text = Buffer.from(insert(signed, at, ' /X (in gap)')).toString('latin1');
		const stretched = text.replace(` ${at} `, ` ${at + 12} `);
		expect(await codes(new Uint8Array(Buffer.from(stretched, 'latin1')))).toContain('byte_range_gap');
	});

	it('a byte range that leaves out more than the signature', async () => {
		const text = Buffer.from(signed)
			.toString('latin1')
			.replace(
				/(ByteRange \[ ?0 )(\d+)/,
				(_all, head: string, digits: string) => `${head}${String(Number(digits) - 1).padStart(digits.length, '0')}`,
			);
		expect(await codes(new Uint8Array(Buffer.from(text, 'latin1')))).toContain('byte_range_gap');
	});

	it('signature fields inside compressed object streams are found', () => {
		const inner = '7 0 << /FT /Sig /T (Hidden) /V 9 0 R >>';
		const data = deflateSync(utf8(inner));
		const head = utf8(`%PDF-1.5\n5 0 obj\n<< /Type /ObjStm /N 1 /First 4 /Filter /FlateDecode /Length ${data.length} >>\nstream\n`);
		const bytes = concatBytes(head, data, utf8('\nendstream\nendobj\n%%EOF\n'));
		const found: string[] = [];
		const survey = surveyPdf(bytes, nodeVerifyPorts.inflate, ({ number }, compressed) =>
			found.push(`${number}${compressed ? ' compressed' : ''}`),
		);
		expect(found).toEqual(['5', '7 compressed']);
		expect(survey.revisionEnds).toEqual([bytes.length - 1, bytes.length]);
	});
});

const SAMPLES = new URL('../../../../shared/data/signed-pdfs/node-signpdf/', import.meta.url);
const samples = existsSync(SAMPLES) ? readdirSync(SAMPLES).filter((name) => name.endsWith('.pdf')) : [];
if (samples.length === 0) console.warn('SKIPPED: the public signed PDFs are not on this machine (../shared/data/signed-pdfs).');

describe.skipIf(samples.length === 0)('public signed PDFs (node-signpdf)', () => {
	it.each(samples)('%s: a clear verdict with signature facts, and no false alarm about its bytes', async (name) => {
		const report = await check(readFileSync(new URL(name, SAMPLES)), null);
		expect(['INCOMPLETE', 'UNTRUSTED']).toContain(report.verdict);
		const signatures =
			({ 'signed-twice.pdf': 2, 'no-annotations.pdf': 0, 'w3dummy.pdf': 0, 'w3dummy-different-trailer.pdf': 0 } as Record<string, number>)[
				name
			] ?? 1;
		expect(report.signatures).toHaveLength(signatures);
		for (const { signer, covers } of report.signatures) expect([signer.toLowerCase(), covers === 'nothing']).toEqual(['signpdf', false]);
	});

	it('one byte changed in a signed one is found', async () => {
		const bytes = new Uint8Array(readFileSync(new URL('signed-once.pdf', SAMPLES)));
		bytes[5000] = (bytes[5000] as number) ^ 1;
		expect(await codes(bytes)).toContain('digest_mismatch');
	});
});
