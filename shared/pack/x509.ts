/** X.509 certificates and revocation lists (RFC 5280), parsed from DER. Parsing judges nothing: see certificateChain.ts. */
import { compareBytes, fromUtf8, toHex } from '#kernel';
import { contextTag, type DerNode, oidText, readDer, smallInteger, TAG } from './der.ts';
import { OID } from './oids.ts';

export type PublicKey =
	| { readonly kind: 'rsa'; readonly bits: number }
	| { readonly kind: 'ec'; readonly curve: string | null }
	| { readonly kind: 'other'; readonly algorithm: string };

export interface Certificate {
	readonly raw: Uint8Array;
	/** The bytes the issuer signed. */
	readonly signed: Uint8Array;
	/** Content octets of the serial number. */
	readonly serial: Uint8Array;
	readonly issuer: Uint8Array;
	readonly subject: Uint8Array;
	/** The subject for people: its common name, else its organisation, else the whole name in hex. */
	readonly subjectText: string;
	/** Milliseconds since 1970. */
	readonly notBefore: number;
	readonly notAfter: number;
	readonly spki: Uint8Array;
	readonly key: PublicKey;
	readonly signatureAlgorithm: Uint8Array;
	readonly signature: Uint8Array;
	readonly authority: { readonly isCa: boolean; readonly pathLength: number | null };
	/** Bit 0 is digitalSignature (RFC 5280 §4.2.1.3); null when the extension is absent. */
	readonly keyUsage: ReadonlySet<number> | null;
	readonly extendedKeyUsage: readonly string[] | null;
	/** Critical extensions this program does not process. */
	readonly unknownCritical: readonly string[];
}

export const KEY_USAGE = { digitalSignature: 0, nonRepudiation: 1, keyCertSign: 5, cRLSign: 6 } as const;

/** Parses a certificate that fills `raw` exactly; null when it is none. */
export function parseCertificate(raw: Uint8Array): Certificate | null {
	const parsed = readDer(raw);
	if (!parsed.ok || parsed.value.tag !== TAG.sequence) return null;
	const [signed, algorithm, signature, ...rest] = parsed.value.children;
	if (signed?.tag !== TAG.sequence || algorithm === undefined || signature?.tag !== TAG.bitString || rest.length > 0) return null;
	// Version 1 leaves its number out, and has no extensions.
	const fields = signed.children[0]?.tag === contextTag(0) ? signed.children.slice(1) : signed.children;
	const [serial, innerAlgorithm, issuer, validity, subject, spki, ...optional] = fields;
	if (serial?.tag !== TAG.integer || innerAlgorithm === undefined || compareBytes(innerAlgorithm.raw, algorithm.raw) !== 0) return null;
	const key = spki === undefined ? null : parseKey(spki);
	const notBefore = parseTime(validity?.children[0]);
	const notAfter = parseTime(validity?.children[1]);
	const extensions = parseExtensions(optional);
	if (
		issuer === undefined ||
		subject === undefined ||
		spki === undefined ||
		key === null ||
		notBefore === null ||
		notAfter === null ||
		extensions === null
	)
		return null;
	return {
		raw,
		signed: signed.raw,
		serial: serial.content,
		issuer: issuer.raw,
		subject: subject.raw,
		subjectText: nameText(subject),
		notBefore,
		notAfter,
		spki: spki.raw,
		key,
		signatureAlgorithm: algorithm.raw,
		signature: signature.content.subarray(1),
		...extensions,
	};
}

function parseKey(spki: DerNode): PublicKey | null {
	const [algorithm, key] = spki.children;
	const oid = oidText(algorithm?.children[0]);
	if (oid === null || key?.tag !== TAG.bitString) return null;
	if (oid === OID.ecPublicKey) return { kind: 'ec', curve: oidText(algorithm?.children[1]) };
	if (oid !== OID.rsaEncryption) return { kind: 'other', algorithm: oid };
	const inner = readDer(key.content.subarray(1));
	const modulus = inner.ok ? inner.value.children[0] : undefined;
	if (modulus?.tag !== TAG.integer) return null;
	const [first = 0, ...more] = modulus.content[0] === 0 ? modulus.content.subarray(1) : modulus.content;
	return { kind: 'rsa', bits: first === 0 ? 0 : 8 * more.length + (32 - Math.clz32(first)) };
}

