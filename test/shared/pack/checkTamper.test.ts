/**
 * The tamper table: what attackers and accidents do to a pack, each with the code that names it. Attack names after
 * pdf-insecurity.org: ISA incremental saving, SWA signature wrapping, USF universal forgery, EAA evil annotation,
 * SSA sneaky signature.
 */

import { createHash } from 'node:crypto';
import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, utf8 } from '#kernel';
import {
	type Certificate,
	CHECK_CODES,
	CHECK_VERDICTS,
	type CheckCode,
	encodeManifest,
	entryOf,
	nameOf,
	type PdfDict,
	type PdfString,
	type PdfValue,
} from '#pack';
import { keySigner } from '../../../electron/services/packSigner.ts';
import {
	intermediate,
	issue,
	preparer,
	reviewer,
	revocationList,
	root,
	SIGNING_TIME,
	signerOf,
	timestampToken,
} from '../../electron/services/testAuthority.ts';
import { FILES } from './packFixture.ts';
import { anchor, both, certify, check, codesOf, countersign, forge, ROOTS } from './signedFixture.ts';
import {
	appendUpdate,
	catalogNumber,
	flip,
	insert,
	objectWhere,
	ofType,
	open,
	patch,
	signatureOf,
	textOf,
	withCms,
	withEntry,
} from './tamper.ts';

let base: Uint8Array;
let single: Uint8Array;
beforeAll(async () => {
	single = await certify();
	base = await countersign(single);
});

const place = (field: string, key: string): PdfValue => entryOf(signatureOf(open(base), field), key) as PdfValue;

const STREAM = '<< /Length 12 >>\nstream\n0 0 9 9 re f\nendstream';
const nextNumber = (): number =>
	(entryOf((open(base).revisions.at(-1) as { trailer: PdfDict }).trailer, 'Size') as { value: number }).value;

interface Case {
	readonly what: string;
	readonly code: CheckCode;
	readonly make: () => Promise<Uint8Array> | Uint8Array;
	readonly roots?: readonly Certificate[] | null;
	readonly crls?: () => readonly Uint8Array[];
}

const page = () => ofType(open(base), 'Page');
const updatePage = (key: string, text: string, extra: Readonly<Record<number, string>> = {}): Uint8Array =>
	appendUpdate(base, { [page().number]: withEntry(open(base), page().dict, key, text), ...extra });
const updateCatalog = (key: string, text: string, extra: Readonly<Record<number, string>> = {}): Uint8Array => {
	const file = open(base);
	const number = catalogNumber(file);
	return appendUpdate(base, { [number]: withEntry(file, file.get(number) as PdfDict, key, text), ...extra });
};

