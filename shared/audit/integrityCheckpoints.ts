/** Do the signed heads of the logs vouch for their lines? T68, T69 and T74. */
import { unreachable } from '#kernel';
import type { TableName } from '#model';
import { refs } from './draft.ts';
import type { CheckpointFact, EvidenceFacts, KeyTrust } from './evidenceFacts.ts';
import { NO_SEALED_TABLE, type SealedTable, sealedTables } from './sealedTables.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * Of roots that differ the first is the cause, and of checkpoints beyond the log the largest says how much is missing: these are named.
 * Without a trusted key nobody vouches for the checkpoints; what contradicts them is told all the same.
 */
function rewrittenLog({ population, evidence }: AuditContext): Outcome {
	return judgeCheckpoints(evidence, ([name, { problems }]) =>
		problems.flatMap((problem): ExceptionDraft[] => {
			if (problem.code !== 'root_mismatch' && problem.code !== 'beyond_log' && problem.code !== 'inconsistent') return [];
			const row =
				problem.code !== 'root_mismatch' || problem.line === null || !population.has(name)
					? -1
					: population.table(name).rowOfLine(problem.line);
			return [{ ...checkpointException(name, sizeConcerned(evidence, name, problem.code), problem.detail), rows: refs(name, [row]) }];
		}),
	);
}

/** The checkpoint a problem of the whole log speaks of: by trusted keys if any signed, else by anybody who did. */
function sizeConcerned(evidence: EvidenceFacts, name: TableName, code: 'root_mismatch' | 'beyond_log' | 'inconsistent'): number | null {
	const valid = (evidence.checkpoints?.[name] ?? []).filter(({ signature }) => signature !== 'invalid');
	const trusted = valid.filter(({ signature }) => signature === 'trusted');
	const sizes = (root: 'differs' | 'beyond_log') =>
		(trusted.length > 0 ? trusted : valid)
			.flatMap((fact) => (fact.root === root && fact.size !== null ? [fact.size] : []))
			.sort((a, b) => a - b);
	switch (code) {
		case 'root_mismatch':
			return sizes('differs')[0] ?? null;
		case 'beyond_log':
			return sizes('beyond_log').at(-1) ?? null;
		case 'inconsistent':
			return null;
		default:
			return unreachable(code);
	}
}

/** Two histories of one log: told for each size of which two are signed, or once a table where the sizes are not known. */
function forkedLog({ evidence }: AuditContext): Outcome {
	return judgeCheckpoints(evidence, ([name, { verdict, problems }]) => {
		if (verdict !== 'forked') return [];
		const forks = forkedSizes(evidence.checkpoints?.[name] ?? []);
		if (forks.length > 0) {
			return forks.map(([size, roots]) =>
				checkpointException(
					name,
					size,
					`${roots.length} validly signed checkpoints of ${size} lines of ${name} state different roots (${roots.slice(0, 3).join(', ')}): the log was shown in different histories.`,
				),
			);
		}
		const told = problems.find(({ code }) => code === 'inconsistent')?.detail;
		return [checkpointException(name, null, told ?? `Two signed heads of the log of ${name} show different histories.`)];
	});
}

/** Sizes of which several roots were signed, ascending, with those roots. */
function forkedSizes(checkpoints: readonly CheckpointFact[]): [number, string[]][] {
	const roots = new Map<number, Set<string>>();
	for (const { size, signature, stated, root } of checkpoints) {
		if (size === null || root === null || (signature !== 'trusted' && signature !== 'claimed')) continue;
		roots.set(size, (roots.get(size) ?? new Set()).add(stated));
	}
	return [...roots]
		.filter(([, stated]) => stated.size > 1)
		.map(([size, stated]): [number, string[]] => [size, [...stated]])
		.sort(([a], [b]) => a - b);
}

/**
 * Documents of the model carry no signatures of their own, so checkpoints are what is judged. That a checkpoint is signed by a key
 * nobody trusts is an exception only where a trusted key was given.
 */
function invalidSignature({ evidence }: AuditContext): Outcome {
	return judgeCheckpoints(evidence, ([name, { problems }]) => {
		const trust = evidence.keyTrust?.[name] ?? 'not_judged';
		const checkpoints = evidence.checkpoints?.[name];
		if (checkpoints) return checkpoints.flatMap((fact) => signatureException(name, fact, trust));
		return problems
			.filter(({ code }) => code === 'bad_signature' || (code === 'untrusted_key' && trust !== 'not_judged'))
			.map(({ detail }) => checkpointException(name, null, detail));
	});
}

function signatureException(name: TableName, { size, signature }: CheckpointFact, trust: KeyTrust): ExceptionDraft[] {
	if (size === null) return [checkpointException(name, null, `A checkpoint of ${name} can't be read as one, so nothing is signed by it.`)];
	const what = `The checkpoint of ${size} lines of ${name}`;
	if (signature === 'invalid') {
		return [
			checkpointException(name, size, `${what} has a signature that fails: it was changed after signing, or that key never signed it.`),
		];
	}
	if (signature === 'trusted' || trust === 'not_judged') return [];
	return [checkpointException(name, size, `${what} is signed by a key other than the trusted one.`)];
}

const checkpointException = (table: string, size: number | null, reason: string): ExceptionDraft => ({
	orderId: null,
	keys: size === null ? { table } : { table, size: String(size) },
	amountMinor: null,
	currency: null,
	reason,
	rows: [],
});

/** Judges the checkpoints of every sealed table; tables that no trusted key vouches for stay open unless something is wrong. */
function judgeCheckpoints(evidence: EvidenceFacts, judge: (table: SealedTable) => ExceptionDraft[]): Outcome {
	const tables = sealedTables(evidence);
	const exceptions = tables.flatMap(judge);
	const unsealed = tables.filter(([name]) => evidence.checkpoints?.[name]?.length === 0);
	const untrusted = tables.filter(
		([name, { verdict }]) => (evidence.keyTrust?.[name] ?? (verdict === 'verified' ? 'trusted' : 'not_judged')) !== 'trusted',
	);
	const notTestable = tables.length === 0 ? NO_SEALED_TABLE : unsealed.length === tables.length ? 'no checkpoint was supplied' : null;
	const why = untrusted.some(([name]) => evidence.keyTrust?.[name] === 'untrusted')
		? 'no checkpoint is signed by the trusted key'
		: 'no trusted key was given, so nobody vouches for the checkpoints';
	return {
		tested: tables.length,
		exceptions,
		open: new Set([...unsealed, ...untrusted]).size,
		openWhy: untrusted.length > 0 ? why : `no checkpoint was supplied of ${unsealed.map(([name]) => name).join(', ')}`,
		...(notTestable === null ? {} : { notTestable }),
	};
}

export const CHECKPOINT_TESTS: readonly AuditTest[] = [
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
		restsOnKeys: true,
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
		restsOnKeys: true,
		run: forkedLog,
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
		restsOnKeys: true,
		run: invalidSignature,
	},
];
