/** The proof of one event: its bytes, its hash, its link, and the path from it to a signed head, checked again step by step. */
import {
	type CheckpointFile,
	formatTlogProof,
	type JudgedCheckpoint,
	leafHash,
	nodeHash,
	type SealedLogReport,
	type SealedVerification,
	verifyInclusion,
} from '#evidence';
import { err, fromUtf8, ok, type Result, toBase64, toHex } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';

export interface ProofInput {
	readonly population: Population;
	readonly table: TableName;
	/** 1-based line in the table's file. */
	readonly line: number;
	/** The stored bytes of the line, without its line feed. */
	readonly bytes: Uint8Array;
	readonly report: SealedLogReport;
	readonly verification: SealedVerification;
	readonly checkpoints: readonly CheckpointFile[];
}

export interface ProofStep {
	/** The sibling stands to the left or right of what was reached. */
	readonly side: 'left' | 'right';
	/** Hex. */
	readonly sibling: string;
	/** Hex; what hashing both gives. */
	readonly reached: string;
}

export interface ProofLink {
	/** What the line says: hex, or null for the first line of its order. */
	readonly stated: string | null;
	/** The line of the same order before it, null for the first. */
	readonly previousLine: number | null;
	/** Leaf hash of that line as it lies there now. */
	readonly found: string | null;
	readonly holds: boolean;
}

export interface ProofHead {
	readonly path: string;
	readonly origin: string;
	readonly size: number;
	/** Base64, as in the checkpoint. */
	readonly root: string;
	readonly signature: 'trusted' | 'claimed' | 'unknown' | 'invalid';
	readonly key: string | null;
}

export type ProofVerdict = 'included' | 'claimed' | 'unsigned' | 'not_included' | 'no_head';

export interface EventProof {
	readonly table: TableName;
	readonly line: number;
	readonly row: number;
	readonly orderId: string | null;
	/** The canonical bytes as text; null where they are no UTF-8. */
	readonly text: string | null;
	readonly bytes: number;
	/** Hex. */
	readonly leaf: string;
	/** Whether the hash of these bytes is the leaf that the log was verified with. */
	readonly isLeafOfLog: boolean;
	readonly link: ProofLink;
	/** The checkpoint it is proved against; null where none covers the line. */
	readonly head: ProofHead | null;
	readonly steps: readonly ProofStep[];
	/** Base64 root that the steps lead to. */
	readonly reached: string;
	/**
	 * `included` under a trusted key · `claimed` included, but under a key that only the drop names ·
	 * `unsigned` included, but the checkpoint's signature is invalid or of an unknown key ·
	 * `not_included` the steps lead to another root than was signed · `no_head` no checkpoint covers the line.
	 */
	readonly verdict: ProofVerdict;
	readonly sentence: string;
	/** `c2sp.org/tlog-proof@v1`: index, path and checkpoint, for any verifier; null without a head it holds for. */
	readonly tlogProof: string | null;
}

export type ProofError = { readonly code: 'no_such_line'; readonly message: string };

export function proofOfEvent(input: ProofInput): Result<EventProof, ProofError> {
	const { population, table, line, bytes, report } = input;
	if (line < 1 || line > report.lines)
		return err({ code: 'no_such_line', message: `${table} has ${report.lines} lines and none with number ${line}. Choose one of them.` });
	const leaf = leafHash(bytes);
	const head = chooseHead(input.verification.checkpoints, line);
	const size = head?.checkpoint.size ?? report.lines;
	const isCovered = size <= report.lines;
	const hashes = isCovered ? report.tree.inclusionProof(line - 1, size) : [];
	const steps = stepsOf(leaf, line - 1, size, hashes);
	const reached = isCovered ? reachedRoot(leaf, steps) : null;
	const isIncluded = head !== null && isCovered && verifyInclusion(leaf, line - 1, size, hashes, head.checkpoint.root);
	const file = head ? input.checkpoints.find(({ path }) => path === head.path) : undefined;
	const row = population.table(table).rowOfLine(line);
	return ok({
		table,
		line,
		row,
		orderId: row < 0 ? null : population.table(table).text('order_id', row),
		text: fromUtf8(bytes),
		bytes: bytes.length,
		leaf: toHex(leaf),
		isLeafOfLog: toHex(leaf) === toHex(leafAt(report, line)),
		link: linkOf(input, row),
		head: head
			? {
					path: head.path,
					origin: head.checkpoint.origin,
					size,
					root: toBase64(head.checkpoint.root),
					signature: head.signature,
					key: head.key ? `${head.key.name}+${head.key.keyId}` : null,
				}
			: null,
		steps,
		reached: reached ?? '',
		verdict: verdictOf(head, isIncluded),
		sentence: sentenceOf(head, isIncluded, line, size),
		tlogProof: isIncluded && file ? (fromUtf8(formatTlogProof(line - 1, hashes, file.bytes)) ?? null) : null,
	});
}

