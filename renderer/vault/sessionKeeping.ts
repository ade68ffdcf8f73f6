/** How engagements are kept and ended: backup, restore, disposal, the browser's storage. */
import { ok } from '#kernel';
import { writeBackup } from './backup.ts';
import type { Answer } from './contract.ts';
import { type DisposalCertificate, disposeEngagement } from './dispose.ts';
import type { Jobs } from './jobs.ts';
import { type ByteSource, bytesAsSource, restoreBackup } from './restore.ts';
import { locked, type Session, type SessionPorts, withOpen } from './session.ts';
import { refuse } from './vaultError.ts';

export interface StorageEstimate {
	readonly usage: number;
	readonly quota: number;
	/** Whether the browser promised not to clear it by itself. */
	readonly isPersistent: boolean;
}

/** Storage as the browser gives it; null where it does not. */
export interface StoragePort {
	estimate(): Promise<{ usage?: number; quota?: number }>;
	persist(): Promise<boolean>;
	persisted(): Promise<boolean>;
}

export function sessionKeeping(session: Session, ports: SessionPorts, jobs: Jobs, storage: StoragePort | null) {
	return {
		/** The whole engagement as one encrypted file. For large ones `backupTo` holds no more than a frame of it. */
		backup: (): Promise<Answer<Uint8Array>> => {
			const parts: Uint8Array[] = [];
			return backupTo((bytes) => {
				parts.push(bytes);
			}).then((answer) => (answer.ok ? ok(joined(parts)) : answer));
		},
		/** @param write takes the file's next bytes; by comlink, wrap it in `proxy` */
		backupTo: (write: (bytes: Uint8Array) => unknown): Promise<Answer<{ readonly bytes: number }>> => backupTo(write),
		/** Restores a backup beside what is there. The file is judged whole before anything is written. */
		restore: (file: Uint8Array | ByteSource): Promise<Answer<{ readonly engagementId: string; readonly label: string }>> =>
			jobs.run('Restoring a backup', () =>
				session.queued(async () => {
					const source = file instanceof Uint8Array ? bytesAsSource(file) : file;
					const restored = await restoreBackup(source, ports);
					ports.changed({ kind: 'session' });
					return restored;
				}),
			),
		/** Destroys the open engagement. Partners only, but for the sample. */
		dispose: (): Promise<Answer<{ readonly certificate: DisposalCertificate; readonly json: string; readonly text: string }>> =>
			withOpen(session, async (open) => {
				if (open.engagement.member().role !== 'partner' && !open.header.isSample)
					return refuse('not_allowed', 'Only a partner disposes of an engagement. Ask one.');
				return await disposeEngagement(open, session, ports);
			}),
		/** Asks the browser never to clear the store by itself. */
		requestPersistence: async (): Promise<Answer<{ readonly isPersistent: boolean }>> =>
			ok({ isPersistent: (await storage?.persist()) ?? false }),
		estimate: async (): Promise<Answer<StorageEstimate>> => {
			const { usage = 0, quota = 0 } = (await storage?.estimate()) ?? {};
			return ok({ usage, quota, isPersistent: (await storage?.persisted()) ?? false });
		},
	};

	function backupTo(write: (bytes: Uint8Array) => unknown): Promise<Answer<{ readonly bytes: number }>> {
		return jobs.run('Backup', async ({ signal, progress }) => {
			const open = session.current();
			if (open === null) return locked();
			let bytes = 0;
			const header = (await ports.headers.get(open.header.engagementId)) ?? open.header;
			for await (const part of writeBackup(open.engagement, header, ports.now(), (done, total) =>
				progress('copying', done, total, 'records'),
			)) {
				if (signal.aborted) return refuse('cancelled', 'The backup was stopped; the file begun is no backup.');
				await write(part);
				bytes += part.length;
			}
			return ok({ bytes });
		});
	}
}

function joined(parts: readonly Uint8Array[]): Uint8Array {
	const whole = new Uint8Array(parts.reduce((length, part) => length + part.length, 0));
	let at = 0;
	for (const part of parts) {
		whole.set(part, at);
		at += part.length;
	}
	return whole;
}
