/** CMS SignedData with one signer (RFC 5652 §5), parsed from strict DER. */
import { err, ok, type Result } from '#kernel';
import {
	contextTag,
	type DerNode,
	derContext,
	derInteger,
	derOctets,
	derOid,
	derRetag,
	derSequence,
	derSetOf,
	isSortedSet,
	oidText,
	readDer,
	smallInteger,
	TAG,
} from './der.ts';
import { OID } from './oids.ts';

export interface SignedData {
	readonly digestAlgorithms: readonly DerNode[];
	readonly contentType: string;
	/** The encapsulated content, or null for a detached signature. */
	readonly content: Uint8Array | null;
	/** DER of each certificate, in the order they stand. */
	readonly certificates: readonly Uint8Array[];
	readonly carriesRevocation: boolean;
	readonly signer: SignerInfo;
}

export interface SignerInfo {
	readonly version: number;
	/** Issuer and serial number, or null where the signer is named by a key identifier. */
	readonly issuerAndSerial: { readonly issuer: Uint8Array; readonly serial: Uint8Array } | null;
	readonly digestAlgorithm: DerNode;
	/** The signed attributes as they are hashed: under the SET tag. Null where there are none. */
	readonly signedAttributes: Uint8Array | null;
	readonly attributesSorted: boolean;
	/** First value of each signed attribute, by type; an attribute that stands twice or has not one value is a fault. */
	readonly attributes: ReadonlyMap<string, DerNode>;
	readonly signatureAlgorithm: DerNode;
	readonly signature: Uint8Array;
	readonly unsignedAttributes: ReadonlyMap<string, DerNode>;
}

export type CmsFault = 'not_signed_data' | 'not_one_signer' | 'bad_attributes';

/** Parses a ContentInfo that fills `bytes` exactly. */
export function parseSignedData(bytes: Uint8Array): Result<SignedData, CmsFault> {
	const parsed = readDer(bytes);
	if (!parsed.ok || parsed.value.tag !== TAG.sequence) return err('not_signed_data');
	const [type, explicit, ...more] = parsed.value.children;
	const body = explicit?.children[0];
	if (oidText(type) !== OID.signedData || explicit?.tag !== contextTag(0) || body?.tag !== TAG.sequence || more.length > 0)
		return err('not_signed_data');
	const [version, digests, encapsulated, ...rest] = body.children;
	const signers = rest.at(-1);
	const optional = rest.slice(0, -1);
	if (smallInteger(version) === null || digests?.tag !== TAG.set || encapsulated?.tag !== TAG.sequence || signers?.tag !== TAG.set)
		return err('not_signed_data');
	if (optional.some((node) => node.tag !== contextTag(0) && node.tag !== contextTag(1))) return err('not_signed_data');
	if (signers.children.length !== 1) return err('not_one_signer');
	const contentType = oidText(encapsulated.children[0]);
	const content = encapsulated.children[1];
	if (contentType === null || (content !== undefined && content.children[0]?.tag !== TAG.octetString)) return err('not_signed_data');
	const signer = parseSigner(signers.children[0] as DerNode);
	if (!signer.ok) return signer;
	return ok({
		digestAlgorithms: digests.children,
		contentType,
		content: content?.children[0]?.content ?? null,
		certificates: optional.find((node) => node.tag === contextTag(0))?.children.map((node) => node.raw) ?? [],
		carriesRevocation: optional.some((node) => node.tag === contextTag(1)),
		signer: signer.value,
	});
}

function parseSigner(info: DerNode): Result<SignerInfo, CmsFault> {
	const [version, identifier, digestAlgorithm, ...rest] = info.children;
	const signed = rest[0]?.tag === contextTag(0) ? rest.shift() : undefined;
	const [signatureAlgorithm, signature, unsigned, ...more] = rest;
	const versionNumber = smallInteger(version);
	if (versionNumber === null || identifier === undefined || digestAlgorithm === undefined || signatureAlgorithm === undefined)
		return err('not_signed_data');
	if (signature?.tag !== TAG.octetString || more.length > 0 || (unsigned !== undefined && unsigned.tag !== contextTag(1)))
		return err('not_signed_data');
	const attributes = attributesOf(signed);
	const unsignedAttributes = attributesOf(unsigned);
	if (attributes === null || unsignedAttributes === null) return err('bad_attributes');
	const [issuer, serial] = identifier.tag === TAG.sequence ? identifier.children : [];
	return ok({
		version: versionNumber,
		issuerAndSerial: issuer !== undefined && serial?.tag === TAG.integer ? { issuer: issuer.raw, serial: serial.content } : null,
		digestAlgorithm,
		signedAttributes: signed === undefined ? null : retagged(signed.raw),
		attributesSorted: signed === undefined || isSortedSet(signed),
		attributes,
		signatureAlgorithm,
		signature: signature.content,
		unsignedAttributes,
	});
}

/** The attributes are stored under [0] but hashed under SET (RFC 5652 §5.4). */
function retagged(raw: Uint8Array): Uint8Array {
	const copy = raw.slice();
	copy[0] = TAG.set;
	return copy;
}

function attributesOf(set: DerNode | undefined): Map<string, DerNode> | null {
	const attributes = new Map<string, DerNode>();
	for (const attribute of set?.children ?? []) {
		const [type, values, ...more] = attribute.children;
		const oid = oidText(type);
		const [value, ...others] = values?.tag === TAG.set ? values.children : [];
		if (oid === null || value === undefined || others.length > 0 || more.length > 0 || attributes.has(oid)) return null;
		attributes.set(oid, value);
	}
	return attributes;
}

/** The parts of a detached signature, each already DER. */
export interface SignedDataParts {
	readonly digestAlgorithm: Uint8Array;
	readonly certificates: readonly Uint8Array[];
	/** The issuer's name and the INTEGER of the serial number. */
	readonly issuerAndSerial: Uint8Array;
	/** SET OF Attribute. */
	readonly signedAttributes: Uint8Array;
	readonly signatureAlgorithm: Uint8Array;
	readonly signature: Uint8Array;
	/** SET OF Attribute, or null. */
	readonly unsignedAttributes: Uint8Array | null;
	/** For a timestamp token: the type and bytes of the encapsulated content. Null for a detached signature of data. */
	readonly encapsulated?: { readonly type: string; readonly content: Uint8Array };
}

/**
 * The one encoding this program writes and, in its own packs, accepts: one signer, one digest algorithm, sorted sets.
 * A verifier that builds it again and compares leaves no byte of a signature unexamined.
 */
export function encodeSignedData(parts: SignedDataParts): Uint8Array {
	const { encapsulated } = parts;
	const content =
		encapsulated === undefined
			? derSequence(derOid(OID.data))
			: derSequence(derOid(encapsulated.type), derContext(0, derOctets(encapsulated.content)));
	const signer = derSequence(
		derInteger(1),
		parts.issuerAndSerial,
		parts.digestAlgorithm,
		derRetag(contextTag(0), parts.signedAttributes),
		parts.signatureAlgorithm,
		derOctets(parts.signature),
		...(parts.unsignedAttributes === null ? [] : [derRetag(contextTag(1), parts.unsignedAttributes)]),
	);
	const certificates = derRetag(contextTag(0), derSetOf(...parts.certificates));
	const version = derInteger(encapsulated === undefined ? 1 : 3);
	const body = derSequence(version, derSetOf(parts.digestAlgorithm), content, certificates, derSetOf(signer));
	return derSequence(derOid(OID.signedData), derContext(0, body));
}
