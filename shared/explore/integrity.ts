/**
 * What is known about the integrity of a drop, as facts that can each fail alone. There is no sum of them: a check that could not be
 * made is said as such, and no single sign stands for all.
 */
import type { CheckpointFact, EvidenceFacts, IntegrityCode, IntegrityProblem, IntegrityVerdict, IpeDifference, KeyTrust } from '#audit';
import {
	BY_CLAIM_ALONE,
	formatVerifierKey,
	isFirstReading,
	isTrustedByClaimAlone,
	type KeyOrigin,
	type Manifest,
	parseVerifierKey,
	SEALED_TABLES,
} from '#evidence';
import { compareText } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';

/** Lines of a sealed table by what is known of them; they add up to `expected`. */
export interface IntegrityCoverage {
	/** The most of what lies there, what the manifest declares, and what the checkpoints are signed over. */
	readonly expected: number;
	/** Under a checkpoint of a trusted key whose root the lines have. */
	readonly verified: number;
	/** A problem names the line as changed. */
	readonly altered: number;
	/** Expected, and not there. */
	readonly missing: number;
	/** In another place of its order's count than it should be, or twice. */
	readonly outOfOrder: number;
	/** There, and nothing signed by a trusted key vouches for it. */
	readonly notVerifiable: number;
	/** Changes that the evidence proves and cannot place: the lines they lie in are among the not verifiable. */
	readonly unplaced: number;
}

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

export interface CheckpointView extends CheckpointFact {
	readonly table: TableName;
	/** Lines the table has; a checkpoint beyond them proves that some are missing. */
	readonly rows: number;
}

export interface SealedTableView {
	readonly table: TableName;
	readonly rows: number;
	readonly declared: number | null;
	readonly verdict: IntegrityVerdict;
	readonly trust: KeyTrust;
	readonly coverage: IntegrityCoverage;
	/** Lines under the newest checkpoint of a trusted key whose root they have. */
	readonly sealed: number;
	readonly checks: readonly IntegrityCheck[];
	readonly problems: readonly IntegrityProblem[];
	readonly checkpoints: readonly CheckpointView[];
}

export interface IpeView {
	readonly table: string;
	readonly rows: number | null;
	readonly sha256: string | null;
	readonly verdict: EvidenceFacts['ipe'][number]['verdict'];
	readonly differences: readonly IpeDifference[];
	readonly quarantined: number;
}

export interface KeyView {
	/** As the drop claims it. */
	readonly claimed: string | null;
	/** `isFirstReading`: taken from the drop, by nobody else’s word. */
	readonly trusted: readonly (KeyOrigin & { readonly isClaimed: boolean; readonly isFirstReading: boolean })[];
}

export interface IntegrityView {
	readonly sealed: readonly SealedTableView[];
	/** Checks of the whole drop: files against the manifest, documents. */
	readonly checks: readonly IntegrityCheck[];
	readonly ipe: readonly IpeView[];
	readonly documents: EvidenceFacts['documents'];
	readonly key: KeyView;
	/** What all of this does not prove, in words. */
	readonly limits: readonly string[];
}

export interface IntegrityInput {
	readonly manifest: Manifest;
	readonly evidence: EvidenceFacts;
	readonly population: Population;
	/** The engagement's own keys, and where each came from. */
	readonly trusted: readonly KeyOrigin[];
}

export function integrityView(input: IntegrityInput): IntegrityView {
	const { evidence, population } = input;
	const sealed = (Object.keys(evidence.integrity) as TableName[]).map((table) => sealedView(input, table));
	return {
		sealed,
		checks: dropChecks(input),
		ipe: evidence.ipe.map(({ table, verdict, differences }) => {
			const found = evidence.tables[table as TableName];
			const name = found ? (table as TableName) : null;
			return {
				table,
				verdict,
				differences,
				rows: found?.rows ?? null,
				sha256: found?.sha256 ?? null,
				quarantined: name && population.has(name) ? population.table(name).quarantine.length : 0,
			};
		}),
		documents: evidence.documents,
		key: keyView(input),
		limits: limitsOf(input, sealed),
	};
}

