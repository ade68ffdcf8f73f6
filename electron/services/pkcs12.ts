/** Reads a signing key from a PKCS#12 file (RFC 7292), RSA or elliptic curve, old encryption or new, and judges whether it may sign packs. */
import { createPrivateKey, createPublicKey, type KeyObject } from 'node:crypto';
import { compareBytes, concatBytes, equalBytes, err, ok, type Result } from '#kernel';
import {
	berToDer,
	type Certificate,
	contextTag,
	type DerNode,
	isSelfIssued,
	KEY_USAGE,
	keyObjection,
	LEAF_RSA_BITS,
	OID,
	oidText,
	parseCertificate,
	readDer,
	smallInteger,
	TAG,
} from '#pack';
import { keySigner, type PackSigner } from './packSigner.ts';
import { type CipherFault, decryptPbe, verifyMac } from './pkcs12Cipher.ts';

/** Each with how to mend it in `PKCS12_SENTENCES`. */
export type Pkcs12Code =
	| 'not_pkcs12'
	| 'wrong_password'
	| 'unsupported_encryption'
	| 'no_private_key'
	| 'key_certificate_mismatch'
	| 'unsupported_key'
	| 'weak_key'
	| 'key_usage_missing'
	| 'not_yet_valid'
	| 'expired';

export const PKCS12_SENTENCES: Readonly<Record<Pkcs12Code, string>> = {
	not_pkcs12: 'The key file is no PKCS#12 file, or a damaged one. Export key and certificate again as .p12 or .pfx.',
	wrong_password: 'The password does not open the key file. Give its own password in TIEOUT_P12_PASSWORD or at the prompt.',
	unsupported_encryption:
		'The key file is encrypted in a way that is not supported. Export it again with AES-256 (openssl pkcs12 -export does).',
	no_private_key: 'The key file holds no private key. Export it again together with its private key.',
	key_certificate_mismatch: 'The key file holds no certificate for its private key. Export the key together with its own certificate.',
	unsupported_key: 'The key is of a kind that packs are not signed with. Use RSA of 3,072 bits or more, or the curve P-256 or P-384.',
	weak_key: 'The RSA key is too short to sign with. Have a certificate issued for RSA of 3,072 bits or more, or for P-256.',
	key_usage_missing:
		'The certificate does not allow signing documents. Have one issued whose key usage has digitalSignature or nonRepudiation.',
	not_yet_valid: 'The certificate is not yet valid. Sign after its first day, or put this machine’s clock right.',
	expired: 'The certificate has expired. Have it renewed and export the new key file.',
};

export interface Pkcs12Fault {
	readonly code: Pkcs12Code;
	/** The sentence of the code, with the values where there are any. */
	readonly detail: string;
}

export interface Pkcs12Key {
	readonly signer: PackSigner;
	readonly certificate: Certificate;
}

const MAX_BYTES = 4 * 1024 * 1024;
const MAX_BAGS = 200;
const X509 = '1.2.840.113549.1.9.22.1';
const BAG = '1.2.840.113549.1.12.10.1';

const fault = (code: Pkcs12Code, values = ''): Pkcs12Fault => ({
	code,
	detail: values === '' ? PKCS12_SENTENCES[code] : `${PKCS12_SENTENCES[code]} (${values})`,
});

/**
 * @param password as the person gave it; never kept
 * @param now milliseconds since 1970, against which the certificate's validity is judged
 */
export function readPkcs12(bytes: Uint8Array, password: string, now: number): Result<Pkcs12Key, Pkcs12Fault> {
	const bags = openBags(bytes, password);
	if (!bags.ok) return err(fault(bags.error));
	const keys = bags.value.keys.flatMap((pkcs8) => privateKeyOf(pkcs8) ?? []);
	if (bags.value.keys.length === 0) return err(fault('no_private_key'));
	if (keys.length === 0) return err(fault('unsupported_key'));
	const certificates = bags.value.certificates.flatMap((raw) => parseCertificate(raw) ?? []);
	for (const key of keys) {
		const spki = new Uint8Array(createPublicKey(key).export({ format: 'der', type: 'spki' }));
		const certificate = certificates.find((candidate) => equalBytes(candidate.spki, spki));
		if (certificate === undefined) continue;
		const objection = judge(certificate, now);
		if (objection !== null) return err(objection);
		return ok({ signer: keySigner(key, [certificate.raw, ...chainOf(certificate, certificates)]), certificate });
	}
	return err(fault('key_certificate_mismatch'));
}

function judge(certificate: Certificate, now: number): Pkcs12Fault | null {
	const { key, keyUsage, subjectText, notBefore, notAfter } = certificate;
	const objection = keyObjection(key, LEAF_RSA_BITS);
	if (objection !== null) return fault(key.kind === 'rsa' ? 'weak_key' : 'unsupported_key', objection);
	// A certificate without the extension is refused as well: nobody has said that its key may sign documents.
	if (!(keyUsage?.has(KEY_USAGE.digitalSignature) || keyUsage?.has(KEY_USAGE.nonRepudiation)))
		return fault('key_usage_missing', subjectText);
	if (now < notBefore) return fault('not_yet_valid', `${subjectText} is valid from ${new Date(notBefore).toISOString()}`);
	if (now > notAfter) return fault('expired', `${subjectText} was valid until ${new Date(notAfter).toISOString()}`);
	return null;
}

