/** Trying a passphrase against the slots of an engagement, and what a wrong one costs: that is kept in the header. */
import { ok } from '#kernel';
import type { KdfPolicy } from './argon.ts';
import type { Answer } from './contract.ts';
import { type EngagementHeader, type HeaderStore, waitAfter } from './header.ts';
import { openSlots, type SlotSecret, stretchFor } from './slots.ts';
import { refuse } from './vaultError.ts';

interface TryPorts {
	readonly headers: HeaderStore;
	readonly kdf: KdfPolicy;
	now(): number;
}

export async function tryPassphrase(header: EngagementHeader, passphrase: string, ports: TryPorts): Promise<Answer<readonly SlotSecret[]>> {
	// Read anew: another try may have failed since.
	const latest = (await ports.headers.get(header.engagementId)) ?? header;
	const longest = ports.now() + waitAfter(Number.MAX_SAFE_INTEGER);
	const wait = Math.min(latest.notBefore, longest) - ports.now();
	if (wait > 0)
		return refuse('wrong_passphrase', `Too many wrong passphrases. Try again in ${Math.ceil(wait / 1_000)} s, or use the recovery key.`);
	const secret = await stretchFor(latest, passphrase, ports.kdf);
	if (secret === null)
		return refuse(
			'engagement_damaged',
			'The list of engagements was changed outside this program: it asks for a weaker key than this program makes. Restore the engagement from a backup.',
		);
	const opened = await openSlots(latest, 'passphrase', secret);
	secret.fill(0);
	if (opened.length > 0) {
		if (latest.failures > 0) await ports.headers.change(header.engagementId, (now) => ({ ...now, failures: 0, notBefore: 0 }));
		return ok(opened);
	}
	const failures = latest.failures + 1;
	const seconds = waitAfter(failures) / 1_000;
	await ports.headers.change(header.engagementId, (now) => ({ ...now, failures, notBefore: ports.now() + seconds * 1_000 }));
	return refuse(
		'wrong_passphrase',
		`The passphrase is wrong. ${seconds > 0 ? `Try again in ${seconds} s` : 'Try again'}, or use the recovery key.`,
	);
}
