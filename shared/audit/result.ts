/** The result of an audit run as it is written (`tieout-result/1`) and hashed. Key names and shapes are a contract with other programs. */
import { canonicalize, sha256HexOfText } from '#kernel';
import type { DocumentFacts, IpeTable, TableIntegrity } from './evidenceFacts.ts';
import type { ParameterValue } from './types.ts';

export type Verdict = 'pass' | 'exception' | 'incomplete' | 'not_testable';

export interface CitedRow {
	readonly table: string;
	/** Primary key, its parts joined by "/". */
	readonly key: string;
	/** SHA-256 of the stored line, line feed excluded. */
	readonly sha256: string;
}

export interface ExceptionResult {
	readonly order_id: string | null;
	readonly keys: Readonly<Record<string, string>>;
	/** Minor units; a decimal text where a JSON number could not hold it exactly. */
	readonly amount_minor: number | string | null;
	readonly currency: string | null;
	readonly reason: string;
	readonly rows: readonly CitedRow[];
}

export interface TestResult {
	readonly test: string;
	readonly version: number;
	readonly title: string;
	readonly verdict: Verdict;
	readonly why: string | null;
	readonly population: { readonly rows: number; readonly sha256: string };
	readonly parameters: Readonly<Record<string, ParameterValue>>;
	readonly exceptions: readonly ExceptionResult[];
	readonly result_sha256: string;
}

export interface QuarantineEntry {
	readonly table: string;
	readonly file: string;
	readonly line: number;
	readonly offset: number;
	readonly code: string;
	readonly detail: string;
}

export interface AuditResult {
	readonly format: 'tieout-result/1';
	readonly drop: { readonly drop_id: string; readonly as_of: string; readonly manifest_sha256: string };
	readonly integrity: Readonly<Record<string, TableIntegrity>>;
	readonly ipe: readonly IpeTable[];
	readonly documents: DocumentFacts;
	/** Lines set aside as malformed, in file order: not in the contract's example, because a clean drop has none. */
	readonly quarantine: readonly QuarantineEntry[];
	readonly tests: readonly TestResult[];
}

/** Hash of a test's result: over the canonical JSON of the object without the hash itself, so that two machines agree byte for byte. */
export function resultSha256(result: Omit<TestResult, 'result_sha256'>): string {
	return sha256HexOfText(canonicalize(result));
}

/**
 * Whether anything in the result is adverse: what makes a command end with status 1.
 * @param keyGiven whether a log key was given: then a log it does not vouch for is a failed verification, not an unknown one
 */
export function isAdverse(result: AuditResult, keyGiven: boolean): boolean {
	return (
		result.tests.some((test) => test.verdict === 'exception') ||
		Object.values(result.integrity).some((table) => isFailed(table, keyGiven)) ||
		result.ipe.some(({ verdict }) => verdict === 'differs' || verdict === 'missing') ||
		result.documents.missing.length + result.documents.altered.length + result.quarantine.length > 0
	);
}

/** That no key was trusted is something not known, not something found. */
function isFailed({ verdict, problems }: TableIntegrity, keyGiven: boolean): boolean {
	if (verdict === 'verified') return false;
	return verdict !== 'not_verifiable' || keyGiven || problems.some(({ code }) => code !== 'untrusted_key');
}