const CASES: readonly Case[] = [
	{
		what: 'a bit flipped in a page',
		code: 'digest_mismatch',
		make: () => {
			const content = objectWhere(open(base), (dict, value) => value.kind === 'stream' && nameOf(dict, 'Type') === null).value;
			return flip(base, content.kind === 'stream' ? content.dataStart + 10 : 0);
		},
	},
	{ what: 'an edited reason', code: 'digest_mismatch', make: () => patch(base, place('Preparer', 'Reason').start + 1, 'Prepaid!') },
	{ what: 'another message digest, properly signed', code: 'digest_mismatch', make: () => forge(base, { digest: new Uint8Array(32) }) },
	{
		what: 'a byte flipped inside the embedded authority’s certificate',
		code: 'certificate_not_bound',
		make: () =>
			withCms(base, 'Reviewer', (cms) =>
				flip(cms, Buffer.from(cms).indexOf(Buffer.from(intermediate.certificate)) + intermediate.certificate.length - 5),
			),
	},
	{
		what: 'junk in the zero padding',
		code: 'contents_padding',
		make: () => patch(base, place('Reviewer', 'Contents').end - 9, 'deadbeef'),
	},
	{
		what: 'white space inside the hex gap',
		code: 'contents_not_canonical',
		make: () => patch(base, place('Reviewer', 'Contents').end - 3, ' \n'),
	},
	{
		what: 'capital hex digits',
		code: 'contents_not_canonical',
		make: () => {
			const { start, end } = place('Reviewer', 'Contents');
			return patch(base, start, Buffer.from(base.subarray(start, end)).toString('latin1').toUpperCase());
		},
	},
	{ what: 'a truncated file', code: 'truncated', make: () => base.subarray(0, base.length - 700) },
	{ what: 'a rollback: the reviewer’s revision cut off', code: 'role_not_signed', make: () => base.subarray(0, single.length) },
	{ what: 'bytes after %%EOF', code: 'trailing_bytes', make: () => concatBytes(base, utf8('and more\n')) },
	{ what: 'bytes before %PDF', code: 'leading_bytes', make: () => concatBytes(utf8('#!/bin/sh\n'), base) },
	{
		what: 'ISA: a page’s content replaced',
		code: 'update_changes_page_content',
		make: () => updatePage('Contents', `${nextNumber()} 0 R`, { [nextNumber()]: STREAM }),
	},
	{
		what: 'ISA: a page’s content stream rewritten',
		code: 'update_changes_page_content',
		make: () => {
			const content = objectWhere(
				open(base),
				(dict, value) => value.kind === 'stream' && dict.entries.size === 2 && dict.entries.has('Filter'),
			);
			return appendUpdate(base, { [content.number]: STREAM });
		},
	},
	{
		what: 'ISA: the pages replaced',
		code: 'update_changes_pages',
		make: () => {
			const pages = ofType(open(base), 'Pages');
			return appendUpdate(base, {
				[pages.number]: withEntry(open(base), pages.dict, 'Kids', `[${page().number} 0 R]`).replace('/Count 2', '/Count 1'),
			});
		},
	},
	{
		what: 'ISA: a page added',
		code: 'update_adds_page',
		make: () => {
			const pages = ofType(open(base), 'Pages');
			const text = textOf(open(base), pages.dict).replace('/Count 2', '/Count 3').replace(']', ` ${nextNumber()} 0 R ]`);
			return appendUpdate(base, { [pages.number]: text, [nextNumber()]: textOf(open(base), page().dict) });
		},
	},
	{
		what: 'shadow replace: a font exchanged',
		code: 'update_changes_font',
		make: () => {
			const font = ofType(open(base), 'FontDescriptor');
			return appendUpdate(base, {
				[font.number]: withEntry(open(base), font.dict, 'FontFile2', `${nextNumber()} 0 R`),
				[nextNumber()]: STREAM,
			});
		},
	},
	{
		what: 'hide and replace: another catalog brings hidden pages forth',
		code: 'update_changes_catalog',
		make: () =>
			updateCatalog('Pages', `${nextNumber()} 0 R`, { [nextNumber()]: `<< /Type /Pages /Count 1 /Kids [ ${page().number} 0 R ] >>` }),
	},
	{
		what: 'EAA: a white note over the findings',
		code: 'update_adds_annotation',
		make: () =>
			updatePage('Annots', `[ ${nextNumber()} 0 R ]`, {
				[nextNumber()]: '<< /Type /Annot /Subtype /FreeText /Rect [ 0 0 500 500 ] /Contents (nothing) >>',
			}),
	},
	{
		what: 'SSA: a signature field of the attacker’s with a covering appearance',
		code: 'update_adds_signature_field',
		make: () => {
			const file = open(base);
			const form = objectWhere(file, (dict) => dict.entries.has('SigFlags'));
			const field = `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Third) /Rect [ 0 0 500 500 ] /P ${page().number} 0 R >>`;
			const fields = textOf(file, entryOf(form.dict, 'Fields') as PdfValue).replace(']', ` ${nextNumber()} 0 R ]`);
			return updatePage('Annots', fields, { [form.number]: withEntry(file, form.dict, 'Fields', fields), [nextNumber()]: field });
		},
	},
	{
		what: 'a signature field’s appearance changed',
		code: 'update_changes_field',
		make: () => {
			const file = open(base);
			const field = objectWhere(file, (dict) => nameOf(dict, 'FT') === 'Sig');
			return appendUpdate(base, {
				[field.number]: withEntry(file, field.dict, 'AP', `<< /N ${nextNumber()} 0 R >>`),
				[nextNumber()]: STREAM,
			});
		},
	},
	{
		what: 'an attachment swapped by an update',
		code: 'update_changes_attachment',
		make: () =>
			appendUpdate(base, { [ofType(open(base), 'EmbeddedFile').number]: '<< /Type /EmbeddedFile /Length 2 >>\nstream\n{}\nendstream' }),
	},
	{
		what: 'a script that runs on opening, by an update',
		code: 'update_adds_action',
		make: () => updateCatalog('OpenAction', '<< /S /JavaScript /JS (app.alert\\(1\\)) >>'),
	},
	{
		what: 'the title in the document information changed',
		code: 'update_changes_info',
		make: () => {
			const file = open(base);
			const number = (entryOf((file.revisions[0] as { trailer: PdfDict }).trailer, 'Info') as { number: number }).number;
			return appendUpdate(base, { [number]: '<< /Title (Another) >>' });
		},
	},
	{ what: 'an update that changes nothing', code: 'update_empty', make: () => appendUpdate(base, {}) },
	{
		what: 'an update with another /Root',
		code: 'trailer_changed',
		make: () => {
			const file = open(base);
			const update = appendUpdate(base, { [nextNumber()]: textOf(file, file.get(catalogNumber(file)) as PdfDict) });
			const root = `/Root ${catalogNumber(file)} 0 R`;
			return patch(update, Buffer.from(update).lastIndexOf(root), `/Root ${nextNumber()} 0 R`.padEnd(root.length));
		},
	},
	{
		what: 'USF: the byte range null',
		code: 'byte_range_missing',
		make: () => {
			const { start, end } = place('Reviewer', 'ByteRange');
			return patch(base, start, 'null'.padEnd(end - start));
		},
	},
	{
		what: 'USF: the value all zero',
		code: 'contents_empty',
		make: () => {
			const { start, end } = place('Reviewer', 'Contents');
			return patch(base, start + 1, '0'.repeat(end - start - 2));
		},
	},
	{
		what: 'USF: the value removed',
		code: 'contents_missing',
		make: () => {
			const entry = signatureOf(open(base), 'Reviewer').entries.get('Contents') as { keyStart: number; value: PdfString };
			return patch(base, entry.keyStart, ' '.repeat(entry.value.end - entry.keyStart));
		},
	},
	{
		what: 'USF: the value a literal string',
		code: 'contents_not_hex',
		make: () => {
			const { start, end } = place('Reviewer', 'Contents');
			return patch(patch(base, start, '('), end - 1, ')');
		},
	},
	{
		what: 'SWA: the covered bytes moved, others put into the gap',
		code: 'byte_range_gap',
		make: () => {
			const range = place('Reviewer', 'ByteRange');
			const { start, end } = place('Reviewer', 'Contents');
			const moved = insert(base, end, `\n/Reason (Forged)${' '.repeat(83)}`);
			return patch(moved, range.start, `[0 ${start} ${end + 100} ${base.length - end}]`.padEnd(range.end - range.start));
		},
	},
	{
		what: 'a byte range that starts behind the header',
		code: 'byte_range_malformed',
		make: () => patch(base, place('Reviewer', 'ByteRange').start, '[9'),
	},
	{
		what: 'a self-signed signer',
		code: 'signer_self_signed',
		make: () => {
			const own = issue('Paula Preparer', null);
			return both({}, signerOf(own, []));
		},
	},
	{ what: 'the intermediate left out', code: 'issuer_unknown', make: () => both({}, signerOf(preparer, [])) },
	{
		what: 'a certificate that had expired when signing',
		code: 'certificate_expired',
		make: () => both({}, signerOf(issue('Paula Preparer', intermediate, { notAfter: SIGNING_TIME - 1000 }))),
	},
	{
		what: 'a certificate from the future',
		code: 'certificate_not_yet_valid',
		make: () => both({}, signerOf(issue('Paula Preparer', intermediate, { notBefore: SIGNING_TIME + 1000 }))),
	},
	{
		what: 'a certificate for other uses',
		code: 'certificate_key_usage',
		make: () => both({}, signerOf(issue('Paula Preparer', intermediate, { keyUsage: ['cRLSign'] }))),
	},
	{
		what: 'an issuer that is no authority',
		code: 'certificate_constraints',
		make: () => both({}, signerOf(issue('Paula Preparer', preparer), [preparer, intermediate])),
	},
	{
		what: 'a revoked certificate, the list at hand',
		code: 'certificate_revoked',
		make: () => base,
		crls: () => [revocationList(intermediate, [preparer])],
	},
	{
		what: 'a revocation list that another key signed',
		code: 'revocation_list_unusable',
		make: () => base,
		crls: () => [revocationList({ ...intermediate, privateKey: root.privateKey }, [preparer])],
	},
	{
		what: 'a key that is not the certificate’s',
		code: 'signature_invalid',
		make: () => forge(base, { key: keySigner(preparer.privateKey, [preparer.certificate]) }),
	},
	{
		what: 'a timestamp over other bytes',
		code: 'timestamp_mismatch',
		make: async () => countersign(await certify(), (digest) => timestampToken(digest.map((byte) => byte ^ 1))),
	},
	{
		what: 'a timestamp whose time was changed',
		code: 'timestamp_invalid',
		make: async () =>
			countersign(await certify(), (digest) => {
				const token = timestampToken(digest);
				return flip(token, Buffer.from(token).indexOf('20260115100000Z') + 3, 3);
			}),
	},
	{
		what: 'an embedded file that is not the one listed, signed by the right people',
		code: 'attachment_mismatch',
		make: () => both({ embedded: Object.entries({ ...FILES, 'result.json': '{"format":"tieout-result/2"}' }) }),
	},
	{
		what: 'an embedded file of another length',
		code: 'attachment_unreadable',
		make: () => both({ embedded: Object.entries({ ...FILES, 'result.json': '{"format":"tieout-result/1","more":1}' }) }),
	},
	{
		what: 'an embedded file that nobody lists, signed by the right people',
		code: 'attachment_undeclared',
		make: () => both({ embedded: [...Object.entries(FILES), ['extra.txt', 'extra']] }),
	},
	{ what: 'a listed file that is not there', code: 'attachment_missing', make: () => both({ embedded: Object.entries(FILES).slice(1) }) },
	{
		what: 'two files of one name',
		code: 'attachment_duplicate',
		make: () => both({ embedded: [...Object.entries(FILES), ['VERIFY.txt', 'Trust me.']] }),
	},
	{
		what: 'a manifest with a key twice',
		code: 'manifest_not_canonical',
		make: () =>
			both({
				manifest: (manifest) =>
					utf8(Buffer.from(encodeManifest(manifest)).toString().replace('{', '{"created":"2020-01-01T00:00:00.000Z",')),
			}),
	},
	{ what: 'a manifest that is no JSON', code: 'manifest_unreadable', make: () => both({ manifest: () => utf8('not json') }) },
	{
		what: 'the whole pack replaced, signed by another trusted person',
		code: 'role_not_signed',
		make: () => certify({ files: { 'result.json': '{}' } }, signerOf(issue('Mallory', intermediate))),
	},
	{
		what: 'the whole pack replaced, with the real signer pinned',
		code: 'issuer_unknown',
		make: () => both({ files: { 'result.json': '{}' } }, signerOf(issue('Mallory', intermediate))),
		roots: [anchor(preparer.certificate), anchor(reviewer.certificate)],
	},
];

