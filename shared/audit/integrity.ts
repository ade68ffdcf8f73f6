/** Is the data as it was sealed and handed over? T66, T67 and T73 retell what the verification of the drop found of files, lines and documents. */
import type { TableName } from '#model';
import type { Population } from '#population';
import { keysOf, ref, refs } from './draft.ts';
import type { IntegrityCode, IntegrityProblem } from './evidenceFacts.ts';
import { NO_SEALED_TABLE, sealedTables } from './sealedTables.ts';
import { orderOfRow, stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** A file without a declared hash can't be compared. One that is missing altogether is T77's. */
function checksumMismatch({ evidence }: AuditContext): Outcome {
	const exceptions = evidence.ipe.flatMap(({ table, differences }) =>
		differences
			.filter(({ what }) => what === 'sha256')
			.map(
				({ declared, found }): ExceptionDraft => ({
					orderId: null,
					keys: { table },
					amountMinor: null,
					currency: null,
					reason: `The file of ${table} has the SHA-256 ${found}, but its manifest declares ${declared}: it was changed after it was extracted.`,
					rows: [],
				}),
			),
	);
	const undeclared = evidence.ipe.filter(({ verdict }) => verdict === 'not_declared').length;
	return {
		tested: evidence.ipe.length - undeclared,
		exceptions,
		open: undeclared,
		openWhy: `${undeclared} files whose hash was not declared`,
	};
}

/** One exception for each problem of a line, as the verification tells them; consequences are folded under their cause there. */
function chainBreak({ population, evidence }: AuditContext): Outcome {
	const tables = sealedTables(evidence);
	const codes: readonly IntegrityCode[] = ['chain_break', 'not_canonical', 'sequence_gap', 'duplicate'];
	const exceptions = tables.flatMap(([name, { problems }]) =>
		problems.filter(({ code }) => codes.includes(code)).map((problem) => problemException(population, name, problem)),
	);
	const rows = tables.reduce((sum, [, integrity]) => sum + integrity.rows, 0);
	return { tested: rows, exceptions, open: 0, ...(tables.length === 0 ? { notTestable: NO_SEALED_TABLE } : {}) };
}

/** The subject is the row at the problem's line; a line that was set aside, or no line at all, is named by its table. */
function problemException(population: Population, name: TableName, problem: IntegrityProblem): ExceptionDraft {
	const row = problem.line === null || !population.has(name) ? -1 : population.table(name).rowOfLine(problem.line);
	const order = problem.order_id ?? (row < 0 ? null : orderOfRow(population, name, row));
	const stake = stakeOf(population, order === null ? -1 : population.dictionary('order').codeOf(order));
	return {
		...stake,
		orderId: order,
		keys: row < 0 ? { table: name, ...(problem.line === null ? {} : { line: String(problem.line) }) } : keysOf(population, name, row),
		reason: problem.detail,
		rows: refs(name, [row]),
	};
}

/** One exception for each `document` row whose bytes are absent, or other bytes lie under its hash. */
function documentAltered({ population, evidence }: AuditContext): Outcome {
	const documents = population.table('document');
	const dictionary = documents.dictionary('sha256');
	const state = new Uint8Array(dictionary.size);
	const mark = (hashes: readonly string[], value: number) => {
		for (const hash of hashes) {
			const code = dictionary.codeOf(hash);
			if (code >= 0) state[code] = value;
		}
	};
	mark(evidence.documents.missing, MISSING);
	mark(evidence.documents.altered, ALTERED);
	const hashes = documents.codes('sha256');
	const exceptions: ExceptionDraft[] = [];
	for (let row = 0; row < documents.rows; row++) {
		const found = state[hashes[row] as number] ?? 0;
		if (found === 0) continue;
		const order = orderOfDocument(population, row);
		const what = `Document ${documents.text('document_id', row)} (${documents.text('kind', row)}, ${documents.text('file_name', row)})`;
		exceptions.push({
			...stakeOf(population, order),
			keys: keysOf(population, 'document', row),
			reason:
				found === MISSING
					? `${what} is not in the drop: no file has the SHA-256 ${documents.text('sha256', row)} of its record.`
					: `${what} was altered: other bytes lie under the SHA-256 ${documents.text('sha256', row)} of its record.`,
			rows: [ref('document', row)],
		});
	}
	return { tested: documents.rows, exceptions, open: 0 };
}

const MISSING = 1;
const ALTERED = 2;

/** The order a document names, or that of a shipment whose delivery it proves; -1 for none. */
function orderOfDocument(population: Population, row: number): number {
	const documents = population.table('document');
	const own = documents.codes('order_id')[row] as number;
	if (own >= 0 || !population.has('shipment')) return own;
	const shipment = population.index('shipment', 'pod_document_id').rowOf(documents.codes('document_id')[row] as number);
	return shipment < 0 ? -1 : (population.table('shipment').codes('order_id')[shipment] as number);
}

export const INTEGRITY_TESTS: readonly AuditTest[] = [
	{
		id: 'T66',
		version: 1,
		title: 'Batch checksum mismatch',
		severity: 'critical',
		why: 'A file that no longer has the hash it was handed over with is not the file that was extracted.',
		rule: "The SHA-256 of a table's file differs from the one its manifest declares.",
		source: 'AS 1105.10',
		parameters: [],
		needs: [],
		run: checksumMismatch,
	},
	{
		id: 'T67',
		version: 1,
		title: 'Chain break',
		severity: 'critical',
		why: 'A line that its successor does not vouch for was changed, removed or slipped in after it was sealed.',
		rule: "prev differs from the leaf hash of the order's previous line, a line is not in canonical form, or order_seq has a gap or a duplicate.",
		source: 'AS 1105.08',
		parameters: [],
		needs: [],
		mayRead: ['order_event', 'revenue_event'],
		restsOnKeys: true,
		run: chainBreak,
	},
	{
		id: 'T73',
		version: 1,
		title: 'Document altered or missing',
		severity: 'critical',
		why: 'A delivery proof that is gone or was exchanged proves nothing.',
		rule: 'The bytes of a document do not have the hash of its record, or are absent.',
		source: 'AS 1105.08',
		parameters: [],
		needs: [{ table: 'document', columns: ['document_id', 'kind', 'sha256', 'file_name'] }],
		mayRead: ['shipment', 'sales_order'],
		run: documentAltered,
	},
];
