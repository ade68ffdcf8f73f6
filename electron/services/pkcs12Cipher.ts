/** Password-based encryption and integrity of PKCS#12 files: the old schemes of RFC 7292 and PBES2 / PBMAC1 of RFC 8018. */
import { createDecipheriv, createHash, createHmac, pbkdf2Sync, timingSafeEqual } from 'node:crypto';
import { concatBytes, err, ok, type Result, utf8 } from '#kernel';
import { type DerNode, OID, oidText, smallInteger, TAG } from '#pack';
import { decryptRc2Cbc } from './rc2.ts';

export type CipherFault = 'unsupported_encryption' | 'wrong_password';

const PBES2 = '1.2.840.113549.1.5.13';
const PBKDF2 = '1.2.840.113549.1.5.12';
const PBMAC1 = '1.2.840.113549.1.5.14';

/** What a hostile file may make us compute. */
const MAX_ITERATIONS = 5_000_000;
const MAX_ITERATIONS_OLD = 1_000_000;

const HASHES: Readonly<Record<string, string>> = {
	[OID.sha1]: 'sha1',
	[OID.sha256]: 'sha256',
	[OID.sha384]: 'sha384',
	[OID.sha512]: 'sha512',
};

const HMACS: Readonly<Record<string, string>> = {
	'1.2.840.113549.2.7': 'sha1',
	'1.2.840.113549.2.9': 'sha256',
	'1.2.840.113549.2.10': 'sha384',
	'1.2.840.113549.2.11': 'sha512',
};

const CIPHERS: Readonly<Record<string, { readonly name: string; readonly keyBytes: number }>> = {
	'2.16.840.1.101.3.4.1.2': { name: 'aes-128-cbc', keyBytes: 16 },
	'2.16.840.1.101.3.4.1.22': { name: 'aes-192-cbc', keyBytes: 24 },
	'2.16.840.1.101.3.4.1.42': { name: 'aes-256-cbc', keyBytes: 32 },
	'1.2.840.113549.3.7': { name: 'des-ede3-cbc', keyBytes: 24 },
};

/** RFC 7292 appendix C. RC4 is left out: nothing has written it for decades. */
const OLD_SCHEMES: Readonly<Record<string, { readonly keyBytes: number; readonly cipher: 'rc2' | 'des-ede3-cbc' }>> = {
	'1.2.840.113549.1.12.1.3': { keyBytes: 24, cipher: 'des-ede3-cbc' },
	'1.2.840.113549.1.12.1.4': { keyBytes: 16, cipher: 'des-ede3-cbc' },
	'1.2.840.113549.1.12.1.5': { keyBytes: 16, cipher: 'rc2' },
	'1.2.840.113549.1.12.1.6': { keyBytes: 5, cipher: 'rc2' },
};

/** A password as the old schemes take it: UTF-16BE with a closing zero (RFC 7292 appendix B.1). */
function bmpPassword(password: string): Uint8Array {
	const bytes = new Uint8Array(2 * password.length + 2);
	for (let i = 0; i < password.length; i++) {
		bytes[2 * i] = password.charCodeAt(i) >> 8;
		bytes[2 * i + 1] = password.charCodeAt(i) & 0xff;
	}
	return bytes;
}

/** RFC 7292 appendix B.2. `purpose`: 1 key, 2 initial vector, 3 MAC key. */
export function deriveOld(
	hash: string,
	purpose: 1 | 2 | 3,
	password: Uint8Array,
	salt: Uint8Array,
	iterations: number,
	length: number,
): Uint8Array {
	const block = hash === 'sha384' || hash === 'sha512' ? 128 : 64;
	const filled = (bytes: Uint8Array): Uint8Array => {
		const size = block * Math.ceil(bytes.length / block);
		return Uint8Array.from({ length: size }, (_, i) => bytes[i % bytes.length] as number);
	};
	const diversifier = new Uint8Array(block).fill(purpose);
	const input = concatBytes(filled(salt), filled(password));
	const parts: Uint8Array[] = [];
	for (let made = 0; made < length; ) {
		let digest = createHash(hash).update(diversifier).update(input).digest();
		for (let i = 1; i < iterations; i++) digest = createHash(hash).update(digest).digest();
		parts.push(new Uint8Array(digest));
		made += digest.length;
		addOne(input, digest, block);
	}
	return concatBytes(...parts).subarray(0, length);
}

/** Adds the repeated digest and one to every block of `input`, modulo 2 to the block's bits. Changes `input`. */
function addOne(input: Uint8Array, digest: Uint8Array, block: number): void {
	for (let start = 0; start < input.length; start += block) {
		let carry = 1;
		for (let i = block - 1; i >= 0; i--) {
			carry += (input[start + i] as number) + (digest[i % digest.length] as number);
			input[start + i] = carry & 0xff;
			carry >>= 8;
		}
	}
}

