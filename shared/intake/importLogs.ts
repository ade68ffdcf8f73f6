/** Verifies the logs of a drop's sealed tables, once their lines have been read. */
import {
	type CheckpointFile,
	type LogHead,
	MAX_NOTE_BYTES,
	type Manifest,
	openSealedLog,
	SEALED_TABLES,
	type SealedLogReport,
	type SealedVerification,
	type VerifierKey,
	type VerifyEd25519,
	verifySealed,
} from '#evidence';
import { compareText } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { failDrop, showName } from './dropError.ts';
import type { DropSource } from './dropSource.ts';
import type { ImportedTable } from './importTable.ts';
import { lineOrders } from './lineOrders.ts';

/** A sealed table as far as proofs and reports need it. */
export interface ImportedLog {
	readonly report: SealedLogReport;
	readonly verification: SealedVerification;
	/** The checkpoint files as they lie in the drop, by size where their names are sizes. */
	readonly checkpoints: readonly CheckpointFile[];
}

/** Whom the workstation trusts and what it remembers: nothing of it comes from the drop. */
export interface OutsideKnowledge {
	readonly claimedKey: VerifierKey | null;
	readonly trustedKeys: readonly VerifierKey[];
	readonly previousHeads: readonly LogHead[];
	readonly verify: VerifyEd25519;
}

const MAX_CHECKPOINT_FILES = 100_000;
/** Of all checkpoints together: an honest one has some hundred bytes. */
const MAX_CHECKPOINT_BYTES = 256 << 20;
const NO_LINES = { orderIdOf: () => null, lastOfOrders: () => [], malformed: () => [] };

/**
 * Each sealed table that the drop holds, and each it should hold: one that is absent while its checkpoints or its remembered
 * head exist was taken away whole.
 */
export function verifyLogs(
	manifest: Manifest,
	tables: readonly ImportedTable[],
	checkpoints: ReadonlyMap<string, readonly CheckpointFile[]>,
	population: Population,
	outside: OutsideKnowledge,
): ReadonlyMap<TableName, ImportedLog> {
	const logs = new Map<TableName, ImportedLog>();
	for (const table of SEALED_TABLES) {
		const imported = tables.find((one) => one.table === table);
		const files = checkpoints.get(table) ?? [];
		const isRemembered = outside.previousHeads.some(({ origin }) => origin === `${manifest.log}/${table}`);
		if (!imported && files.length === 0 && !isRemembered) continue;
		const report = imported?.log ?? openSealedLog({ hasOrderSeq: table === 'order_event' }).finish();
		const verification = verifySealed({
			table,
			report,
			endsWithLineFeed: imported?.endsWithLineFeed ?? true,
			checkpoints: files,
			log: manifest.log,
			orders: imported ? lineOrders(population.table(table)) : NO_LINES,
			...outside,
		});
		logs.set(table, { report, verification, checkpoints: files });
	}
	return logs;
}

/** All checkpoint files by table. Throws `DropFailure`. */
export async function readCheckpoints(
	source: DropSource,
	notices: string[],
	onFile: () => void,
): Promise<ReadonlyMap<string, readonly CheckpointFile[]>> {
	const byTable = new Map<string, CheckpointFile[]>();
	let total = 0;
	const paths = [...source.paths].filter((path) => path.startsWith('checkpoints/'));
	if (paths.length > MAX_CHECKPOINT_FILES)
		failDrop(
			'too_many_files',
			'checkpoints',
			`The drop holds ${paths.length} checkpoints, at most ${MAX_CHECKPOINT_FILES} are read. Ask for fewer.`,
		);
	for (const path of paths.sort(compareCheckpointPaths)) {
		const [, table = '', name] = path.split('/');
		if (name === undefined || !(SEALED_TABLES as readonly string[]).includes(table)) {
			notices.push(`${showName(path)} belongs to no sealed table and was not read.`);
			continue;
		}
		const files = byTable.get(table) ?? [];
		byTable.set(table, files);
		const bytes = await readPrefix(source, path, MAX_NOTE_BYTES + 1);
		total += bytes.length;
		if (total > MAX_CHECKPOINT_BYTES)
			failDrop(
				'file_too_large',
				'checkpoints',
				`The checkpoints have more than ${MAX_CHECKPOINT_BYTES} bytes together. Ask for them again.`,
			);
		files.push({ path, bytes });
		onFile();
	}
	return byTable;
}

/** As much of a file as tells that it is too large: a checkpoint that is none is a problem of the log, not of the drop. */
async function readPrefix(source: DropSource, path: string, maxBytes: number): Promise<Uint8Array> {
	const prefix = new Uint8Array(Math.min(maxBytes, await source.size(path)));
	let filled = 0;
	for await (const chunk of source.open(path)) {
		const part = chunk.subarray(0, prefix.length - filled);
		prefix.set(part, filled);
		filled += part.length;
		// A file read whole is read to its end, where a ZIP checks its checksum.
		if (filled === maxBytes) break;
	}
	return prefix.subarray(0, filled);
}

/** By the size in the name, then by name. */
function compareCheckpointPaths(a: string, b: string): number {
	const size = (path: string): number => Number(/\/(\d{1,15})[^/]*$/.exec(path)?.[1] ?? Number.MAX_SAFE_INTEGER);
	return size(a) - size(b) || compareText(a, b);
}
