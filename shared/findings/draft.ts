/** A workbook while it is being folded: entries are written here, and each changed map is copied once. */
import type { Change, Finding, SliceName, Workbook } from './workbook.ts';

export type Entry<S extends SliceName> = Workbook[S] extends ReadonlyMap<string, infer E> ? E : never;

type Open<T> = { -readonly [K in keyof T]: T[K] };

export interface Draft {
	readonly workbook: Open<Workbook>;
	/** Maps and lists that this draft has made itself and may write to. */
	readonly owned: Set<unknown>;
}

export const openDraft = (workbook: Workbook): Draft => ({ workbook: { ...workbook }, owned: new Set() });

/** A map of the draft that may be written to: a copy, the first time. */
export function own<K, V>(draft: Draft, map: ReadonlyMap<K, V>): Map<K, V> {
	if (draft.owned.has(map)) return map as Map<K, V>;
	const copy = new Map(map);
	draft.owned.add(copy);
	return copy;
}

/** A list of the draft that may be written to: a copy, the first time. Long logs are folded without copying their lists at each act. */
export function ownList<T>(draft: Draft, list: readonly T[]): T[] {
	if (draft.owned.has(list)) return list as T[];
	const copy = [...list];
	draft.owned.add(copy);
	return copy;
}

/** Sets an entry, or takes it out where `value` is undefined; answers what changed. */
export function put<S extends SliceName>(draft: Draft, slice: S, key: string, value: Entry<S> | undefined): Change {
	const map = own(draft, draft.workbook[slice] as ReadonlyMap<string, unknown>);
	const change: Change = { slice, key, before: map.get(key), after: value };
	if (value === undefined) map.delete(key);
	else map.set(key, value);
	(draft.workbook as Record<SliceName, unknown>)[slice] = map;
	return change;
}

/** Puts an entry back from `from` to `to`; where somebody else changed other pieces of it meanwhile, only the pieces in question. */
export function restore(draft: Draft, slice: SliceName, key: string, from: unknown, to: unknown): void {
	const next = restored(slice, draft.workbook[slice].get(key), from, to);
	if (next !== CONFLICT) put(draft, slice, key, next as Entry<SliceName> | undefined);
}

export const CONFLICT = Symbol('changed since');

/** What an entry becomes when `from` is put back to `to`, or CONFLICT where it has become something else. */
export function restored(slice: SliceName, current: unknown, from: unknown, to: unknown): unknown {
	if (current === from) return to;
	if (slice === 'findings' && current && from && to) return restoredFinding(current as Finding, from as Finding, to as Finding);
	return CONFLICT;
}

/** Field by field: another member's later work on another field stays. */
function restoredFinding(current: Finding, from: Finding, to: Finding): Finding | typeof CONFLICT {
	const fields = { ...current.fields };
	for (const name of Object.keys(fields) as (keyof typeof fields)[]) {
		if (from.fields[name] === to.fields[name]) continue;
		if (current.fields[name] !== from.fields[name]) return CONFLICT;
		fields[name] = to.fields[name];
	}
	if (from.state !== to.state && current.state !== from.state) return CONFLICT;
	const state = from.state === to.state ? current.state : to.state;
	const added = to.evidence.filter((one) => !from.evidence.includes(one));
	const taken = from.evidence.filter((one) => !to.evidence.includes(one));
	const has = new Set(current.evidence.map(({ linkId }) => linkId));
	if (taken.some(({ linkId }) => !has.has(linkId)) || added.some(({ linkId }) => has.has(linkId))) return CONFLICT;
	const evidence = [...current.evidence.filter((one) => !taken.some(({ linkId }) => linkId === one.linkId)), ...added];
	return { ...current, fields, state, evidence };
}
