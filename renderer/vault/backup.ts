/**
 * An engagement as one file: a header, then every stored record as it lies on the disk (sealed, so that nothing is opened for it), then a
 * trailer with the digest over all that came before, signed by the member and marked with the vault's key.
 *
 * `TIEOUT-BACKUP/1\n`, then frames of one byte of kind, four of length, content.
 */
import { concatBytes, type Json, toBase64, toHex, utf8 } from '#kernel';
import type { PapersState } from '#sync';
import { stoodIn } from './actRecords.ts';
import type { ShelfName } from './database.ts';
import type { EngagementInside } from './engagement.ts';
import { macHead } from './engagement.ts';
import type { EngagementHeader } from './header.ts';
import { fromLatin1 } from './latin1.ts';
import { type Bytes, digest } from './sealing.ts';

export const BACKUP_MAGIC = utf8('TIEOUT-BACKUP/1\n');

export const FRAME = { header: 1, records: 2, trailer: 3 } as const;

export interface BackupHeader
	extends Pick<EngagementHeader, 'vaultId' | 'label' | 'createdAt' | 'isSample' | 'fingerprint' | 'kdf' | 'slots' | 'head'> {
	readonly format: 'tieout-backup/1';
	/** When and by whom this file was written. */
	readonly writtenAt: string;
	readonly memberId: string;
	readonly publicKey: string;
}

/** Of a batch of records; the sealed bytes follow in the same order. */
export type RecordRow = readonly [shelf: ShelfName, id: string, rev: string, lwt: number, length: number];

export interface BackupTrailer {
	readonly records: number;
	/** Hex, over everything before the trailer's frame. */
	readonly digest: string;
	/** Hex HMAC under the vault's key over `backupText`: judged at the first unlock. */
	readonly mac: string;
	/** Base64 Ed25519 over `backupText` and the HMAC. */
	readonly signature: string;
}

/** Sealed bytes a frame holds at most, but for one record that is larger. */
const FRAME_BYTES = 1_048_576;
const READ_BATCH = 32;

/** What the member signs and the vault's key marks. */
export const backupText = (vaultId: string, digestHex: string): string => `tieout/backup/1|${vaultId}|${digestHex}`;

/** Digest over frames: each frame is hashed with the digest before it, so that order and number count. */
export const nextDigest = (before: Bytes, frame: Bytes): Promise<Bytes> => digest(concatBytes(before, frame));

export async function* writeBackup(
	engagement: EngagementInside,
	header: EngagementHeader,
	now: number,
	onRecord: (done: number, total: number) => void = () => undefined,
): AsyncGenerator<Bytes> {
	const papers = engagement.actLog.papers();
	const signer = engagement.signer();
	const ids = await recordIds(engagement, papers);
	const first: BackupHeader = {
		format: 'tieout-backup/1',
		vaultId: header.vaultId,
		label: header.label,
		createdAt: header.createdAt,
		isSample: header.isSample,
		fingerprint: header.fingerprint,
		kdf: header.kdf,
		slots: header.slots,
		head: await macHead(engagement.keys, header.vaultId, papers),
		writtenAt: new Date(now).toISOString(),
		memberId: signer.memberId,
		publicKey: signer.publicKey,
	};
	const opening = frameOf(FRAME.header, utf8(JSON.stringify(first)));
	let running = await nextDigest(await digest(BACKUP_MAGIC), opening);
	yield concatBytes(BACKUP_MAGIC, opening);
	let records = 0;
	for await (const frame of recordFrames(engagement, ids)) {
		running = await nextDigest(running, frame.bytes);
		records += frame.records;
		onRecord(records, ids.length);
		yield frame.bytes;
	}
	const text = backupText(header.vaultId, toHex(running));
	const mac = await engagement.keys.mac(text);
	const trailer: BackupTrailer = { records, digest: toHex(running), mac, signature: toBase64(signer.sign(utf8(`${text}|${mac}`))) };
	yield frameOf(FRAME.trailer, utf8(JSON.stringify(trailer)));
}

/** Records that belong to this moment: chains and order up to the head, and what hangs on imports that stand. Taken before anything is read. */
async function recordIds({ database }: EngagementInside, papers: PapersState): Promise<readonly { shelf: ShelfName; id: string }[]> {
	const imports = await database.shelf('import').ids();
	const isStanding = new Set(imports);
	const of = async (shelf: ShelfName, keep: (id: string) => boolean) =>
		(await database.shelf(shelf).ids()).filter(keep).map((id) => ({ shelf, id }));
	const ofImport = (id: string): boolean => isStanding.has(id.slice(0, id.indexOf('.')));
	const lists = await Promise.all([
		of('act', stoodIn(papers)),
		of('segment', ofImport),
		of('snapshot', ofImport),
		of('result', ofImport),
		of('draft', () => true),
		of('import', (id) => isStanding.has(id)),
	]);
	return lists.flat();
}

async function* recordFrames(
	{ database }: EngagementInside,
	ids: readonly { readonly shelf: ShelfName; readonly id: string }[],
): AsyncGenerator<{ readonly bytes: Bytes; readonly records: number }> {
	let rows: RecordRow[] = [];
	let parts: Bytes[] = [];
	let held = 0;
	const flush = () => {
		const index = utf8(JSON.stringify(rows as unknown as Json));
		const length = new Uint8Array(4);
		new DataView(length.buffer).setUint32(0, index.length);
		const frame = { bytes: frameOf(FRAME.records, concatBytes(length, index, ...parts)), records: rows.length };
		rows = [];
		parts = [];
		held = 0;
		return frame;
	};
	for (let at = 0; at < ids.length; ) {
		const shelf = (ids[at] as { shelf: ShelfName }).shelf;
		const batch: string[] = [];
		while (at < ids.length && ids[at]?.shelf === shelf && batch.length < READ_BATCH) batch.push((ids[at++] as { id: string }).id);
		for (const { id, rev, lwt, sealed } of await database.shelf(shelf).rawGet(batch)) {
			const bytes = fromLatin1(sealed) ?? new Uint8Array(0);
			if (held > 0 && held + bytes.length > FRAME_BYTES) yield flush();
			rows.push([shelf, id, rev, lwt, bytes.length]);
			parts.push(bytes);
			held += bytes.length;
		}
	}
	if (rows.length > 0) yield flush();
}

function frameOf(kind: number, content: Bytes): Bytes {
	const frame = new Uint8Array(5 + content.length);
	frame[0] = kind;
	new DataView(frame.buffer).setUint32(1, content.length);
	frame.set(content, 5);
	return frame;
}
