/** Packs with a fault in their structure or content, signed by the right people all the same. */

import { PDFArray, PDFDict, type PDFDocument, PDFName, PDFNumber, PDFString } from 'pdf-lib';
import { beforeAll, describe, expect, it } from 'vitest';
import { type CheckCode, entryOf, type PdfValue, SIGNATURE_ROLES } from '#pack';
import { FILES, renderFixture } from './packFixture.ts';
import { both, certify, check, codesOf, countersign } from './signedFixture.ts';
import { appendUpdate, catalogNumber, objectWhere, ofType, open, patch, signatureOf, textOf, withEntry } from './tamper.ts';

let base: Uint8Array;
let single: Uint8Array;
beforeAll(async () => {
	single = await certify();
	base = await countersign(single);
});

const catalog = (key: string, value: (document: PDFDocument) => unknown) => (document: PDFDocument) =>
	document.catalog.set(PDFName.of(key), document.context.obj(value(document) as never));

const onPage = (key: string, value: unknown) => (document: PDFDocument) =>
	document.getPage(0).node.set(PDFName.of(key), document.context.obj(value as never));

const CONTENT: readonly (readonly [what: string, code: CheckCode, change: (document: PDFDocument) => void])[] = [
	['an action on opening', 'forbidden_key', catalog('OpenAction', () => ({ S: 'GoTo' }))],
	['additional actions of a page', 'forbidden_key', onPage('AA', {})],
	['a script', 'forbidden_key', (document) => document.context.register(document.context.obj({ S: 'JavaScript', JS: PDFString.of('1') }))],
	['a program to launch', 'forbidden_key', (document) => document.context.register(document.context.obj({ Type: 'Action', S: 'Launch' }))],
	['a form to submit', 'forbidden_key', (document) => document.context.register(document.context.obj({ S: 'SubmitForm' }))],
	[
		'an XFA form',
		'forbidden_key',
		(document) => document.catalog.lookup(PDFName.of('AcroForm'), PDFDict).set(PDFName.of('XFA'), PDFString.of('x')),
	],
	[
		'appearances left to the reader',
		'forbidden_key',
		(document) => document.catalog.lookup(PDFName.of('AcroForm'), PDFDict).set(PDFName.of('NeedAppearances'), document.context.obj(true)),
	],
	[
		'a stream whose data lies in another file',
		'forbidden_key',
		(document) => document.context.register(document.context.stream('', { F: PDFString.of('elsewhere.bin') })),
	],
	['layers', 'forbidden_key', catalog('OCProperties', () => ({}))],
	[
		'a name tree of scripts',
		'forbidden_key',
		(document) => document.catalog.lookup(PDFName.of('Names'), PDFDict).set(PDFName.of('AlternatePresentations'), document.context.obj({})),
	],
	['rich media', 'forbidden_annotation', onPage('Annots', [{ Type: 'Annot', Subtype: 'RichMedia', Rect: [0, 0, 1, 1] }])],
	['a key spelt with an escape', 'forbidden_key', catalog('Open#41ction', () => ({ S: 'GoTo' }))],
	[
		'a font that is not embedded',
		'font_not_embedded',
		(document) => document.context.register(document.context.obj({ Type: 'Font', Subtype: 'Type1', BaseFont: 'Helvetica' })),
	],
	[
		'an encryption dictionary',
		'encrypted',
		(document) => {
			document.context.trailerInfo.Encrypt = document.context.register(document.context.obj({ Filter: 'Standard' }));
		},
	],
	['no certification', 'not_certified', (document) => document.catalog.delete(PDFName.of('Perms'))],
	[
		'a certification that allows comments (P=3)',
		'not_certified',
		(document) => {
			const signature = document.catalog.lookup(PDFName.of('Perms'), PDFDict).lookup(PDFName.of('DocMDP'), PDFDict);
			const [reference] = signature.lookup(PDFName.of('Reference'), PDFArray).asArray() as [PDFDict];
			reference.lookup(PDFName.of('TransformParams'), PDFDict).set(PDFName.of('P'), PDFNumber.of(3));
		},
	],
	[
		'a signature of another format',
		'subfilter_not_allowed',
		(document) =>
			document.catalog
				.lookup(PDFName.of('Perms'), PDFDict)
				.lookup(PDFName.of('DocMDP'), PDFDict)
				.set(PDFName.of('SubFilter'), PDFName.of('adbe.pkcs7.detached')),
	],
	[
		'an embedded file that no name leads to',
		'attachment_undeclared',
		(document) => document.context.register(document.context.stream('hidden', { Type: 'EmbeddedFile' })),
	],
	[
		'no manifest',
		'manifest_missing',
		(document) => {
			const names = document.catalog
				.lookup(PDFName.of('Names'), PDFDict)
				.lookup(PDFName.of('EmbeddedFiles'), PDFDict)
				.lookup(PDFName.of('Names'), PDFArray);
			const at = names.asArray().findIndex((name) => String(name).includes(Buffer.from('manifest.json').toString('hex')));
			names.remove(at);
			names.remove(at);
		},
	],
];

