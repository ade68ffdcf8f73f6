/** Carries out what a sample plants in the drop itself, and says what is to be found: false declarations and checkpoints. */
import { createHash } from 'node:crypto';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answer, type CheckpointFlaw, type DropFlaw, SAMPLE } from '#company';
import { fromHex } from '#kernel';
import type { TableName } from '#model';
import { type LogSigner, sampleSigner } from './sampleLog.ts';
import type { WrittenTable } from './sampleTable.ts';

export interface WrittenCheckpoint {
	readonly size: number;
	/** Hex. */
	readonly root: string;
}

const answer = (test: string, keys: Answer['keys'], note: string): Answer => ({ test, order_id: null, keys, note });

/** The manifest's view of a table, with what is declared wrongly on purpose. */
export function declareFalsely(table: WrittenTable, flaws: readonly DropFlaw[], planted: Answer[]): WrittenTable {
	let declared = table;
	for (const flaw of flaws) {
		if (flaw.kind !== 'declared' || flaw.table !== table.table) continue;
		const keys = { table: table.table };
		switch (flaw.what) {
			case 'sha256':
				declared = { ...declared, sha256: createHash('sha256').update(`another ${table.file}`).digest('hex') };
				planted.push(answer('T66', keys, `the manifest declares another hash of ${table.file}`));
				break;
			case 'rows':
				declared = { ...declared, rows: declared.rows + 1 };
				planted.push(answer('T77', keys, `the manifest declares a row more than ${table.file} has`));
				break;
			case 'control_total': {
				const total = declared.control_totals[flaw.column];
				declared = { ...declared, control_totals: { ...declared.control_totals, [flaw.column]: Number(total ?? 0) + 100 } };
				planted.push(answer('T77', keys, `the manifest declares 1.00 more ${flaw.column} than ${table.file} adds up to`));
				break;
			}
		}
	}
	return declared;
}

export interface CheckpointSite {
	/** Folder of the drop. */
	readonly root: string;
	readonly signer: LogSigner;
	readonly written: ReadonlyMap<TableName, readonly WrittenCheckpoint[]>;
}

export interface CheckpointFindings {
	readonly planted: Answer[];
	readonly consequences: Answer[];
}

/** Rewrites or adds checkpoints. A log with too few of them is left as it is. */
export function spoilCheckpoints(site: CheckpointSite, flaws: readonly DropFlaw[]): CheckpointFindings {
	const findings: CheckpointFindings = { planted: [], consequences: [] };
	for (const flaw of flaws) {
		const checkpoint = flaw.kind === 'checkpoint' ? site.written.get(flaw.table)?.at(flaw.nth) : undefined;
		if (checkpoint && flaw.kind === 'checkpoint') spoil(site, flaw, checkpoint, findings);
	}
	return findings;
}

const LINES_CUT_OFF = 7;

function spoil(
	{ root, signer }: CheckpointSite,
	{ what, table }: CheckpointFlaw,
	{ size, root: trueRoot }: WrittenCheckpoint,
	{ planted, consequences }: CheckpointFindings,
): void {
	const origin = `${SAMPLE.log}/${table}`;
	const falseRoot = fromHex(createHash('sha256').update(`another ${table} of ${size}`).digest('hex')) ?? new Uint8Array();
	const soundRoot = fromHex(trueRoot) ?? new Uint8Array();
	const write = (name: string, note: string): void => writeFileSync(join(root, 'checkpoints', table, name), note);
	const keys = { table, size: String(size) };
	switch (what) {
		case 'other_root':
			write(`${size}.txt`, signer.checkpoint(origin, size, falseRoot));
			planted.push(answer('T68', keys, `the first ${size} lines have another root than was signed`));
			break;
		case 'beyond_log': {
			const beyond = size + LINES_CUT_OFF;
			write(`${beyond}.txt`, signer.checkpoint(origin, beyond, falseRoot));
			planted.push(answer('T68', { table, size: String(beyond) }, `${LINES_CUT_OFF} signed lines are missing from the end of the log`));
			break;
		}
		case 'fork':
			// The leading zero keeps both notes of one size in the folder.
			write(`0${size}.txt`, signer.checkpoint(origin, size, falseRoot));
			planted.push(answer('T69', keys, `two signed checkpoints of size ${size} have different roots`));
			consequences.push(answer('T68', keys, 'one of the two roots is not that of the log'));
			break;
		case 'bad_signature':
			write(`${size}.txt`, withForeignSignature(signer.checkpoint(origin, size, soundRoot), signer.checkpoint(origin, size, falseRoot)));
			consequences.push(answer('T74', keys, 'its signature belongs to another note'));
			break;
		case 'strange_key':
			write(`${size}.txt`, sampleSigner('stranger.example/log', 'of nobody we know').checkpoint(origin, size, soundRoot));
			consequences.push(answer('T74', keys, 'signed by a key nobody trusts'));
			break;
	}
}

/** The text of one note above the signature of another. */
const withForeignSignature = (note: string, other: string): string =>
	note.slice(0, note.indexOf('\n\n') + 2) + other.slice(other.indexOf('\n\n') + 2);
