/** What the company's side may see of work papers: which engagements there are, and their findings. */
import type { Finding, Workbook } from '#findings';
import type { PapersState } from '#sync';

export interface EngagementView {
	readonly engagement: string;
	readonly name: string;
	readonly client: string;
	/** Acts confirmed. */
	readonly position: number;
	readonly members: number;
	readonly findings: number;
	readonly conflicts: number;
	readonly refused: number;
}

export interface FindingView {
	readonly engagement: string;
	readonly finding_id: string;
	readonly label: string;
	readonly state: Finding['state'];
	readonly fields: Finding['fields'];
	readonly evidence: number;
	readonly changed_at: string;
	readonly changed_by: string;
}

export function viewOf(engagement: string, { order, workbook }: PapersState): EngagementView {
	const { name, client } = workbook.engagement;
	return {
		engagement,
		name,
		client,
		position: order.length,
		members: [...workbook.members.values()].filter(({ isActive }) => isActive).length,
		findings: workbook.findings.size,
		conflicts: [...workbook.conflicts.values()].filter(({ settled }) => settled === null).length,
		refused: [...workbook.refused.values()].filter(({ dismissed }) => dismissed === null).length,
	};
}

export const findingsOf = (engagement: string, { findings, members }: Workbook): FindingView[] =>
	[...findings.values()].map(({ findingId, label, state, fields, evidence, changed }) => ({
		engagement,
		finding_id: findingId,
		label,
		state,
		fields,
		evidence: evidence.length,
		changed_at: changed.at,
		changed_by: members.get(changed.memberId)?.name ?? changed.memberId,
	}));
