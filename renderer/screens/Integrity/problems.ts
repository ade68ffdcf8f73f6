/** What the checks found, as one list; and that list as a file. */
import type { IntegrityProblem } from '#audit';
import { ok } from '#kernel';
import { exportList } from '../../app/exportList.ts';
import type { TextColumn } from '../../components/rowText.ts';
import type { IntegrityScreenView } from '../../vault/integrityApi.ts';

export interface Problem extends IntegrityProblem {
	readonly id: string;
	readonly table: string;
}

/** Codes in words. */
export const CODES: Readonly<Record<string, string>> = {
	chain_break: 'Link broken',
	not_canonical: 'Not canonical',
	sequence_gap: 'Sequence gap',
	duplicate: 'Twice',
	root_mismatch: 'Root differs',
	beyond_log: 'Lines missing',
	bad_signature: 'Signature fails',
	untrusted_key: 'Key not trusted',
	inconsistent: 'Contradiction',
	sha256: 'File hash differs',
	rows: 'Row count differs',
	bytes: 'Size differs',
	control_total: 'Control total differs',
	document_altered: 'Document altered',
	document_missing: 'Document missing',
};

/** Of sealed tables, of files against the manifest, and of documents. */
export function problemsOf(view: IntegrityScreenView): Problem[] {
	const problems: Omit<Problem, 'id'>[] = [
		...view.sealed.flatMap(({ table, problems: own }) => own.map((one) => ({ ...one, table }))),
		...view.ipe.flatMap(({ table, differences }) =>
			differences.map(({ what, declared, found }) => ({
				table,
				code: what as IntegrityProblem['code'],
				line: null,
				order_id: null,
				detail: `The manifest declares ${declared}, the file has ${found}.`,
			})),
		),
		...view.documents.altered.map((sha256) => documentProblem('document_altered', `Other bytes lie under the name ${sha256}.`)),
		...view.documents.missing.map((sha256) =>
			documentProblem('document_missing', `A row cites the document ${sha256}, and its bytes are not there.`),
		),
	];
	return problems.map((one, at) => ({ ...one, id: String(at) }));
}

const documentProblem = (code: string, detail: string): Omit<Problem, 'id'> => ({
	table: 'documents',
	code: code as IntegrityProblem['code'],
	line: null,
	order_id: null,
	detail,
});

const COLUMNS: readonly TextColumn<Problem>[] = [
	{ title: 'table', text: ({ table }) => table },
	{ title: 'what', text: ({ code }) => CODES[code] ?? code },
	{ title: 'why', text: ({ detail }) => detail },
	{ title: 'line', text: ({ line }) => (line === null ? '' : String(line)) },
	{ title: 'order', text: ({ order_id: order }) => order ?? '' },
];

/** All of them, also those that the screen only counts. */
export const exportProblems = (problems: readonly Problem[]): Promise<void> =>
	exportList({
		name: 'integrity-problems',
		what: 'Problems of integrity as CSV',
		facts: [['what', 'Problems that the integrity checks found; checks that could not be made are not among them']],
		columns: COLUMNS,
		total: problems.length,
		fetchRows: (from, to) => Promise.resolve(ok(problems.slice(from, to))),
	});