describe('content a pack never has, however well it is signed', () => {
	it.each(CONTENT)('%s: %s', async (_what, code, change) => {
		const report = await check(await both({ change }));
		expect(codesOf(report)).toContain(code);
		expect(report.verdict).toBe('TAMPERED');
	});

	it('links within the pack and to addresses are lawful', async () => {
		const link = (action: object) => ({ Type: 'Annot', Subtype: 'Link', Rect: [0, 0, 10, 10], A: action });
		const change = (document: PDFDocument) => {
			const annotations = document.getPage(1).node;
			annotations.set(
				PDFName.of('Annots'),
				document.context.obj([
					link({ S: 'GoTo', D: [document.getPage(0).ref, 'Fit'] }),
					link({ Type: 'Action', S: 'URI', URI: PDFString.of('https://example.com') }),
				] as never),
			);
		};
		expect(codesOf(await check(await both({ change })))).toEqual([]);
	});
});

describe('roles', () => {
	it('a signature in a role the manifest does not know', async () => {
		const report = await check(await both({ roles: [{ field: 'Preparer', required: true }] }));
		expect(codesOf(report)).toEqual(['signature_without_role']);
	});

	it('a role that somebody outside demands', async () => {
		const lenient = await certify({ roles: SIGNATURE_ROLES.map((field) => ({ field, required: false })) });
		expect((await check(lenient)).verdict).toBe('VALID');
		expect(codesOf(await check(lenient, undefined, [], { expectedRoles: ['Reviewer'] }))).toEqual(['role_not_signed']);
	});
});

describe('revisions', () => {
	const range = (field: string): PdfValue => entryOf(signatureOf(open(base), field), 'ByteRange') as PdfValue;

	it('a byte range beyond the file', async () => {
		const { start, end } = range('Reviewer');
		expect(codesOf(await check(patch(base, start, '[0 10 20 99999999]'.padEnd(end - start))))).toContain('byte_range_outside_file');
	});

	it('a byte range that ends within a revision', async () => {
		const { start, end } = range('Reviewer');
		const text = Buffer.from(base.subarray(start, end)).toString('latin1');
		const shorter = text.replace(
			/(\d+)(\s*\])/,
			(_all, length: string, rest: string) => `${String(Number(length) - 7).padStart(length.length)}${rest}`,
		);
		expect(codesOf(await check(patch(base, start, shorter)))).toContain('byte_range_not_at_revision_end');
	});

	it('a reviewer’s value that is the preparer’s own signature', async () => {
		const file = open(single);
		const field = objectWhere(
			file,
			(dict) => entryOf(dict, 'T') !== undefined && textOf(file, entryOf(dict, 'T') as PdfValue) === '(Reviewer)',
		);
		const signature = (entryOf(objectWhere(file, (dict) => dict.entries.has('V')).dict, 'V') as { number: number }).number;
		const report = await check(appendUpdate(single, { [field.number]: withEntry(file, field.dict, 'V', `${signature} 0 R`) }));
		expect(codesOf(report)).toContain('update_changes_field');
	});

	it('a signature that covers a later revision than its own', async () => {
		// The reviewer's revision, then another update; the reviewer's byte range claims the end of the second.
		const longer = appendUpdate(base, {
			[catalogNumber(open(base))]: textOf(open(base), open(base).get(catalogNumber(open(base))) as PdfValue),
		});
		const { start, end } = range('Reviewer');
		const gapEnd = (entryOf(signatureOf(open(base), 'Reviewer'), 'Contents') as PdfValue).end;
		const gapStart = (entryOf(signatureOf(open(base), 'Reviewer'), 'Contents') as PdfValue).start;
		const report = await check(patch(longer, start, `[0 ${gapStart} ${gapEnd} ${longer.length - gapEnd}]`.padEnd(end - start)));
		expect(codesOf(report)).toContain('signature_in_other_revision');
	});

	it('a page’s size changed', async () => {
		const page = ofType(open(base), 'Page');
		expect(
			codesOf(await check(appendUpdate(base, { [page.number]: withEntry(open(base), page.dict, 'MediaBox', '[0 0 1 1]') }))),
		).toContain('update_changes_page');
	});

	it('an object nobody refers to', async () => {
		const size = (entryOf(open(base).revisions[1]?.trailer as never, 'Size') as { value: number }).value;
		expect(codesOf(await check(appendUpdate(base, { [size]: '<< /Secret 1 >>' })))).toEqual(['update_changes_object']);
	});
});