/** Decrypts with the scheme of an AlgorithmIdentifier. Bad padding means a wrong password. */
export function decryptPbe(algorithm: DerNode | undefined, data: Uint8Array, password: string): Result<Uint8Array, CipherFault> {
	const oid = oidText(algorithm?.children[0]) ?? '';
	const parameters = algorithm?.children[1];
	if (oid === PBES2) return decryptPbes2(parameters, data, password);
	const scheme = OLD_SCHEMES[oid];
	const [salt, count] = parameters?.children ?? [];
	const iterations = smallInteger(count);
	if (scheme === undefined || salt?.tag !== TAG.octetString || iterations === null || iterations > MAX_ITERATIONS_OLD)
		return err('unsupported_encryption');
	const secret = bmpPassword(password);
	const key = deriveOld('sha1', 1, secret, salt.content, iterations, scheme.keyBytes);
	const iv = deriveOld('sha1', 2, secret, salt.content, iterations, 8);
	if (scheme.cipher === 'rc2') {
		const plain = decryptRc2Cbc(key, 8 * scheme.keyBytes, iv, data);
		return plain === null ? err('wrong_password') : ok(plain);
	}
	// Two-key triple DES uses its first key again as the third.
	const full = key.length === 24 ? key : concatBytes(key, key.subarray(0, 8));
	return decryptNamed(scheme.cipher, full, iv, data);
}

function decryptPbes2(parameters: DerNode | undefined, data: Uint8Array, password: string): Result<Uint8Array, CipherFault> {
	const [derivation, encryption] = parameters?.children ?? [];
	const cipher = CIPHERS[oidText(encryption?.children[0]) ?? ''];
	const iv = encryption?.children[1];
	if (cipher === undefined || iv?.tag !== TAG.octetString) return err('unsupported_encryption');
	const key = deriveKey(derivation, password, cipher.keyBytes);
	return key === null ? err('unsupported_encryption') : decryptNamed(cipher.name, key, iv.content, data);
}

/** PBKDF2 (RFC 8018 §5.2) with any of the usual HMACs; null for anything else. */
function deriveKey(derivation: DerNode | undefined, password: string, length: number): Uint8Array | null {
	const [salt, count, ...rest] = derivation?.children[1]?.children ?? [];
	const iterations = smallInteger(count);
	if (
		oidText(derivation?.children[0]) !== PBKDF2 ||
		salt?.tag !== TAG.octetString ||
		iterations === null ||
		iterations < 1 ||
		iterations > MAX_ITERATIONS
	)
		return null;
	const prf = rest.find((node) => node.tag === TAG.sequence);
	const hash = prf === undefined ? 'sha1' : HMACS[oidText(prf.children[0]) ?? ''];
	return hash === undefined ? null : new Uint8Array(pbkdf2Sync(utf8(password), salt.content, iterations, length, hash));
}

function decryptNamed(name: string, key: Uint8Array, iv: Uint8Array, data: Uint8Array): Result<Uint8Array, CipherFault> {
	try {
		const decipher = createDecipheriv(name, key, iv);
		return ok(concatBytes(decipher.update(data), decipher.final()));
	} catch {
		return err('wrong_password');
	}
}

/** Checks the MAC of a file's authenticated safe (RFC 7292 §5.1, RFC 9579). */
export function verifyMac(macData: DerNode, content: Uint8Array, password: string): Result<true, CipherFault> {
	const [digestInfo, salt, count] = macData.children;
	const [algorithm, stated] = digestInfo?.children ?? [];
	if (stated?.tag !== TAG.octetString || salt?.tag !== TAG.octetString) return err('unsupported_encryption');
	const oid = oidText(algorithm?.children[0]) ?? '';
	const macs =
		oid === PBMAC1 ? modernMac(algorithm?.children[1], content, password) : oldMacs(HASHES[oid], salt.content, count, content, password);
	if (macs === null) return err('unsupported_encryption');
	const agrees = macs.some((mac) => mac.length === stated.content.length && timingSafeEqual(mac, stated.content));
	return agrees ? ok(true) : err('wrong_password');
}

function oldMacs(
	hash: string | undefined,
	salt: Uint8Array,
	count: DerNode | undefined,
	content: Uint8Array,
	password: string,
): Buffer[] | null {
	const iterations = count === undefined ? 1 : smallInteger(count);
	if (hash === undefined || iterations === null || iterations > MAX_ITERATIONS_OLD) return null;
	const length = createHash(hash).digest().length;
	// Some writers take the empty password as no bytes at all.
	const secrets = password === '' ? [bmpPassword(''), new Uint8Array()] : [bmpPassword(password)];
	return secrets.map((secret) =>
		createHmac(hash, deriveOld(hash, 3, secret, salt, iterations, length))
			.update(content)
			.digest(),
	);
}

function modernMac(parameters: DerNode | undefined, content: Uint8Array, password: string): Buffer[] | null {
	const [derivation, scheme] = parameters?.children ?? [];
	const hash = HMACS[oidText(scheme?.children[0]) ?? ''];
	const length = smallInteger(derivation?.children[1]?.children.slice(2).find((node) => node.tag === TAG.integer));
	const key = hash === undefined || length === null || length > 128 ? null : deriveKey(derivation, password, length);
	return key === null || hash === undefined ? null : [createHmac(hash, key).update(content).digest()];
}
