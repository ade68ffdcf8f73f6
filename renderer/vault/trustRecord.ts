/** The engagement's trust policy for its hub: settings in the log of acts, so that who pinned what, and when, stands signed there. */
import { z } from 'zod';
import type { Act, Workbook } from '#findings';
import { canonicalize } from '#kernel';
import { policyFingerprint, type TrustPolicy, trustPolicy } from '#sync';

export const POLICY_SETTING = 'sync.policy';

const storedPolicySchema = z.strictObject({
	log: z.string(),
	keys: z.array(z.strictObject({ vkey: z.string(), until: z.record(z.string(), z.int()) })),
	witnesses: z.array(z.string()),
	quorum: z.int().min(0),
});
export type StoredPolicy = Readonly<z.infer<typeof storedPolicySchema>>;

/** The pinned policy; null before one was pinned, or where the setting does not read. */
export function pinnedPolicy(workbook: Workbook): TrustPolicy | null {
	const value = workbook.settings.get(POLICY_SETTING)?.value;
	if (value === undefined || value === '') return null;
	try {
		const stored = storedPolicySchema.parse(JSON.parse(value));
		const policy = trustPolicy(stored.log, stored.keys, stored.witnesses, stored.quorum);
		return policy.ok ? policy.value : null;
	} catch {
		return null;
	}
}

/** The acts that pin a policy: the setting, and its keys among those the engagement trusts. */
export function pinningActs(workbook: Workbook, stored: StoredPolicy, policy: TrustPolicy): Act[] {
	const fingerprint = policyFingerprint(policy);
	const value = canonicalize(stored);
	const origin = `confirmed for the hub by fingerprint ${fingerprint.slice(0, 19)} …`;
	const keys = stored.keys.filter(({ vkey }) => !workbook.trustedKeys.has(vkey));
	return [
		...keys.map(({ vkey }): Act => ({ type: 'trusted_key.added', vkey, origin })),
		...(workbook.settings.get(POLICY_SETTING)?.value === value
			? []
			: [{ type: 'setting.changed', key: POLICY_SETTING, value, reason: `Fingerprint ${fingerprint} confirmed` } as const]),
	];
}
