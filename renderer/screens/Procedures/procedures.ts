/** The catalogue as the screen lists it: areas, verdicts, filters, orders, the rule in words. */
import type { Severity } from '#audit';
import type { RowSort } from '../../components/RowTable.tsx';
import type { CatalogueParameter, CatalogueRow } from '../../vault/proceduresCatalogue.ts';

export type ListVerdict = 'pass' | 'exception' | 'incomplete' | 'not_testable' | 'not_run';

export const VERDICT_WORDS: Readonly<Record<ListVerdict, string>> = {
	exception: 'Exception',
	incomplete: 'Incomplete',
	pass: 'Passed',
	not_testable: 'Not testable',
	not_run: 'Not run',
};

/** In the order of the catalogue; `last` is the number of the area's last test. */
const AREAS = [
	{ last: 15, title: 'Orders, shipments, billing' },
	{ last: 38, title: 'Revenue recognition' },
	{ last: 55, title: 'Ledger and journals' },
	{ last: 65, title: 'Workflow, authority, disputes' },
	{ last: 78, title: 'Integrity and extraction' },
	{ last: 90, title: 'Master data and patterns' },
] as const;

export const AREA_TITLES: readonly string[] = AREAS.map(({ title }) => title);

export function areaOf(id: string): string {
	const number = Number(/\d+/.exec(id)?.[0] ?? Number.NaN);
	return (AREAS.find(({ last }) => number <= last) ?? AREAS[AREAS.length - 1])?.title ?? '';
}

export const verdictOf = ({ last }: CatalogueRow): ListVerdict => last?.verdict ?? 'not_run';

export interface ProcedureFilter {
	readonly text: string;
	readonly verdicts: ReadonlySet<ListVerdict>;
	readonly severities: ReadonlySet<Severity>;
	/** The result is another than in the run before, or no longer that of the data, parameters and rule of now. */
	readonly changed: boolean;
}

export const NO_FILTER: ProcedureFilter = { text: '', verdicts: new Set(), severities: new Set(), changed: false };

const words = (row: CatalogueRow): string =>
	`${row.id} ${row.title} ${row.why} ${row.rule} ${row.source} ${row.needs.map(({ table }) => table).join(' ')}`.toLowerCase();

/** Rows that every part of the filter lets through; all words of the text must occur. */
export function filterRows(
	rows: readonly CatalogueRow[],
	{ text, verdicts, severities, changed }: ProcedureFilter,
): readonly CatalogueRow[] {
	const wanted = text.toLowerCase().split(/\s+/).filter(Boolean);
	return rows.filter(
		(row) =>
			(verdicts.size === 0 || verdicts.has(verdictOf(row))) &&
			(severities.size === 0 || severities.has(row.severity)) &&
			(!changed || row.hasChanged || row.isStale) &&
			wanted.every((word) => words(row).includes(word)),
	);
}

const SEVERITY_RANK: Readonly<Record<Severity, number>> = { critical: 0, high: 1, medium: 2, low: 3 };
const VERDICT_RANK: Readonly<Record<ListVerdict, number>> = { exception: 0, incomplete: 1, not_testable: 2, not_run: 3, pass: 4 };

const KEYS: Readonly<Record<string, (row: CatalogueRow) => number | string>> = {
	severity: (row) => SEVERITY_RANK[row.severity],
	verdict: (row) => VERDICT_RANK[verdictOf(row)],
	exceptions: (row) => row.last?.exceptions ?? -1,
	rows: (row) => row.last?.rows ?? -1,
	at: (row) => row.last?.at ?? '',
	title: (row) => row.title,
};

/** Ties stay in the order of the catalogue. */
export function sortRows(rows: readonly CatalogueRow[], sort: RowSort | null): readonly CatalogueRow[] {
	const keyOf = sort ? KEYS[sort.column] : undefined;
	if (!sort || !keyOf) return sort?.direction === 'desc' ? rows.toReversed() : rows;
	const sign = sort.direction === 'asc' ? 1 : -1;
	return rows.toSorted((a, b) => {
		const [one, other] = [keyOf(a), keyOf(b)];
		return one === other ? 0 : one < other ? -sign : sign;
	});
}

export interface RulePart {
	readonly text: string;
	/** The parameter whose value this is. */
	readonly parameter: string | null;
}

/** The rule with its parameters' values in the places of their names. */
export function ruleInWords(rule: string, parameters: readonly CatalogueParameter[]): readonly RulePart[] {
	return rule.split(/(\{\w+\})/).flatMap((piece): RulePart[] => {
		if (piece === '') return [];
		const name = /^\{(\w+)\}$/.exec(piece)?.[1];
		const parameter = parameters.find((one) => one.name === name);
		if (!parameter) return [{ text: piece, parameter: null }];
		const value = String(parameter.value);
		return [{ text: value === '' ? 'none given' : value, parameter: parameter.name }];
	});
}

export interface VerdictCount {
	readonly verdict: ListVerdict;
	readonly count: number;
}

/** How many of the catalogue stand where. There is no sum of it: a pass says nothing of another test. */
export function verdictCounts(rows: readonly CatalogueRow[]): readonly VerdictCount[] {
	const order: readonly ListVerdict[] = ['exception', 'incomplete', 'pass', 'not_testable', 'not_run'];
	return order.map((verdict) => ({ verdict, count: rows.filter((row) => verdictOf(row) === verdict).length }));
}
