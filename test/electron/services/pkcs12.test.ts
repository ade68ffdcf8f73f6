import { createPublicKey, type KeyObject, randomBytes, verify } from 'node:crypto';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { equalBytes, utf8 } from '#kernel';
import { type DerNode, der, derContext, derInteger, derOctets, derOid, derSequence, derSetOf, OID, readDer } from '#pack';
import { PKCS12_SENTENCES, readPkcs12 } from '../../../electron/services/pkcs12.ts';
import { deriveOld } from '../../../electron/services/pkcs12Cipher.ts';
import { decryptRc2Cbc } from '../../../electron/services/rc2.ts';
import { makeKeyPair } from '../../../electron/services/selfSigned.ts';
import { KEY_FILES } from './keyFiles.ts';
import { type Issued, intermediate, issue, preparer, root, SIGNING_TIME } from './testAuthority.ts';

const NOW = Date.parse('2030-01-01T00:00:00Z');
const bytesOf = (base64: string): Uint8Array => new Uint8Array(Buffer.from(base64, 'base64'));

/** A key file without encryption and without MAC: the smallest that RFC 7292 allows. */
function plainKeyFile(keys: readonly KeyObject[], certificates: readonly Uint8Array[]): Uint8Array {
	const bag = (type: string, value: Uint8Array): Uint8Array =>
		derSequence(derOid(`1.2.840.113549.1.12.10.1.${type}`), derContext(0, value));
	const safe = derSequence(
		...keys.map((key) => bag('1', new Uint8Array(key.export({ format: 'der', type: 'pkcs8' })))),
		...certificates.map((raw) => bag('3', derSequence(derOid('1.2.840.113549.1.9.22.1'), derContext(0, derOctets(raw))))),
	);
	const info = (content: Uint8Array): Uint8Array => derSequence(derOid(OID.data), derContext(0, derOctets(content)));
	return derSequence(derInteger(3), info(derSequence(info(safe))));
}

const fileOf = (issued: Issued, others: readonly Issued[] = []): Uint8Array =>
	plainKeyFile(
		[issued.privateKey],
		[...others, issued].map(({ certificate }) => certificate),
	);

const codeOf = (bytes: Uint8Array, password = '', now = SIGNING_TIME): string => {
	const read = readPkcs12(bytes, password, now);
	return read.ok ? 'ok' : read.error.code;
};

describe('key files that other programs wrote', () => {
	const readable = Object.entries(KEY_FILES).filter(([name]) => !['ecRc4', 'onlyCertificate'].includes(name));
	it.each(readable)('%s opens, and its key signs what its certificate verifies', async (_name, file) => {
		const read = readPkcs12(bytesOf(file.base64), file.password, NOW);
		if (!read.ok) throw new Error(read.error.detail);
		const message = utf8('tie-out');
		const signature = await read.value.signer.sign(message);
		const key = createPublicKey({ key: Buffer.from(read.value.certificate.spki), format: 'der', type: 'spki' });
		expect(verify('sha256', message, key, signature)).toBe(true);
		expect(read.value.signer.algorithm).toBe(file.what.startsWith('RSA') ? 'rsa_pkcs1' : 'ecdsa');
	});

	it.each(readable)('%s with another password is a wrong password', (_name, file) => {
		expect(codeOf(bytesOf(file.base64), 'another', NOW)).toBe('wrong_password');
	});

	it('a cipher that is not supported is named as such', () => {
		expect(codeOf(bytesOf(KEY_FILES.ecRc4.base64), KEY_FILES.ecRc4.password, NOW)).toBe('unsupported_encryption');
	});

	it('a file with a certificate alone has no private key', () => {
		expect(codeOf(bytesOf(KEY_FILES.onlyCertificate.base64), KEY_FILES.onlyCertificate.password, NOW)).toBe('no_private_key');
	});
});

