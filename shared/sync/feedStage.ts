/**
 * What an earlier pull that was broken off has brought already. Its bytes are as little believed as those that still come: they are read,
 * hashed and judged with them, from the first one on.
 */
import { sha256Hex, utf8 } from '#kernel';
import { disclosuresFile } from './feedDisclosures.ts';
import type { PullPlan } from './pullPlan.ts';

export interface FeedStage {
	/** Bytes that are at hand of the beginning of a file. */
	bytesOf(path: string): number;
	open(path: string): AsyncIterable<Uint8Array>;
}

/**
 * By path, the name of what a file begins as, and its size. Two plans that name a file alike mean the same bytes, as far as both reach: a log
 * only grows, its disclosures with it, and all else is named by its hash.
 */
export type StageKeys = ReadonlyMap<string, StageKey>;

interface StageKey {
	readonly name: string;
	readonly bytes: number;
	/** A beginning alone is of no use: a document is there or not. */
	readonly isWholeOnly?: boolean;
}

export function stageKeys(plan: PullPlan): StageKeys {
	const keys = new Map<string, StageKey>();
	for (const { declared } of plan.tables) {
		const log = plan.heads.get(declared.table)?.head.origin;
		keys.set(declared.file, { name: log === undefined ? `sha256 ${declared.sha256}` : `log ${log}`, bytes: declared.bytes ?? 0 });
	}
	// Nobody has said how many they are: what was brought is their beginning in any case.
	for (const { table } of plan.disclosures.values()) {
		const log = plan.heads.get(table)?.head.origin ?? '';
		keys.set(disclosuresFile(table), { name: `disclosures of ${log}`, bytes: Number.POSITIVE_INFINITY });
	}
	for (const { sha256, bytes } of plan.documents) keys.set(`documents/${sha256}`, { name: `sha256 ${sha256}`, bytes, isWholeOnly: true });
	for (const [path, bytes] of smallFiles(plan)) keys.set(path, { name: `sha256 ${sha256Hex(bytes)}`, bytes: bytes.length });
	return keys;
}

/** Files of a publication that are at hand with its plan. */
export function smallFiles(plan: PullPlan): ReadonlyMap<string, Uint8Array> {
	const files = new Map<string, Uint8Array>([['manifest.json', utf8(plan.manifestText)]]);
	for (const [table, { note, head }] of plan.heads) files.set(`checkpoints/${table}/${head.size}.txt`, utf8(note));
	return files;
}
