/** RFC 3161 timestamp tokens: what they stamp, when, and whether they verify. */
import { equalBytes } from '#kernel';
import { judgeChain, type Trust, type TrustMaterial } from './certificateChain.ts';
import { type CheckFinding, finding } from './checkCodes.ts';
import { parseSignedData } from './cms.ts';
import { readDer, smallInteger, TAG } from './der.ts';
import { OID } from './oids.ts';
import { hashOf, type VerifyPorts } from './signatureAlgorithm.ts';
import { verifySigner } from './signerInfo.ts';
import { parseTime } from './x509.ts';

export interface TimestampAnswer {
	/** Milliseconds the token states; null if it can't be read or does not verify. */
	readonly time: number | null;
	readonly authority: string | null;
	readonly trust: Trust;
	readonly findings: readonly CheckFinding[];
}

const broken = (detail: string): TimestampAnswer => ({
	time: null,
	authority: null,
	trust: 'not_judged',
	findings: [finding('timestamp_invalid', detail)],
});

/** Judges a token over the concatenation of `stamped`. An untrusted authority is no objection: the time is then only claimed. */
export async function judgeTimestamp(
	token: Uint8Array,
	stamped: readonly Uint8Array[],
	material: TrustMaterial,
	ports: VerifyPorts,
): Promise<TimestampAnswer> {
	const parsed = parseSignedData(token);
	if (!parsed.ok) return broken('the token is no CMS SignedData');
	if (parsed.value.contentType !== OID.tstInfo || parsed.value.content === null) return broken('the token holds no TSTInfo');
	const info = parseInfo(parsed.value.content);
	if (info === null) return broken('the token’s TSTInfo can’t be read');
	const { imprint, time } = info;
	if (!equalBytes(ports.hash(imprint.hash, stamped), imprint.digest)) {
		return {
			time: null,
			authority: null,
			trust: 'not_judged',
			findings: [finding('timestamp_mismatch', 'the token’s message imprint is another digest')],
		};
	}
	const signer = await verifySigner(parsed.value, [parsed.value.content], OID.tstInfo, ports);
	if (signer.leaf === null || signer.findings.length > 0) return broken(signer.findings[0]?.detail ?? 'the token carries no certificate');
	const usage = signer.leaf.extendedKeyUsage;
	if (usage?.length !== 1 || usage[0] !== OID.timeStamping) return broken(`${signer.leaf.subjectText} may not issue timestamps`);
	const chain = await judgeChain({ leaf: signer.leaf, others: signer.others, material, time, timeProven: false }, ports);
	return { time, authority: signer.leaf.subjectText, trust: chain.trust, findings: [] };
}

function parseInfo(content: Uint8Array) {
	const parsed = readDer(content);
	if (!parsed.ok || parsed.value.tag !== TAG.sequence) return null;
	const [version, , messageImprint, , generalizedTime] = parsed.value.children;
	const hash = hashOf(messageImprint?.children[0]);
	const digest = messageImprint?.children[1];
	const time = generalizedTime?.tag === TAG.generalizedTime ? parseTime(generalizedTime) : null;
	if (smallInteger(version) !== 1 || hash === null || digest?.tag !== TAG.octetString || time === null) return null;
	return { imprint: { hash, digest: digest.content }, time };
}
