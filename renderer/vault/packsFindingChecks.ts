/** What stands in the way of a pack of one finding; and what a check is. */
import { exceptionIndex, type Finding, openNotes, signoffStatus } from '#findings';
import type { OpenEngagement } from './contract.ts';
import { rowOfLink } from './packsFindings.ts';

type PackCheckTone = 'pass' | 'warn' | 'fail' | 'neutral';

export interface PackCheck {
	readonly id: string;
	readonly tone: PackCheckTone;
	readonly title: string;
	/** One sentence: what is so, and how to mend it. */
	readonly sentence: string;
	/** No pack can be made while it stands. */
	readonly blocks: boolean;
	/** Where it is mended. */
	readonly screen: 'data' | 'integrity' | 'procedures' | 'exceptions' | 'findings' | 'settings' | 'packs' | null;
	readonly params: Readonly<Record<string, string>>;
}

export const check = (
	id: string,
	tone: PackCheckTone,
	title: string,
	sentence: string,
	more: Partial<Pick<PackCheck, 'blocks' | 'screen' | 'params'>> = {},
): PackCheck => ({ id, tone, title, sentence, blocks: false, screen: null, params: {}, ...more });

export const counted = (count: number, one: string, many = `${one}s`): string =>
	`${count.toLocaleString('en-US')} ${count === 1 ? one : many}`;
export const isAre = (count: number): string => (count === 1 ? 'is' : 'are');

export function findingChecks(engagement: OpenEngagement, finding: Finding): PackCheck[] {
	const workbook = engagement.workbook();
	const { findingId, label, state } = finding;
	const place = { screen: 'findings', params: { finding: findingId } } as const;
	const id = (what: string): string => `finding.${findingId}.${what}`;
	if (state === 'withdrawn')
		return [check(id('state'), 'fail', label, `${label} is withdrawn. Take it out of the pack.`, { ...place, blocks: true })];
	const checks: PackCheck[] = [];
	const { prepared, reviewed } = signoffStatus(workbook, { kind: 'finding', id: findingId });
	const changed = [prepared, reviewed].filter(({ status }) => status === 'changed_since');
	if (changed.length > 0) {
		const fields = [...new Set(changed.flatMap((one) => one.changed))].join(', ');
		checks.push(
			check(
				id('changed'),
				'fail',
				label,
				`Δ ${label} has changed since it was signed (${fields}). The pack says so; better have it signed again.`,
				place,
			),
		);
	} else if (prepared.status === 'current' && reviewed.status === 'current')
		checks.push(check(id('signed'), 'pass', label, `${label} is signed as prepared and as reviewed, and has not changed since.`, place));
	else if (prepared.status === 'current')
		checks.push(check(id('signed'), 'warn', label, `${label} is prepared, and nobody has reviewed it.`, place));
	else checks.push(check(id('signed'), 'warn', label, `${label} is signed by nobody. The pack calls it a draft.`, place));
	const notes = openNotes(workbook, { kind: 'finding', id: findingId });
	if (notes.length > 0)
		checks.push(
			check(
				id('notes'),
				notes.some(({ blocksReview }) => blocksReview) ? 'fail' : 'warn',
				label,
				`${counted(notes.length, 'open review note')} on ${label}. Answer and clear ${notes.length === 1 ? 'it' : 'them'}.`,
				place,
			),
		);
	const lost = lostLinks(engagement, finding);
	if (lost > 0)
		checks.push(
			check(
				id('evidence'),
				'warn',
				label,
				`${counted(lost, 'piece')} of evidence of ${label} ${isAre(lost)} not in the loaded evidence.`,
				place,
			),
		);
	return checks;
}

function lostLinks(engagement: OpenEngagement, { evidence }: Finding): number {
	const loaded = engagement.evidence();
	const results = engagement.results();
	if (!loaded || !results) return 0;
	const absent = new Set([...loaded.drop.documents.missing, ...loaded.drop.documents.altered]);
	return evidence.filter(({ link }) => {
		switch (link.kind) {
			case 'row':
				return rowOfLink(loaded.drop.population, link) === null;
			case 'exception':
				return !exceptionIndex(results).has(link.exceptionKey);
			case 'document':
				return absent.has(link.sha256) || !loaded.source.paths.has(`documents/${link.sha256}`);
			default:
				return !results.tests.some(({ result_sha256: hash }) => hash === link.resultSha256);
		}
	}).length;
}