/** The issuers above `leaf` that the file brings along, nearest first, without the self-signed root. */
function chainOf(leaf: Certificate, certificates: readonly Certificate[]): Uint8Array[] {
	const chain: Certificate[] = [leaf];
	while (chain.length < 8) {
		const last = chain.at(-1) as Certificate;
		const next = certificates.find((candidate) => compareBytes(candidate.subject, last.issuer) === 0 && !chain.includes(candidate));
		if (next === undefined || isSelfIssued(next)) break;
		chain.push(next);
	}
	return chain.slice(1).map(({ raw }) => raw);
}

function privateKeyOf(pkcs8: Uint8Array): KeyObject | null {
	try {
		const key = createPrivateKey({ key: Buffer.from(pkcs8), format: 'der', type: 'pkcs8' });
		return key.asymmetricKeyType === 'rsa' || key.asymmetricKeyType === 'ec' ? key : null;
	} catch {
		return null;
	}
}

interface Bags {
	/** PrivateKeyInfo (PKCS#8), decrypted. */
	readonly keys: Uint8Array[];
	readonly certificates: Uint8Array[];
}

type BagFault = CipherFault | 'not_pkcs12';

function openBags(bytes: Uint8Array, password: string): Result<Bags, BagFault> {
	const outer = bytes.length > MAX_BYTES ? null : parseBer(bytes);
	const [version, authSafe, macData] = outer?.children ?? [];
	const content = contentOf(authSafe, OID.data);
	if (smallInteger(version) !== 3 || content === null) return err('not_pkcs12');
	if (macData !== undefined) {
		const mac = verifyMac(macData, content, password);
		if (!mac.ok) return mac;
	}
	const bags: Bags = { keys: [], certificates: [] };
	for (const info of parseBer(content)?.children ?? []) {
		const plain = openContent(info, password);
		if (!plain.ok) return plain;
		const safe = parseBer(plain.value);
		// Without a MAC a wrong password can pass the padding by chance; the noise behind it is then no safe.
		if (safe === null) return err(macData === undefined ? 'wrong_password' : 'not_pkcs12');
		const read = readSafe(safe, password, bags, 0);
		if (!read.ok) return read;
	}
	return ok(bags);
}

function parseBer(bytes: Uint8Array): DerNode | null {
	const encoding = berToDer(bytes);
	const node = encoding === null ? null : readDer(encoding.der);
	return node?.ok ? node.value : null;
}

/** The octets of a ContentInfo of that type. */
function contentOf(info: DerNode | undefined, type: string): Uint8Array | null {
	const octets = info?.children[1]?.children[0];
	return oidText(info?.children[0]) === type && octets?.tag === TAG.octetString ? octets.content : null;
}

function openContent(info: DerNode, password: string): Result<Uint8Array, BagFault> {
	const plain = contentOf(info, OID.data);
	if (plain !== null) return ok(plain);
	const encrypted = info.children[1]?.children[0]?.children[1];
	if (oidText(info.children[0]) !== OID.encryptedData) return err('unsupported_encryption');
	const [, algorithm, data] = encrypted?.children ?? [];
	if (data === undefined) return err('not_pkcs12');
	// [0] IMPLICIT OCTET STRING, whole or in pieces.
	const octets = data.tag === contextTag(0) ? concatBytes(...data.children.map(({ content }) => content)) : data.content;
	return decryptPbe(algorithm, octets, password);
}

function readSafe(safe: DerNode, password: string, bags: Bags, depth: number): Result<true, BagFault> {
	for (const bag of safe.children) {
		const type = oidText(bag.children[0]);
		const value = bag.children[1]?.children[0];
		if (bags.keys.length + bags.certificates.length > MAX_BAGS || depth > 4) return err('not_pkcs12');
		if (type === `${BAG}.1` && value !== undefined) bags.keys.push(value.raw);
		else if (type === `${BAG}.2`) {
			const [algorithm, data] = value?.children ?? [];
			if (data === undefined) return err('not_pkcs12');
			const key = decryptPbe(algorithm, data.content, password);
			if (!key.ok) return key;
			bags.keys.push(key.value);
		} else if (type === `${BAG}.3` && oidText(value?.children[0]) === X509) {
			const octets = value?.children[1]?.children[0];
			if (octets?.tag === TAG.octetString) bags.certificates.push(octets.content);
		} else if (type === `${BAG}.6` && value !== undefined) {
			const inner = readSafe(value, password, bags, depth + 1);
			if (!inner.ok) return inner;
		}
	}
	return ok(true);
}
