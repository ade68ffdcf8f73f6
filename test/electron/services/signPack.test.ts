import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { concatBytes, equalBytes, utf8 } from '#kernel';
import {
	CONTENTS_BYTES,
	checkPack,
	entryOf,
	nameOf,
	type PdfDict,
	type PdfString,
	parseCertificate,
	pdfText,
	SIGNATURE_TEXT_LIMITS,
} from '#pack';
import { hasProgram } from '../../../build/outsideTools.ts';
import { nodeVerifyPorts } from '../../../electron/services/checkPorts.ts';
import type { PackSigner } from '../../../electron/services/packSigner.ts';
import { makeSelfSigned } from '../../../electron/services/selfSigned.ts';
import { countersignPack, signPack } from '../../../electron/services/signPack.ts';
import { parseTrustFile } from '../../../electron/services/trustFile.ts';
import { renderFixture } from '../../shared/pack/packFixture.ts';
import { open, signatureOf, textOf } from '../../shared/pack/tamper.ts';
import { intermediate, issue, pem, preparer, reviewer, revocationList, root, SIGNING_TIME, signerOf } from './testAuthority.ts';

const WORDS = { field: 'Preparer', time: SIGNING_TIME, reason: 'Prepared (§ 4) – geprüft', location: 'Łódź' } as const;

let unsigned: Uint8Array;
beforeAll(async () => {
	unsigned = await renderFixture();
});

async function sign(signer: PackSigner, words: Parameters<typeof signPack>[2] = WORDS): Promise<Uint8Array> {
	const signed = await signPack(unsigned, signer, words);
	if (!signed.ok) throw new Error(signed.error.detail);
	return signed.value;
}

async function signTwice(): Promise<Uint8Array> {
	const signed = await countersignPack(await sign(signerOf(preparer)), signerOf(reviewer), { time: SIGNING_TIME + 1000 });
	if (!signed.ok) throw new Error(signed.error.detail);
	return signed.value;
}

describe('the preparer’s signature', () => {
	it('equal packs have equal bytes before it', async () => {
		expect(equalBytes(await renderFixture(), unsigned)).toBe(true);
	});

	it('changes the reserved places and nothing else', async () => {
		const signed = await sign(signerOf(preparer));
		const dict = signatureOf(open(unsigned), 'Preparer');
		expect(signed.length).toBe(unsigned.length);
		for (let at = 0; at < signed.length; at++) if (at < dict.start || at >= dict.end) expect(signed[at]).toBe(unsigned[at]);
	});

	it('says who, when, why and where, in any script', async () => {
		const dict = signatureOf(open(await sign(signerOf(preparer))), 'Preparer');
		const text = (key: string): string | null => pdfText(entryOf(dict, key));
		expect([text('Name'), text('Reason'), text('Location'), text('M')]).toEqual([
			'Paula Preparer',
			WORDS.reason,
			WORDS.location,
			"D:20260115100000+00'00'",
		]);
		expect(nameOf(dict, 'SubFilter')).toBe('ETSI.CAdES.detached');
	});

	it('leaves out what it was not given', async () => {
		const dict = signatureOf(open(await sign(signerOf(preparer), { field: 'Preparer', time: SIGNING_TIME })), 'Preparer');
		expect([dict.entries.has('Reason'), dict.entries.has('Location'), dict.entries.has('M')]).toEqual([false, false, true]);
	});

	it('RSA signatures are the same twice', async () => {
		const signer = signerOf(issue('Rita RSA', intermediate, { kind: 'rsa-3072' }));
		expect(equalBytes(await sign(signer), await sign(signer))).toBe(true);
	});

	it('a self-signed key signs as well, and says of itself that it vouches for itself', async () => {
		for (const kind of ['rsa-3072', 'p-256', 'p-384'] as const) {
			const signer = makeSelfSigned({
				commonName: 'Tieout on this machine',
				kind,
				serial: new Uint8Array(randomBytes(16)),
				now: SIGNING_TIME,
				days: 30,
			});
			const certificate = parseCertificate(signer.certificates[0]);
			expect([...(certificate?.keyUsage ?? [])]).toEqual([0, 1]);
			const report = await checkPack(await sign(signer), { ports: nodeVerifyPorts });
			expect([report.verdict, report.signer_trust, report.signatures[0]?.signer]).toEqual([
				'VALID',
				'not_judged',
				'Tieout on this machine',
			]);
		}
	});
});