describe('bad packs, each rejected with the code that names what was done', () => {
	it.each(CASES)('$what: $code', async ({ make, code, roots, crls }) => {
		const report = await check(await make(), roots === undefined ? ROOTS : roots, crls?.() ?? []);
		expect(codesOf(report)).toContain(code);
		expect(report.verdict).not.toBe('VALID');
		expect(CHECK_VERDICTS.indexOf(report.verdict)).toBeGreaterThanOrEqual(CHECK_VERDICTS.indexOf(CHECK_CODES[code].verdict));
	});

	it('there are at least the 35 of the list', () => {
		expect(CASES.length).toBeGreaterThanOrEqual(35);
	});
});

describe('good packs', () => {
	it('signed by both: VALID, every signature with what it covers', async () => {
		const report = await check(base);
		expect(report).toEqual({
			format: 'tieout-check/1',
			verdict: 'VALID',
			signer_trust: 'trusted',
			log_trust: 'not_judged',
			codes: [],
			signatures: [
				{
					field: 'Preparer',
					signer: 'Paula Preparer',
					time: '2026-01-15T10:00:00.000Z',
					time_is: 'claimed',
					covers: `the first ${single.length} of ${base.length} bytes`,
				},
				{ field: 'Reviewer', signer: 'Ruben Reviewer', time: '2026-01-15T10:01:00.000Z', time_is: 'claimed', covers: 'the whole file' },
			],
			files: { declared: 3, matching: 3 },
			proofs: { checked: 0, failed: 0 },
			replay: null,
		});
	});

	it('signed by the preparer alone where both must: INCOMPLETE and nothing else', async () => {
		const report = await check(single);
		expect([report.verdict, codesOf(report)]).toEqual(['INCOMPLETE', ['role_not_signed']]);
	});

	it('signed by the preparer alone where only the preparer must: VALID', async () => {
		const report = await check(
			await certify({
				roles: [
					{ field: 'Preparer', required: true },
					{ field: 'Reviewer', required: false },
				],
			}),
		);
		expect([report.verdict, codesOf(report)]).toEqual(['VALID', []]);
	});

	it('timestamped by a trusted authority: the time is proven', async () => {
		const report = await check(
			await countersign(await certify({}, signerOf(preparer), (digest) => timestampToken(digest, SIGNING_TIME + 5000))),
		);
		expect([report.verdict, codesOf(report)]).toEqual(['VALID', []]);
		expect(report.signatures[0]).toMatchObject({ time: '2026-01-15T10:00:05.000Z', time_is: 'timestamped' });
	});

	it('revoked after a proven time: still VALID', async () => {
		const stamped = await countersign(await certify({}, signerOf(preparer), timestampToken), timestampToken);
		const report = await check(stamped, ROOTS, [revocationList(intermediate, [preparer], SIGNING_TIME + 86_400_000)]);
		expect([report.verdict, codesOf(report)]).toEqual(['VALID', []]);
	});

	it('without trusted certificates the signer is not judged, and the verdict is about integrity', async () => {
		const report = await check(await both({}, signerOf(issue('Self', null), [])), null);
		expect([report.verdict, report.signer_trust, codesOf(report)]).toEqual(['VALID', 'not_judged', []]);
	});

	/** A document timestamp as ETSI EN 319 142-1 §5.4.3 has it: an invisible field with a token over all bytes before and around it. */
	function withDocumentTimestamp(token: (digest: Uint8Array) => Uint8Array, rectangle = '[0 0 0 0]'): Uint8Array {
		const file = open(base);
		const number = nextNumber();
		const placeholder = '[0 9999999999 9999999999 9999999999]';
		const form = objectWhere(file, (dict) => dict.entries.has('SigFlags'));
		const grown = (dict: PdfDict, key: string): string =>
			withEntry(file, dict, key, textOf(file, entryOf(dict, key) as PdfValue).replace(/\]$/, ` ${number} 0 R ]`));
		const signed = objectWhere(file, (dict) => nameOf(dict, 'Type') === 'Page' && dict.entries.has('Annots'));
		const bytes = appendUpdate(base, {
			[form.number]: grown(form.dict, 'Fields'),
			[signed.number]: grown(signed.dict, 'Annots'),
			[number]: `<< /Type /Annot /Subtype /Widget /FT /Sig /T (Stamp) /Rect ${rectangle} /F 132 /P ${signed.number} 0 R /V ${number + 1} 0 R >>`,
			[number + 1]:
				`<< /Type /DocTimeStamp /Filter /Adobe.PPKLite /SubFilter /ETSI.RFC3161 /ByteRange ${placeholder} /Contents <${'0'.repeat(8000)}> >>`,
		});
		const at = Buffer.from(bytes).lastIndexOf(placeholder);
		const start = Buffer.from(bytes).indexOf('<0000', at);
		const end = start + 8002;
		const ranged = patch(bytes, at, `[0 ${start} ${end} ${bytes.length - end}]`.padEnd(placeholder.length));
		const digest = createHash('sha256').update(ranged.subarray(0, start)).update(ranged.subarray(end)).digest();
		return patch(ranged, start + 1, Buffer.from(token(new Uint8Array(digest))).toString('hex'));
	}

	it('with a document timestamp appended: VALID, and over other bytes it is named', async () => {
		const report = await check(withDocumentTimestamp((digest) => timestampToken(digest)));
		expect([report.verdict, codesOf(report), report.signatures[2]?.time_is]).toEqual(['VALID', [], 'timestamped']);
		expect(codesOf(await check(withDocumentTimestamp((digest) => timestampToken(digest.map((byte) => byte ^ 1)))))).toEqual([
			'timestamp_mismatch',
		]);
		expect(codesOf(await check(withDocumentTimestamp((digest) => timestampToken(digest), '[0 0 99 99]')))).toContain(
			'update_adds_signature_field',
		);
	});

	it('with a security store appended: VALID', async () => {
		const number = nextNumber();
		const certificate = Buffer.from(intermediate.certificate).toString('latin1');
		const stream = `<< /Length ${certificate.length} >>\nstream\n${certificate}\nendstream`;
		const report = await check(updateCatalog('DSS', `<< /Certs [ ${number} 0 R ] >>`, { [number]: stream }));
		expect([report.verdict, codesOf(report)]).toEqual(['VALID', []]);
	});
});