function sealedView({ manifest, evidence, population, trusted }: IntegrityInput, table: TableName): SealedTableView {
	const facts = evidence.integrity[table] ?? { rows: 0, verdict: 'not_verifiable' as const, problems: [] };
	const checkpoints = evidence.checkpoints?.[table] ?? [];
	const declared = manifest.tables.find(({ known }) => known === table)?.rows ?? null;
	const trust = evidence.keyTrust?.[table] ?? (facts.verdict === 'verified' ? 'trusted' : 'not_judged');
	const sealed = sealedLines(checkpoints, facts.verdict, facts.rows);
	return {
		table,
		rows: facts.rows,
		declared,
		verdict: facts.verdict,
		trust,
		sealed,
		coverage: coverageOf(facts.rows, declared, sealed, checkpoints, facts.problems),
		checks: sealedChecks(table, facts.rows, facts.problems, checkpoints, {
			trust,
			isThere: population.has(table),
			isByClaimAlone: isTrustedByClaimAlone(trusted, manifest.claimedLogKey),
		}),
		problems: facts.problems,
		checkpoints: checkpoints.map((one) => ({ ...one, table, rows: facts.rows })),
	};
}

/** The newest checkpoint of a trusted key that the lines agree with; where checkpoints are not said, only a verdict tells. */
function sealedLines(checkpoints: readonly CheckpointFact[], verdict: IntegrityVerdict, rows: number): number {
	if (checkpoints.length === 0) return verdict === 'verified' ? rows : 0;
	let sealed = 0;
	for (const { size, signature, root } of checkpoints)
		if (signature === 'trusted' && root === 'matches' && size !== null && size > sealed) sealed = size;
	return sealed;
}

const DISPLACED: readonly IntegrityCode[] = ['sequence_gap', 'duplicate'];
const CHANGED: readonly IntegrityCode[] = ['not_canonical', 'chain_break', 'root_mismatch'];

function coverageOf(
	rows: number,
	declared: number | null,
	sealed: number,
	checkpoints: readonly CheckpointFact[],
	problems: readonly IntegrityProblem[],
): IntegrityCoverage {
	const altered = linesOf(problems, CHANGED, rows);
	const displaced = linesOf(problems, DISPLACED, rows);
	for (const line of altered) displaced.delete(line);
	const signed = checkpoints.filter(({ signature, root }) => root === 'beyond_log' && signature !== 'invalid').map(({ size }) => size ?? 0);
	// A log that this workstation has seen longer says so in a problem of its own, one line behind the last.
	const expected = Math.max(rows, declared ?? 0, ...signed);
	const isSound = (line: number): boolean => line <= sealed;
	const faulty = [...altered, ...displaced].filter(isSound).length;
	const verified = sealed - faulty;
	return {
		expected,
		verified,
		altered: altered.size,
		missing: expected - rows,
		outOfOrder: displaced.size,
		notVerifiable: rows - verified - altered.size - displaced.size,
		unplaced: problems.filter(({ code, line }) => code === 'root_mismatch' && line === null).length,
	};
}

function linesOf(problems: readonly IntegrityProblem[], codes: readonly IntegrityCode[], rows: number): Set<number> {
	const lines = new Set<number>();
	for (const { code, line } of problems) if (line !== null && line <= rows && codes.includes(code)) lines.add(line);
	return lines;
}

interface SealedContext {
	readonly trust: KeyTrust;
	readonly isThere: boolean;
	/** Trusted by the drop’s own claim only. */
	readonly isByClaimAlone: boolean;
}

