/** Checks the heads of a pack: the record in the hub's log, the orders' paths to its root, and that no event of theirs is left out. */
import { type HeadsRecord, leafHash, parseHeadLine, parseHeadsRecord, parseTlogProof, RECORD_LOG, verifyInclusion } from '#evidence';
import { compareText, fromBase64, fromHex, utf8 } from '#kernel';
import { type CheckFinding, finding } from './checkCodes.ts';
import type { OrderHeadsAnswer } from './checkEvidence.ts';
import type { ShownLines } from './evidenceLines.ts';
import { type LogKeys, signatureOf } from './evidenceProofs.ts';
import { type Fields, type Files, listOf, parseObject } from './evidenceRead.ts';
import { type EventsByOrder, eventsByOrder, headProblem } from './headsEvents.ts';
import { HEADS_FORMAT, headsName, headsProofName, headsRecordName } from './headsFiles.ts';

export interface HeadsCheck {
	/** Null where the pack has no heads: then nothing is known about left-out ends, and nothing is said. */
	readonly answer: OrderHeadsAnswer | null;
	/** Whether every record rests on a key given from outside; true where there is none. */
	readonly isTrusted: boolean;
}

/** @param log the log's name as the drop has it, without a table */
export function checkHeads(files: Files, log: string | null, lines: ShownLines, keys: LogKeys, codes: CheckFinding[]): HeadsCheck {
	const tables = new Set([...files.keys()].flatMap((name) => /^heads(?:-record)?__([a-z_]+)\.(?:json|tlog-proof)$/.exec(name)?.[1] ?? []));
	if (tables.size === 0) return { answer: null, isTrusted: true };
	const records: OrderHeadsAnswer['records'][number][] = [];
	let [checked, failed, isTrusted] = [0, 0, true];
	for (const table of [...tables].sort(compareText)) {
		const given = parseObject(files.get(headsName(table)) ?? new Uint8Array());
		const orders = listOf(given?.['orders']);
		checked += Math.max(1, orders.length);
		const fail = (code: CheckFinding['code'], detail: string, count = 1): void => {
			failed += count;
			codes.push(finding(code, detail));
		};
		const missing = [headsName(table), headsRecordName(table), headsProofName(table)].find((name) => !files.has(name));
		const record = missing === undefined && given ? sealedRecord(files, given, table, log, keys) : null;
		if (missing !== undefined) fail('evidence_missing', missing, Math.max(1, orders.length));
		else if (!record || typeof record === 'string')
			fail('heads_invalid', `${headsName(table)}: ${record ?? 'it is no JSON object'}`, Math.max(1, orders.length));
		else {
			if (keys.trusted.length > 0 && !record.isTrusted) {
				isTrusted = false;
				codes.push(finding('log_key_untrusted', `the checkpoint of the heads record of ${table} is not signed with the given key`));
			}
			const events = eventsByOrder([...(lines.get(table) ?? [])].map(([line, { bytes }]) => ({ line, bytes })));
			const complete = completeOrders(orders, record.record, events, (code, detail) => fail(code, `${table}, ${detail}`));
			records.push({ table, day: record.record.day, size: record.record.size, orders: complete });
		}
	}
	return { answer: { checked, failed, records }, isTrusted };
}

interface SealedRecord {
	readonly record: HeadsRecord;
	readonly isTrusted: boolean;
}

/** The record, or why it does not stand in the hub's log under a key that is given or that the drop names. */
function sealedRecord(files: Files, given: Fields, table: string, log: string | null, keys: LogKeys): SealedRecord | string {
	if (given['format'] !== HEADS_FORMAT || given['table'] !== table) return `not of the format ${HEADS_FORMAT} for ${table}`;
	const line = files.get(headsRecordName(table)) ?? new Uint8Array();
	const record = parseHeadsRecord(line);
	if (record?.table !== table) return `${headsRecordName(table)} is no heads record of ${table}`;
	const proof = parseTlogProof(files.get(headsProofName(table)) ?? new Uint8Array());
	if (!proof.ok) return `${headsProofName(table)}: ${proof.error}`;
	const { checkpoint, index, hashes } = proof.value;
	if (log === null || checkpoint.origin !== `${log}/${RECORD_LOG}`)
		return `its record is of the log ${checkpoint.origin}, not of ${log ?? 'one the drop names'}`;
	const signature = signatureOf(checkpoint, keys);
	if (signature === 'invalid') return 'the signature of its record’s checkpoint does not verify';
	if (signature === 'unknown' && keys.trusted.length === 0) return 'its record’s checkpoint is signed by no key that the drop names';
	if (!verifyInclusion(leafHash(line), index, checkpoint.size, hashes, checkpoint.root))
		return `its record does not lead to the root of ${checkpoint.size} records`;
	return { record, isTrusted: signature === 'trusted' };
}

/** Ids of the orders whose events are all there; what speaks against any other is told. */
function completeOrders(
	orders: readonly Fields[],
	record: HeadsRecord,
	events: EventsByOrder,
	fail: (code: 'heads_invalid' | 'order_incomplete' | 'head_mismatch', detail: string) => void,
): string[] {
	const root = fromHex(record.root) ?? new Uint8Array();
	const seen = new Set<string>();
	const complete: string[] = [];
	for (const { line, index, path } of orders) {
		const head = typeof line === 'string' ? parseHeadLine(line) : null;
		const hashes = Array.isArray(path) ? path.map((hash) => fromBase64(String(hash))) : [null];
		const isWhole = head !== null && !seen.has(head.orderId) && hashes.every((hash) => hash !== null);
		if (!isWhole || !verifyInclusion(leafHash(utf8(String(line))), Number(index), record.orders, hashes, root)) {
			fail('heads_invalid', `${String(line).slice(0, 200)} does not lead to the heads record of ${record.day}`);
			continue;
		}
		seen.add(head.orderId);
		const problem = headProblem(head, record.size, events.get(head.orderId) ?? []);
		if (problem) fail(problem.code, `order ${head.orderId}: by the heads record of ${record.day}, ${problem.detail}`);
		else complete.push(head.orderId);
	}
	return complete;
}
