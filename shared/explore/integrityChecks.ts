/** What is checked of a drop's seals, and what each check came to. */
import type { CheckpointFact, EvidenceFacts, IntegrityCode, IntegrityProblem, KeyTrust } from '#audit';
import { BY_CLAIM_ALONE, type KeyOrigin, type Manifest } from '#evidence';
import type { TableName } from '#model';
import type { Population } from '#population';

export type CheckState =
	/** Made, and nothing was found. */
	| 'holds'
	/** Made, and something was found. */
	| 'fails'
	/** Could not be told: something it needs was not supplied, or no key is trusted. */
	| 'not_told';

export type CheckId =
	| 'file_hash'
	| 'declared_counts'
	| 'canonical'
	| 'links'
	| 'sequence'
	| 'roots'
	| 'signatures'
	| 'consistency'
	| 'truncation'
	| 'forks'
	| 'documents'
	| 'well_formed';

export interface IntegrityCheck {
	readonly id: CheckId;
	readonly title: string;
	readonly state: CheckState;
	/** How many things were found; 0 unless it fails. */
	readonly count: number;
	/** One sentence: what was compared, and what came out. */
	readonly words: string;
	/** The audit test that reports it; "" where none does. */
	readonly test: string;
	/** The sealed table it is about; null where it is about the whole drop. */
	readonly table: TableName | null;
}

export interface IntegrityInput {
	readonly manifest: Manifest;
	readonly evidence: EvidenceFacts;
	readonly population: Population;
	/** The engagement's own keys, and where each came from. */
	readonly trusted: readonly KeyOrigin[];
}

interface SealedContext {
	readonly trust: KeyTrust;
	readonly isThere: boolean;
	/** Trusted by the drop’s own claim only. */
	readonly isByClaimAlone: boolean;
}

export function sealedChecks(
	table: TableName,
	rows: number,
	problems: readonly IntegrityProblem[],
	checkpoints: readonly CheckpointFact[],
	context: SealedContext,
): IntegrityCheck[] {
	const of = (...codes: readonly IntegrityCode[]): number => problems.filter(({ code }) => codes.includes(code)).length;
	const check = (id: CheckId, title: string, test: string, state: CheckState, count: number, words: string): IntegrityCheck => ({
		id,
		title,
		test,
		state,
		count: state === 'fails' ? count : 0,
		words,
		table,
	});
	const lineCheck = (id: CheckId, title: string, holds: string, ...codes: readonly IntegrityCode[]): IntegrityCheck => {
		const count = of(...codes);
		if (!context.isThere) return check(id, title, 'T67', 'not_told', 0, 'The table was not supplied.');
		return check(id, title, 'T67', count > 0 ? 'fails' : 'holds', count, count > 0 ? firstOf(problems, codes) : holds);
	};
	const differing = checkpoints.filter(({ root, signature }) => root === 'differs' && signature !== 'invalid').length;
	const beyond = Math.max(of('beyond_log'), checkpoints.filter(({ root }) => root === 'beyond_log').length);
	const readable = checkpoints.filter(({ size }) => size !== null);
	const noCheckpoint = 'There is no checkpoint, so nothing signed says what the table was.';
	const forks = forkedSizes(checkpoints);
	return [
		lineCheck(
			'canonical',
			'Canonical form of each line',
			`All ${say(rows)} lines are the canonical bytes of their record.`,
			'not_canonical',
		),
		lineCheck('links', 'Link to the previous event', 'Every line names the hash of its order’s line before.', 'chain_break'),
		lineCheck('sequence', 'Sequence within each order', 'Every order’s lines count on without gap or repeat.', 'sequence_gap', 'duplicate'),
		check(
			'roots',
			'Roots at checkpoints',
			'T68',
			readable.length === 0 ? 'not_told' : differing + of('root_mismatch') > 0 ? 'fails' : 'holds',
			Math.max(differing, of('root_mismatch')),
			readable.length === 0
				? noCheckpoint
				: differing + of('root_mismatch') > 0
					? firstOf(problems, ['root_mismatch'], 'A checkpoint states another root than its lines have.')
					: `The lines have the root of each of ${say(readable.length)} checkpoints.`,
		),
		signatureCheck(table, checkpoints, context, problems),
		consistencyCheck(table, problems, checkpoints),
		check(
			'truncation',
			'Nothing is missing behind a signed head',
			'T68',
			readable.length === 0 && beyond === 0 ? 'not_told' : beyond > 0 ? 'fails' : 'holds',
			beyond,
			beyond > 0
				? firstOf(problems, ['beyond_log'], 'A checkpoint is signed over more lines than there are.')
				: readable.length === 0
					? noCheckpoint
					: 'No checkpoint, and no head seen before, speaks of more lines than there are.',
		),
		check(
			'forks',
			'One history only',
			'T69',
			readable.length === 0 ? 'not_told' : forks > 0 ? 'fails' : 'holds',
			forks,
			readable.length === 0
				? noCheckpoint
				: forks > 0
					? 'Two validly signed checkpoints of one size state different roots: the log was shown in two histories.'
					: 'No two checkpoints of one size state different roots.',
		),
	];
}

