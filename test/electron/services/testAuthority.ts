/** A throw-away authority for tests: root, intermediate, leaves, revocation lists and a timestamp service. Keys are made once a run. */
import { createHash, type KeyObject, sign } from 'node:crypto';
import { concatBytes, utf8 } from '#kernel';
import { der, derBits, derBoolean, derInteger, derNull, derOctets, derOid, derSequence, derSetOf, encodeSignedData, OID, TAG } from '#pack';
import { distinguishedName, signatureAlgorithm, time, writeCertificate } from '../../../electron/services/certificateWriter.ts';
import { issuerAndSerial, signingCertificate } from '../../../electron/services/cmsWriter.ts';
import { keySigner, type PackSigner } from '../../../electron/services/packSigner.ts';
import { makeKeyPair, type SelfSignedRequest } from '../../../electron/services/selfSigned.ts';

export const SIGNING_TIME = Date.parse('2026-01-15T10:00:00Z');
const YEAR = 365 * 86_400_000;

let serials = 1000;
const nextSerial = (): Uint8Array => Uint8Array.of(0x10, ++serials >> 8, serials & 0xff);

export interface Issued {
	readonly name: string;
	readonly certificate: Uint8Array;
	readonly privateKey: KeyObject;
	readonly serial: Uint8Array;
}

type Request = Partial<Parameters<typeof writeCertificate>[0]> & { readonly kind?: SelfSignedRequest['kind'] };

export function issue(name: string, issuer: Issued | null, request: Request = {}): Issued {
	const pair = makeKeyPair(request.kind ?? 'p-256');
	const serial = nextSerial();
	const certificate = writeCertificate(
		{
			subject: name,
			publicKey: pair.publicKey,
			serial,
			notBefore: SIGNING_TIME - YEAR,
			notAfter: SIGNING_TIME + YEAR,
			keyUsage: request.isCa ? ['keyCertSign', 'cRLSign'] : ['digitalSignature', 'nonRepudiation'],
			...request,
		},
		{ name: issuer?.name ?? name, privateKey: issuer?.privateKey ?? pair.privateKey },
	);
	return { name, certificate, privateKey: pair.privateKey, serial };
}

export const root = issue('Test Root', null, { isCa: true });
export const intermediate = issue('Test Intermediate', root, { isCa: true });
export const preparer = issue('Paula Preparer', intermediate);
export const reviewer = issue('Ruben Reviewer', intermediate);
const timestampAuthority = issue('Test Timestamps', root, { extendedKeyUsage: [OID.timeStamping], keyUsage: ['digitalSignature'] });

/** A signer with its chain below the root. */
export const signerOf = (issued: Issued, chain: readonly Issued[] = [intermediate]): PackSigner =>
	keySigner(issued.privateKey, [issued.certificate, ...chain.map(({ certificate }) => certificate)]);

/** A revocation list of `issuer`. */
export function revocationList(issuer: Issued, revoked: readonly Issued[], at = SIGNING_TIME - 1000): Uint8Array {
	const algorithm = signatureAlgorithm(issuer.privateKey);
	const entries = revoked.map(({ serial }) => derSequence(derInteger(serial), time(at)));
	const body = derSequence(
		derInteger(1),
		algorithm,
		distinguishedName(issuer.name),
		time(SIGNING_TIME),
		time(SIGNING_TIME + YEAR),
		derSequence(...entries),
	);
	return derSequence(body, algorithm, derBits(new Uint8Array(sign('sha256', body, issuer.privateKey))));
}

const DIGEST = derSequence(derOid(OID.sha256));

/** An RFC 3161 token over a SHA-256 digest. */
export function timestampToken(digest: Uint8Array, at = SIGNING_TIME): Uint8Array {
	const generalized = der(TAG.generalizedTime, utf8(`${new Date(at).toISOString().slice(0, 19).replace(/[-T:]/g, '')}Z`));
	const imprint = derSequence(derSequence(derOid(OID.sha256), derNull()), derOctets(digest));
	const content = derSequence(derInteger(1), derOid('1.2.3.4.1'), imprint, derInteger(7), generalized, derBoolean(false));
	const attribute = (type: string, value: Uint8Array): Uint8Array => derSequence(derOid(type), derSetOf(value));
	const signedAttributes = derSetOf(
		attribute(OID.contentType, derOid(OID.tstInfo)),
		attribute(OID.messageDigest, derOctets(new Uint8Array(createHash('sha256').update(content).digest()))),
		attribute(OID.signingCertificateV2, signingCertificate([timestampAuthority.certificate])),
	);
	return encodeSignedData({
		digestAlgorithm: DIGEST,
		certificates: [timestampAuthority.certificate],
		issuerAndSerial: issuerAndSerial(timestampAuthority.certificate),
		signedAttributes,
		signatureAlgorithm: derSequence(derOid(OID.ecdsaSha256)),
		signature: new Uint8Array(sign('sha256', signedAttributes, timestampAuthority.privateKey)),
		unsignedAttributes: null,
		encapsulated: { type: OID.tstInfo, content },
	});
}

export const pem = (label: string, ...ders: readonly Uint8Array[]): string =>
	ders
		.map(
			(bytes) =>
				`-----BEGIN ${label}-----\n${Buffer.from(concatBytes(bytes)).toString('base64').replace(/.{64}/g, '$&\n')}\n-----END ${label}-----\n`,
		)
		.join('');
