/**
 * An engagement from its backup file, always beside what is there. The file is read twice: first it is judged whole, then written. What
 * can be judged without a key is judged now; the vault's own mark at the first unlock.
 */
import { ok } from '#kernel';
import type { KdfPolicy } from './argon.ts';
import { FRAME } from './backup.ts';
import type { ByteSource } from './byteSource.ts';
import type { Answer } from './contract.ts';
import { deleteDatabase, type EngagementDatabase, openDatabase, type ShelfName } from './database.ts';
import { type EngagementLocks, openElsewhere } from './engagementLocks.ts';
import type { EngagementHeader, HeaderStore, IndexedDbPort } from './header.ts';
import { framesOf, judgeBackup, recordsOf } from './judgeBackup.ts';
import type { RawRecord } from './shelf.ts';

interface RestorePorts {
	readonly idb: IndexedDbPort;
	readonly headers: HeaderStore;
	readonly locks: EngagementLocks;
	readonly kdf: KdfPolicy;
	now(): number;
	randomId(): string;
}

/** Judges the file, then writes it as a new engagement. @returns its id and label */
export async function restoreBackup(
	source: ByteSource,
	ports: RestorePorts,
): Promise<Answer<{ readonly engagementId: string; readonly label: string }>> {
	const judged = await judgeBackup(source, ports.kdf);
	if (!judged.ok) return judged;
	const { header, trailer } = judged.value;
	const engagementId = ports.randomId();
	const label = `${header.label.replace(/ \(restored [0-9-]{10}\)$/, '')} (restored ${new Date(ports.now()).toISOString().slice(0, 10)})`;
	const made: EngagementHeader = {
		engagementId,
		vaultId: header.vaultId,
		replica: ports.randomId(),
		label,
		createdAt: header.createdAt,
		lastOpenedAt: null,
		isSample: header.isSample,
		fingerprint: header.fingerprint,
		state: 'creating',
		kdf: header.kdf,
		slots: header.slots,
		failures: 0,
		notBefore: 0,
		head: header.head,
		restored: { digest: trailer.digest, mac: trailer.mac },
	};
	const release = await ports.locks.take(engagementId);
	if (release === null) return openElsewhere();
	try {
		await ports.headers.put(made);
		const database = await openDatabase(ports.idb, engagementId, null);
		try {
			await writeRecords(source, database);
		} finally {
			await database.close();
		}
		await ports.headers.put({ ...made, state: 'ready' });
	} catch (error) {
		await deleteDatabase(ports.idb, engagementId);
		await ports.headers.remove(engagementId);
		throw error;
	} finally {
		release();
	}
	return ok({ engagementId, label });
}

async function writeRecords(source: ByteSource, database: EngagementDatabase): Promise<void> {
	for await (const answer of framesOf(source)) {
		if (!answer.ok || answer.value.kind !== FRAME.records) continue;
		const byShelf = new Map<ShelfName, RawRecord[]>();
		for (const { shelf, record } of recordsOf(answer.value.content) ?? []) byShelf.set(shelf, [...(byShelf.get(shelf) ?? []), record]);
		for (const [shelf, records] of byShelf) await database.shelf(shelf).rawPut(records);
	}
}
