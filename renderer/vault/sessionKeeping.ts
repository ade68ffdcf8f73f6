/** How engagements are kept and ended: backup, restore, disposal, the browser's storage. */
import { ok } from '#kernel';
import { writeBackup } from './backup.ts';
import { type PieceReader, piecedSource } from './byteSource.ts';
import type { Answer } from './contract.ts';
import { type Disposal, disposeEngagement, type KeepCertificate } from './dispose.ts';
import type { Jobs } from './jobs.ts';
import { letOut, mayExport } from './letOut.ts';
import { restoreBackup } from './restore.ts';
import { locked, type Session, type SessionPorts, withOpen } from './session.ts';
import { refuse } from './vaultError.ts';

export interface StorageEstimate {
	readonly usage: number;
	readonly quota: number;
	/** Whether the browser promised not to clear it by itself. */
	readonly isPersistent: boolean;
}

/** Storage as the browser gives it to a worker; null where it does not. To ask that it is kept is for the page alone. */
export interface StoragePort {
	estimate(): Promise<{ usage?: number; quota?: number }>;
	persisted(): Promise<boolean>;
}

export function sessionKeeping(session: Session, ports: SessionPorts, jobs: Jobs, storage: StoragePort | null) {
	return {
		/**
		 * The whole engagement as one encrypted file, a frame at a time. A job: cancelled or refused, what was written is no backup. Whoever may
		 * take no evidence out may not take all of it; the id puts it on record once the file stands.
		 * @param write takes the file's next bytes; by comlink, wrap it in `proxy`
		 */
		backupTo: (
			write: (bytes: Uint8Array) => Promise<Answer<void>>,
		): Promise<Answer<{ readonly bytes: number; readonly exportId: string }>> =>
			jobs.run('Backup', async ({ signal, progress }) => {
				const open = session.current();
				if (open === null) return locked();
				const may = mayExport(open.engagement);
				if (!may.ok) return may;
				await open.engagement.drafts.flush();
				let bytes = 0;
				const header = (await ports.headers.get(open.header.engagementId)) ?? open.header;
				const onRecord = (done: number, total: number): void => progress('Copying', done, total, 'records');
				for await (const part of writeBackup(open.engagement, header, ports.now(), onRecord)) {
					if (signal.aborted) return refuse('cancelled', 'The backup was cancelled; no file was written.');
					const written = await write(part);
					if (!written.ok) return written;
					bytes += part.length;
				}
				const leaving = { what: 'Backup of the engagement', rows: 0, sha256: null };
				const out = letOut(open.engagement, ports.randomId(), leaving);
				return out.ok ? ok({ bytes, exportId: out.value }) : out;
			}),
		/**
		 * Restores a backup beside what is there. The file is judged whole before anything is written. A job.
		 * @param read gives pieces of the file; by comlink, wrap it in `proxy`
		 */
		restoreFrom: (size: number, read: PieceReader): Promise<Answer<{ readonly engagementId: string; readonly label: string }>> =>
			jobs.run('Restoring a backup', (job) =>
				session.queued(async () => {
					const restored = await restoreBackup(piecedSource(size, read, job, 2), ports);
					ports.changed({ kind: 'session' });
					return restored;
				}),
			),
		/**
		 * Destroys the open engagement. Partners only, but for the sample.
		 * @param keep by comlink, wrap it in `proxy`
		 */
		dispose: (keep: KeepCertificate): Promise<Answer<Disposal>> =>
			withOpen(session, async (open) => {
				if (open.engagement.member().role !== 'partner' && !open.header.isSample)
					return refuse('not_allowed', 'Only a partner disposes of an engagement. Ask one.');
				return await disposeEngagement(open, session, ports, keep);
			}),
		estimate: async (): Promise<Answer<StorageEstimate>> => {
			const { usage = 0, quota = 0 } = (await storage?.estimate()) ?? {};
			return ok({ usage, quota, isPersistent: (await storage?.persisted()) ?? false });
		},
	};
}
