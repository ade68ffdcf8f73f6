/** One signature of a file, judged: what it covers, whether it holds, who made it and when. */
import { equalBytes } from '#kernel';
import { judgeChain, type Trust, type TrustMaterial } from './certificateChain.ts';
import { type CheckFinding, finding } from './checkCodes.ts';
import { type Coverage, checkCoverage } from './checkCoverage.ts';
import type { FoundSignature } from './checkFindSignatures.ts';
import { encodeSignedData, parseSignedData, type SignedData } from './cms.ts';
import { type DerNode, derInteger, derRetag, derSequence, readDer, TAG } from './der.ts';
import { OID } from './oids.ts';
import { entryOf, nameOf, pdfText } from './pdfSyntaxValue.ts';
import { keyObjection, LEAF_RSA_BITS, type VerifyPorts } from './signatureAlgorithm.ts';
import { parsePdfDate } from './signatureForm.ts';
import { boundCertificates, type SignerAnswer, verifySigner } from './signerInfo.ts';
import { judgeTimestamp } from './timestampToken.ts';
import { type Certificate, KEY_USAGE } from './x509.ts';

export interface SignatureJudgement {
	readonly signature: FoundSignature;
	readonly coverage: Coverage;
	readonly signer: string | null;
	readonly trust: Trust;
	/** Milliseconds; null if the signature states no readable time. */
	readonly time: number | null;
	readonly timeIs: 'claimed' | 'timestamped';
	readonly findings: readonly CheckFinding[];
}

export interface JudgementContext {
	readonly bytes: Uint8Array;
	readonly revisionEnds: ReadonlySet<number>;
	/** Whether the file is a pack: only what this program writes is then accepted. */
	readonly strict: boolean;
	readonly material: TrustMaterial;
	/** Certificates from the document's security store. */
	readonly storedCertificates: readonly Certificate[];
	readonly ports: VerifyPorts;
}

export async function judgeSignature(signature: FoundSignature, context: JudgementContext): Promise<SignatureJudgement> {
	const coverage = checkCoverage(context.bytes, signature, context.revisionEnds, context.strict);
	const claimed = parsePdfDate(pdfText(entryOf(signature.dict, 'M')) ?? '');
	const unread: SignatureJudgement = {
		signature,
		coverage,
		signer: null,
		trust: context.material.roots === null ? 'not_judged' : 'untrusted',
		time: claimed,
		timeIs: 'claimed',
		findings: coverage.findings,
	};
	const { range, value } = coverage;
	if (value === null) return unread;
	const signed = range === null ? null : [context.bytes.subarray(0, range.gapStart), context.bytes.subarray(range.gapEnd, range.end)];
	const inner = signature.isTimestamp
		? await judgeDocumentTimestamp(value, signed, context)
		: await judgeCms(value, signed, claimed, nameOf(signature.dict, 'SubFilter'), context);
	const name = signature.field ?? `object ${signature.objectNumber}`;
	const findings = inner.findings.map(({ code, detail }) => finding(code, `${name}: ${detail}`));
	return { ...unread, ...inner, time: inner.time ?? claimed, findings: [...coverage.findings, ...findings] };
}

type Inner = Pick<SignatureJudgement, 'signer' | 'trust' | 'time' | 'timeIs' | 'findings'>;

async function judgeDocumentTimestamp(value: Uint8Array, signed: readonly Uint8Array[] | null, context: JudgementContext): Promise<Inner> {
	const { trust, time, authority, findings } = await judgeTimestamp(value, signed ?? [], context.material, context.ports);
	return { signer: authority, trust, time, timeIs: trust === 'trusted' ? 'timestamped' : 'claimed', findings };
}

const SUBFILTERS: readonly (string | null)[] = ['ETSI.CAdES.detached', 'adbe.pkcs7.detached'];

async function judgeCms(
	value: Uint8Array,
	signed: readonly Uint8Array[] | null,
	claimed: number | null,
	subFilter: string | null,
	context: JudgementContext,
): Promise<Inner> {
	const { ports, strict, material } = context;
	const nobody: Inner = {
		signer: null,
		trust: material.roots === null ? 'not_judged' : 'untrusted',
		time: null,
		timeIs: 'claimed',
		findings: [],
	};
	const findings: CheckFinding[] = [];
	if (strict ? subFilter !== SUBFILTERS[0] : !SUBFILTERS.includes(subFilter))
		findings.push(finding('subfilter_not_allowed', `/SubFilter is ${subFilter ?? 'absent'}`));
	const parsed = parseSignedData(value);
	if (!parsed.ok) return { ...nobody, findings: [...findings, finding('cms_unreadable', parsed.error)] };
	const data = parsed.value;
	// Without a usable byte range nothing is known to be signed: the digest over nothing then differs, as it should.
	const answer = await verifySigner(data, signed ?? [], OID.data, ports);
	findings.push(...answer.findings, ...(strict ? strictFindings(value, data, answer, ports) : []));
	const stamp = await judgeSignatureTimestamp(data, context);
	findings.push(...stamp.findings);
	const { leaf } = answer;
	if (leaf === null) return { ...nobody, findings };
	findings.push(...leafFindings(leaf, strict));
	const time = stamp.proven ?? claimed;
	const others = [...answer.others, ...context.storedCertificates];
	const chain = await judgeChain({ leaf, others, material, time, timeProven: stamp.proven !== null }, ports);
	findings.push(...chain.findings);
	return { signer: leaf.subjectText, trust: chain.trust, time, timeIs: stamp.proven === null ? 'claimed' : 'timestamped', findings };
}

