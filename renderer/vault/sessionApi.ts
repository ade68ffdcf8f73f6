/** What the window calls about engagements as a whole: the list, the state, ways in and out, passphrases, backup, disposal. */
import { ok } from '#kernel';
import type { Changes } from './changes.ts';
import type { Answer, VaultChange } from './contract.ts';
import type { EngagementHeader } from './header.ts';
import type { Jobs } from './jobs.ts';
import type { Session, SessionPorts } from './session.ts';
import { sessionEntry } from './sessionEntry.ts';
import { type StoragePort, sessionKeeping } from './sessionKeeping.ts';
import { sessionPassphrase } from './sessionPassphrase.ts';

export interface EngagementListing
	extends Pick<EngagementHeader, 'engagementId' | 'label' | 'createdAt' | 'lastOpenedAt' | 'isSample' | 'fingerprint'> {
	/** Bytes on the disk; null: not known for one engagement alone. */
	readonly bytes: number | null;
}

export interface SessionState {
	readonly isOpen: boolean;
	readonly engagementId: string | null;
	readonly label: string | null;
	readonly isSample: boolean;
	readonly memberId: string | null;
	/** What is wrong with the stored log; the engagement is then open for reading only. */
	readonly damages: readonly { readonly seq: number; readonly message: string }[];
}

interface SessionApiPorts {
	readonly session: Session;
	readonly ports: SessionPorts;
	readonly changes: Changes;
	readonly jobs: Jobs;
	readonly storage: StoragePort | null;
}

export function sessionApi({ session, ports, changes, jobs, storage }: SessionApiPorts) {
	return {
		...sessionEntry(session, ports),
		...sessionPassphrase(session, ports),
		...sessionKeeping(session, ports, jobs, storage),
		/** @param listener called with each change; by comlink, wrap it in `proxy` */
		subscribe(listener: (change: VaultChange) => unknown): void {
			changes.subscribe(listener);
		},
		list: (): Promise<Answer<readonly EngagementListing[]>> =>
			session.queued(async () => {
				const headers = (await ports.headers.list()).filter(({ state }) => state === 'ready');
				return ok(
					headers
						.toSorted((a, b) => (a.createdAt < b.createdAt ? 1 : -1))
						.map(({ engagementId, label, createdAt, lastOpenedAt, isSample, fingerprint }) => ({
							engagementId,
							label,
							createdAt,
							lastOpenedAt,
							isSample,
							fingerprint: fingerprint.slice(0, 8),
							bytes: null,
						})),
				);
			}),
		state(): Promise<Answer<SessionState>> {
			const open = session.current();
			return Promise.resolve(
				ok({
					isOpen: open?.isEntered ?? false,
					engagementId: open?.header.engagementId ?? null,
					label: open?.header.label ?? null,
					isSample: open?.header.isSample ?? false,
					memberId: open?.engagement.memberId ?? null,
					damages: open?.engagement.damages() ?? [],
				}),
			);
		},
		/** Forgets the keys and closes the store. What runs is stopped, what is being typed is kept as a draft. */
		lock: (): Promise<Answer<void>> => {
			// At once, since what stands in the queue before the lock may be waiting for a job.
			void jobs.stopAll(0);
			void session.current()?.engagement.drafts.flush();
			return session.queued(async () => {
				await session.close();
				return ok(undefined);
			});
		},
	};
}