describe('what can’t be signed, and why', () => {
	const codeOf = async (result: ReturnType<typeof signPack>): Promise<string> => {
		const signed = await result;
		return signed.ok ? 'ok' : signed.error.code;
	};

	it.each<[string, string, () => ReturnType<typeof signPack>]>([
		['no PDF', 'not_a_pack', () => signPack(utf8('text'), signerOf(preparer), WORDS)],
		['a pack without its last line feed', 'not_a_pack', () => signPack(unsigned.subarray(0, -1), signerOf(preparer), WORDS)],
		[
			'a PDF without a place for signatures',
			'field_missing',
			async () =>
				signPack(
					new Uint8Array(Buffer.from(Buffer.from(unsigned).toString('latin1').replace('/AcroForm', '/AcroFrom'), 'latin1')),
					signerOf(preparer),
					WORDS,
				),
		],
		[
			'a signed pack, by the preparer again',
			'already_signed',
			async () => signPack(await sign(signerOf(preparer)), signerOf(preparer), WORDS),
		],
		[
			'a countersigned pack, by the reviewer again',
			'already_signed',
			async () => countersignPack(await signTwice(), signerOf(reviewer), { time: SIGNING_TIME }),
		],
		[
			'a field that is not there',
			'field_missing',
			async () => countersignPack(await sign(signerOf(preparer)), signerOf(reviewer), { time: SIGNING_TIME, field: 'Partner' }),
		],
		[
			'a reason longer than its place',
			'text_too_long',
			() => signPack(unsigned, signerOf(preparer), { ...WORDS, reason: 'x'.repeat(SIGNATURE_TEXT_LIMITS.Reason + 1) }),
		],
		[
			'a chain longer than its place',
			'signature_too_large',
			() => signPack(unsigned, signerOf(preparer, new Array(60).fill(intermediate)), WORDS),
		],
	])('%s: %s', async (_what, code, result) => {
		expect(await codeOf(result())).toBe(code);
	});

	it('the longest texts fit, escaped or not', async () => {
		for (const text of ['('.repeat(SIGNATURE_TEXT_LIMITS.Reason), '中'.repeat(SIGNATURE_TEXT_LIMITS.Reason)]) {
			const dict = signatureOf(open(await sign(signerOf(preparer), { ...WORDS, reason: text })), 'Preparer');
			expect(pdfText(entryOf(dict, 'Reason'))).toBe(text);
		}
	});
});

describe('the reviewer’s signature', () => {
	it('is appended, and touches nothing before it', async () => {
		const first = await sign(signerOf(preparer));
		const second = await countersignPack(first, signerOf(reviewer), { time: SIGNING_TIME });
		expect(second.ok && equalBytes(second.value.subarray(0, first.length), first)).toBe(true);
	});

	it('keeps /Root, /Info and /ID, and changes one field by its value alone', async () => {
		const file = open(await signTwice());
		const [before, after] = file.revisions.map(({ trailer }) => trailer) as [PdfDict, PdfDict];
		for (const key of ['Root', 'Info', 'ID'])
			expect(textOf(file, entryOf(after, key) as PdfString)).toBe(textOf(file, entryOf(before, key) as PdfString));
		expect(file.revisions[1]?.offsets.size).toBe(2);
	});
});

describe('trusted certificates from a file', () => {
	it('PEM certificates and revocation lists, or one DER certificate', () => {
		const file = parseTrustFile(
			utf8(`Our root:\n${pem('CERTIFICATE', root.certificate, intermediate.certificate)}${pem('X509 CRL', revocationList(root, []))}`),
		);
		expect(file.ok && [file.value.roots.length, file.value.revocations.length]).toEqual([2, 1]);
		const single = parseTrustFile(root.certificate);
		expect(single.ok && single.value.roots.length).toBe(1);
	});

	it('half a file is no file', () => {
		expect(parseTrustFile(utf8('nothing')).ok).toBe(false);
		expect(parseTrustFile(utf8(pem('CERTIFICATE', root.certificate, Uint8Array.of(0x30, 0)))).ok).toBe(false);
		expect(parseTrustFile(utf8(pem('PRIVATE KEY', root.certificate))).ok).toBe(false);
		expect(parseTrustFile(utf8(pem('X509 CRL', revocationList(root, [])))).ok).toBe(false);
	});
});

