/** The order that a person gave to the columns of a list, kept on this machine. */
import { useCallback, useRef } from 'react';
import { usePrefs } from '../state/prefs.ts';

/** @param keepAs the name it is kept under; undefined: it is not kept */
const keptOrder = (keepAs: string | undefined): readonly string[] =>
	keepAs === undefined ? [] : (usePrefs.getState().columnOrders[keepAs] ?? []);

function keepOrder(keepAs: string | undefined, ids: readonly string[]): void {
	const { columnOrders, change } = usePrefs.getState();
	if (keepAs !== undefined) change({ columnOrders: { ...columnOrders, [keepAs]: ids } });
}

/** The columns in the order of `ids`; those that it does not name, such as new ones, stay behind the one they follow. */
export function inOrder<Column extends { readonly id: string }>(columns: readonly Column[], ids: readonly string[]): readonly Column[] {
	const known = new Set(ids);
	const sorted = columns.filter(({ id }) => known.has(id)).sort((a, b) => ids.indexOf(a.id) - ids.indexOf(b.id));
	for (const [at, column] of columns.entries()) {
		if (known.has(column.id)) continue;
		const before = columns[at - 1];
		sorted.splice(before ? sorted.indexOf(before) + 1 : 0, 0, column);
	}
	return sorted;
}

/** The columns of a list that keeps their order, as they are shown: for its export. */
export const shownColumns = <Column extends { readonly id: string }>(columns: readonly Column[], keepAs: string): readonly Column[] =>
	inOrder(columns, keptOrder(keepAs));

/**
 * The order of a grid's columns: as it was kept, then as they are dragged. The grid holds what was dragged itself, so what it is given
 * (`first`) changes with its columns only.
 */
export function useColumnOrder<Column extends { readonly id: string }>(columns: readonly Column[], keepAs: string | undefined) {
	const ids = useRef(keptOrder(keepAs));
	const first = useCallback(() => inOrder(columns, ids.current), [columns]);
	return {
		first,
		now: () => inOrder(columns, ids.current),
		take: (next: readonly string[]): void => {
			ids.current = next;
			keepOrder(keepAs, next);
		},
	};
}