function signatureCheck(
	table: TableName,
	checkpoints: readonly CheckpointFact[],
	{ trust, isByClaimAlone }: SealedContext,
	problems: readonly IntegrityProblem[],
): IntegrityCheck {
	const count = (state: CheckpointFact['signature']): number => checkpoints.filter(({ signature }) => signature === state).length;
	const [bad, trusted] = [count('invalid'), count('trusted')];
	const strange = checkpoints.length - bad - trusted;
	const check = (state: CheckState, found: number, words: string): IntegrityCheck => ({
		id: 'signatures',
		title: 'Signatures of checkpoints',
		test: 'T74',
		state,
		count: found,
		words,
		table,
	});
	if (bad > 0) return check('fails', bad, firstOf(problems, ['bad_signature'], `${say(bad)} signatures do not verify.`));
	if (checkpoints.length === 0) return check('not_told', 0, 'There is no checkpoint, so there is no signature to check.');
	if (trust === 'not_judged')
		return check(
			'not_told',
			0,
			`${say(checkpoints.length)} checkpoints are signed; they were judged under no key that is trusted now, so it is not known by whom.`,
		);
	if (strange > 0)
		return check('fails', strange, firstOf(problems, ['untrusted_key'], `${say(strange)} checkpoints are signed by a key nobody trusts.`));
	const holds = `All ${say(trusted)} checkpoints are signed by a trusted key.`;
	return check('holds', 0, isByClaimAlone ? `${holds} ${BY_CLAIM_ALONE}` : holds);
}

function consistencyCheck(table: TableName, problems: readonly IntegrityProblem[], checkpoints: readonly CheckpointFact[]): IntegrityCheck {
	const count = problems.filter(({ code }) => code === 'inconsistent').length;
	const state: CheckState = count > 0 ? 'fails' : checkpoints.length === 0 ? 'not_told' : 'holds';
	return {
		id: 'consistency',
		title: 'Checkpoints continue each other',
		test: 'T68',
		state,
		count,
		words:
			state === 'fails'
				? firstOf(problems, ['inconsistent'])
				: state === 'holds'
					? 'Each head is the beginning of the next, and of what this workstation has seen before.'
					: 'There is no checkpoint to compare with.',
		table,
	};
}

function forkedSizes(checkpoints: readonly CheckpointFact[]): number {
	const stated = new Map<number, string>();
	let forks = 0;
	for (const { size, signature, stated: root } of checkpoints) {
		if (size === null || (signature !== 'trusted' && signature !== 'claimed')) continue;
		const other = stated.get(size);
		if (other === undefined) stated.set(size, root);
		else if (other !== root) forks++;
	}
	return forks;
}

const firstOf = (problems: readonly IntegrityProblem[], codes: readonly IntegrityCode[], otherwise = ''): string =>
	problems.find(({ code }) => codes.includes(code))?.detail ?? otherwise;

/** Groups of three, as counts are read. */
export const say = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');
