/** What the capabilities that look into evidence (orders, integrity, reconciliation, disputes) stand on: an open engagement with evidence, and its own parameters. */
import type { Overrides } from '#audit';
import type { EXACT, Tolerance } from '#explore';
import { exceptionKey, exceptionKeys, type Workbook } from '#findings';
import { ok, parseDecimal } from '#kernel';
import type { Answer, LoadedEvidence, OpenEngagement, VaultContext } from './contract.ts';
import { refuse } from './vaultError.ts';

export interface ExamineGround {
	readonly engagement: OpenEngagement;
	readonly loaded: LoadedEvidence;
}

export function examineGround(context: VaultContext): Answer<ExamineGround> {
	const open = context.open();
	if (!open.ok) return open;
	const loaded = open.value.evidence();
	return loaded ? ok({ engagement: open.value, loaded }) : refuse('no_evidence', 'No evidence is loaded. Import a drop under Data & IPE.');
}

/** Parameters that differ from their defaults, as the engine takes them. */
export const overridesOf = ({ parameters }: Workbook): Overrides =>
	Object.fromEntries(
		[...parameters].map(([test, values]) => [test, Object.fromEntries([...values].map(([name, { value }]) => [name, value]))]),
	);

export const TOLERANCE_MINOR = 'reconciliation.tolerance_minor';
export const TOLERANCE_PERCENT = 'reconciliation.tolerance_percent';

/** The engagement's rule min(amount, share); exact where it says nothing. */
export function toleranceOf({ settings }: Workbook): Tolerance & { readonly minorText: string; readonly percentText: string } {
	const minorText = settings.get(TOLERANCE_MINOR)?.value ?? '0';
	const percentText = settings.get(TOLERANCE_PERCENT)?.value ?? '0';
	const percent = parseDecimal(percentText);
	const share = percent.ok ? { coefficient: percent.value.coefficient, scale: percent.value.scale + 2 } : NO_SHARE;
	return { absoluteMinor: /^\d{1,15}$/.test(minorText) ? BigInt(minorText) : 0n, share, minorText, percentText };
}

const NO_SHARE: (typeof EXACT)['share'] = { coefficient: 0n, scale: 0 };

export interface LinkedException {
	readonly key: string;
	/** How it was judged so far. */
	readonly verdict: string;
	/** It is among the recorded results, so that it can be opened there. */
	readonly isRecorded: boolean;
}

/** The exception of a test about a subject, as results and judgements know it. */
export function linkedException(
	engagement: OpenEngagement,
	test: string,
	orderId: string | null,
	keys: Readonly<Record<string, string>>,
): LinkedException {
	const subject = exceptionKey(test, { order_id: orderId, keys });
	const recorded = engagement.results()?.tests.find((one) => one.test === test);
	// Of several about this subject, the first.
	const at = recorded?.exceptions.findIndex((one) => exceptionKey(test, one) === subject) ?? -1;
	const key = recorded && at >= 0 ? (exceptionKeys(recorded)[at] as string) : subject;
	return { key, verdict: engagement.workbook().judgements.get(key)?.verdict ?? 'new', isRecorded: at >= 0 };
}