async function judgeSignatureTimestamp(
	data: SignedData,
	context: JudgementContext,
): Promise<{ proven: number | null; findings: readonly CheckFinding[] }> {
	const token = data.signer.unsignedAttributes.get(OID.signatureTimeStamp);
	if (token === undefined) return { proven: null, findings: [] };
	const { time, trust, findings } = await judgeTimestamp(token.raw, [data.signer.signature], context.material, context.ports);
	return { proven: trust === 'trusted' ? time : null, findings };
}

function leafFindings(leaf: Certificate, strict: boolean): CheckFinding[] {
	const findings: CheckFinding[] = [];
	const objection = keyObjection(leaf.key, LEAF_RSA_BITS);
	if (objection !== null) findings.push(finding('key_not_allowed', `${leaf.subjectText} has ${objection}`));
	const usage = leaf.keyUsage;
	const maySign = usage === null ? !strict : usage.has(KEY_USAGE.digitalSignature) || usage.has(KEY_USAGE.nonRepudiation);
	if (!maySign) findings.push(finding('certificate_key_usage', `${leaf.subjectText} may not sign documents`));
	for (const oid of leaf.unknownCritical)
		findings.push(finding('certificate_constraints', `${leaf.subjectText} has the critical extension ${oid}, which is not understood`));
	return findings;
}

const SIGNED_ATTRIBUTES: readonly string[] = [OID.contentType, OID.messageDigest, OID.signingCertificateV2, OID.cmsAlgorithmProtection];

/** A pack's signatures are PAdES-B as this program writes them; rebuilding one from its parts must give the same bytes. */
function strictFindings(value: Uint8Array, data: SignedData, answer: SignerAnswer, ports: VerifyPorts): CheckFinding[] {
	const { signer } = data;
	const findings: CheckFinding[] = [];
	const missing = SIGNED_ATTRIBUTES.filter((oid) => !signer.attributes.has(oid));
	if (missing.length > 0) findings.push(finding('attributes_invalid', `the signed attributes ${missing.join(', ')} are missing`));
	const extra = [...signer.attributes.keys()].filter((oid) => !SIGNED_ATTRIBUTES.includes(oid));
	if (extra.length > 0) findings.push(finding('attributes_invalid', `the signed attributes ${extra.join(', ')} are not expected`));
	const unsigned = [...signer.unsignedAttributes.keys()].filter((oid) => oid !== OID.signatureTimeStamp);
	if (unsigned.length > 0 || data.carriesRevocation) findings.push(finding('cms_not_canonical', 'unsigned parts other than a timestamp'));
	if (!signer.attributesSorted || !isCanonical(value, data))
		findings.push(finding('cms_not_canonical', 'not the one DER encoding of its parts'));
	const bound = boundCertificates(data) ?? [];
	for (const certificate of answer.others) {
		const isBound = bound.some(({ hash, digest }) => equalBytes(ports.hash(hash, [certificate.raw]), digest));
		if (!isBound) findings.push(finding('certificate_not_bound', `the certificate of ${certificate.subjectText}`));
	}
	if (bound.length > data.certificates.length)
		findings.push(finding('certificate_not_bound', `${bound.length} certificates are bound, ${data.certificates.length} are there`));
	return findings;
}

function isCanonical(value: Uint8Array, data: SignedData): boolean {
	const { signer } = data;
	if (signer.issuerAndSerial === null || signer.signedAttributes === null || data.content !== null) return false;
	const body = readDer(value);
	const info = body.ok ? body.value.children[1]?.children[0]?.children.at(-1)?.children[0] : undefined;
	const unsigned: DerNode | undefined = info?.children.find((node) => node.tag === 0xa1);
	const rebuilt = encodeSignedData({
		digestAlgorithm: signer.digestAlgorithm.raw,
		certificates: data.certificates,
		issuerAndSerial: derSequence(signer.issuerAndSerial.issuer, derInteger(signer.issuerAndSerial.serial)),
		signedAttributes: signer.signedAttributes,
		signatureAlgorithm: signer.signatureAlgorithm.raw,
		signature: signer.signature,
		unsignedAttributes: unsigned === undefined ? null : derRetag(TAG.set, unsigned.raw),
	});
	return equalBytes(rebuilt, value);
}
