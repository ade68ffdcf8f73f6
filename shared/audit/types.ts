/** The shape of an audit test: one row of the catalogue, with a pure function over the population. */

import type { TableName } from '#model';
import type { Population, PopulationTable } from '#population';
import type { EvidenceFacts } from './evidenceFacts.ts';

export type Severity = 'critical' | 'high' | 'medium' | 'low';

/** Parameters are whole numbers in the unit their specification names, or exact decimal texts ("0.1" percent). Never floats. */
export type ParameterValue = number | string;

export interface ParameterSpec {
	readonly name: string;
	readonly default: ParameterValue;
	/** "business days", "minor units", "percent", "hours" … as it is printed. */
	readonly unit: string;
	readonly doc: string;
}

/** What a test reads. A table or column that was not supplied makes it `not_testable`, and says which. */
export interface Need {
	readonly table: TableName;
	readonly columns: readonly string[];
}

/** A row an exception was drawn from. Its hash and key are added by the engine. */
export interface RowRef {
	readonly table: TableName;
	readonly row: number;
}

export interface ExceptionDraft {
	/** The order concerned, or null where the subject is no order. */
	readonly orderId: string | null;
	/** Primary keys of the subject rows, by their column names. */
	readonly keys: Readonly<Record<string, string>>;
	/** Amount at risk in minor units of `currency`, or null where none can be said. */
	readonly amountMinor: bigint | null;
	readonly currency: string | null;
	/** One sentence with the actual values, for somebody who has not read the rule. */
	readonly reason: string;
	readonly rows: readonly RowRef[];
	/** Where it differs from the test's own, such as a cut-off error that crosses a period end. */
	readonly severity?: Severity;
}

export interface Outcome {
	/** Subjects tested (rows of the test's main table that are in scope). */
	readonly tested: number;
	readonly exceptions: readonly ExceptionDraft[];
	/** Subjects that can't be judged yet at `as_of`, or whose values are withheld. */
	readonly open: number;
	/** What is open, as one phrase, where `open` > 0: "3 lines shipped less than 5 business days before as-of". */
	readonly openWhy?: string;
	/** The test can't be run on this data for a reason of content, such as fewer than 1,000 journals: says why. */
	readonly notTestable?: string;
}

export interface AuditContext {
	readonly population: Population;
	/** What the verification of the drop found: hashes, chains, checkpoints, documents. */
	readonly evidence: EvidenceFacts;
	/** A whole-number parameter of this test. */
	number(name: string): number;
	/** A decimal parameter of this test as a fraction of integers: 0.1 percent is { coefficient: 1n, scale: 1 }. */
	decimal(name: string): { readonly coefficient: bigint; readonly scale: number };
	/** A text parameter, "" where none was given. */
	text(name: string): string;
}

export interface AuditTest {
	readonly id: string;
	/** Raised whenever the rule or its sentences change, since result hashes then change as well. */
	readonly version: number;
	readonly title: string;
	readonly severity: Severity;
	/** Why an auditor cares: one sentence, printed in packs. */
	readonly why: string;
	/** The rule in words, with its parameters' names in {braces}: printed in packs. */
	readonly rule: string;
	/** Paragraph it rests on, such as "ASC 606-10-25-30" or "AS 2401.61"; empty where none exists. */
	readonly source: string;
	readonly parameters: readonly ParameterSpec[];
	readonly needs: readonly Need[];
	/** Tables it reads where supplied, without being not_testable for lack of them. */
	readonly mayRead?: readonly TableName[];
	/**
	 * The rule accuses because something is not there (an invoice, a shipment, an approval). Where a malformed line that was set aside
	 * may be that very thing, the engine leaves the subject open instead of accusing it.
	 */
	readonly judgesByAbsence?: true;
	/** It retells what was found of the logs, so that its verdict holds only under the keys that were trusted then. */
	readonly restsOnKeys?: true;
	readonly run: (context: AuditContext) => Outcome;
}

export type { Population, PopulationTable };
