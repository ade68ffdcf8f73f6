/**
 * The evidence a pack carries, as embedded files: the drop's manifest and checkpoints, the exact lines of every cited record with
 * one inclusion proof a sealed table, cited documents, and, where it fits, every table of the drop, so that the tests can be re-run.
 */
import type { AuditResult } from '#audit';
import type { CheckpointFile, MerkleTree } from '#evidence';
import { canonicalize, compareText, toBase64, utf8 } from '#kernel';
import type { TableName } from '#model';
import { flatName } from './attachments.ts';
import { type HeadsEvidence, headsFiles } from './headsFiles.ts';
import type { PackAttachment } from './planInput.ts';

export const RESULT_NAME = 'result.json';
export const LINES_INDEX_NAME = 'lines.json';
export const DROP_PREFIX = 'drop__';
export const DROP_MANIFEST_NAME = `${DROP_PREFIX}manifest.json`;
export const LINES_FORMAT = 'tieout-lines/1';
export const MULTIPROOF_FORMAT = 'tieout-multiproof/1';

/** A line of the drop that the pack shows or rests on, exactly as it is stored, without its line feed. */
export interface CitedLine {
	/** 1-based. */
	readonly line: number;
	/** Primary key, its parts joined by "/". */
	readonly key: string;
	readonly sha256: string;
	readonly bytes: Uint8Array;
}

export interface SealedEvidence {
	readonly tree: MerkleTree;
	readonly checkpoints: readonly CheckpointFile[];
	/** The largest checkpoint whose root the lines have, or null: then no line can be proved. */
	readonly sealedBy: { readonly path: string; readonly size: number } | null;
}

/** Lines of a table that a pack leaves out on purpose: said in it, so that nobody takes them for lost. */
export interface WithheldFromTable {
	/** For whose values. */
	readonly fields: readonly string[];
	readonly lines: number;
}

export interface EvidenceInput {
	readonly result: AuditResult;
	readonly dropManifest: Uint8Array;
	/** By table, ascending by line, each once. */
	readonly cited: ReadonlyMap<TableName, readonly CitedLine[]>;
	/** Cited lines left out because they show a withheld value. */
	readonly withheld: ReadonlyMap<TableName, WithheldFromTable>;
	readonly sealed: ReadonlyMap<TableName, SealedEvidence>;
	/** By table; only where a heads record of a hub is at hand. */
	readonly heads: ReadonlyMap<TableName, HeadsEvidence>;
	/** Files of the drop embedded whole: data and disclosures; empty when the population is too large to carry. */
	readonly dropFiles: readonly { readonly path: string; readonly bytes: Uint8Array }[];
	readonly documents: readonly {
		readonly sha256: string;
		readonly bytes: Uint8Array;
		readonly mediaType: string;
		readonly description: string;
	}[];
}

/** Names of the drop's files as attachments: whatever the company called them, flat, and each once. */
function flatNames({ sealed, dropFiles }: EvidenceInput): (path: string) => string {
	const paths = [
		...[...sealed.values()].flatMap(({ checkpoints }) => checkpoints.map(({ path }) => path)),
		...dropFiles.map(({ path }) => path),
	];
	const used = new Set([DROP_MANIFEST_NAME]);
	const names = new Map(paths.sort(compareText).map((path) => [path, flatName(`drop/${path}`, used)]));
	return (path) => names.get(path) as string;
}

export function evidenceFiles(input: EvidenceInput): PackAttachment[] {
	const nameOf = flatNames(input);
	return [
		json(RESULT_NAME, RESULT_NAME, input.result, 'results of all tests, with the hash of each'),
		file(DROP_MANIFEST_NAME, 'drop/manifest.json', input.dropManifest, 'application/json', 'manifest of the evidence drop', 'Source'),
		json(LINES_INDEX_NAME, LINES_INDEX_NAME, linesIndex(input), 'line number, key and hash of every cited line'),
		...[...input.cited].map(([table, lines]) =>
			file(linesName(table), `lines/${table}.ndjson`, joinLines(lines), 'application/x-ndjson', `exact cited lines of ${table}`, 'Data'),
		),
		...[...input.sealed].flatMap(([table, sealed]) => sealedFiles(table, sealed, input.cited.get(table) ?? [], nameOf)),
		...headsFiles(input.heads),
		...input.dropFiles.map(({ path, bytes }) =>
			file(nameOf(path), `drop/${path}`, bytes, 'application/x-ndjson', `${path} of the drop, whole`, 'Data'),
		),
		...input.documents.map(
			({ sha256, bytes, mediaType, description }): PackAttachment => ({
				...file(documentName(sha256, mediaType), `drop/documents/${sha256}`, bytes, mediaType, description, 'Supplement'),
				isDocument: true,
			}),
		),
	];
}

/** Documents keep an ending, so that a reader opens them by a click. */
export const documentName = (sha256: string, mediaType: string): string =>
	`document__${sha256}${mediaType === 'application/pdf' ? '.pdf' : mediaType === 'text/plain' ? '.txt' : ''}`;

export const linesName = (table: string): string => `lines__${table}.ndjson`;

function sealedFiles(
	table: TableName,
	sealed: SealedEvidence,
	cited: readonly CitedLine[],
	nameOf: (path: string) => string,
): PackAttachment[] {
	const checkpoints = sealed.checkpoints.map(({ path, bytes }) =>
		file(nameOf(path), `drop/${path}`, bytes, 'text/plain', `signed checkpoint of ${table}`, 'Source'),
	);
	const { sealedBy } = sealed;
	const proved = sealedBy === null ? [] : cited.filter(({ line }) => line <= sealedBy.size);
	if (sealedBy === null || proved.length === 0) return checkpoints;
	const proof = {
		format: MULTIPROOF_FORMAT,
		table,
		checkpoint: nameOf(sealedBy.path),
		size: sealedBy.size,
		lines: proved.map(({ line }) => line),
		proof: sealed.tree
			.multiproof(
				proved.map(({ line }) => line - 1),
				sealedBy.size,
			)
			.map(toBase64),
	};
	return [
		...checkpoints,
		json(`proof__${table}.json`, `proofs/${table}.json`, proof, `proof that the cited lines of ${table} are in its log (RFC 6962)`),
	];
}

const linesIndex = ({ cited, withheld }: EvidenceInput) => ({
	format: LINES_FORMAT,
	withheld: Object.fromEntries([...withheld].map(([table, { fields, lines }]) => [table, { fields, lines }])),
	tables: Object.fromEntries(
		[...cited].map(([table, lines]) => [
			table,
			{ file: linesName(table), lines: lines.map(({ line, key, sha256 }) => ({ line, key, sha256 })) },
		]),
	),
});

function joinLines(lines: readonly CitedLine[]): Uint8Array {
	const whole = new Uint8Array(lines.reduce((bytes, line) => bytes + line.bytes.length + 1, 0));
	let at = 0;
	for (const { bytes } of lines) {
		whole.set(bytes, at);
		at += bytes.length;
		whole[at++] = 10;
	}
	return whole;
}

const json = (name: string, path: string, value: unknown, description: string): PackAttachment =>
	file(name, path, utf8(canonicalize(value)), 'application/json', description, 'Data');

const file = (
	name: string,
	path: string,
	bytes: Uint8Array,
	mime: string,
	description: string,
	relationship: PackAttachment['relationship'],
): PackAttachment => ({ name, path, bytes, mime, relationship, description, isDocument: false });
