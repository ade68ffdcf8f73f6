/** Signatures that are wrong inside: the document is untouched, only the reviewer's CMS value is made again with one fault. */

import { beforeAll, describe, expect, it } from 'vitest';
import { concatBytes } from '#kernel';
import { type CheckCode, der, derInteger, derNull, derOctets, derOid, derSequence, derSetOf, OID, TAG } from '#pack';
import { signingCertificate } from '../../../electron/services/cmsWriter.ts';
import { keySigner } from '../../../electron/services/packSigner.ts';
import { intermediate, issue, preparer, reviewer, root, SIGNING_TIME, signerOf } from '../../electron/services/testAuthority.ts';
import { both, check, codesOf, type Forgery, forge } from './signedFixture.ts';
import { flip, withCms } from './tamper.ts';

let base: Uint8Array;
beforeAll(async () => {
	base = await both();
});

const rsaSha1 = derSequence(derOid('1.2.840.113549.1.1.5'), derNull());
const ecdsaSha384 = derSequence(derOid(OID.ecdsaSha384));

const FAULTS: readonly (readonly [what: string, code: CheckCode, forgery: () => Forgery])[] = [
	['no message digest', 'attributes_invalid', () => ({ attributes: { [OID.messageDigest]: null } })],
	['another content type', 'attributes_invalid', () => ({ attributes: { [OID.contentType]: derOid(OID.tstInfo) } })],
	[
		'no signing certificate (plain CMS instead of PAdES)',
		'attributes_invalid',
		() => ({ attributes: { [OID.signingCertificateV2]: null } }),
	],
	['no protection of the algorithms', 'attributes_invalid', () => ({ attributes: { [OID.cmsAlgorithmProtection]: null } })],
	[
		'a protection of other algorithms',
		'attributes_invalid',
		() => ({
			attributes: {
				[OID.cmsAlgorithmProtection]: derSequence(
					derSequence(derOid(OID.sha512)),
					concatBytes(Uint8Array.of(0xa1), ecdsaSha384.subarray(1)),
				),
			},
		}),
	],
	[
		'a signing time, which PAdES leaves to /M',
		'attributes_invalid',
		() => ({ attributes: { [OID.signingTime]: der(TAG.utcTime, Buffer.from('260115100000Z')) } }),
	],
	['attributes out of order', 'cms_not_canonical', () => ({ unsorted: true })],
	['an unsigned attribute', 'cms_not_canonical', () => ({ unsigned: derSetOf(derSequence(derOid('1.2.3.4'), derSetOf(derInteger(1)))) })],
	[
		'another certificate bound than carried',
		'signing_certificate_mismatch',
		() => ({ attributes: { [OID.signingCertificateV2]: signingCertificate([preparer.certificate, intermediate.certificate]) } }),
	],
	[
		'a certificate nobody bound',
		'certificate_not_bound',
		() => ({ certificates: [reviewer.certificate, intermediate.certificate, root.certificate] }),
	],
	['a bound certificate left out', 'certificate_not_bound', () => ({ certificates: [reviewer.certificate] })],
	[
		'a certificate that is none',
		'certificate_unreadable',
		() => ({ certificates: [reviewer.certificate, derSequence(derOctets(Uint8Array.of(1)))] }),
	],
	['the signer’s certificate left out', 'signer_certificate_missing', () => ({ certificates: [intermediate.certificate] })],
	['a digest that is no longer accepted', 'algorithm_not_allowed', () => ({ digestAlgorithm: OID.sha1 })],
	['a signature algorithm that is no longer accepted', 'algorithm_not_allowed', () => ({ signatureAlgorithm: rsaSha1 })],
	[
		'a signature algorithm of another kind of key',
		'signature_invalid',
		() => ({ signatureAlgorithm: derSequence(derOid(OID.rsaSha256), derNull()) }),
	],
	['another key', 'signature_invalid', () => ({ key: keySigner(preparer.privateKey, [preparer.certificate]) })],
];

describe('a signature with one fault inside', () => {
	it('none, made again by the same means: VALID', async () => {
		const report = await check(forge(base, {}));
		expect([report.verdict, codesOf(report)]).toEqual(['VALID', []]);
	});

	it.each(FAULTS)('%s: %s', async (_what, code, forgery) => {
		const report = await check(forge(base, forgery()));
		expect(codesOf(report)).toContain(code);
		expect(report.verdict).not.toBe('VALID');
	});

	it('a value that is no CMS at all', async () => {
		expect(codesOf(await check(withCms(base, 'Reviewer', () => derSequence(derInteger(1)))))).toContain('cms_unreadable');
		expect(codesOf(await check(withCms(base, 'Reviewer', () => Uint8Array.of(0x30, 0x80, 1, 1, 0, 0, 0))))).toContain('cms_unreadable');
	});

	it('another version number, which no signature covers, is noticed', async () => {
		const report = await check(withCms(base, 'Reviewer', (cms) => flip(cms, Buffer.from(cms).indexOf(Buffer.from([2, 1, 1])) + 2, 2)));
		expect(codesOf(report)).toContain('cms_not_canonical');
	});
});

describe('who may sign', () => {
	it('a curve that is not on the list', async () => {
		const { generateKeyPairSync } = await import('node:crypto');
		const { writeCertificate } = await import('../../../electron/services/certificateWriter.ts');
		const pair = generateKeyPairSync('ec', { namedCurve: 'secp256k1' });
		const certificate = writeCertificate(
			{
				subject: 'Odd',
				publicKey: pair.publicKey,
				serial: Uint8Array.of(5),
				notBefore: 0,
				notAfter: SIGNING_TIME * 2,
				keyUsage: ['digitalSignature'],
			},
			{ name: intermediate.name, privateKey: intermediate.privateKey },
		);
		const report = await check(await both({}, keySigner(pair.privateKey, [certificate, intermediate.certificate])));
		expect([report.verdict, codesOf(report)]).toEqual(['UNTRUSTED', ['key_not_allowed']]);
	});

	it.each(['rsa-3072', 'p-384'] as const)('%s: VALID', async (kind) => {
		const report = await check(await both({}, signerOf(issue('Paula Preparer', intermediate, { kind }))));
		expect([report.verdict, codesOf(report)]).toEqual(['VALID', []]);
	});
});
