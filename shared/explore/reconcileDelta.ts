/** What changed between two reconciliations. */
import { isTableName } from '#model';
import type { Reconciliation } from './reconcile.ts';
import { RECONCILE_CLASSES, RECONCILE_STAGES, type ReconcileClass, reasonAt } from './reconcileReasons.ts';
import { noCounts } from './reconcileSummary.ts';
import { isWhole } from './whole.ts';

/** What is kept of a reconciliation to compare the next one with: classes and reasons of every line that is not matched. */
export interface ReconcileDigest {
	readonly importId: string;
	readonly items: number;
	readonly classes: Readonly<Record<ReconcileClass, number>>;
	/** `<stage>/<reason>` by key of the item, for breaks only. */
	readonly breaks: ReadonlyMap<string, string>;
}

export function digestOf(reconciliation: Reconciliation, importId: string): ReconcileDigest {
	const classes = noCounts();
	const breaks = new Map<string, string>();
	for (let item = 0; item < reconciliation.reason.length; item++) {
		const reason = reasonAt(reconciliation.reason[item] as number);
		classes[reason.class]++;
		if (reason.class === 'unmatched' || reason.class === 'conflicting')
			breaks.set(itemKey(reconciliation, item), `${RECONCILE_STAGES[reconciliation.stage[item] as number] ?? ''}/${reason.code}`);
	}
	return { importId, items: reconciliation.reason.length, classes, breaks };
}

/** `<table>/<primary key>`: names an item over imports. */
export function itemKey({ population, lines, orphans }: Reconciliation, item: number): string {
	const orphan = orphans[item - lines];
	const table = orphan?.table ?? LINES;
	return `${table}/${population.table(table).keyText(orphan?.row ?? item)}`;
}

export interface ReconcileDelta {
	readonly sinceImportId: string;
	/** Breaks that were there and are not any more, new ones, and those that stop elsewhere now. */
	readonly gone: number;
	readonly added: number;
	readonly moved: number;
	/** Breaks that were there, where the two books could not be compared this time: neither gone nor there. */
	readonly untold: number;
	readonly classes: Readonly<Record<ReconcileClass, number>>;
}

/** Keys of breaks in `before` at whose place nothing can be told now, since a table was not supplied or lines were set aside. */
export function untoldSince(before: ReconcileDigest, reconciliation: Reconciliation): ReadonlySet<string> {
	const { population, stages, lines } = reconciliation;
	const untold = new Set<string>();
	const perhapsAside = new Set<string>();
	for (const key of before.breaks.keys()) {
		const table = key.slice(0, key.indexOf('/'));
		if (isTableName(table) && isWhole(population, table)) continue;
		// A row that belongs to no line is not looked for line by line; a line may itself be one that was set aside.
		(table === LINES ? perhapsAside : untold).add(key);
	}
	for (let line = 0; line < lines; line++) {
		const isOpen = RECONCILE_STAGES.some((stage) => isUntold(stages[stage][line] as number));
		if (!isOpen && perhapsAside.size === 0) continue;
		const key = itemKey(reconciliation, line);
		perhapsAside.delete(key);
		const stage = RECONCILE_STAGES.find((one) => before.breaks.get(key)?.startsWith(`${one}/`));
		if (stage !== undefined && isUntold(stages[stage][line] as number)) untold.add(key);
	}
	return new Set([...untold, ...perhapsAside]);
}

const LINES = 'sales_order_line';
const isUntold = (reason: number): boolean => reasonAt(reason).class === 'not_compared';

/**
 * What changed between two imports of one company.
 * @param untoldKeys from `untoldSince`
 */
export function deltaOf(before: ReconcileDigest, after: ReconcileDigest, untoldKeys: ReadonlySet<string> = new Set()): ReconcileDelta {
	let [gone, added, moved, untold] = [0, 0, 0, 0];
	for (const [key, place] of before.breaks) {
		const now = after.breaks.get(key);
		if (now === undefined && untoldKeys.has(key)) untold++;
		else if (now === undefined) gone++;
		else if (now !== place) moved++;
	}
	for (const key of after.breaks.keys()) if (!before.breaks.has(key)) added++;
	const classes = noCounts();
	for (const one of RECONCILE_CLASSES) classes[one] = after.classes[one] - before.classes[one];
	return { sinceImportId: before.importId, gone, added, moved, untold, classes };
}