/** UTCTime or GeneralizedTime in the one form RFC 5280 §4.1.2.5 allows, as milliseconds. */
export function parseTime(node: DerNode | undefined): number | null {
	if (node === undefined || node.content.length > 32) return null;
	const text = String.fromCharCode(...node.content);
	const match =
		node.tag === TAG.utcTime
			? /^(\d\d)(\d{10})Z$/.exec(text)
			: node.tag === TAG.generalizedTime
				? /^(\d{4})(\d{10})(?:\.\d{1,9})?Z$/.exec(text)
				: null;
	if (match === null) return null;
	const [, head = '', rest = ''] = match;
	const year = head.length === 4 ? head : Number(head) >= 50 ? `19${head}` : `20${head}`;
	const [month, day, hour, minute, second] = rest.match(/../g) ?? [];
	const ms = Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.000Z`);
	return Number.isNaN(ms) ? null : ms;
}

type Extensions = Pick<Certificate, 'authority' | 'keyUsage' | 'extendedKeyUsage' | 'unknownCritical'>;

/** Known without effect on a signature's validity, or bound elsewhere. */
const HARMLESS: readonly string[] = [OID.subjectKeyIdentifier, OID.authorityKeyIdentifier, OID.subjectAltName, OID.certificatePolicies];

function parseExtensions(optional: readonly DerNode[]): Extensions | null {
	let authority: Certificate['authority'] = { isCa: false, pathLength: null };
	let keyUsage: ReadonlySet<number> | null = null;
	let extendedKeyUsage: readonly string[] | null = null;
	const unknownCritical: string[] = [];
	const seen = new Set<string>();
	const list = optional.find((node) => node.tag === contextTag(3))?.children[0]?.children ?? [];
	for (const extension of list) {
		const oid = oidText(extension.children[0]);
		const critical = extension.children.length === 3 && extension.children[1]?.content[0] === 0xff;
		const octets = extension.children.at(-1);
		if (oid === null || octets?.tag !== TAG.octetString || seen.has(oid)) return null;
		seen.add(oid);
		const value = readDer(octets.content);
		if (oid === OID.basicConstraints && value.ok) {
			const [isCa, pathLength] = value.value.children;
			authority = { isCa: isCa?.content[0] === 0xff, pathLength: smallInteger(pathLength) };
		} else if (oid === OID.keyUsage && value.ok) keyUsage = bitsOf(value.value);
		else if (oid === OID.extendedKeyUsage && value.ok) extendedKeyUsage = value.value.children.map((usage) => oidText(usage) ?? '');
		else if (critical && !HARMLESS.includes(oid)) unknownCritical.push(oid);
	}
	return { authority, keyUsage, extendedKeyUsage, unknownCritical };
}

function bitsOf(node: DerNode): ReadonlySet<number> {
	const bits = new Set<number>();
	node.content.subarray(1).forEach((octet, index) => {
		for (let bit = 0; bit < 8; bit++) if ((octet & (0x80 >> bit)) !== 0) bits.add(8 * index + bit);
	});
	return bits;
}

function nameText(name: DerNode): string {
	const attributes = name.children.flatMap((relative) => relative.children);
	for (const wanted of [OID.commonName, OID.organization]) {
		const value = attributes.find((attribute) => oidText(attribute.children[0]) === wanted)?.children[1];
		const text = value === undefined ? null : stringText(value);
		if (text !== null && text !== '') return text;
	}
	return toHex(name.raw);
}

function stringText(node: DerNode): string | null {
	if (node.tag === TAG.bmpString) {
		let text = '';
		for (let i = 0; i + 1 < node.content.length; i += 2)
			text += String.fromCharCode(((node.content[i] as number) << 8) | (node.content[i + 1] as number));
		return text.toWellFormed();
	}
	return fromUtf8(node.content) ?? toHex(node.content);
}

/** Whether a certificate names itself as its issuer. Says nothing of its signature. */
export const isSelfIssued = (certificate: Certificate): boolean => compareBytes(certificate.issuer, certificate.subject) === 0;

export interface RevocationList {
	readonly signed: Uint8Array;
	readonly issuer: Uint8Array;
	readonly signatureAlgorithm: Uint8Array;
	readonly signature: Uint8Array;
	/** Serial numbers in hex, with the milliseconds of their revocation. */
	readonly revoked: ReadonlyMap<string, number>;
}

/** Parses a CertificateList (RFC 5280 §5.1); null when it is none or has no readable entry where one stands. */
export function parseRevocationList(raw: Uint8Array): RevocationList | null {
	const parsed = readDer(raw);
	if (!parsed.ok || parsed.value.children.length !== 3) return null;
	const [signed, algorithm, signature] = parsed.value.children as readonly [DerNode, DerNode, DerNode];
	const fields = signed.children.filter((field, i) => !(i === 0 && field.tag === TAG.integer));
	const [, issuer, thisUpdate, ...rest] = fields;
	if (issuer?.tag !== TAG.sequence || parseTime(thisUpdate) === null || signature.tag !== TAG.bitString) return null;
	const entries = rest.find((field) => field.tag === TAG.sequence)?.children ?? [];
	const revoked = new Map<string, number>();
	for (const entry of entries) {
		const [serial, time] = entry.children;
		const at = parseTime(time);
		if (serial?.tag !== TAG.integer || at === null) return null;
		revoked.set(toHex(serial.content), at);
	}
	return {
		signed: signed.raw,
		issuer: issuer.raw,
		signatureAlgorithm: algorithm.raw,
		signature: signature.content.subarray(1),
		revoked,
	};
}