describe('files that are read in one way only', () => {
	const text = (bytes: Uint8Array): string => Buffer.from(bytes).toString('latin1');
	const replaced = (from: string | RegExp, to: string): Uint8Array => new Uint8Array(Buffer.from(text(base).replace(from, to), 'latin1'));

	it.each<[string, CheckCode, () => Uint8Array]>([
		['an xref entry that leads elsewhere', 'xref_mismatch', () => replaced(/000(\d{7}) 00000 n/, '001$1 00000 n')],
		['startxref that leads elsewhere', 'xref_mismatch', () => replaced(/startxref\n(\d)/, 'startxref\n9')],
		['an object between the listed ones', 'syntax_error', () => replaced('endobj\n\n', 'endobj\n%')],
		['/Prev that leads elsewhere', 'xref_mismatch', () => replaced(/\/Prev (\d)/, '/Prev 9')],
		['a hybrid xref', 'xref_not_classic', () => appendUpdate(base, {}, '/XRefStm 1 ')],
		[
			'an object stream',
			'xref_not_classic',
			() => appendUpdate(base, { 999: '<< /Type /ObjStm /N 0 /First 0 /Length 0 >>\nstream\n\nendstream' }),
		],
		['a key that stands twice', 'syntax_error', () => appendUpdate(base, { 999: '<< /A 1 /#41 2 >>' })],
		['a comment between tokens', 'syntax_error', () => appendUpdate(base, { 999: '<< /A %(\n 1 >>' })],
		['a stream longer than its length', 'syntax_error', () => appendUpdate(base, { 999: '<< /Length 2 >>\nstream\nabcd\nendstream' })],
		['an old generation', 'syntax_error', () => replaced(/\n(\d+) 0 obj/, '\n$1 1 obj')],
		['a header of another version', 'syntax_error', () => replaced('%PDF-1.7', '%PDF-1.2')],
	])('%s: %s', async (_what, code, make) => {
		const report = await check(make());
		expect(codesOf(report)).toContain(code);
		expect(report.verdict).toBe('TAMPERED');
	});

	it('words inside strings are bytes: a reason full of syntax changes nothing', async () => {
		const { signPack } = await import('../../../electron/services/signPack.ts');
		const { preparer, SIGNING_TIME, signerOf } = await import('../../electron/services/testAuthority.ts');
		const reason = 'endobj) >> endstream xref trailer << /Root 1 0 R >> startxref %%EOF \\( /ByteRange [0 1 2 3]';
		const signed = await signPack(await renderFixture(), signerOf(preparer), { field: 'Preparer', time: SIGNING_TIME, reason });
		expect(signed.ok && (await check(signed.value)).verdict).toBe('VALID');
	});

	it('an attachment full of syntax changes nothing', async () => {
		const report = await check(
			await both({ files: { ...FILES, 'odd.txt': 'endstream endobj 5 0 obj << /JS (x) >> endobj xref %%EOF\n' } }),
		);
		expect(report.verdict).toBe('VALID');
	});

	it('a fault of the checker’s own is reported, never thrown', async () => {
		const broken = {
			hash: () => {
				throw new Error('no digest');
			},
			verifySignature: () => true,
			inflate: () => null,
		};
		const report = await check(base, null, [], { ports: broken });
		expect([report.verdict, codesOf(report)]).toEqual(['TAMPERED', ['check_failed']]);
	});
});

describe('embedded evidence', () => {
	it('goes to whoever can judge it, and its answer into the report', async () => {
		const seen: string[] = [];
		const report = await check(base, undefined, [], {
			checkEvidence: (files, manifest) => {
				seen.push(...files.keys(), manifest.pack_id);
				return { codes: [{ code: 'proof_invalid', detail: 'line 3' }], checked: 12, failed: 1, logTrust: 'trusted' };
			},
		});
		expect(new Set(seen)).toEqual(new Set([...Object.keys(FILES), 'TP-2026-0001']));
		expect(report).toMatchObject({ verdict: 'TAMPERED', log_trust: 'trusted', proofs: { checked: 12, failed: 1 } });
	});

	it.each([
		['evidence_missing', 'INCOMPLETE'],
		['evidence_unreadable', 'TAMPERED'],
		['checkpoint_invalid', 'TAMPERED'],
		['log_key_untrusted', 'UNTRUSTED'],
	] as const)('%s makes a pack %s', async (code, verdict) => {
		const report = await check(base, undefined, [], {
			checkEvidence: () => ({ codes: [{ code, detail: '' }], checked: 0, failed: 0, logTrust: 'not_judged' }),
		});
		expect(report.verdict).toBe(verdict);
	});
});
