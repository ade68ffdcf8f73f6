/** Signed packs for tests of the verifier, and signatures made wrong on purpose. */
import { createHash } from 'node:crypto';
import { concatBytes } from '#kernel';
import {
	type Certificate,
	type CheckCode,
	type CheckOptions,
	type CheckReport,
	checkPack,
	der,
	derOctets,
	derOid,
	derSequence,
	derSetOf,
	encodeSignedData,
	entryOf,
	OID,
	parseCertificate,
	parseRevocationList,
	type RevocationList,
	TAG,
} from '#pack';
import { nodeVerifyPorts } from '../../../electron/services/checkPorts.ts';
import { issuerAndSerial, signingCertificate } from '../../../electron/services/cmsWriter.ts';
import type { PackSigner } from '../../../electron/services/packSigner.ts';
import { countersignPack, signPack } from '../../../electron/services/signPack.ts';
import { intermediate, preparer, reviewer, root, SIGNING_TIME, signerOf } from '../../electron/services/testAuthority.ts';
import { BOTH_REQUIRED, type PackRequest, renderFixture } from './packFixture.ts';
import { open, signatureOf, withCms } from './tamper.ts';

export const anchor = (raw: Uint8Array): Certificate => parseCertificate(raw) as Certificate;
export const ROOTS = [anchor(root.certificate)];

export type Timestamp = (digest: Uint8Array) => Uint8Array;

export async function certify(
	request: PackRequest = {},
	signer: PackSigner = signerOf(preparer),
	timestamp?: Timestamp,
): Promise<Uint8Array> {
	const unsigned = await renderFixture({ roles: BOTH_REQUIRED, ...request });
	const signed = await signPack(unsigned, signer, {
		field: 'Preparer',
		time: SIGNING_TIME,
		reason: 'Prepared',
		...(timestamp && { timestamp }),
	});
	if (!signed.ok) throw new Error(signed.error.detail);
	return signed.value;
}

export async function countersign(certified: Uint8Array, timestamp?: Timestamp): Promise<Uint8Array> {
	const words = { time: SIGNING_TIME + 60_000, reason: 'Reviewed', ...(timestamp && { timestamp }) };
	const signed = await countersignPack(certified, signerOf(reviewer), words);
	if (!signed.ok) throw new Error(signed.error.detail);
	return signed.value;
}

export const both = async (request: PackRequest = {}, signer?: PackSigner): Promise<Uint8Array> =>
	countersign(await certify(request, signer));

export const check = (
	bytes: Uint8Array,
	roots: readonly Certificate[] | null = ROOTS,
	crls: readonly Uint8Array[] = [],
	more: Partial<CheckOptions> = {},
): Promise<CheckReport> =>
	checkPack(bytes, {
		ports: nodeVerifyPorts,
		...(roots && { caRoots: roots }),
		revocations: crls.map((crl) => parseRevocationList(crl) as RevocationList),
		...more,
	});

export const codesOf = (report: CheckReport): CheckCode[] => report.codes.map(({ code }) => code);

export interface Forgery {
	readonly digest?: Uint8Array;
	readonly key?: PackSigner;
	readonly certificates?: readonly Uint8Array[];
	/** Attributes by type; null leaves one out. */
	readonly attributes?: Readonly<Record<string, Uint8Array | null>>;
	readonly unsorted?: boolean;
	readonly digestAlgorithm?: string;
	readonly signatureAlgorithm?: Uint8Array;
	readonly unsigned?: Uint8Array;
}

/** The reviewer's signature of `signed` made again, with parts of it wrong on purpose. */
export function forge(signed: Uint8Array, forgery: Forgery): Uint8Array {
	return withCms(signed, 'Reviewer', () => {
		const contents = entryOf(signatureOf(open(signed), 'Reviewer'), 'Contents') as { start: number; end: number };
		const hash = createHash('sha256').update(signed.subarray(0, contents.start)).update(signed.subarray(contents.end)).digest();
		const certificates = forgery.certificates ?? [reviewer.certificate, intermediate.certificate];
		const signatureAlgorithm = forgery.signatureAlgorithm ?? derSequence(derOid(OID.ecdsaSha256));
		const digestAlgorithm = derSequence(derOid(forgery.digestAlgorithm ?? OID.sha256));
		const values: Record<string, Uint8Array | null> = {
			[OID.contentType]: derOid(OID.data),
			[OID.messageDigest]: derOctets(forgery.digest ?? new Uint8Array(hash)),
			[OID.signingCertificateV2]: signingCertificate([reviewer.certificate, intermediate.certificate]),
			[OID.cmsAlgorithmProtection]: derSequence(digestAlgorithm, concatBytes(Uint8Array.of(0xa1), signatureAlgorithm.subarray(1))),
			...forgery.attributes,
		};
		const attributes = Object.entries(values).flatMap(([type, value]) =>
			value === null ? [] : [derSequence(derOid(type), derSetOf(value))],
		);
		const sorted = derSetOf(...attributes);
		const signedAttributes = forgery.unsorted ? der(TAG.set, ...unsorted(sorted, attributes)) : sorted;
		return encodeSignedData({
			digestAlgorithm,
			certificates,
			issuerAndSerial: issuerAndSerial(reviewer.certificate),
			signedAttributes,
			signatureAlgorithm,
			signature: (forgery.key ?? signerOf(reviewer)).sign(signedAttributes) as Uint8Array,
			unsignedAttributes: forgery.unsigned ?? null,
		});
	});
}

/** The attributes in an order that is not the sorted one. */
function unsorted(sorted: Uint8Array, attributes: readonly Uint8Array[]): readonly Uint8Array[] {
	const reversed = [...attributes].reverse();
	return Buffer.compare(der(TAG.set, ...reversed), sorted) === 0 ? attributes : reversed;
}
