/** What the frame says of the open engagement: names, role, counts of open work, and what the evidence is worth. */

import type { EngagementSummary } from '../vault/summary.ts';
import { type Query, useQuery } from './useQuery.ts';

export type Summary = EngagementSummary;

export const useSummaryQuery = (): Query<Summary> => useQuery((vault) => vault.workbook.summary(), [], ['workbook', 'evidence', 'results']);

export function useSummary(): Summary | null {
	const query = useSummaryQuery();
	return query.state === 'ready' ? query.data : null;
}