function sealedChecks(
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
		return check('not_told', 0, `${say(checkpoints.length)} checkpoints are signed; no key is trusted, so it is not known by whom.`);
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
const say = (count: number): string => String(count).replace(/\B(?=(\d{3})+$)/g, ',');

function dropChecks({ evidence, population, manifest }: IntegrityInput): IntegrityCheck[] {
	const differing = (...whats: readonly IpeDifference['what'][]): { readonly table: string; readonly one: IpeDifference }[] =>
		evidence.ipe.flatMap(({ table, differences }) => differences.filter(({ what }) => whats.includes(what)).map((one) => ({ table, one })));
	const hashes = differing('sha256');
	const counts = differing('rows', 'bytes', 'control_total');
	const declared = manifest.tables.length;
	const quarantined = [...population.tables()].reduce((sum, { quarantine }) => sum + quarantine.length, 0);
	const { present, missing, altered } = evidence.documents;
	const broken = missing.length + altered.length;
	const [hash] = hashes;
	const [count] = counts;
	const check = (id: CheckId, title: string, test: string, found: number, holds: string, fails: string): IntegrityCheck => ({
		id,
		title,
		test,
		state: found > 0 ? 'fails' : 'holds',
		count: found,
		words: found > 0 ? fails : holds,
		table: null,
	});
	return [
		check(
			'file_hash',
			'File hash equals the manifest',
			'T66',
			hashes.length,
			`The bytes of all ${say(declared)} declared files have the SHA-256 their manifest states.`,
			`${hash?.table}: declared ${hash?.one.declared.slice(0, 16)}…, found ${hash?.one.found.slice(0, 16)}…${further(hashes.length)}.`,
		),
		check(
			'declared_counts',
			'Rows, bytes and control totals as declared',
			'T77',
			counts.length,
			'Every declared count and sum is what the file has.',
			`${count?.table}, ${count?.one.what === 'control_total' ? 'control total' : count?.one.what}: declared ${count?.one.declared}, found ${count?.one.found}${further(counts.length)}.`,
		),
		check(
			'well_formed',
			'Every line can be read',
			'',
			quarantined,
			'No line was set aside as malformed.',
			`${say(quarantined)} malformed ${quarantined === 1 ? 'line was' : 'lines were'} set aside; every test on those tables is incomplete.`,
		),
		check(
			'documents',
			'Documents are the bytes they are named by',
			'T73',
			broken,
			`${say(present)} documents lie under the hash of their bytes, and none that is cited is missing.`,
			`${say(altered.length)} ${altered.length === 1 ? 'document was' : 'documents were'} altered, ${say(missing.length)} cited and missing.`,
		),
	];
}

/** Only the first is told in a sentence; the rest is counted. */
const further = (count: number): string => (count > 1 ? `; and ${say(count - 1)} more` : '');

function keyView({ manifest, trusted }: IntegrityInput): KeyView {
	const claimed = manifest.claimedLogKey;
	const same = (vkey: string): boolean => {
		const [a, b] = [parseVerifierKey(vkey), parseVerifierKey(claimed ?? '')];
		return a.ok && b.ok && formatVerifierKey(a.value) === formatVerifierKey(b.value);
	};
	return {
		claimed,
		trusted: trusted.map(({ vkey, origin }) => ({
			vkey,
			origin,
			isClaimed: same(vkey),
			isFirstReading: isFirstReading(origin),
		})),
	};
}

/** What none of the checks can show, with the numbers of this drop. */
function limitsOf({ evidence, manifest, trusted }: IntegrityInput, sealed: readonly SealedTableView[]): string[] {
	const limits = ['Proves that bytes did not change since they were sealed, not that they were true when they were written.'];
	const plain = Object.keys(evidence.tables)
		.filter((table) => !(SEALED_TABLES as readonly string[]).includes(table))
		.sort(compareText);
	if (plain.length > 0)
		limits.push(
			`${say(plain.length)} tables have no log (${plain.slice(0, 4).join(', ')}${plain.length > 4 ? ' …' : ''}): they are compared with the manifest alone, which whoever rewrites both leaves in agreement.`,
		);
	for (const { table, rows, sealed: covered, trust } of sealed) {
		if (trust === 'trusted' && covered < rows)
			limits.push(`${say(rows - covered)} lines of ${table} stand behind its last trusted checkpoint: nothing vouches for them yet.`);
	}
	if (trusted.length === 0)
		limits.push(
			manifest.claimedLogKey === null
				? 'No key is trusted and the drop claims none, so nothing can be verified: get the log’s key from the company by another way.'
				: 'No key is trusted: the key in the manifest is only the company’s claim. Nothing is verified until a key from outside the drop is added.',
		);
	if (isTrustedByClaimAlone(trusted, manifest.claimedLogKey))
		limits.push(
			`${BY_CLAIM_ALONE} “Verified” then means sealed by one and the same key throughout, whoever holds it: compare it with the company by another way.`,
		);
	limits.push('A log cut back to an older checkpoint shows only to a workstation that has seen a newer one, or a witness who has.');
	return limits;
}
