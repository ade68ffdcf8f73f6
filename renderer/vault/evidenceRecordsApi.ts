/** What is on record about the evidence: passports of tables (AS 1105.10), documents, the imports so far, the log keys that are trusted. */
import type { DeclaredDifference, DeclaredTable, DeclaredVerdict } from '#evidence';
import { totalOf } from '#intake';
import { compareText, ok } from '#kernel';
import { isTableName, TABLES, type TableName } from '#model';
import type { Answer, LoadedEvidence } from './contract.ts';
import type { CoreContext } from './engagement.ts';
import { trustKeys } from './importJob.ts';
import { refuse } from './vaultError.ts';

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
	readonly verdict: DeclaredVerdict;
	readonly differences: readonly DeclaredDifference[];
	readonly found: { readonly file: string; readonly rows: number; readonly bytes: number; readonly sha256: string } | null;
	readonly totals: readonly PassportTotal[];
	readonly loaded: number;
	readonly quarantined: number;
	readonly unknownKeys: readonly { readonly key: string; readonly rows: number }[];
	readonly withheld: readonly { readonly column: string; readonly rows: number }[];
	readonly nonCanonical: number;
}

export type DocumentState = 'present' | 'missing' | 'altered' | 'uncited' | 'misnamed';

export interface DocumentEntry {
	readonly state: DocumentState;
	/** Its name in the drop: the hash it must have, or the path of a misnamed file. */
	readonly name: string;
	readonly fileName: string | null;
	readonly kind: string | null;
	readonly documentId: string | null;
	readonly orderId: string | null;
	readonly bytes: number | null;
}

export interface ImportRecord {
	readonly importId: string;
	readonly dropId: string;
	readonly manifestSha256: string;
	readonly company: string;
	readonly asOf: string;
	readonly rows: number;
	readonly bytes: number;
	readonly quarantined: number;
	readonly differing: number;
	readonly at: string;
	readonly by: string;
	readonly isLoaded: boolean;
}

export interface TrustedKeyRecord {
	readonly vkey: string;
	readonly origin: string;
	readonly at: string;
	readonly by: string;
}

export function evidenceRecordsApi(context: CoreContext) {
	const documents = new WeakMap<LoadedEvidence, readonly DocumentEntry[]>();

	const loaded = (): Answer<LoadedEvidence> => {
		const open = context.open();
		if (!open.ok) return open;
		const evidence = open.value.evidence();
		return evidence ? ok(evidence) : refuse('no_evidence', 'No evidence is loaded. Import a drop first.');
	};

	return {
		/** Declared against found for one table of the loaded drop, control totals included. */
		passport(table: string): Answer<TablePassport> {
			const evidence = loaded();
			if (!evidence.ok) return evidence;
			const passport = passportOf(evidence.value, table);
			return passport ? ok(passport) : refuse('not_found', `The loaded drop has no table ${table}.`);
		},

		/** Documents [from, to) in one state or in any, with how many there are of each. */
		async documents(
			state: DocumentState | null,
			from: number,
			to: number,
		): Promise<
			Answer<{ readonly total: number; readonly counts: Readonly<Record<DocumentState, number>>; readonly rows: readonly DocumentEntry[] }>
		> {
			const evidence = loaded();
			if (!evidence.ok) return evidence;
			let all = documents.get(evidence.value);
			if (!all) {
				all = await documentsOf(evidence.value);
				documents.set(evidence.value, all);
			}
			const counts = { present: 0, missing: 0, altered: 0, uncited: 0, misnamed: 0 };
			for (const entry of all) counts[entry.state]++;
			const wanted = state === null ? all : all.filter((entry) => entry.state === state);
			return ok({ total: wanted.length, counts, rows: wanted.slice(from, to) });
		},

		/** Every import of this engagement, the last one first. */
		imports(): Answer<readonly ImportRecord[]> {
			const open = context.open();
			if (!open.ok) return open;
			const { imports, members } = open.value.workbook();
			const current = open.value.evidence()?.importId ?? null;
			const records = [...imports.values()].map(
				({ type: _type, stamp, ...record }): ImportRecord => ({
					...record,
					at: stamp.at,
					by: members.get(stamp.memberId)?.name ?? stamp.memberId,
					isLoaded: record.importId === current,
				}),
			);
			return ok(records.reverse());
		},

		/** Log keys from outside any drop, the oldest first. */
		trustedKeys(): Answer<readonly TrustedKeyRecord[]> {
			const open = context.open();
			if (!open.ok) return open;
			const { trustedKeys, members } = open.value.workbook();
			return ok(
				[...trustedKeys.values()].map(({ vkey, origin, stamp }) => ({
					vkey,
					origin,
					at: stamp.at,
					by: members.get(stamp.memberId)?.name ?? stamp.memberId,
				})),
			);
		},

		addTrustedKey(vkey: string, origin: string): Promise<Answer<void>> {
			const open = context.open();
			return open.ok ? trustKeys(open.value, [{ vkey, origin }]) : Promise.resolve(open);
		},

		async removeTrustedKey(vkey: string, reason: string): Promise<Answer<void>> {
			const open = context.open();
			if (!open.ok) return open;
			const done = await open.value.act({ type: 'trusted_key.removed', vkey, reason });
			return done.ok ? ok(undefined) : done;
		},
	};
}

function passportOf({ drop }: LoadedEvidence, table: string): TablePassport | null {
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

/** Every document that lies in the drop or is cited by it: what is wrong first, then by name. */
async function documentsOf({ drop, source }: LoadedEvidence): Promise<readonly DocumentEntry[]> {
	const { missing, altered, uncited, misnamed } = drop.documents;
	const states = new Map<string, DocumentState>();
	for (const path of source.paths) if (path.startsWith('documents/')) states.set(path.slice('documents/'.length), 'present');
	for (const name of uncited) states.set(name, 'uncited');
	for (const name of altered) states.set(name, 'altered');
	for (const name of missing) states.set(name, 'missing');
	for (const path of misnamed) states.set(path.replace(/^documents\//, ''), 'misnamed');
	const cited = citations(drop);
	const entries: DocumentEntry[] = [];
	for (const [name, state] of states) {
		const path = `documents/${name}`;
		const own = cited.get(name);
		entries.push({
			state,
			name,
			fileName: own?.fileName ?? null,
			kind: own?.kind ?? null,
			documentId: own?.documentId ?? null,
			orderId: own?.orderId ?? null,
			bytes: source.paths.has(path) ? await source.size(path) : null,
		});
	}
	return entries.sort((a, b) => RANK[a.state] - RANK[b.state] || compareText(a.name, b.name));
}

const RANK: Readonly<Record<DocumentState, number>> = { altered: 0, missing: 1, misnamed: 2, uncited: 3, present: 4 };

type Citation = Pick<DocumentEntry, 'fileName' | 'kind' | 'documentId' | 'orderId'>;

/** By hash, the first row that cites it. */
function citations({ population }: LoadedEvidence['drop']): ReadonlyMap<string, Citation> {
	const found = new Map<string, Citation>();
	if (!population.has('document')) return found;
	const table = population.table('document');
	if (!table.has('sha256')) return found;
	const textOf = (column: string, row: number): string | null => (table.has(column) ? table.text(column, row) : null);
	for (let row = 0; row < table.rows; row++) {
		const sha256 = table.text('sha256', row);
		if (sha256 !== null && !found.has(sha256))
			found.set(sha256, {
				fileName: textOf('file_name', row),
				kind: textOf('kind', row),
				documentId: textOf('document_id', row),
				orderId: textOf('order_id', row),
			});
	}
	return found;
}
