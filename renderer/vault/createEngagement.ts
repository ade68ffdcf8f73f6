/** A new engagement: keys, slots, store, and the two acts that every log begins with. The header says `ready` last. */
import type { Act, Role } from '#findings';
import { fromBase64, invariant, ok } from '#kernel';
import { stretch } from './argon.ts';
import type { Answer } from './contract.ts';
import { deleteDatabase } from './database.ts';
import type { EngagementHeader } from './header.ts';
import { newSeed, openKeys, type Signer, signerOf, type VaultKeys } from './keys.ts';
import { formatRecoveryKey } from './recoveryKey.ts';
import { type Bytes, randomBytes } from './sealing.ts';
import type { OpenSession, Session, SessionPorts } from './session.ts';
import { freshKdf, makeSlot, type Slot, type SlotFrame, type SlotSecret } from './slots.ts';
import { refuse } from './vaultError.ts';

interface NewEngagement {
	readonly label: string;
	readonly name: string;
	readonly client: string;
	readonly organisation: string;
	/** ISO day. */
	readonly deadline: string | null;
	readonly isSample: boolean;
	readonly passphrase: string;
	/** The first is its partner and creator. More than one only in the sample: they share the passphrase. */
	readonly members: readonly { readonly name: string; readonly role: Role }[];
}

/** The slot of a member bears a name that only the engagement's keys can make: outside, nobody sees whose it is. */
export const slotIdOf = async (keys: VaultKeys, memberId: string): Promise<string> =>
	(await keys.mac(`tieout/slot/1|${memberId}`)).slice(0, 32);

/** The name of the recovery key’s slot: there is one. */
export const RECOVERY = 'recovery';

export async function createEngagement(
	wanted: NewEngagement,
	session: Session,
	ports: SessionPorts,
): Promise<Answer<{ readonly opened: OpenSession; readonly recoveryKey: string }>> {
	const [engagementId, vaultId] = [ports.randomId(), ports.randomId()];
	const root = randomBytes(32);
	const keys = await openKeys(root.slice(), vaultId);
	const frame: SlotFrame = { vaultId, kdf: freshKdf(ports.kdf), slots: [] };
	const secret = await secretOf(frame, wanted.passphrase);
	const signers = wanted.members.map(() => signerOf(ports.randomId(), newSeed()));
	const recovery = randomBytes(32);
	const secrets: SlotSecret[] = [];
	const slots: Slot[] = [];
	for (const signer of signers) {
		const slotId = await slotIdOf(keys, signer.memberId);
		slots.push(await makeSlot(frame, 'passphrase', secret, { root, signer }, slotId));
		secrets.push({ slotId, root: root.slice(), signer });
	}
	const [creator] = signers;
	invariant(creator, 'an engagement has a first member');
	slots.push(await makeSlot(frame, 'recovery', recovery, { root, signer: creator }, await slotIdOf(keys, RECOVERY)));
	const header = newHeader(wanted, { engagementId, vaultId, replica: ports.randomId(), keys, frame, slots }, ports.now());
	const opened = await session.open(header, secrets, false, beginning(wanted, signers));
	root.fill(0);
	secret.fill(0);
	keys.wipe();
	if (!opened.ok) {
		await deleteDatabase(ports.idb, engagementId);
		await ports.headers.remove(engagementId);
		return opened;
	}
	return ok({ opened: opened.value, recoveryKey: formatRecoveryKey(recovery) });
}

async function secretOf(frame: SlotFrame, passphrase: string): Promise<Bytes> {
	const salt = fromBase64(frame.kdf.salt);
	invariant(salt, 'a salt made here');
	return await stretch(passphrase, salt, frame.kdf);
}

function newHeader(
	{ label, isSample }: NewEngagement,
	made: { engagementId: string; vaultId: string; replica: string; keys: VaultKeys; frame: SlotFrame; slots: readonly Slot[] },
	now: number,
): EngagementHeader {
	return {
		engagementId: made.engagementId,
		vaultId: made.vaultId,
		replica: made.replica,
		label,
		createdAt: new Date(now).toISOString(),
		lastOpenedAt: null,
		isSample,
		fingerprint: made.keys.fingerprint,
		state: 'creating',
		kdf: made.frame.kdf,
		slots: made.slots,
		failures: 0,
		notBefore: 0,
		head: null,
		restored: null,
	};
}

/** The acts that found the engagement. */
function beginning({ name, client, organisation, deadline, isSample, members }: NewEngagement, signers: readonly Signer[]): readonly Act[] {
	const created: Act = { type: 'engagement.created', name, client, organisation, deadline, isSample };
	const added = members.map((member, i): Act => {
		const { memberId, publicKey } = signers[i] as Signer;
		return { type: 'member.added', memberId, name: member.name, role: member.role, publicKey };
	});
	return [created, ...added];
}

/** A neutral label: what stands in the clear says nothing about a client. */
export const neutralLabel = (engagementId: string): string => `Engagement ${engagementId.slice(0, 4).toUpperCase()}`;

/** Letters that a label may have: one line that a person can tell from others. */
export function labelFault(label: string): Answer<void> {
	const plain = label.trim();
	if (plain === '' || plain.length > 80 || /\p{Cc}/u.test(plain))
		return refuse('invalid', 'The label must be one line of 1 to 80 characters. Write a short one that names no client.');
	return ok(undefined);
}