function verdictOf(head: ReadHead | null, isIncluded: boolean): ProofVerdict {
	if (head === null) return 'no_head';
	if (!isIncluded) return 'not_included';
	return head.signature === 'trusted' ? 'included' : head.signature === 'claimed' ? 'claimed' : 'unsigned';
}

type ReadHead = Extract<JudgedCheckpoint, { kind: 'read' }>;

const RANK = { trusted: 3, claimed: 2, unknown: 1, invalid: 0 } as const;

/** The best witness that covers the line: one whose root the lines have, by a trusted key if there is one, and the newest of those. */
function chooseHead(judged: readonly JudgedCheckpoint[], line: number): ReadHead | null {
	const covering = judged
		.filter((one) => one.kind === 'read')
		.filter((one) => one.isOfThisLog && one.checkpoint.size >= line && one.root !== 'beyond_log');
	const rank = (one: ReadHead): number => (one.root === 'matches' ? 10 : 0) + RANK[one.signature];
	return covering.sort((a, b) => rank(b) - rank(a) || b.checkpoint.size - a.checkpoint.size)[0] ?? null;
}

const leafAt = (report: SealedLogReport, line: number): Uint8Array => report.leafHashes.subarray((line - 1) * 32, line * 32);

/** As RFC 9162 §2.1.3.2 walks them, with what each step reaches. */
function stepsOf(leaf: Uint8Array, index: number, size: number, hashes: readonly Uint8Array[]): ProofStep[] {
	let node = index;
	let last = size - 1;
	let hash = leaf;
	return hashes.map((sibling) => {
		const isRight = node % 2 === 1 || node === last;
		hash = isRight ? nodeHash(sibling, hash) : nodeHash(hash, sibling);
		if (isRight)
			while (node % 2 === 0 && node !== 0) {
				node = Math.floor(node / 2);
				last = Math.floor(last / 2);
			}
		node = Math.floor(node / 2);
		last = Math.floor(last / 2);
		return { side: isRight ? 'left' : 'right', sibling: toHex(sibling), reached: toHex(hash) };
	});
}

function reachedRoot(leaf: Uint8Array, steps: readonly ProofStep[]): string {
	const hex = steps.at(-1)?.reached ?? toHex(leaf);
	return toBase64(Uint8Array.from(hex.match(/../g) ?? [], (pair) => Number.parseInt(pair, 16)));
}

function linkOf({ population, table, report, bytes }: ProofInput, row: number): ProofLink {
	if (row < 0) return { stated: null, previousLine: null, found: null, holds: false };
	const rows = population.table(table);
	const stated = statedLink(bytes);
	const previous = previousRow(population, table, row);
	if (previous < 0) return { stated, previousLine: null, found: null, holds: stated === null };
	const previousLine = rows.lineOf(previous);
	const found = toHex(leafAt(report, previousLine));
	return { stated, previousLine, found, holds: stated === found };
}

/** `prev` as the line itself says it; null where it names none or is no record. */
function statedLink(bytes: Uint8Array): string | null {
	try {
		const value: unknown = JSON.parse(fromUtf8(bytes) ?? '');
		const prev = typeof value === 'object' && value !== null ? (value as { prev?: unknown }).prev : null;
		return typeof prev === 'string' ? prev : null;
	} catch {
		return null;
	}
}

/** The row of the same order before this one in the file, or -1. */
function previousRow(population: Population, table: TableName, row: number): number {
	const order = population.table(table).codes('order_id')[row] as number;
	let previous = -1;
	for (const other of population.index(table, 'order_id').rowsOf(order)) {
		if (other >= row) break;
		previous = other;
	}
	return previous;
}

function sentenceOf(head: ReadHead | null, isIncluded: boolean, line: number, size: number): string {
	if (head === null) return `No checkpoint covers line ${line}: nothing signed vouches for it.`;
	const signer = head.key ? `${head.key.name}+${head.key.keyId}` : 'an unknown key';
	if (!isIncluded)
		return head.root === 'differs'
			? `The path from line ${line} leads to another root than the checkpoint of ${size} lines states: these are not the lines that ${signer} signed.`
			: `The path from line ${line} does not lead to the root of the checkpoint of ${size} lines.`;
	if (head.signature === 'trusted') return `Line ${line} is one of the ${size} lines that ${signer}, a trusted key, signed.`;
	if (head.signature === 'claimed')
		return `Line ${line} is one of the ${size} lines that ${signer} signed; that key is only claimed by the drop.`;
	return `Line ${line} is one of the ${size} lines of ${head.path}, whose signature is ${head.signature === 'invalid' ? 'invalid' : 'of an unknown key'}.`;
}
