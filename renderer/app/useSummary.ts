/** What the frame says of the open engagement: names, role, counts of open work, and what the evidence is worth. */
import { createContext, useContext } from 'react';
import type { EngagementSummary } from '../vault/summary.ts';
import { type Query, useQuery } from './useQuery.ts';

export type Summary = EngagementSummary;

/** Asks for it. The frame does, once for all of the window: a screen that asked by itself would begin without knowing whose it is. */
export const useAskedSummary = (): Query<Summary> => useQuery((vault) => vault.workbook.summary(), [], ['workbook', 'evidence', 'results']);

/** What the frame has asked for. */
export const SummaryContext = createContext<Query<Summary>>({ state: 'loading' });

export const useSummaryQuery = (): Query<Summary> => useContext(SummaryContext);

export function useSummary(): Summary | null {
	const query = useSummaryQuery();
	return query.state === 'ready' ? query.data : null;
}
