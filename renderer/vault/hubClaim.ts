/** What a hub says it is, as the policy that would be pinned. */
import { ok } from '#kernel';
import { describeTrustPolicyError, policyFingerprint, type TenantAnswer, type TrustPolicy, trustPolicy } from '#sync';
import type { Answer } from './contract.ts';
import type { StoredPolicy } from './trustRecord.ts';
import { refuse } from './vaultError.ts';

/** What a hub claims to be, for a person to compare with what the company said. */
export interface HubClaim {
	readonly tenant: TenantAnswer;
	/** Of the policy that would be pinned. */
	readonly fingerprint: string;
	readonly policy: StoredPolicy;
	/** Another policy is pinned already, and this one differs from it. */
	readonly differsFromPinned: boolean;
}

export function claimOf(tenant: TenantAnswer, pinned: TrustPolicy | null): Answer<HubClaim> {
	const policy: StoredPolicy = {
		log: tenant.log,
		keys: tenant.log_keys.map(({ vkey, until }) => ({ vkey, until })),
		witnesses: tenant.witnesses,
		quorum: tenant.witnesses.length > 0 ? 1 : 0,
	};
	const judged = trustPolicy(policy.log, policy.keys, policy.witnesses, policy.quorum);
	if (!judged.ok) return refuse('not_connected', `What the hub says of its keys does not hold: ${describeTrustPolicyError(judged.error)}`);
	const fingerprint = policyFingerprint(judged.value);
	return ok({ tenant, fingerprint, policy, differsFromPinned: pinned !== null && policyFingerprint(pinned) !== fingerprint });
}
