/** The hub's own sealed records: batches, keys, heads, nightly reconciliations. Verified as a log, then read. */

import { z } from 'zod';
import { leafHash, type VerifyEd25519 } from '#evidence';
import { err, fromBase64, fromUtf8, ok, type Result, toBase64 } from '#kernel';
import { appendLeaf, type CompactRange, EMPTY_RANGE, isCompactRange, rootOfRange } from './compactRange.ts';
import { askHub, type HubPorts, jsonOf } from './hubCalls.ts';
import { type JudgedHead, judgeNote } from './judgeHead.ts';
import { distrust, type SyncStop } from './syncStop.ts';
import type { TrustPolicy } from './trustPolicy.ts';

const RECORDS = 'hub_record';

/**
 * A root over all orders' last events at a size of a log: RFC 6962 over the canonical lines `[order_id, n, leaf hash]`, in the order of
 * the order ids' UTF-16 code units. What is missing at the end of any order shows against it.
 */
export const headsRecordSchema = z.object({
	kind: z.literal('heads'),
	table: z.string(),
	/** Calendar day, UTC. */
	day: z.string(),
	size: z.int().min(0),
	orders: z.int().min(0),
	/** Lower-case hex. */
	root: z.string().regex(/^[0-9a-f]{64}$/),
});
export type HeadsRecord = Readonly<z.infer<typeof headsRecordSchema>>;

export interface RecordsPin {
	readonly size: number;
	/** Base64, of the compact range. */
	readonly nodes: readonly string[];
	/** By table, the newest heads record. */
	readonly heads: Readonly<Record<string, HeadsRecord>>;
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
	let range = rangeOf(pinned);
	let heads = pinned.heads;
	while (range.size < size) {
		const page = await askHub(ports, { method: 'GET', path: `/v1/logs/${RECORDS}/lines?from=${range.size}&to=${size}` }, RECORDS);
		if (!page.ok) return page;
		const before = range.size;
		for (const line of linesOf(page.value.bytes)) {
			range = appendLeaf(range, leafHash(line));
			lines.push(fromUtf8(line) ?? '');
			const record = headsRecordSchema.safeParse(jsonOf(line));
			if (record.success) heads = { ...heads, [record.data.table]: record.data };
		}
		if (range.size === before || range.size > size) break;
	}
	if (range.size !== size || toBase64(rootOfRange(range)) !== root)
		return err(distrust('log_differs', RECORDS, `The hub's own records do not have the root that is signed for ${size} of them.`));
	return ok({ pin: { size, nodes: range.nodes.map(toBase64), heads }, lines });
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
