/** Which engagement is open. One at a time; every step is queued, so that two clicks never open two. */
import type { Act } from '#findings';
import { err, invariant, ok } from '#kernel';
import type { KdfPolicy } from './argon.ts';
import { backupText } from './backup.ts';
import type { Answer, VaultChange } from './contract.ts';
import { type EngagementInside, type EngagementPorts, openEngagement } from './engagement.ts';
import { type EngagementLocks, openElsewhere } from './engagementLocks.ts';
import type { EngagementHeader, HeaderStore } from './header.ts';
import { openKeys } from './keys.ts';
import type { SlotSecret } from './slots.ts';
import { tryPassphrase } from './tryPassphrase.ts';
import { refuse, vaultErrorOf } from './vaultError.ts';

export interface SessionPorts extends Omit<EngagementPorts, 'saveHead'> {
	readonly headers: HeaderStore;
	readonly locks: EngagementLocks;
	readonly kdf: KdfPolicy;
	randomId(): string;
	changed(change: VaultChange): void;
	/** Whatever else runs on the open engagement is to stop; waits a little until it has. */
	stopAll(): Promise<void>;
	/** Brings the stored evidence into memory; a failure leaves it out. */
	afterOpen(engagement: EngagementInside): Promise<void>;
}

export interface OpenSession {
	readonly header: EngagementHeader;
	readonly engagement: EngagementInside;
	/** All slots that the passphrase opened: in the sample, one a member. */
	readonly secrets: readonly SlotSecret[];
	/** Whether the window has gone in; before, a new recovery key is still being shown. */
	readonly isEntered: boolean;
}

export interface Session {
	current(): OpenSession | null;
	/** One after the other. */
	queued<T>(work: () => Promise<Answer<T>>): Promise<Answer<T>>;
	headerOf(engagementId: string): Promise<Answer<EngagementHeader>>;
	/** Tries a passphrase against all slots, counting failures. */
	tryPassphrase(header: EngagementHeader, passphrase: string): Promise<Answer<readonly SlotSecret[]>>;
	/**
	 * Refuses with `open_elsewhere` where another window has it open.
	 * @param founding the acts that begin a new log; its header is put first, under the lock
	 */
	open(
		header: EngagementHeader,
		secrets: readonly SlotSecret[],
		isEntered: boolean,
		founding?: readonly Act[],
	): Promise<Answer<OpenSession>>;
	change(change: Partial<Pick<OpenSession, 'isEntered' | 'secrets' | 'header'>>): void;
	close(): Promise<void>;
}

export function createSession(ports: SessionPorts): Session {
	let session: OpenSession | null = null;
	let letGo: () => void = () => undefined;
	let queue: Promise<unknown> = Promise.resolve();
	const close = async (): Promise<void> => {
		const closing = session;
		if (closing === null) return;
		session = null;
		await ports.stopAll();
		for (const { root, signer } of closing.secrets) {
			root.fill(0);
			if (signer !== closing.engagement.signer()) signer.seed.fill(0);
		}
		try {
			await closing.engagement.close();
		} finally {
			letGo();
		}
		ports.changed({ kind: 'session' });
	};
	const open: Session['open'] = async (header, secrets, isEntered, founding = []) => {
		await close();
		const release = await ports.locks.take(header.engagementId);
		if (release === null) return openElsewhere();
		letGo = release;
		try {
			return await openLocked(header, secrets, isEntered, founding);
		} finally {
			if (session === null) release();
		}
	};
	const openLocked = async (
		header: EngagementHeader,
		secrets: readonly SlotSecret[],
		isEntered: boolean,
		founding: readonly Act[],
	): Promise<Answer<OpenSession>> => {
		if (founding.length > 0) await ports.headers.put(header);
		const [first] = secrets;
		invariant(first, 'a slot was opened');
		const keys = await openKeys(first.root.slice(), header.vaultId);
		if (!(await isOfBackup(header, keys)))
			return refuse(
				'engagement_damaged',
				'This engagement was restored from a backup that nobody with its keys wrote. Restore another backup.',
			);
		const saveHead: EngagementPorts['saveHead'] = async (engagementId, head) => {
			await ports.headers.change(engagementId, (now) => ({ ...now, head }));
		};
		const engagement = await openEngagement(header, keys, first.signer, { ...ports, saveHead });
		const began = founding.length === 0 ? ok([]) : await engagement.act(...founding);
		const { members } = engagement.workbook();
		const active = secrets.filter(({ signer }) => members.get(signer.memberId)?.isActive);
		const [mine] = active;
		if (!began.ok || mine === undefined) {
			await engagement.close();
			const [damage] = engagement.damages();
			if (!began.ok) return began;
			if (damage) return refuse('engagement_damaged', `${damage.message} Restore the engagement from a backup.`);
			return refuse('not_allowed', 'You are no member of this engagement any more. Ask a partner to add you again.');
		}
		engagement.actAs(mine.signer);
		const opened: OpenSession = { header: { ...header, state: 'ready' }, engagement, secrets: active, isEntered };
		session = opened;
		const lastOpenedAt = new Date(ports.now()).toISOString();
		await ports.headers.change(header.engagementId, (now) => ({ ...now, state: 'ready', lastOpenedAt, failures: 0, notBefore: 0 }));
		// What fails here is told by its job; the work papers open all the same.
		await ports.afterOpen(engagement).catch(() => null);
		ports.changed({ kind: 'session' });
		void engagement.actLog.verify(() => ports.changed({ kind: 'session' }));
		return ok(opened);
	};
	return {
		current: () => session,
		queued: (work) => {
			const next = queue.then(async () => {
				try {
					return await work();
				} catch (error) {
					return err(vaultErrorOf(error));
				}
			});
			queue = next.catch(() => null);
			return next;
		},
		headerOf: async (engagementId) => {
			const header = await ports.headers.get(engagementId);
			if (header?.state === 'ready') return ok(header);
			return refuse('no_such_engagement', 'This engagement is not on this computer any more. Restore it from a backup.');
		},
		tryPassphrase: (header, passphrase) => tryPassphrase(header, passphrase, ports),
		open,
		change: (change) => {
			if (session !== null) session = { ...session, ...change };
			ports.changed({ kind: 'session' });
		},
		close,
	};
}

/** A restored engagement names the digest of its backup; once the keys are there, the mark on it is checked. */
async function isOfBackup({ restored, vaultId }: EngagementHeader, keys: Awaited<ReturnType<typeof openKeys>>): Promise<boolean> {
	return restored === null || (await keys.isMac(backupText(vaultId, restored.digest), restored.mac));
}

export const locked = (): Answer<never> => refuse('locked', 'No engagement is open. Unlock one first.');

/** Runs `work` on the open engagement, after whatever else the session does. */
export function withOpen<T>(session: Session, work: (open: OpenSession) => Promise<Answer<T>>): Promise<Answer<T>> {
	return session.queued(async () => {
		const open = session.current();
		return open === null ? locked() : await work(open);
	});
}