describe('what a key must be to sign packs', () => {
	it('a chain below the root comes along, nearest first, whatever order the file has it in', () => {
		const read = readPkcs12(fileOf(preparer, [root, intermediate]), '', SIGNING_TIME);
		if (!read.ok) throw new Error(read.error.detail);
		expect(read.value.signer.certificates).toHaveLength(2);
		expect(equalBytes(read.value.signer.certificates[0], preparer.certificate)).toBe(true);
		expect(equalBytes(read.value.signer.certificates[1] as Uint8Array, intermediate.certificate)).toBe(true);
	});

	it('the last day counts, the day after does not; nor the day before the first', () => {
		const year = 365 * 86_400_000;
		expect(codeOf(fileOf(preparer), '', SIGNING_TIME + year)).toBe('ok');
		expect(codeOf(fileOf(preparer), '', SIGNING_TIME + year + 1)).toBe('expired');
		expect(codeOf(fileOf(preparer), '', SIGNING_TIME - year - 1)).toBe('not_yet_valid');
	});

	it('a certificate for other uses, or for none that is stated, may not sign', () => {
		expect(codeOf(fileOf(issue('CA only', root, { keyUsage: ['keyCertSign'] })))).toBe('key_usage_missing');
		expect(codeOf(fileOf(issue('Silent', root, { keyUsage: [] })))).toBe('key_usage_missing');
	});

	it('a certificate of version 1 says nothing of its use, and may not sign', () => {
		const parsed = readDer(preparer.certificate);
		const [body, ...rest] = parsed.ok ? parsed.value.children : [];
		const plain = derSequence(...(body?.children ?? []).slice(1, -1).map(({ raw }) => raw));
		const certificate = derSequence(plain, ...rest.map(({ raw }) => raw));
		expect(codeOf(plainKeyFile([preparer.privateKey], [certificate]))).toBe('key_usage_missing');
	});

	it('a key without its own certificate is a mismatch', () => {
		expect(codeOf(plainKeyFile([makeKeyPair('p-256').privateKey], [preparer.certificate]))).toBe('key_certificate_mismatch');
	});

	it('a short RSA key is weak', async () => {
		const { generateKeyPairSync } = await import('node:crypto');
		const { writeCertificate } = await import('../../../electron/services/certificateWriter.ts');
		const pair = generateKeyPairSync('rsa', { modulusLength: 2048 });
		const certificate = writeCertificate(
			{ subject: 'Weak', publicKey: pair.publicKey, serial: Uint8Array.of(9), notBefore: 0, notAfter: NOW, keyUsage: ['digitalSignature'] },
			{ name: root.name, privateKey: root.privateKey },
		);
		expect(codeOf(plainKeyFile([pair.privateKey], [certificate]))).toBe('weak_key');
	});

	it('a key of another kind is unsupported', async () => {
		const { generateKeyPairSync } = await import('node:crypto');
		expect(codeOf(plainKeyFile([generateKeyPairSync('ed25519').privateKey], []))).toBe('unsupported_key');
	});

	it('every code has a sentence that says how to mend it', () => {
		for (const sentence of Object.values(PKCS12_SENTENCES)) expect(sentence.split('. ').length).toBeGreaterThan(1);
	});
});

describe('hostile key files', () => {
	it('any change of a byte gives a fault or the same key, never a crash', () => {
		const bytes = bytesOf(KEY_FILES.ecModern.base64);
		fc.assert(
			fc.property(fc.nat(bytes.length - 1), fc.integer({ min: 1, max: 255 }), (at, mask) => {
				const changed = bytes.slice();
				changed[at] = (changed[at] as number) ^ mask;
				const read = readPkcs12(changed, KEY_FILES.ecModern.password, NOW);
				expect(read.ok || read.error.code in PKCS12_SENTENCES).toBe(true);
			}),
			{ numRuns: 150 },
		);
	});

	it('a file that demands a billion rounds is refused at once', () => {
		const mac = derSequence(
			derSequence(derSequence(derOid(OID.sha1)), derOctets(new Uint8Array(20))),
			derOctets(Uint8Array.of(1)),
			derInteger(1_000_000_000),
		);
		const content = derSequence(derOid(OID.data), derContext(0, derOctets(derSequence())));
		expect(codeOf(derSequence(derInteger(3), content, mac))).toBe('unsupported_encryption');
	});

	it('random bytes, nothing, and a PDF are no key files', () => {
		expect(codeOf(new Uint8Array(randomBytes(400)))).toBe('not_pkcs12');
		expect(codeOf(new Uint8Array())).toBe('not_pkcs12');
		expect(codeOf(utf8('%PDF-1.7\n'))).toBe('not_pkcs12');
	});

	it('indefinite lengths and octet strings in pieces, as old writers have them, are read', () => {
		const file = KEY_FILES.ecLegacy;
		const parsed = readDer(bytesOf(file.base64));
		if (!parsed.ok) throw new Error('fixture');
		expect(codeOf(loosely(parsed.value), file.password, NOW)).toBe('ok');
	});
});

