/** PAdES-B-B signatures (ETSI EN 319 142-1): CMS SignedData as a pack's verifier wants it, to the byte. */
import { createHash } from 'node:crypto';
import {
	derContext,
	derInteger,
	derNull,
	derOctets,
	derOid,
	derRetag,
	derSequence,
	derSetOf,
	encodeSignedData,
	OID,
	parseCertificate,
} from '#pack';
import type { PackSigner } from './packSigner.ts';

/** Asks a timestamp authority (RFC 3161) for a token over a SHA-256 digest; the token is DER. */
export type RequestTimestamp = (sha256: Uint8Array) => Uint8Array | Promise<Uint8Array>;

const sha256 = (...parts: readonly Uint8Array[]): Uint8Array => {
	const state = createHash('sha256');
	for (const part of parts) state.update(part);
	return new Uint8Array(state.digest());
};

const attribute = (type: string, value: Uint8Array): Uint8Array => derSequence(derOid(type), derSetOf(value));

const DIGEST = derSequence(derOid(OID.sha256));
const ALGORITHMS = { rsa_pkcs1: derSequence(derOid(OID.rsaSha256), derNull()), ecdsa: derSequence(derOid(OID.ecdsaSha256)) };

/**
 * Signs a document whose covered bytes are `covered`, in order. The signed attributes are content type, message digest,
 * signing-certificate-v2 over every certificate (so that none can be swapped) and the algorithms used (RFC 6211). No
 * signing-time: PAdES keeps the claimed time in the dictionary's /M.
 * @throws if the signer's first certificate can't be parsed: a bug of whoever made the signer
 */
export async function signCades(covered: readonly Uint8Array[], signer: PackSigner, timestamp?: RequestTimestamp): Promise<Uint8Array> {
	const signatureAlgorithm = ALGORITHMS[signer.algorithm];
	const signedAttributes = derSetOf(
		attribute(OID.contentType, derOid(OID.data)),
		attribute(OID.messageDigest, derOctets(sha256(...covered))),
		attribute(OID.signingCertificateV2, signingCertificate(signer.certificates)),
		attribute(OID.cmsAlgorithmProtection, derSequence(DIGEST, derRetag(0xa1, signatureAlgorithm))),
	);
	const signature = await signer.sign(signedAttributes);
	const token = timestamp === undefined ? null : await timestamp(sha256(signature));
	return encodeSignedData({
		digestAlgorithm: DIGEST,
		certificates: signer.certificates,
		issuerAndSerial: issuerAndSerial(signer.certificates[0]),
		signedAttributes,
		signatureAlgorithm,
		signature,
		unsignedAttributes: token === null ? null : derSetOf(attribute(OID.signatureTimeStamp, token)),
	});
}

export function issuerAndSerial(certificate: Uint8Array): Uint8Array {
	const { issuer, serial } = parsed(certificate);
	return derSequence(issuer, derInteger(serial));
}

/** SigningCertificateV2 with one ESSCertIDv2 a certificate, leaf first; SHA-256 is its default and so left out (RFC 5035 §4). */
export function signingCertificate(certificates: readonly Uint8Array[]): Uint8Array {
	const identifiers = certificates.map((certificate) => {
		const { issuer, serial } = parsed(certificate);
		const issuerSerial = derSequence(derSequence(derContext(4, issuer)), derInteger(serial));
		return derSequence(derOctets(sha256(certificate)), issuerSerial);
	});
	return derSequence(derSequence(...identifiers));
}

function parsed(certificate: Uint8Array) {
	const value = parseCertificate(certificate);
	if (value === null) throw new Error('a signer’s certificate must be an X.509 certificate');
	return value;
}
