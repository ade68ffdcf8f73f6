/** Shapes of the command line's results, strict, written from the specification: a key more or less is an error. */
import { z } from 'zod';

const hex = z.string().regex(/^[0-9a-f]{64}$/);
const whole = z.number().int().nonnegative();
const integrity = z.record(
	z.enum(['order_event', 'revenue_event']),
	z.strictObject({
		rows: whole,
		verdict: z.enum(['verified', 'altered', 'truncated', 'forked', 'not_verifiable']),
		problems: z.array(
			z.strictObject({
				code: z.enum([
					'chain_break',
					'not_canonical',
					'sequence_gap',
					'duplicate',
					'root_mismatch',
					'beyond_log',
					'bad_signature',
					'untrusted_key',
					'inconsistent',
				]),
				line: whole.nullable(),
				order_id: z.string().nullable(),
				detail: z.string().min(1),
			}),
		),
	}),
);
export const verification = {
	format: z.literal('tieout-result/1'),
	drop: z.strictObject({ drop_id: z.string(), as_of: z.string().regex(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/), manifest_sha256: hex }),
	integrity,
	ipe: z.array(
		z.strictObject({
			table: z.string(),
			verdict: z.enum(['as_declared', 'differs', 'not_declared', 'missing']),
			differences: z.array(
				z.strictObject({ what: z.enum(['sha256', 'rows', 'control_total', 'bytes']), declared: z.string(), found: z.string() }),
			),
		}),
	),
	documents: z.strictObject({ present: whole, missing: z.array(hex), altered: z.array(hex) }),
	/** The one key beyond the specification. */
	quarantine: z.array(z.looseObject({ file: z.string(), line: whole })),
};
const test = z.strictObject({
	test: z.string().regex(/^T\d\d$/),
	version: whole,
	title: z.string().min(1),
	verdict: z.enum(['pass', 'exception', 'incomplete', 'not_testable']),
	why: z.string().min(1).nullable(),
	population: z.strictObject({ rows: whole, sha256: hex }),
	parameters: z.record(z.string(), z.union([z.number(), z.string()])),
	exceptions: z.array(
		z.strictObject({
			order_id: z.string().nullable(),
			keys: z.record(z.string(), z.string()),
			amount_minor: z.number().int().nullable(),
			currency: z.string().length(3).nullable(),
			reason: z.string().min(1),
			rows: z.array(z.strictObject({ table: z.string(), key: z.string(), sha256: hex })),
		}),
	),
	result_sha256: hex,
});
export const auditSchema = z.strictObject({ ...verification, tests: z.array(test) });
export const checkSchema = z.strictObject({
	format: z.literal('tieout-check/1'),
	verdict: z.enum(['VALID', 'INCOMPLETE', 'UNTRUSTED', 'TAMPERED']),
	signer_trust: z.enum(['trusted', 'untrusted', 'not_judged']),
	log_trust: z.enum(['trusted', 'untrusted', 'not_judged']),
	codes: z.array(z.strictObject({ code: z.string(), detail: z.string() })),
	signatures: z.array(
		z.strictObject({
			field: z.string(),
			signer: z.string(),
			time: z.string(),
			time_is: z.enum(['claimed', 'timestamped']),
			covers: z.string(),
		}),
	),
	files: z.strictObject({ declared: whole, matching: whole }),
	proofs: z.strictObject({ checked: whole, failed: whole }),
	replay: z.strictObject({ tests: whole, matching: whole, different: z.array(z.unknown()) }).nullable(),
});