/** The same value in BER: every constructed value of indefinite length, long octet strings in pieces. */
function loosely(node: DerNode): Uint8Array {
	const indefinite = (tag: number, content: readonly Uint8Array[]): Uint8Array =>
		new Uint8Array(Buffer.concat([Uint8Array.of(tag, 0x80), ...content, Uint8Array.of(0, 0)]));
	if (node.children.length > 0) return indefinite(node.tag, node.children.map(loosely));
	if (node.tag !== 0x04 || node.content.length < 200) return node.raw;
	const middle = node.content.length >> 1;
	return indefinite(0x24, [der(0x04, node.content.subarray(0, middle)), der(0x04, node.content.subarray(middle))]);
}

describe('published vectors', () => {
	const hex = (text: string): Uint8Array => new Uint8Array(Buffer.from(text, 'hex'));

	// RFC 2268 §5: key, effective bits, plain, cipher. ECB there; with a zero vector CBC's first block is the same.
	it.each([
		['0000000000000000', 63, '0000000000000000', 'ebb773f993278eff'],
		['ffffffffffffffff', 64, 'ffffffffffffffff', '278b27e42e2f0d49'],
		['3000000000000000', 64, '1000000000000001', '30649edf9be7d2c2'],
		['88', 64, '0000000000000000', '61a8a244adacccf0'],
		['88bca90e90875a', 64, '0000000000000000', '6ccf4308974c267f'],
		['88bca90e90875a7f0f79c384627bafb2', 64, '0000000000000000', '1a807d272bbe5db1'],
		['88bca90e90875a7f0f79c384627bafb2', 128, '0000000000000000', '2269552ab0f85ca6'],
	])('RC2 with key %s and %i bits', (key, bits, plain, cipher) => {
		// The block under test, then any block: its padding decides whether an answer comes, so try until one does.
		let shown: Uint8Array | null = null;
		for (let last = 0; shown === null && last < 4096; last++) {
			const tail = Uint8Array.of(0, 0, 0, 0, 0, 0, last >> 8, last & 0xff);
			shown = decryptRc2Cbc(hex(key), bits, new Uint8Array(8), new Uint8Array(Buffer.concat([hex(cipher), tail])));
		}
		expect(Buffer.from((shown as Uint8Array).subarray(0, 8)).toString('hex')).toBe(plain);
	});

	it('the key derivation of PKCS#12 gives the values other implementations give', () => {
		// Bouncy Castle and node-forge test their PKCS#12 derivation with these: password "smeg", one round, SHA-1.
		const password = hex('0073006d006500670000');
		expect(Buffer.from(deriveOld('sha1', 1, password, hex('0a58cf64530d823f'), 1, 24)).toString('hex')).toBe(
			'8aaae6297b6cb04642ab5b077851284eb7128f1a2a7fbca3',
		);
		expect(Buffer.from(deriveOld('sha1', 2, password, hex('0a58cf64530d823f'), 1, 8)).toString('hex')).toBe('79993dfe048d3b76');
	});

	it('a SET OF is written in order', () => {
		expect(derSetOf(derInteger(3), derInteger(1))).toEqual(derSetOf(derInteger(1), derInteger(3)));
	});
});
