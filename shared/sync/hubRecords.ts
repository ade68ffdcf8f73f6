/** The hub's own sealed records: batches, keys, heads, nightly reconciliations. Verified as a log, then read. */

import { type HeadsRecord, leafHash, parseHeadsRecord, RECORD_LOG, type SealedHeads, type VerifyEd25519 } from '#evidence';
import { err, fromBase64, fromUtf8, ok, type Result, toBase64 } from '#kernel';
import { appendLeaf, type CompactRange, EMPTY_RANGE, inclusionAfter, isCompactRange, rootOfRange } from './compactRange.ts';
import { askHub, type HubPorts } from './hubCalls.ts';
import { type JudgedHead, judgeNote } from './judgeHead.ts';
import { distrust, forked, type SyncStop } from './syncStop.ts';
import type { TrustPolicy } from './trustPolicy.ts';

const RECORDS = RECORD_LOG;

export type { HeadsRecord } from '#evidence';

export interface RecordsPin {
	readonly size: number;
	/** Base64, of the compact range. */
	readonly nodes: readonly string[];
	/** The signed head of that size. Absent before the first, and in pins made before it was kept. */
	readonly note?: string;
	/** By table, the newest heads record. */
	readonly heads: Readonly<Record<string, HeadsRecord>>;
	/** By table, the same record with its proof: what packs carry. Absent where it was pulled without. */
	readonly sealedHeads?: Readonly<Record<string, SealedHeads>>;
}

export const NO_RECORDS: RecordsPin = { size: 0, nodes: [], heads: {} };

export interface PulledRecords {
	readonly pin: RecordsPin;
	/** New ones, oldest first, as they stand in the log. */
	readonly lines: readonly string[];
}

/** Brings what is new of the log of records, and believes it only whole. */
export async function pullRecords(
	ports: HubPorts,
	policy: TrustPolicy,
	pinned: RecordsPin,
	verify?: VerifyEd25519,
): Promise<Result<PulledRecords, SyncStop>> {
	const head = await newestHead(ports, policy, verify);
	if (!head.ok) return head;
	if (!head.value) return pinned.size === 0 ? ok({ pin: pinned, lines: [] }) : err(shorter(pinned.size, 0));
	const { size, root } = head.value.head;
	if (size < pinned.size) return err(shorter(pinned.size, size));
	const lines: string[] = [];
	const before = rangeOf(pinned);
	if (size > 0 && size === before.size && toBase64(rootOfRange(before)) !== root)
		return err(forked(RECORDS, `Two histories of the hub's own records at ${size}, both signed.`, pinned.note, head.value.note));
	const leaves: Uint8Array[] = [];
	const newest = new Map<string, NewHeads>();
	let range = before;
	while (range.size < size) {
		const page = await askHub(ports, { method: 'GET', path: `/v1/logs/${RECORDS}/lines?from=${range.size}&to=${size}` }, RECORDS);
		if (!page.ok) return page;
		const reached = range.size;
		for (const line of linesOf(page.value.bytes)) {
			const leaf = leafHash(line);
			leaves.push(leaf);
			lines.push(fromUtf8(line) ?? '');
			const record = parseHeadsRecord(line);
			if (record) {
				const earlier = newest.get(record.table)?.record ?? pinned.heads[record.table];
				const fault = earlier && contradiction(earlier, record);
				if (fault) return err(fault);
				newest.set(record.table, { record, line: fromUtf8(line) ?? '', index: range.size });
			}
			range = appendLeaf(range, leaf);
		}
		if (range.size === reached || range.size > size) break;
	}
	if (range.size !== size || toBase64(rootOfRange(range)) !== root)
		return err(distrust('log_differs', RECORDS, `The hub's own records do not have the root that is signed for ${size} of them.`));
	const { note } = head.value;
	const sealed = [...newest].map(([table, { line, index }]): [string, SealedHeads] => [
		table,
		{ line, index, hashes: inclusionAfter(before, leaves, index).map(toBase64), checkpoint: note },
	]);
	const pin: RecordsPin = {
		size,
		note,
		nodes: range.nodes.map(toBase64),
		heads: { ...pinned.heads, ...Object.fromEntries([...newest].map(([table, { record }]) => [table, record])) },
		sealedHeads: { ...pinned.sealedHeads, ...Object.fromEntries(sealed) },
	};
	return ok({ pin, lines });
}

/** A log only grows, and its beginning has one set of last events: a later record that says less, or something else of the same lines, hides what the earlier one says. */
function contradiction(earlier: HeadsRecord, later: HeadsRecord): SyncStop | null {
	if (later.size < earlier.size)
		return distrust(
			'rollback',
			RECORDS,
			`The heads record of ${later.day} counts ${later.size} lines of ${later.table}; that of ${earlier.day} before it counted ${earlier.size}.`,
		);
	const isSame = later.size > earlier.size || (later.orders === earlier.orders && later.root === earlier.root);
	return isSame
		? null
		: distrust('log_differs', RECORDS, `Two heads records tell two things of the same ${later.size} lines of ${later.table}.`);
}

/** A heads record among the lines that are new. */
interface NewHeads {
	readonly record: HeadsRecord;
	readonly line: string;
	readonly index: number;
}

const shorter = (seen: number, offered: number): SyncStop =>
	distrust('rollback', RECORDS, `The hub's own records end at ${offered}; this workstation has seen ${seen}.`);

async function newestHead(ports: HubPorts, policy: TrustPolicy, verify?: VerifyEd25519): Promise<Result<JudgedHead | null, SyncStop>> {
	const note = await askHub(ports, { method: 'GET', path: `/v1/logs/${RECORDS}/checkpoint` }, RECORDS);
	if (!note.ok) return note;
	if (note.value.bytes.length === 0) return ok(null);
	return judgeNote(fromUtf8(note.value.bytes) ?? '', RECORDS, { ...policy, quorum: 0 }, verify);
}

function rangeOf({ size, nodes }: RecordsPin): CompactRange {
	const hashes = nodes.map((node) => fromBase64(node) ?? new Uint8Array());
	return isCompactRange(size, hashes) ? { size, nodes: hashes } : EMPTY_RANGE;
}

function* linesOf(bytes: Uint8Array): Generator<Uint8Array> {
	for (let from = 0, end = bytes.indexOf(0x0a); end >= 0; from = end + 1, end = bytes.indexOf(0x0a, from)) yield bytes.subarray(from, end);
}
