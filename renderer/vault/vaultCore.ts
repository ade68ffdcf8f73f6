/** What every capability of the vault stands on: the list of engagements, the session, jobs, changes. */
import { toHex } from '#kernel';
import { KDF_POLICY, type KdfPolicy } from './argon.ts';
import { changeHub } from './changes.ts';
import type { CoreContext, EngagementInside } from './engagement.ts';
import type { EngagementLocks } from './engagementLocks.ts';
import { finishBroken } from './finishBroken.ts';
import { type IndexedDbPort, openHeaders } from './header.ts';
import { jobRegistry, jobsApi } from './jobs.ts';
import { membersApi } from './membersApi.ts';
import { localPacking, type Packing } from './packing.ts';
import { breathe } from './portIntake.ts';
import { randomBytes } from './sealing.ts';
import { createSession, locked, type SessionPorts } from './session.ts';
import { sessionApi } from './sessionApi.ts';
import type { StoragePort } from './sessionKeeping.ts';

export interface VaultDeps {
	readonly idb: IndexedDbPort;
	/** Milliseconds. */
	now(): number;
	readonly storage: StoragePort | null;
	readonly locks: EngagementLocks;
	readonly packing?: Packing;
	/** Cheaper keys, for tests alone: nothing that is stored can ask for them. */
	readonly kdf?: KdfPolicy;
}

/** How long a lock waits for cancelled work: after that the store is closed under it. */
const PATIENCE_MS = 3_000;

const randomId = (): string => toHex(randomBytes(16));

/** The parts that every capability stands on. */
export async function vaultCore(deps: VaultDeps, afterOpen: (context: CoreContext, engagement: EngagementInside) => Promise<void>) {
	const changes = changeHub();
	const jobs = jobRegistry({ now: deps.now, randomId, changed: changes.changed });
	const headers = await openHeaders(deps.idb);
	const ports: SessionPorts = {
		idb: deps.idb,
		headers,
		locks: deps.locks,
		kdf: deps.kdf ?? KDF_POLICY,
		now: deps.now,
		breathe,
		randomId,
		changed: changes.changed,
		packing: deps.packing ?? localPacking,
		freeSpace: async () => {
			const { quota, usage } = (await deps.storage?.estimate()) ?? {};
			return quota === undefined ? null : Math.max(0, quota - (usage ?? 0));
		},
		stopAll: () => jobs.stopAll(PATIENCE_MS),
		afterOpen: (engagement) => afterOpen(context, engagement),
	};
	await finishBroken(headers, ports);
	const session = createSession(ports);
	const context: CoreContext = {
		open: () => {
			const open = session.current();
			return open === null ? locked() : { ok: true, value: open.engagement };
		},
		job: jobs.run,
		changed: changes.changed,
		now: deps.now,
		randomId,
	};
	return {
		context,
		session: sessionApi({ session, ports, changes, jobs, storage: deps.storage }),
		members: membersApi(session, ports),
		jobs: jobsApi(jobs),
		close: async () => {
			await session.close();
			headers.close();
		},
	};
}
