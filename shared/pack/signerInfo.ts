/** Whether a CMS signature holds: digest, signed attributes, certificate binding, and the signature value itself. */
import { concatBytes, equalBytes, toHex } from '#kernel';
import { type CheckFinding, finding } from './checkCodes.ts';
import type { SignedData } from './cms.ts';
import { type DerNode, oidText, TAG } from './der.ts';
import { OID } from './oids.ts';
import { fits, type HashName, hashOf, schemeOf, type VerifyPorts } from './signatureAlgorithm.ts';
import { type Certificate, parseCertificate } from './x509.ts';

export interface SignerAnswer {
	readonly leaf: Certificate | null;
	/** The other certificates that came along. */
	readonly others: readonly Certificate[];
	readonly findings: readonly CheckFinding[];
}

/** Verifies `data`'s one signer over the concatenation of `signed`. Collects every objection. */
export async function verifySigner(
	data: SignedData,
	signed: readonly Uint8Array[],
	contentType: string,
	ports: VerifyPorts,
): Promise<SignerAnswer> {
	const findings: CheckFinding[] = [];
	const certificates: Certificate[] = [];
	for (const raw of data.certificates) {
		const certificate = parseCertificate(raw);
		if (certificate === null) findings.push(finding('certificate_unreadable', `a certificate of ${raw.length} bytes`));
		else certificates.push(certificate);
	}
	const { signer } = data;
	const leaf = certificates.find((candidate) => isNamed(candidate, signer.issuerAndSerial)) ?? null;
	const hash = hashOf(signer.digestAlgorithm);
	if (hash === null)
		findings.push(finding('algorithm_not_allowed', `the digest algorithm ${oidText(signer.digestAlgorithm.children[0]) ?? 'unknown'}`));
	else findings.push(...attributeFindings(data, ports.hash(hash, signed), contentType));
	if (leaf === null)
		findings.push(finding('signer_certificate_missing', 'no certificate has the issuer and serial number the signer names'));
	else {
		findings.push(...bindingFindings(data, leaf, ports));
		findings.push(...(await valueFindings(data, leaf, hash, signed, ports)));
	}
	return { leaf, others: certificates.filter((certificate) => certificate !== leaf), findings };
}

function isNamed(certificate: Certificate, name: SignedData['signer']['issuerAndSerial']): boolean {
	return name !== null && equalBytes(certificate.issuer, name.issuer) && equalBytes(certificate.serial, name.serial);
}

/** RFC 5652 §5.3, §5.4 and §11: what must stand in the signed attributes. Without any, the bytes are signed directly. */
function attributeFindings(data: SignedData, digest: Uint8Array, contentType: string): CheckFinding[] {
	const { attributes, signedAttributes, digestAlgorithm, signatureAlgorithm } = data.signer;
	if (signedAttributes === null) return [];
	const findings: CheckFinding[] = [];
	const stated = attributes.get(OID.messageDigest);
	if (stated?.tag !== TAG.octetString) findings.push(finding('attributes_invalid', 'no message digest'));
	else if (!equalBytes(stated.content, digest))
		findings.push(finding('digest_mismatch', `signed ${toHex(stated.content)}, found ${toHex(digest)}`));
	if (oidText(attributes.get(OID.contentType)) !== contentType || data.contentType !== contentType)
		findings.push(finding('attributes_invalid', 'another content type'));
	const protection = attributes.get(OID.cmsAlgorithmProtection);
	if (protection !== undefined) {
		const [digestIdentifier, signatureIdentifier] = protection.children;
		const agrees =
			digestIdentifier !== undefined &&
			equalBytes(digestIdentifier.raw, digestAlgorithm.raw) &&
			signatureIdentifier?.tag === 0xa1 &&
			equalBytes(signatureIdentifier.content, signatureAlgorithm.content);
		if (!agrees) findings.push(finding('attributes_invalid', 'the protected algorithms are not those used (RFC 6211)'));
	}
	return findings;
}

/** The signing-certificate-v2 attribute, where there is one: its first entry must be the leaf (RFC 5035 §3). */
function bindingFindings(data: SignedData, leaf: Certificate, ports: VerifyPorts): CheckFinding[] {
	const bound = boundCertificates(data);
	if (bound === undefined) return [];
	const [first] = bound ?? [];
	const mismatch = finding('signing_certificate_mismatch', `the signer’s certificate is that of ${leaf.subjectText}`);
	if (first === undefined || !equalBytes(ports.hash(first.hash, [leaf.raw]), first.digest)) return [mismatch];
	const [names, serial] = first.issuerSerial?.children ?? [];
	if (names === undefined) return [];
	const directory = names.children.find((name) => name.tag === 0xa4)?.children[0];
	const agrees =
		directory !== undefined && equalBytes(directory.raw, leaf.issuer) && serial !== undefined && equalBytes(serial.content, leaf.serial);
	return agrees ? [] : [mismatch];
}

export interface BoundCertificate {
	readonly hash: HashName;
	readonly digest: Uint8Array;
	readonly issuerSerial: DerNode | undefined;
}

/** The certificates that signing-certificate-v2 binds, leaf first; undefined without the attribute, null if it can't be read. */
export function boundCertificates(data: SignedData): readonly BoundCertificate[] | null | undefined {
	const attribute = data.signer.attributes.get(OID.signingCertificateV2);
	if (attribute === undefined) return undefined;
	const bound: BoundCertificate[] = [];
	for (const identifier of attribute.children[0]?.children ?? []) {
		const parts = [...identifier.children];
		const algorithm = parts[0]?.tag === TAG.sequence ? parts.shift() : undefined;
		const hash = algorithm === undefined ? 'sha256' : hashOf(algorithm);
		const [digest, issuerSerial] = parts;
		if (hash === null || digest?.tag !== TAG.octetString) return null;
		bound.push({ hash, digest: digest.content, issuerSerial });
	}
	return bound;
}

async function valueFindings(
	data: SignedData,
	leaf: Certificate,
	hash: HashName | null,
	signed: readonly Uint8Array[],
	ports: VerifyPorts,
): Promise<CheckFinding[]> {
	const { signer } = data;
	const scheme = schemeOf(signer.signatureAlgorithm.raw, hash);
	if (scheme === null)
		return [finding('algorithm_not_allowed', `the signature algorithm ${oidText(signer.signatureAlgorithm.children[0]) ?? 'unknown'}`)];
	if (!fits(leaf.key, scheme)) return [finding('signature_invalid', `${leaf.subjectText} has no key for this kind of signature`)];
	const message = signer.signedAttributes ?? concatBytes(...signed);
	const holds = await ports.verifySignature({ ...scheme, spki: leaf.spki, message, signature: signer.signature });
	return holds ? [] : [finding('signature_invalid', `with the key of ${leaf.subjectText}`)];
}
