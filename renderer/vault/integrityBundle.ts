/** A verifier bundle of one order, or of a line that is of none: gathered from the stored bytes, zipped the same each time. */
import { type Zippable, zipSync } from 'fflate';
import { parseVerifierKey, SEALED_TABLES } from '#evidence';
import { type BundleLine, proofOfEvent, verifierBundle } from '#explore';
import type { Workbook } from '#findings';
import { collectLines, type ImportedDrop } from '#intake';
import { ok, sha256Hex } from '#kernel';
import type { TableName } from '#model';
import type { Answer, LoadedEvidence } from './contract.ts';
import { refuse } from './vaultError.ts';

export interface VerifierBundle {
	/** "proof-SO-0001.zip" */
	readonly fileName: string;
	readonly bytes: Uint8Array<ArrayBuffer>;
	readonly lines: number;
	/** Of them, those that lead to a signed head. */
	readonly proved: number;
	/** Of the ZIP. */
	readonly sha256: string;
	/** "order SO-0001" */
	readonly subject: string;
}

const LINES_MAX = 10_000;

/** Local noon of one day for every entry: bytes do not depend on when, nor in which zone, they are made. */
const MADE_AT = new Date(1980, 0, 1, 12);

export async function bundleOf(
	loaded: LoadedEvidence,
	drop: ImportedDrop,
	{ trustedKeys }: Workbook,
	table: TableName,
	line: number,
): Promise<Answer<VerifierBundle>> {
	const orderId = orderOf(drop, table, line);
	const wanted = orderId === null ? new Map([[table, [line]]]) : linesOfOrder(drop, orderId);
	const count = [...wanted.values()].reduce((sum, lines) => sum + lines.length, 0);
	if (count > LINES_MAX)
		return refuse('invalid', `This order has ${count} sealed lines; a bundle takes up to ${LINES_MAX}. Export a pack instead.`);
	const gathered = await gather(loaded, drop, wanted);
	if (!gathered.ok) return gathered;
	const subject = orderId === null ? `line ${line} of ${table}` : `order ${orderId}`;
	const files = verifierBundle({
		subject,
		company: drop.manifest.company,
		dropId: drop.manifest.dropId,
		manifestBytes: drop.manifestBytes,
		manifestSha256: drop.manifestSha256,
		lines: gathered.value,
		isWholeChain: orderId !== null,
		checkpoints: [...wanted.keys()].flatMap((name) => drop.sealed.get(name)?.checkpoints ?? []),
		keys: keysOf(drop, trustedKeys),
	});
	const entries: Zippable = Object.fromEntries(files.map(({ path, bytes }) => [path, bytes]));
	const bytes = zipSync(entries, { mtime: MADE_AT, level: 6 }) as Uint8Array<ArrayBuffer>;
	return ok({
		fileName: `proof-${(orderId ?? `${table}-${line}`).replace(/[^\w.-]+/g, '_').slice(0, 80)}.zip`,
		bytes,
		lines: gathered.value.length,
		proved: gathered.value.filter(({ proof }) => proof.verdict === 'included' || proof.verdict === 'claimed').length,
		sha256: sha256Hex(bytes),
		subject,
	});
}

function orderOf({ population }: ImportedDrop, name: TableName, line: number): string | null {
	const table = population.table(name);
	const row = table.rowOfLine(line);
	return row < 0 ? null : table.text('order_id', row);
}

/** All sealed lines of an order, ascending by table. */
function linesOfOrder({ population, sealed }: ImportedDrop, orderId: string): Map<TableName, readonly number[]> {
	const found = new Map<TableName, readonly number[]>();
	for (const name of SEALED_TABLES as readonly TableName[]) {
		if (!sealed.has(name)) continue;
		const table = population.table(name);
		const rows = population.index(name, 'order_id').rowsOf(table.dictionary('order_id').codeOf(orderId));
		const lines = Array.from(rows, (row) => table.lineOf(row)).sort((a, b) => a - b);
		if (lines.length > 0) found.set(name, lines);
	}
	return found;
}

async function gather(
	loaded: LoadedEvidence,
	drop: ImportedDrop,
	wanted: ReadonlyMap<TableName, readonly number[]>,
): Promise<Answer<readonly BundleLine[]>> {
	const gathered: BundleLine[] = [];
	for (const [table, lines] of wanted) {
		const log = drop.sealed.get(table);
		const collected = await collectLines(loaded.source, loaded.drop, table, lines);
		if (!log || !collected.ok) return refuse('unreadable_file', `The lines of ${table} could not be read from the stored bytes.`);
		for (const { line, bytes } of collected.value) {
			const proof = proofOfEvent({ population: drop.population, table, line, bytes, ...log });
			if (!proof.ok) return refuse('not_found', proof.error.message);
			gathered.push({ proof: proof.value, bytes });
		}
	}
	return ok(gathered);
}

/** The engagement's own keys first: the drop's claim counts only where nobody else names the key. */
function keysOf({ manifest }: ImportedDrop, trusted: Workbook['trustedKeys']) {
	const known = [...trusted.values()].map(({ vkey, origin }) => ({ vkey, origin: origin as string | null }));
	const claimed = manifest.claimedLogKey;
	const all = claimed === null || trusted.has(claimed) ? known : [...known, { vkey: claimed, origin: null }];
	return all.flatMap(({ vkey, origin }) => {
		const key = parseVerifierKey(vkey);
		return key.ok ? [{ key: key.value, origin }] : [];
	});
}
