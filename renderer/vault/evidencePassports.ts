/** The passport of a table: what was declared of it, and what was found. */
import type { DeclaredTable, IpeDifference, IpeVerdict } from '#evidence';
import { totalOf } from '#intake';
import { isTableName, TABLES, type TableName } from '#model';
import type { LoadedEvidence } from './contract.ts';

/** A control total as declared and as summed. */
export interface PassportTotal {
	readonly column: string;
	readonly declared: string;
	/** A decimal text; null where it can't be told: `why` says so. */
	readonly found: string | null;
	readonly why: 'withheld' | 'not_read' | 'no_such_column' | null;
	readonly agrees: boolean | null;
}

/** Declared against found, for one file of the drop. */
export interface TablePassport {
	readonly table: string;
	/** The data model's title; null for a table it does not know. */
	readonly title: string | null;
	readonly isSealed: boolean;
	readonly declared: DeclaredTable | null;
	readonly verdict: IpeVerdict;
	readonly differences: readonly IpeDifference[];
	readonly found: { readonly file: string; readonly rows: number; readonly bytes: number; readonly sha256: string } | null;
	readonly totals: readonly PassportTotal[];
	readonly loaded: number;
	readonly quarantined: number;
	readonly unknownKeys: readonly { readonly key: string; readonly rows: number }[];
	readonly withheld: readonly { readonly column: string; readonly rows: number }[];
	readonly nonCanonical: number;
}

export function passportOf({ drop }: LoadedEvidence, table: string): TablePassport | null {
	const judged = drop.evidence.ipe.find((one) => one.table === table);
	if (!judged) return null;
	const declared = drop.manifest.tables.find((one) => one.table === table) ?? null;
	const name: TableName | null = declared?.known ?? (declared === null && isTableName(table) ? table : null);
	const file = name ? drop.files.get(name) : undefined;
	const columns = name && drop.population.has(name) ? drop.population.table(name) : null;
	const totals = (declared?.controlTotals ?? []).map(({ column, declared: said }): PassportTotal => {
		const total = columns ? totalOf(columns, column) : ({ kind: 'unread' } as const);
		if (total.kind === 'sum') {
			const agrees = !judged.differences.some((one) => one.what === 'control_total' && one.declared === `${column}: ${said}`);
			return { column, declared: said, found: total.sum, why: null, agrees };
		}
		const why = total.kind === 'withheld' ? 'withheld' : total.kind === 'unread' ? 'not_read' : 'no_such_column';
		return { column, declared: said, found: null, why, agrees: why === 'no_such_column' ? false : null };
	});
	return {
		table,
		title: name ? TABLES[name].title : null,
		isSealed: name ? TABLES[name].sealed : false,
		declared,
		verdict: judged.verdict,
		differences: judged.differences,
		found: file ? { file: file.path, rows: file.lines, bytes: file.bytes, sha256: file.sha256 } : null,
		totals,
		loaded: columns?.rows ?? 0,
		quarantined: columns?.quarantine.length ?? 0,
		unknownKeys: columns ? [...columns.unknownKeys].map(([key, lines]) => ({ key, rows: lines.length })) : [],
		withheld: columns ? [...columns.withheld].map(([column, rows]) => ({ column, rows })) : [],
		nonCanonical: columns?.nonCanonicalLines.length ?? 0,
	};
}