const missing = ['pdfsig', 'qpdf', 'openssl', 'certutil'].filter((program) => !hasProgram(program));
if (missing.length > 0) console.warn(`SKIPPED where they are needed: ${missing.join(', ')} (not on this machine)`);

describe('strangers’ programs agree', () => {
	let folder: string;
	const files: Record<string, Uint8Array> = {};
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'tieout-sign-'));
		files['ec'] = await sign(signerOf(preparer));
		files['rsa'] = await sign(signerOf(issue('Rita RSA', intermediate, { kind: 'rsa-3072' })));
		files['both'] = await signTwice();
		const self = makeSelfSigned({
			commonName: 'Self',
			kind: 'p-256',
			serial: new Uint8Array(randomBytes(16)),
			now: SIGNING_TIME,
			days: 30,
		});
		files['self'] = await sign(self);
		writeFileSync(join(folder, 'self.pem'), pem('CERTIFICATE', self.certificates[0]));
		for (const [name, bytes] of Object.entries(files)) writeFileSync(join(folder, `${name}.pdf`), bytes);
		writeFileSync(join(folder, 'root.pem'), pem('CERTIFICATE', root.certificate));
	});
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	const run = (program: string, ...args: string[]): string => {
		const { stdout, stderr } = spawnSync(program, args, {
			cwd: folder,
			encoding: 'utf8',
			env: { ...process.env, LC_ALL: 'C', HOME: folder },
		});
		return stdout + stderr;
	};

	it.skipIf(missing.includes('qpdf'))('qpdf finds no fault in the syntax', () => {
		for (const name of ['ec', 'rsa', 'both'])
			expect(run('qpdf', '--check', `${name}.pdf`)).toContain('No syntax or stream encoding errors found');
	});

	it.skipIf(missing.includes('pdfsig'))('pdfsig: valid, and the last signature covers the total document', () => {
		for (const name of ['ec', 'rsa', 'self']) {
			const said = run('pdfsig', `${name}.pdf`);
			expect(said).toContain('Signature is Valid');
			expect(said).toMatch(/(?<!Not t)otal document signed/);
			expect(said).toContain('ETSI.CAdES.detached');
		}
		const said = run('pdfsig', 'both.pdf').split('Signature #2')[1];
		expect(said).toContain('Signature is Valid');
		expect(said).toContain('Total document signed');
	});

	it.skipIf(missing.includes('pdfsig') || missing.includes('certutil'))('pdfsig with the root in its store: trusted', () => {
		mkdirSync(join(folder, 'nss'));
		run('certutil', '-N', '-d', 'sql:nss', '--empty-password');
		run('certutil', '-A', '-d', 'sql:nss', '-n', 'root', '-t', 'CT,C,C', '-i', 'root.pem');
		expect(run('pdfsig', '-nssdir', 'sql:nss', 'ec.pdf')).toContain('Certificate is Trusted');
	});

	it.skipIf(missing.includes('openssl'))('openssl verifies the CMS as CAdES over the covered bytes, up to the root', () => {
		for (const [name, field, anchorFile] of [
			['ec', 'Preparer', 'root.pem'],
			['rsa', 'Preparer', 'root.pem'],
			['both', 'Reviewer', 'root.pem'],
			['self', 'Preparer', 'self.pem'],
		] as const) {
			const bytes = files[name] as Uint8Array;
			const contents = entryOf(signatureOf(open(bytes), field), 'Contents') as PdfString;
			const value = contents.bytes.subarray(0, 4 + (((contents.bytes[2] as number) << 8) | (contents.bytes[3] as number)));
			expect(contents.bytes.length).toBe(CONTENTS_BYTES);
			writeFileSync(join(folder, 'value.der'), value);
			writeFileSync(join(folder, 'covered.bin'), concatBytes(bytes.subarray(0, contents.start), bytes.subarray(contents.end)));
			const args = ['-binary', '-CAfile', anchorFile, '-purpose', 'any', '-attime', String(SIGNING_TIME / 1000), '-out', 'out.bin'];
			expect(
				run('openssl', 'cms', '-verify', '-cades', '-inform', 'DER', '-in', 'value.der', '-content', 'covered.bin', ...args),
				name,
			).toContain('erification successful');
		}
	});
});
