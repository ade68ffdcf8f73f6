/** From a signer's certificate to a trusted one (RFC 5280 §6, the part that signatures on packs need). */
import { equalBytes, toHex } from '#kernel';
import { type CheckFinding, finding } from './checkCodes.ts';
import { AUTHORITY_RSA_BITS, fits, keyObjection, schemeOf, type VerifyPorts } from './signatureAlgorithm.ts';
import { type Certificate, isSelfIssued, KEY_USAGE, type RevocationList } from './x509.ts';

export type Trust = 'trusted' | 'untrusted' | 'not_judged';

export interface TrustMaterial {
	/** Trust anchors: roots, intermediates, or a signer's own certificate to pin it. Null: who signed is not judged. */
	readonly roots: readonly Certificate[] | null;
	readonly revocations: readonly RevocationList[];
}

export interface ChainQuestion {
	readonly leaf: Certificate;
	/** Certificates that came along; they are candidates, not trusted. */
	readonly others: readonly Certificate[];
	readonly material: TrustMaterial;
	/** Milliseconds of the signature's time, proven or claimed; null if there is none. */
	readonly time: number | null;
	/** Whether `time` is proven by a trusted timestamp. */
	readonly timeProven: boolean;
}

export interface ChainAnswer {
	readonly trust: Trust;
	readonly findings: readonly CheckFinding[];
}

const MAX_LENGTH = 8;
const MAX_STEPS = 64;

/** Judges validity, usage, constraints and revocation along the chain; collects every objection. */
export async function judgeChain(question: ChainQuestion, ports: VerifyPorts): Promise<ChainAnswer> {
	const { leaf, material } = question;
	const pool = [...(material.roots ?? []), ...question.others];
	const path = await findPath(leaf, pool, material.roots ?? [], ports);
	const findings = path.certificates.flatMap((certificate) => validityFindings(certificate, question.time));
	findings.push(...authorityFindings(path.certificates.slice(1)));
	for (const certificate of path.certificates) findings.push(...(await revocationFindings(certificate, pool, question, ports)));
	if (material.roots === null) return { trust: findings.length === 0 ? 'not_judged' : 'untrusted', findings };
	if (!path.anchored) {
		const last = path.certificates.at(-1) as Certificate;
		findings.push(
			last === leaf && isSelfIssued(leaf)
				? finding('signer_self_signed', `${leaf.subjectText} vouches for itself`)
				: finding('issuer_unknown', `the issuer of ${last.subjectText} is neither in the signature nor among the trusted certificates`),
		);
	}
	return { trust: findings.length === 0 ? 'trusted' : 'untrusted', findings };
}

interface Path {
	/** Leaf first; the anchor last, if one was reached. */
	readonly certificates: readonly Certificate[];
	readonly anchored: boolean;
}

/** The first chain of verified signatures that reaches a root; else the longest one found. */
async function findPath(leaf: Certificate, pool: readonly Certificate[], roots: readonly Certificate[], ports: VerifyPorts): Promise<Path> {
	let steps = MAX_STEPS;
	let longest: readonly Certificate[] = [leaf];
	const isRoot = (certificate: Certificate): boolean => roots.some((root) => equalBytes(root.raw, certificate.raw));
	async function extend(path: readonly Certificate[]): Promise<Path | null> {
		const last = path.at(-1) as Certificate;
		if (isRoot(last)) return { certificates: path, anchored: true };
		if (path.length > longest.length) longest = path;
		if (path.length === MAX_LENGTH) return null;
		for (const candidate of pool) {
			if (!equalBytes(candidate.subject, last.issuer) || path.some((known) => equalBytes(known.raw, candidate.raw))) continue;
			if (--steps < 0 || !(await isSignedBy(last, candidate, ports))) continue;
			const found = await extend([...path, candidate]);
			if (found !== null) return found;
		}
		return null;
	}
	return (await extend([leaf])) ?? { certificates: longest, anchored: false };
}

type Signed = Pick<Certificate, 'signed' | 'signatureAlgorithm' | 'signature'>;

function isSignedBy(signed: Signed, issuer: Certificate, ports: VerifyPorts): boolean | Promise<boolean> {
	const scheme = schemeOf(signed.signatureAlgorithm);
	if (scheme === null || !fits(issuer.key, scheme)) return false;
	return ports.verifySignature({ ...scheme, spki: issuer.spki, message: signed.signed, signature: signed.signature });
}

function validityFindings(certificate: Certificate, time: number | null): CheckFinding[] {
	if (time === null) return [];
	const day = (ms: number): string => new Date(ms).toISOString();
	if (time > certificate.notAfter)
		return [finding('certificate_expired', `${certificate.subjectText} was valid until ${day(certificate.notAfter)}`)];
	if (time < certificate.notBefore)
		return [finding('certificate_not_yet_valid', `${certificate.subjectText} is valid from ${day(certificate.notBefore)}`)];
	return [];
}

function authorityFindings(authorities: readonly Certificate[]): CheckFinding[] {
	const findings: CheckFinding[] = [];
	authorities.forEach((certificate, below) => {
		const { authority, keyUsage, subjectText } = certificate;
		if (!authority.isCa) findings.push(finding('certificate_constraints', `${subjectText} is no certificate authority`));
		if (authority.pathLength !== null && below > authority.pathLength)
			findings.push(finding('certificate_constraints', `${subjectText} allows ${authority.pathLength} authorities below it, ${below} are`));
		if (keyUsage !== null && !keyUsage.has(KEY_USAGE.keyCertSign))
			findings.push(finding('certificate_key_usage', `${subjectText} may not sign certificates`));
		const objection = keyObjection(certificate.key, AUTHORITY_RSA_BITS);
		if (objection !== null) findings.push(finding('key_not_allowed', `${subjectText} has ${objection}`));
		for (const oid of certificate.unknownCritical)
			findings.push(finding('certificate_constraints', `${subjectText} has the critical extension ${oid}, which is not understood`));
	});
	return findings;
}

async function revocationFindings(
	certificate: Certificate,
	pool: readonly Certificate[],
	question: ChainQuestion,
	ports: VerifyPorts,
): Promise<CheckFinding[]> {
	const findings: CheckFinding[] = [];
	const issuers = pool.filter((candidate) => equalBytes(candidate.subject, certificate.issuer));
	for (const list of question.material.revocations) {
		if (!equalBytes(list.issuer, certificate.issuer) || isSelfIssued(certificate)) continue;
		let verified = false;
		for (const issuer of issuers) verified ||= await isSignedBy(list, issuer, ports);
		if (!verified) {
			if (issuers.length > 0) findings.push(finding('revocation_list_unusable', `the revocation list for ${certificate.subjectText}`));
			continue;
		}
		const at = list.revoked.get(toHex(certificate.serial));
		// A claimed time proves nothing: only a trusted timestamp shows that a signature came before the revocation.
		if (at === undefined || (question.timeProven && question.time !== null && question.time < at)) continue;
		findings.push(finding('certificate_revoked', `${certificate.subjectText} was revoked on ${new Date(at).toISOString()}`));
	}
	return findings;
}
