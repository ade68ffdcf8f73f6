/** The ways into the open engagement: passphrases, changed and confirmed; a new recovery key; acting as another member of the sample. */
import { can } from '#findings';
import { err, invariant, ok, sha256Hex } from '#kernel';
import type { Answer } from './contract.ts';
import { RECOVERY, slotIdOf } from './createEngagement.ts';
import { passphraseFault } from './passphrase.ts';
import { formatRecoveryKey } from './recoveryKey.ts';
import { randomBytes } from './sealing.ts';
import { type OpenSession, type Session, type SessionPorts, withOpen } from './session.ts';
import { makeSlot, openSlots, type SlotSecret, stretchFor } from './slots.ts';
import { refuse } from './vaultError.ts';

export function sessionPassphrase(session: Session, ports: SessionPorts) {
	return {
		changePassphrase: (old: string, next: string): Promise<Answer<void>> =>
			withOpen(session, async (open) => {
				const confirmed = await confirm(open, old, session);
				if (!confirmed.ok) return confirmed;
				if (open.header.isSample)
					return refuse('not_allowed', 'The sample keeps the passphrase that everybody knows. Create an engagement of your own.');
				const { name, client, organisation } = open.engagement.workbook().engagement;
				const fault = passphraseFault(next, [name, client, organisation, open.header.label, open.engagement.member().name]);
				if (fault !== null) return refuse('weak_passphrase', fault);
				return await setPassphrase(open, next, session, ports);
			}),
		/**
		 * Makes a new recovery key and destroys the slot of the one before. Partners only; it lets them in who issued it. The act is written
		 * first: a key that nobody saw is better than one that nobody knows of. Backups of before go on opening with the key of before.
		 */
		issueRecoveryKey: (passphrase: string): Promise<Answer<{ readonly recoveryKey: string }>> =>
			withOpen(session, async (open) => {
				if (open.header.isSample)
					return refuse('not_allowed', 'The sample keeps the keys it was made with. Create an engagement of your own.');
				if (!can(open.engagement.member().role, 'recovery_key.issued'))
					return refuse('not_allowed', 'Only a partner issues a recovery key. Ask one.');
				const confirmed = await confirm(open, passphrase, session);
				return confirmed.ok ? await issueRecoveryKey(open, session, ports) : confirmed;
			}),
		/** Whether this is the open member's passphrase: asked again before a signature. Answers the word that `findings.sign` takes, once. */
		confirmPassphrase: (passphrase: string): Promise<Answer<{ readonly confirmation: string }>> =>
			withOpen(session, async (open) => {
				const confirmed = await confirm(open, passphrase, session);
				if (!confirmed.ok) return confirmed;
				return ok({ confirmation: open.engagement.confirmations.give(confirmed.value.signer.memberId) });
			}),
		/** Acts as another made-up member; in the sample only. */
		switchSampleMember: (memberId: string): Promise<Answer<void>> =>
			withOpen(session, (open) => {
				const secret = open.secrets.find(({ signer }) => signer.memberId === memberId);
				if (!open.header.isSample)
					return Promise.resolve(refuse('not_allowed', 'Only in the sample can you act as somebody else. Lock, and let them unlock.'));
				if (secret === undefined) return Promise.resolve(refuse('not_found', 'There is no such member in the sample.'));
				open.engagement.actAs(secret.signer);
				ports.changed({ kind: 'session' });
				ports.changed({ kind: 'workbook', seq: open.engagement.workbook().seq });
				return Promise.resolve(ok(undefined));
			}),
	};
}

async function issueRecoveryKey(
	{ header: { engagementId }, engagement }: OpenSession,
	session: Session,
	ports: SessionPorts,
): Promise<Answer<{ readonly recoveryKey: string }>> {
	const header = await session.headerOf(engagementId);
	if (!header.ok) return header;
	const recovery = randomBytes(32);
	const slotId = await slotIdOf(engagement.keys, RECOVERY);
	const slot = await makeSlot(header.value, 'recovery', recovery, { root: engagement.keys.root, signer: engagement.signer() }, slotId);
	const fingerprint = sha256Hex(recovery).slice(0, 8);
	const recoveryKey = formatRecoveryKey(recovery);
	recovery.fill(0);
	const recorded = await engagement.act({ type: 'recovery_key.issued', fingerprint });
	if (!recorded.ok) return recorded;
	const changed = await ports.headers.change(engagementId, (now) => ({
		...now,
		slots: [...now.slots.filter(({ kind }) => kind !== 'recovery'), slot],
	}));
	if (changed === null) return refuse('no_such_engagement', 'This engagement is not on this computer any more.');
	session.change({ header: changed });
	return ok({ recoveryKey });
}

async function confirm(open: OpenSession, passphrase: string, session: Session): Promise<Answer<SlotSecret>> {
	const header = await session.headerOf(open.header.engagementId);
	if (!header.ok) return header;
	const secrets = await session.tryPassphrase(header.value, passphrase);
	if (!secrets.ok) return secrets;
	const mine = secrets.value.find(({ signer }) => signer.memberId === open.engagement.memberId);
	return mine === undefined ? refuse('wrong_passphrase', 'This is the passphrase of another member. Type your own.') : ok(mine);
}

/** Wraps the open member's secrets anew, under another passphrase. Nothing else is encrypted again. */
export async function setPassphrase(open: OpenSession, passphrase: string, session: Session, ports: SessionPorts): Promise<Answer<void>> {
	const header = await session.headerOf(open.header.engagementId);
	if (!header.ok) return header;
	const { engagement } = open;
	const secret = await stretchFor(header.value, passphrase, ports.kdf);
	invariant(secret, 'parameters that opened the engagement are sound');
	const others = (await openSlots(header.value, 'passphrase', secret)).filter(({ signer }) => signer.memberId !== engagement.memberId);
	if (others.length > 0) return refuse('weak_passphrase', 'This passphrase is in use in this engagement already. Take another one.');
	const slotId = await slotIdOf(engagement.keys, engagement.memberId);
	const slot = await makeSlot(header.value, 'passphrase', secret, { root: engagement.keys.root, signer: engagement.signer() }, slotId);
	secret.fill(0);
	const changed = await ports.headers.change(open.header.engagementId, (now) => ({
		...now,
		slots: [...now.slots.filter((each) => each.slotId !== slotId), slot],
	}));
	if (changed === null) return err({ code: 'no_such_engagement', message: 'This engagement is not on this computer any more.' });
	session.change({ header: changed });
	return ok(undefined);
}
