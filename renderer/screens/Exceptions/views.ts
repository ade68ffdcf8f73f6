/** A view of the triage as the text it is saved as. */
import type { TriageView } from '../../vault/exceptionsViews.ts';

/** What the screen begins with. */
export const FIRST_VIEW: TriageView = { filter: { queue: 'new' }, sort: [] };

/** Equal views give equal text: names in one order, what narrows nothing left out, amounts as digits. */
export function definitionOf({ filter, sort }: TriageView): string {
	const conditions = Object.entries(filter)
		.filter(([, value]) => value !== undefined && value !== '' && !(Array.isArray(value) && value.length === 0))
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.map(([name, value]) => [name, typeof value === 'bigint' ? String(value) : Array.isArray(value) ? value.toSorted() : value]);
	return JSON.stringify({ filter: Object.fromEntries(conditions), sort });
}
