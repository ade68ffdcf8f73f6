/**
 * What is known about the integrity of a drop, as facts that can each fail alone. There is no sum of them: a check that could not be
 * made is said as such, and no single sign stands for all.
 */
import type { CheckpointFact, EvidenceFacts, IntegrityProblem, IntegrityVerdict, IpeDifference, KeyTrust } from '#audit';
import {
	BY_CLAIM_ALONE,
	formatVerifierKey,
	isFirstReading,
	isTrustedByClaimAlone,
	type KeyOrigin,
	parseVerifierKey,
	SEALED_TABLES,
} from '#evidence';
import { compareText } from '#kernel';
import type { TableName } from '#model';
import { type IntegrityCheck, type IntegrityInput, say, sealedChecks } from './integrityChecks.ts';
import { coverageOf, type IntegrityCoverage } from './integrityCoverage.ts';
import { dropChecks } from './integrityDropChecks.ts';

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
