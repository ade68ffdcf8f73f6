/** Writes X.509 v3 certificates (RFC 5280 §4.1): a self-signed one for packs without a key file, and any chain a test needs. */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { utf8 } from '#kernel';
import {
	der,
	derBits,
	derBoolean,
	derContext,
	derInteger,
	derNull,
	derOctets,
	derOid,
	derSequence,
	derSetOf,
	KEY_USAGE,
	OID,
	readDer,
	TAG,
} from '#pack';

export interface CertificateRequest {
	readonly subject: string;
	readonly publicKey: KeyObject;
	/** Big-endian octets; at most 20 (RFC 5280 §4.1.2.2). */
	readonly serial: Uint8Array;
	/** Milliseconds since 1970. */
	readonly notBefore: number;
	readonly notAfter: number;
	readonly isCa?: boolean;
	/** Names of bits; the empty list leaves the extension out. */
	readonly keyUsage: readonly (keyof typeof KEY_USAGE)[];
	readonly extendedKeyUsage?: readonly string[];
}

export interface CertificateIssuer {
	readonly name: string;
	readonly privateKey: KeyObject;
}

/** The DER of a certificate that `issuer` signs with SHA-256. */
export function writeCertificate(request: CertificateRequest, issuer: CertificateIssuer): Uint8Array {
	const algorithm = signatureAlgorithm(issuer.privateKey);
	const body = derSequence(
		derContext(0, derInteger(2)),
		derInteger(request.serial),
		algorithm,
		distinguishedName(issuer.name),
		derSequence(time(request.notBefore), time(request.notAfter)),
		distinguishedName(request.subject),
		spkiOf(request.publicKey),
		derContext(3, derSequence(...extensions(request))),
	);
	return derSequence(body, algorithm, derBits(new Uint8Array(sign('sha256', body, issuer.privateKey))));
}

/** SHA-256 with the kind of key it is. */
export const signatureAlgorithm = (key: KeyObject): Uint8Array =>
	key.asymmetricKeyType === 'ec' ? derSequence(derOid(OID.ecdsaSha256)) : derSequence(derOid(OID.rsaSha256), derNull());

const spkiOf = (key: KeyObject): Uint8Array => new Uint8Array(key.export({ format: 'der', type: 'spki' }));

/** A name of one attribute, the common name. */
export const distinguishedName = (commonName: string): Uint8Array =>
	derSequence(derSetOf(derSequence(derOid(OID.commonName), der(TAG.utf8String, utf8(commonName)))));

/** UTCTime until 2049, GeneralizedTime after (RFC 5280 §4.1.2.5). */
export function time(instant: number): Uint8Array {
	const digits = `${new Date(instant).toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`;
	return digits < '2050' ? der(TAG.utcTime, utf8(digits.slice(2))) : der(TAG.generalizedTime, utf8(digits));
}

function extensions(request: CertificateRequest): Uint8Array[] {
	const extension = (oid: string, critical: boolean, value: Uint8Array): Uint8Array =>
		derSequence(derOid(oid), ...(critical ? [derBoolean(true)] : []), derOctets(value));
	const list = [
		extension(OID.basicConstraints, true, derSequence(...(request.isCa ? [derBoolean(true)] : []))),
		extension(OID.subjectKeyIdentifier, false, derOctets(keyIdentifier(request.publicKey))),
	];
	if (request.keyUsage.length > 0) list.push(extension(OID.keyUsage, true, usageBits(request.keyUsage.map((name) => KEY_USAGE[name]))));
	if (request.extendedKeyUsage !== undefined)
		list.push(extension(OID.extendedKeyUsage, true, derSequence(...request.extendedKeyUsage.map(derOid))));
	return list;
}

/** SHA-1 of the key's bit string (RFC 5280 §4.2.1.2, method 1): a name, not a proof. */
function keyIdentifier(key: KeyObject): Uint8Array {
	const spki = readDer(spkiOf(key));
	const bits = spki.ok ? spki.value.children[1]?.content.subarray(1) : undefined;
	return new Uint8Array(
		createHash('sha1')
			.update(bits ?? new Uint8Array())
			.digest(),
	);
}

function usageBits(bits: readonly number[]): Uint8Array {
	const highest = Math.max(...bits);
	const octet = bits.reduce((value, bit) => value | (0x80 >> bit), 0);
	return derBits(Uint8Array.of(octet), 7 - highest);
}
