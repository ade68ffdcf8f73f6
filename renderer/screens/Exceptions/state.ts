/** What is looked at in triage, and what is being judged; kept while one looks at another screen. */
import { create } from 'zustand';
import type { InboxFilter, InboxQueue, InboxSort, TriageVerdict } from '#findings';
import type { JudgementInput } from '../../vault/exceptionsApi.ts';
import type { TriageView } from '../../vault/exceptionsViews.ts';
import { FIRST_VIEW } from './views.ts';

export interface Draft extends JudgementInput {
	/** The exception it is of. */
	readonly key: string;
	/** Not saved yet. */
	readonly isTouched: boolean;
}

/** While it is looked for, and where it is not found, no row is in hand: a key would judge another one. */
interface Sought {
	readonly key: string;
	/** Why it is not in the list; null while that is not known. */
	readonly missing: string | null;
}

interface Triage extends TriageView {
	/** The saved view that was chosen last. */
	readonly viewId: string | null;
	/** Counts up to fetch the queue anew. */
	readonly refresh: number;
	/** The row one stands on. */
	readonly at: number;
	/** The key of the exception in hand, as it was last shown. */
	readonly inHand: string | null;
	/** The exception another screen asked for, until one stands on it or goes elsewhere. */
	readonly sought: Sought | null;
	readonly draft: Draft | null;
	/** When judgements were saved in this sitting, milliseconds: for the pace. */
	readonly saved: readonly number[];
	/** Only where the window is too narrow to show the facets all the time. */
	readonly hasFacets: boolean;
	narrow(change: Partial<InboxFilter>): void;
	replace(filter: InboxFilter): void;
	/** Asks for one exception in a list of this filter. */
	seek(filter: InboxFilter, key: string): void;
	/** Another order of the same list; one stays on the exception in hand. */
	sortBy(sort: readonly InboxSort[], key: string | null): void;
	/** What was sought can't be stood on, and why. */
	miss(key: string, why: string): void;
	stand(at: number): void;
	/** The list was made anew, as by another run of the tests: one stays on the exception in hand, wherever it stands now. */
	stay(): void;
	set(change: Partial<Pick<Triage, 'inHand' | 'draft' | 'saved' | 'hasFacets'>>): void;
	/** A saved view, as a whole. */
	show(view: TriageView, viewId: string | null): void;
	choose(viewId: string | null): void;
	again(): void;
}

export const useTriage = create<Triage>((set) => ({
	...FIRST_VIEW,
	viewId: null,
	refresh: 0,
	at: 0,
	inHand: null,
	sought: null,
	draft: null,
	saved: [],
	hasFacets: false,
	narrow: (change) => set(({ filter }) => ({ filter: { ...filter, ...change }, at: 0, sought: null, draft: null })),
	replace: (filter) => set({ filter, at: 0, sought: null, draft: null }),
	seek: (filter, key) => set({ filter, at: 0, sought: { key, missing: null }, draft: null }),
	sortBy: (sort, key) => set({ sort, at: 0, sought: key === null ? null : { key, missing: null } }),
	miss: (key, why) => set(({ sought }) => (sought?.key === key ? { sought: { key, missing: why } } : {})),
	stand: (at) => set({ at, sought: null }),
	stay: () => set(({ inHand, sought }) => (inHand === null || sought !== null ? {} : { sought: { key: inHand, missing: null } })),
	set: (change) => set(change),
	show: (view, viewId) => set({ ...view, viewId, at: 0, sought: null, draft: null }),
	choose: (viewId) => set({ viewId }),
	again: () => set(({ refresh }) => ({ refresh: refresh + 1, at: 0, sought: null, draft: null })),
}));

/** The row in hand: none while another screen's exception is sought. */
export const rowInHand = ({ at, sought }: Pick<Triage, 'at' | 'sought'>, count: number): number =>
	sought === null ? Math.min(at, count - 1) : -1;

export const QUEUES: readonly (readonly [InboxQueue, string])[] = [
	['new', 'New'],
	['mine', 'Mine'],
	['waiting', 'Waiting'],
	['changed', 'Δ Changed'],
	['all', 'All'],
];

export const VERDICT_KEYS: readonly (readonly [TriageVerdict, string])[] = [
	['confirmed', '1'],
	['explained', '2'],
	['duplicate', '3'],
	['below_trivial', '4'],
	['waiting', 'h'],
];

/** Takes a value into a list of conditions, or out of it. */
export function toggled<T extends string>(list: readonly T[] | undefined, value: T): readonly T[] {
	const now = list ?? [];
	return now.includes(value) ? now.filter((one) => one !== value) : [...now, value];
}

/** The rest of a queue at the pace of this sitting, in minutes; null before there is one. */
export function minutesLeft(saved: readonly number[], left: number): number | null {
	const recent = saved.slice(-20);
	const [first, last] = [recent[0], recent.at(-1)];
	if (first === undefined || last === undefined || recent.length < 5 || left === 0) return null;
	return Math.max(1, Math.round((((last - first) / (recent.length - 1)) * left) / 60_000));
}
