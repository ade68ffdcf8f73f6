/** A backup file judged whole, before anything of it is written: its frames, its header, its signature, its records. */
import { verifyEd25519 } from '#evidence';
import { fromBase64, fromUtf8, ok, toHex, utf8 } from '#kernel';
import { isSoundCost, type KdfPolicy } from './argon.ts';
import { BACKUP_MAGIC, type BackupHeader, type BackupTrailer, backupText, FRAME, nextDigest, type RecordRow } from './backup.ts';
import type { ByteSource } from './byteSource.ts';
import type { Answer } from './contract.ts';
import { SHELF_NAMES, type ShelfName } from './database.ts';
import { publicKeyBytes } from './keys.ts';
import { toLatin1 } from './latin1.ts';
import { type Bytes, digest } from './sealing.ts';
import type { RawRecord } from './shelf.ts';
import type { Slot } from './slots.ts';
import { refuse } from './vaultError.ts';

/** No frame of ours is larger: a record is at most a mebibyte and its table. */
const FRAME_MAX = 16_777_216;

interface Frame {
	readonly kind: number;
	readonly content: Bytes;
	readonly whole: Bytes;
	readonly offset: number;
}

const damaged = (offset: number, what: string): Answer<never> =>
	refuse('unreadable_file', `The backup is damaged at byte ${offset}: ${what}. Take another copy of it. Nothing was written.`);

/** Frames in order; the last one may be an error. */
export async function* framesOf(source: ByteSource): AsyncGenerator<Answer<Frame>> {
	let offset = BACKUP_MAGIC.length;
	while (offset < source.size) {
		const head = (await source.read(offset, 5)).slice();
		if (head.length < 5) return yield damaged(offset, 'it ends inside a frame');
		const length = new DataView(head.buffer).getUint32(1);
		if (length > FRAME_MAX) return yield damaged(offset, 'a frame is larger than any frame of a backup');
		const whole = (await source.read(offset, 5 + length)).slice();
		if (whole.length < 5 + length) return yield damaged(offset, 'it ends inside a frame');
		yield ok({ kind: head[0] as number, content: whole.slice(5), whole, offset });
		offset += whole.length;
	}
}

interface JudgedBackup {
	readonly header: BackupHeader;
	readonly trailer: BackupTrailer;
}

/** Reads the whole file: shape, digest, number of records, signature. */
export async function judgeBackup(source: ByteSource, policy: KdfPolicy): Promise<Answer<JudgedBackup>> {
	const magic = await source.read(0, BACKUP_MAGIC.length);
	if (magic.length < BACKUP_MAGIC.length || !BACKUP_MAGIC.every((byte, i) => byte === magic[i]))
		return refuse('unreadable_file', 'This file is no backup of Tieout. Choose a file that “Write a backup” made.');
	let running = await digest(BACKUP_MAGIC);
	let header: BackupHeader | null = null;
	let trailer: BackupTrailer | null = null;
	let records = 0;
	let end = 0;
	for await (const answer of framesOf(source)) {
		if (!answer.ok) return answer;
		const { kind, content, whole, offset } = answer.value;
		end = offset + whole.length;
		if (trailer) return damaged(offset, 'something follows its end');
		if ((header === null) !== (kind === FRAME.header)) return damaged(offset, 'its parts are out of order');
		if (kind === FRAME.header) header = headerOf(content, policy);
		else if (kind === FRAME.trailer) trailer = trailerOf(content);
		else if (kind === FRAME.records) {
			const batch = recordsOf(content);
			if (batch === null) return damaged(offset, 'its records do not fit their table');
			records += batch.length;
		} else return damaged(offset, 'it has a part of an unknown kind');
		if (header === null || (kind === FRAME.trailer && trailer === null)) return damaged(offset, 'a part of it does not read');
		if (trailer === null) running = await nextDigest(running, whole);
	}
	if (header === null || trailer === null) return damaged(end, 'its end is missing');
	if (trailer.digest !== toHex(running) || trailer.records !== records)
		return refuse(
			'unreadable_file',
			'The backup was altered: its content is not what its end says. Take another copy of it. Nothing was written.',
		);
	return isSigned(header, trailer)
		? ok({ header, trailer })
		: refuse('unreadable_file', 'The backup is not signed by the member it names. Take another copy of it. Nothing was written.');
}

