/** Is the data as it was sealed and handed over? T66 to T69, T73 and T74 retell, test by test, what the verification of the drop found. */
import type { TableName } from '#model';
import type { Population } from '#population';
import { keysOf, ref, refs } from './draft.ts';
import type { EvidenceFacts, IntegrityCode, IntegrityProblem, TableIntegrity } from './evidenceFacts.ts';
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

type SealedTable = readonly [name: TableName, integrity: TableIntegrity];

const sealedTables = (evidence: EvidenceFacts): readonly SealedTable[] => Object.entries(evidence.integrity) as unknown as SealedTable[];

const NO_SEALED_TABLE = 'no sealed table was supplied';

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

/** Without a trusted key nobody vouches for the checkpoints; what contradicts them is told all the same. */
function rewrittenLog({ population, evidence }: AuditContext): Outcome {
	const codes: readonly IntegrityCode[] = ['root_mismatch', 'beyond_log', 'inconsistent'];
	return judgeCheckpoints(evidence, ([name, { problems }]) =>
		problems
			.filter(({ code }) => codes.includes(code))
			.map((problem) => problemException(population, name, problem.code === 'beyond_log' ? { ...problem, line: null } : problem)),
	);
}

/** Two histories of one log: told once a table. */
function forkedLog({ evidence }: AuditContext): Outcome {
	return judgeCheckpoints(evidence, ([name, { verdict, problems }]) =>
		verdict !== 'forked'
			? []
			: [
					tableException(
						name,
						problems.find(({ code }) => code === 'inconsistent')?.detail ?? `Two signed checkpoints of ${name} show different histories.`,
					),
				],
	);
}

/**
 * Documents of the model carry no signatures of their own, so checkpoints are what is judged. That a checkpoint is signed by a key
 * nobody trusts is an exception only where a trusted key was given.
 */
function invalidSignature({ evidence }: AuditContext): Outcome {
	return judgeCheckpoints(evidence, ([name, integrity]) => {
		const isKeyGiven = (evidence.keyTrust?.[name] ?? 'not_judged') !== 'not_judged' && evidence.checkpoints?.[name] !== 0;
		return integrity.problems
			.filter(({ code }) => code === 'bad_signature' || (code === 'untrusted_key' && isKeyGiven))
			.map(({ detail }) => tableException(name, detail));
	});
}

const tableException = (table: string, reason: string): ExceptionDraft => ({
	orderId: null,
	keys: { table },
	amountMinor: null,
	currency: null,
	reason,
	rows: [],
});

/** Judges the checkpoints of every sealed table; tables that no trusted key vouches for stay open unless something is wrong. */
function judgeCheckpoints(evidence: EvidenceFacts, judge: (table: SealedTable) => ExceptionDraft[]): Outcome {
	const tables = sealedTables(evidence);
	const exceptions = tables.flatMap(judge);
	const unsealed = tables.filter(([name]) => evidence.checkpoints?.[name] === 0);
	const untrusted = tables.filter(
		([name, { verdict }]) => (evidence.keyTrust?.[name] ?? (verdict === 'verified' ? 'trusted' : 'not_judged')) !== 'trusted',
	);
	const open = new Set([...unsealed, ...untrusted]).size;
	const notTestable = tables.length === 0 ? NO_SEALED_TABLE : unsealed.length === tables.length ? 'no checkpoint was supplied' : null;
	const why = untrusted.some(([name]) => evidence.keyTrust?.[name] === 'untrusted')
		? 'no checkpoint is signed by the trusted key'
		: 'no trusted key was given, so nobody vouches for the checkpoints';
	return {
		tested: tables.length,
		exceptions,
		open,
		openWhy: untrusted.length > 0 ? why : `no checkpoint was supplied of ${unsealed.map(([name]) => name).join(', ')}`,
		...(notTestable === null ? {} : { notTestable }),
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
		run: chainBreak,
	},
	{
		id: 'T68',
		version: 1,
		title: 'Truncation, rollback or rewrite',
		severity: 'critical',
		why: 'A log that does not contain what was signed of it had lines taken away or rewritten.',
		rule: 'The log is shorter than a signed checkpoint, its root differs from a checkpoint, or checkpoints are not consistent.',
		source: 'AS 1105.08',
		parameters: [],
		needs: [],
		run: rewrittenLog,
	},
	{
		id: 'T69',
		version: 1,
		title: 'Fork',
		severity: 'critical',
		why: 'Two signed histories of one log mean that different people were shown different records.',
		rule: 'Two validly signed checkpoints of one size have different roots.',
		source: 'AS 1105.08',
		parameters: [],
		needs: [],
		run: forkedLog,
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
	{
		id: 'T74',
		version: 1,
		title: 'Signature or timestamp invalid',
		severity: 'high',
		why: 'A checkpoint whose signature fails was changed after signing, or was never signed by that key.',
		rule: 'The signature of a checkpoint fails, or none of its signatures is by the trusted key.',
		source: 'AS 1105.08',
		parameters: [],
		needs: [],
		run: invalidSignature,
	},
];
