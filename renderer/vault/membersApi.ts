/** Members of the open engagement. The acts say who may what; the slots say who gets in. */
import type { Member, Role } from '#findings';
import { invariant, ok } from '#kernel';
import type { Answer } from './contract.ts';
import { slotIdOf } from './createEngagement.ts';
import { newSeed, signerOf } from './keys.ts';
import { passphraseFault } from './passphrase.ts';
import { type OpenSession, type Session, type SessionPorts, withOpen } from './session.ts';
import { makeSlot, openSlots, stretchFor } from './slots.ts';
import { refuse } from './vaultError.ts';

export function membersApi(session: Session, ports: SessionPorts) {
	return {
		list: (): Promise<Answer<readonly Member[]>> =>
			withOpen(session, (open) => Promise.resolve(ok([...open.engagement.workbook().members.values()]))),
		/** Partners only. The member signs with a key of their own, made here. */
		addMember: (name: string, role: Role, passphrase: string): Promise<Answer<Member>> =>
			withOpen(session, (open) => addMember(open, { name, role, passphrase }, session, ports)),
		changeRole: (memberId: string, role: Role): Promise<Answer<void>> =>
			withOpen(session, async (open) => {
				const answer = await open.engagement.act({ type: 'member.role_changed', memberId, role });
				return answer.ok ? ok(undefined) : answer;
			}),
		/**
		 * Takes the member's way in away on this computer. What they know, and copies and backups they have, nobody can take back.
		 */
		removeMember: (memberId: string, reason: string): Promise<Answer<void>> =>
			withOpen(session, async (open) => {
				const answer = await open.engagement.act({ type: 'member.removed', memberId, reason });
				if (!answer.ok) return answer;
				const slotId = await slotIdOf(open.engagement.keys, memberId);
				const header = await ports.headers.change(open.header.engagementId, (now) => ({
					...now,
					slots: now.slots.filter((slot) => slot.slotId !== slotId),
				}));
				if (header !== null) session.change({ header });
				return ok(undefined);
			}),
	};
}

async function addMember(
	open: OpenSession,
	{ name, role, passphrase }: { readonly name: string; readonly role: Role; readonly passphrase: string },
	session: Session,
	ports: SessionPorts,
): Promise<Answer<Member>> {
	const { engagement } = open;
	const about = engagement.workbook().engagement;
	const fault = passphraseFault(passphrase, [about.name, about.client, about.organisation, open.header.label, name]);
	if (fault !== null) return refuse('weak_passphrase', fault);
	const header = await session.headerOf(open.header.engagementId);
	if (!header.ok) return header;
	const secret = await stretchFor(header.value, passphrase, ports.kdf);
	invariant(secret, 'parameters that opened the engagement are sound');
	if ((await openSlots(header.value, 'passphrase', secret)).length > 0)
		return refuse('weak_passphrase', 'This passphrase is in use in this engagement already. Let the member take another one.');
	const signer = signerOf(ports.randomId(), newSeed());
	const answer = await engagement.act({ type: 'member.added', memberId: signer.memberId, name, role, publicKey: signer.publicKey });
	if (!answer.ok) return answer;
	const slot = await makeSlot(
		header.value,
		'passphrase',
		secret,
		{ root: engagement.keys.root, signer },
		await slotIdOf(engagement.keys, signer.memberId),
	);
	secret.fill(0);
	signer.seed.fill(0);
	const changed = await ports.headers.change(open.header.engagementId, (now) => ({ ...now, slots: [...now.slots, slot] }));
	if (changed !== null) session.change({ header: changed });
	const member = engagement.workbook().members.get(signer.memberId);
	invariant(member, 'the member was just added');
	return ok(member);
}
