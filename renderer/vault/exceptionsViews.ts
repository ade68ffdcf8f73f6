/** Saved views of the triage: text that another member's window wrote, so it is read with care. */
import { z } from 'zod';
import type { InboxFilter, InboxSort } from '#findings';
import { ok } from '#kernel';
import type { Answer } from './contract.ts';
import { refuse } from './vaultError.ts';

export interface TriageView {
	readonly filter: InboxFilter;
	readonly sort: readonly InboxSort[];
}

const MANY = 200;
const words = z.array(z.string().max(MANY)).max(MANY);
/** Whole minor units as digits: JSON has no exact integers. */
const minor = z
	.string()
	.regex(/^\d{1,30}$/)
	.transform(BigInt);

const viewShape = z.strictObject({
	filter: z.strictObject({
		queue: z.enum(['new', 'mine', 'waiting', 'changed', 'all']).optional(),
		tests: words.optional(),
		severities: z.array(z.enum(['critical', 'high', 'medium', 'low'])).optional(),
		verdicts: z.array(z.enum(['new', 'confirmed', 'explained', 'duplicate', 'below_trivial', 'waiting'])).optional(),
		currency: z.string().max(3).optional(),
		amountFrom: minor.optional(),
		amountTo: minor.optional(),
		text: z.string().max(MANY).optional(),
		orderId: z.string().max(MANY).optional(),
	}),
	sort: z.array(
		z.strictObject({
			column: z.enum(['severity', 'test', 'order', 'amount', 'verdict', 'reason']),
			direction: z.enum(['asc', 'desc']),
		}),
	),
});

/** A definition as `definitionOf` of the screen writes it; refuses `invalid` where it is of another form, as from a later version. */
export function readTriageView(definition: string): Answer<TriageView> {
	const read = viewShape.safeParse(parsed(definition));
	return read.success ? ok(read.data as TriageView) : refuse('invalid', 'This view can’t be read by this version. Save it anew.');
}

function parsed(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}
