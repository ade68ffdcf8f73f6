/** Passphrases of the open engagement: changed, confirmed; and acting as another member of the sample. */
import { err, invariant, ok } from '#kernel';
import type { Answer } from './contract.ts';
import { slotIdOf } from './createEngagement.ts';
import { passphraseFault } from './passphrase.ts';
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
		/** Whether this is the open member's passphrase: asked again before a signature. */
		confirmPassphrase: (passphrase: string): Promise<Answer<void>> =>
			withOpen(session, async (open) => {
				const confirmed = await confirm(open, passphrase, session);
				return confirmed.ok ? ok(undefined) : confirmed;
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