function isSigned({ vaultId, publicKey }: BackupHeader, trailer: BackupTrailer): boolean {
	const [key, signature] = [publicKeyBytes(publicKey), fromBase64(trailer.signature)];
	return key !== null && signature !== null && verifyEd25519(key, utf8(`${backupText(vaultId, trailer.digest)}|${trailer.mac}`), signature);
}

function jsonIn(content: Bytes): unknown {
	const text = fromUtf8(content);
	if (text === null) return null;
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

type Loose = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Loose => typeof value === 'object' && value !== null && !Array.isArray(value);

const isHex = (value: unknown, digits: number): boolean =>
	typeof value === 'string' && value.length === digits && /^[0-9a-f]*$/.test(value);

function headerOf(content: Bytes, policy: KdfPolicy): BackupHeader | null {
	const value = jsonIn(content);
	if (!isObject(value) || value['format'] !== 'tieout-backup/1' || !isHex(value['vaultId'], 32)) return null;
	const { kdf, slots, head } = value;
	if (!isObject(kdf) || kdf['algorithm'] !== 'argon2id' || typeof kdf['salt'] !== 'string') return null;
	if (!isSoundCost(kdf as unknown as BackupHeader['kdf'], policy.floor)) return null;
	if (!Array.isArray(slots) || slots.length === 0 || !slots.every(isSlot)) return null;
	if (!isHead(head)) return null;
	const texts = ['label', 'createdAt', 'fingerprint', 'writtenAt', 'memberId', 'publicKey'];
	if (!texts.every((key) => typeof value[key] === 'string' && value[key].length <= 200)) return null;
	return typeof value['isSample'] === 'boolean' && !Number.isNaN(Date.parse(String(value['createdAt'])))
		? (value as unknown as BackupHeader)
		: null;
}

const isHead = (head: unknown): boolean =>
	isObject(head) &&
	isHex(head['replica'], 32) &&
	isHex(head['mac'], 64) &&
	Number.isSafeInteger(head['confirmed']) &&
	isObject(head['chains']) &&
	Object.entries(head['chains']).every(
		([replica, end]) => isHex(replica, 32) && isObject(end) && Number.isSafeInteger(end['seq']) && isHex(end['hash'], 64),
	);

const isSlot = (value: unknown): value is Slot =>
	isObject(value) &&
	typeof value['slotId'] === 'string' &&
	(value['kind'] === 'passphrase' || value['kind'] === 'recovery') &&
	typeof value['wrapped'] === 'string';

function trailerOf(content: Bytes): BackupTrailer | null {
	const value = jsonIn(content);
	if (!isObject(value) || !Number.isSafeInteger(value['records']) || !isHex(value['digest'], 64) || !isHex(value['mac'], 64)) return null;
	return typeof value['signature'] === 'string' ? (value as unknown as BackupTrailer) : null;
}

interface ShelvedRecord {
	readonly shelf: ShelfName;
	readonly record: RawRecord;
}

export function recordsOf(content: Bytes): readonly ShelvedRecord[] | null {
	if (content.length < 4) return null;
	const start = 4 + new DataView(content.buffer, content.byteOffset).getUint32(0);
	const rows = start <= content.length ? jsonIn(content.slice(4, start)) : null;
	if (!Array.isArray(rows)) return null;
	const records: ShelvedRecord[] = [];
	let at = start;
	for (const row of rows) {
		if (!isRow(row)) return null;
		const [shelf, id, rev, lwt, length] = row;
		if (at + length > content.length) return null;
		records.push({ shelf, record: { id, rev, lwt, sealed: toLatin1(content.subarray(at, at + length)) } });
		at += length;
	}
	return at === content.length ? records : null;
}

function isRow(row: unknown): row is RecordRow {
	if (!Array.isArray(row) || row.length !== 5) return false;
	const [shelf, id, rev, lwt, length] = row as unknown[];
	const isText = (value: unknown, max: number): boolean => typeof value === 'string' && value.length > 0 && value.length <= max;
	const isCount = (value: unknown): boolean => typeof value === 'number' && Number.isFinite(value) && value >= 0;
	return (
		SHELF_NAMES.includes(shelf as ShelfName) &&
		isText(id, 80) &&
		isText(rev, 80) &&
		isCount(lwt) &&
		Number.isSafeInteger(length) &&
		isCount(length)
	);
}
