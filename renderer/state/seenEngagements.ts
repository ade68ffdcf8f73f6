/**
 * Which engagements this machine's store held when it was last looked at, by their opaque ids. A browser that finds its store corrupt throws it
 * away and begins an empty one without a word; what is remembered here lies outside that store, and shows it.
 */

const KEY = 'tieout-seen-engagements';

function remembered(): readonly string[] {
	try {
		const ids: unknown = JSON.parse(localStorage.getItem(KEY) ?? '[]');
		return Array.isArray(ids) ? ids.filter((id): id is string => typeof id === 'string') : [];
	} catch {
		return [];
	}
}

const keep = (ids: readonly string[]): void => localStorage.setItem(KEY, JSON.stringify(ids));

/** Remembers what is there now. @returns those remembered that are there no longer; they stay remembered until `forgetEngagements` */
export function missingEngagements(present: readonly string[]): readonly string[] {
	const before = remembered();
	const now = new Set(present);
	keep([...new Set([...before, ...present])]);
	return before.filter((id) => !now.has(id));
}

/** They were disposed of, or the person has read that they are missing. */
export function forgetEngagements(ids: readonly string[]): void {
	keep(remembered().filter((id) => !ids.includes(id)));
}
