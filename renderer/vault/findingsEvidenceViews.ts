/** Evidence of a finding for the window, and whether it still stands as it was linked. */
import { type EvidenceLink, exceptionIndex, type Finding, lastDigest, memberName, type TriageVerdict } from '#findings';
import type { OpenEngagement } from './contract.ts';

export interface EvidenceView {
	readonly linkId: string;
	/** E1, E2 … in the order of linking. */
	readonly tag: string;
	readonly link: EvidenceLink;
	readonly addedBy: string;
	readonly addedAt: string;
	/** `changed`: the result has another hash now; `gone`: no longer among the results or documents; `not_checked`: can't be told now. */
	readonly standing: 'as_linked' | 'changed' | 'gone' | 'not_checked';
	/** What it says now: an exception's sentence, a test's verdict. */
	readonly words: string;
	readonly orderId: string | null;
	readonly verdict: TriageVerdict | null;
	/** Labels of other findings that rest on the same. */
	readonly alsoIn: readonly string[];
}

export function evidenceViews(engagement: OpenEngagement, finding: Finding): EvidenceView[] {
	const workbook = engagement.workbook();
	return finding.evidence.map(({ linkId, link, stamp }, at) => ({
		linkId,
		tag: `E${at + 1}`,
		link,
		addedBy: memberName(workbook, stamp.memberId),
		addedAt: stamp.at,
		...standingOf(engagement, link),
		alsoIn: [...workbook.findings.values()]
			.filter((other) => other.findingId !== finding.findingId && other.evidence.some((one) => isSame(one.link, link)))
			.map((other) => other.label),
	}));
}

const identity = (link: EvidenceLink): string =>
	link.kind === 'exception' ? link.exceptionKey : link.kind === 'result' ? link.test : link.sha256;

const isSame = (a: EvidenceLink, b: EvidenceLink): boolean => a.kind === b.kind && identity(a) === identity(b);

type Standing = Pick<EvidenceView, 'standing' | 'words' | 'orderId' | 'verdict'>;

function standingOf(engagement: OpenEngagement, link: EvidenceLink): Standing {
	const workbook = engagement.workbook();
	const plain = { orderId: null, verdict: null };
	switch (link.kind) {
		case 'exception': {
			const results = engagement.results();
			const verdict = workbook.judgements.get(link.exceptionKey)?.verdict ?? 'new';
			if (!results) return { ...plain, verdict, standing: 'not_checked', words: 'No results are loaded' };
			const found = exceptionIndex(results).get(link.exceptionKey);
			return found
				? { standing: 'as_linked', words: found.exception.reason, orderId: found.exception.order_id, verdict }
				: { ...plain, verdict, standing: 'gone', words: 'No longer among the results' };
		}
		case 'result': {
			const digest = lastDigest(workbook, link.test);
			if (!digest) return { ...plain, standing: 'not_checked', words: 'Never run here' };
			const words = `${digest.verdict.replace('_', ' ')}, ${digest.exceptions} exceptions of ${digest.rows} tested`;
			return { ...plain, standing: digest.resultSha256 === link.resultSha256 ? 'as_linked' : 'changed', words };
		}
		case 'document': {
			const documents = engagement.evidence()?.drop.documents;
			if (!documents) return { ...plain, standing: 'not_checked', words: 'No evidence is loaded' };
			if (documents.altered.includes(link.sha256)) return { ...plain, standing: 'changed', words: 'Other bytes lie under its hash' };
			return documents.missing.includes(link.sha256)
				? { ...plain, standing: 'gone', words: 'Cited by the drop, but not in it' }
				: { ...plain, standing: 'as_linked', words: link.fileName };
		}
		default:
			return { ...plain, standing: 'not_checked', words: `${link.table} ${link.key}`, orderId: null };
	}
}
