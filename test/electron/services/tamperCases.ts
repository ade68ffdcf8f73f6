/** What somebody can do to a sealed table of a drop, and what its verification must then say. Line numbers are those of `cleanDrop(1)`. */
import type { IntegrityCode, IntegrityVerdict, LogHead } from '#evidence';
import {
	addCheckpoints,
	canonical,
	type DropFiles,
	declare,
	dropCheckpoints,
	LOG,
	LOG_SIGNER,
	leafOf,
	linesOf,
	putLines,
	rootOf,
} from './dropWriter.ts';
import {
	CLEAN_EVENTS,
	checkpointPath,
	cut,
	EVENTS,
	edit,
	editCheckpoint,
	flip,
	forgedOrder,
	headAt,
	LONE_TAIL,
	N,
	orderOf,
	other,
	REVENUE,
	rechain,
	SWAP,
	sameNameOtherKey,
	splice,
	swap,
	witness,
	X,
	X_NEXT,
} from './tamperEdits.ts';

export interface TamperCase {
	readonly name: string;
	/** Who can do it: by accident · writing lines · recomputing chains as well · with old signed artefacts · with the log's key. */
	readonly attacker: 'accident' | 'writer' | 'rewriter' | 'collector' | 'key holder' | 'nobody';
	readonly tamper: (files: DropFiles) => void;
	readonly table?: 'order_event' | 'revenue_event';
	readonly heads?: readonly LogHead[];
	readonly verdict: IntegrityVerdict;
	/** Every problem, as `code@line`; `code@-` where none is named. */
	readonly problems: readonly `${IntegrityCode}@${number | '-'}`[];
	/** Lines that no checkpoint covers, where that is the point. */
	readonly unsealed?: number;
}

export const TAMPER_CASES: readonly TamperCase[] = [
	{ name: 'nothing', attacker: 'nobody', tamper: () => undefined, verdict: 'verified', problems: [], unsealed: 0 },
	{
		name: 'a byte of a line flipped',
		attacker: 'accident',
		tamper: (files) => edit(files, X, flip),
		verdict: 'altered',
		problems: [`chain_break@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'an amount edited',
		attacker: 'writer',
		table: REVENUE,
		tamper: (files) => edit(files, 5, (text) => text.replace('"amount_minor":1004', '"amount_minor":9004'), REVENUE),
		verdict: 'altered',
		problems: ['chain_break@5', 'root_mismatch@5'],
	},
	{
		name: 'a timestamp edited',
		attacker: 'writer',
		tamper: (files) => edit(files, X, (text) => text.replace('"occurred_at":"2026-03-01', '"occurred_at":"2026-02-28')),
		verdict: 'altered',
		problems: [`chain_break@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'two neighbouring lines of different orders swapped',
		attacker: 'writer',
		tamper: (files) => putLines(files, EVENTS, swap(linesOf(files, EVENTS), SWAP - 1, SWAP)),
		verdict: 'altered',
		problems: ['root_mismatch@-'],
	},
	{
		name: 'two lines of one order swapped',
		attacker: 'writer',
		tamper: (files) => putLines(files, EVENTS, swap(linesOf(files, EVENTS), X - 1, X_NEXT - 1)),
		verdict: 'altered',
		problems: [`chain_break@${X}`, `sequence_gap@${X}`, `sequence_gap@${X_NEXT}`, `root_mismatch@${X}`],
	},
	{
		name: 'a line doubled in place',
		attacker: 'writer',
		tamper: (files) => splice(files, X + 1, 0, CLEAN_EVENTS[X - 1] as string),
		verdict: 'altered',
		problems: [`duplicate@${X + 1}`, `root_mismatch@${X + 1}`],
	},
	{
		name: 'a line stored again at the end',
		attacker: 'writer',
		tamper: (files) => splice(files, N + 1, 0, CLEAN_EVENTS[X - 1] as string),
		verdict: 'altered',
		problems: [`duplicate@${N + 1}`],
		unsealed: 1,
	},
	{
		name: 'a key named twice in one record',
		attacker: 'writer',
		tamper: (files) => edit(files, X, (text) => text.replace('{', '{"actor_id":"u1",')),
		verdict: 'altered',
		problems: [`not_canonical@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a number spelled otherwise',
		attacker: 'writer',
		tamper: (files) => edit(files, X, (text) => text.replace('"schema_version":1', '"schema_version":1.0')),
		verdict: 'altered',
		problems: [`not_canonical@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a text decomposed from NFC to NFD',
		attacker: 'writer',
		tamper: (files) => edit(files, X, (text) => text.normalize('NFD')),
		verdict: 'altered',
		problems: [`chain_break@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'white space added',
		attacker: 'writer',
		tamper: (files) => edit(files, X, (text) => text.replaceAll(':', ': ')),
		verdict: 'altered',
		problems: [`not_canonical@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a byte that is not UTF-8',
		attacker: 'accident',
		tamper: (files) => edit(files, X, (text) => Buffer.from(text.replace('erp', 'er\u00ff'), 'latin1')),
		verdict: 'altered',
		problems: [`not_canonical@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a NUL byte',
		attacker: 'accident',
		tamper: (files) => edit(files, X, (text) => text.replace('erp', 'er\0')),
		verdict: 'altered',
		problems: [`not_canonical@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a number beyond every integer',
		attacker: 'writer',
		tamper: (files) => edit(files, X, (text) => text.replace('"schema_version":1', '"schema_version":1e400')),
		verdict: 'altered',
		problems: [`not_canonical@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a byte order mark in front',
		attacker: 'accident',
		tamper: (files) => edit(files, 1, (text) => `\ufeff${text}`),
		verdict: 'altered',
		problems: ['not_canonical@1', 'root_mismatch@1'],
	},
	{
		name: 'a blank line put in',
		attacker: 'accident',
		tamper: (files) => splice(files, X, 0, ''),
		verdict: 'altered',
		problems: [`not_canonical@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a link cut (prev null)',
		attacker: 'writer',
		tamper: (files) => edit(files, X, (text) => text.replace(/"prev":"[0-9a-f]{64}"/, '"prev":null')),
		verdict: 'altered',
		problems: [`chain_break@${X}`, `chain_break@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a line whose predecessor is of another order',
		attacker: 'rewriter',
		tamper: (files) => {
			const stranger = CLEAN_EVENTS.find((text, i) => i < X - 1 && orderOf(text) !== orderOf(CLEAN_EVENTS[X - 1] as string)) as string;
			edit(files, X, (text) => text.replace(/"prev":"[0-9a-f]{64}"/, `"prev":"${leafOf(stranger).toString('hex')}"`));
		},
		verdict: 'altered',
		problems: [`chain_break@${X}`, `chain_break@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'a line moved to another order',
		attacker: 'writer',
		tamper: (files) => edit(files, X, (text) => text.replace(/"order_id":"SO-\d+"/, '"order_id":"SO-99"')),
		verdict: 'altered',
		problems: [`chain_break@${X}`, `sequence_gap@${X}`, `chain_break@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'two lines on one predecessor, the second appended',
		attacker: 'rewriter',
		tamper: (files) => splice(files, N + 1, 0, (CLEAN_EVENTS[X - 1] as string).replace('"source_system":"erp"', '"source_system":"crm"')),
		verdict: 'altered',
		problems: [`chain_break@${N + 1}`, `duplicate@${N + 1}`],
		unsealed: 1,
	},
	{
		name: 'one line deleted',
		attacker: 'writer',
		tamper: (files) => splice(files, X, 1),
		verdict: 'altered',
		problems: [`chain_break@${X_NEXT - 1}`, `sequence_gap@${X_NEXT - 1}`, 'root_mismatch@-', `beyond_log@${N}`],
	},
	{
		name: 'the change of the last line of an order, alone between two checkpoints',
		attacker: 'writer',
		tamper: (files) => edit(files, LONE_TAIL, flip),
		verdict: 'altered',
		problems: [`root_mismatch@${LONE_TAIL}`],
	},
	{
		name: 'a record edited and everything chained anew',
		attacker: 'rewriter',
		tamper: (files) => rechain(files, (rows) => rows.map((row, i) => (i === X - 1 ? { ...row, reason_code: 'R9' } : row))),
		verdict: 'altered',
		// Whoever recomputes links moves the suspicion to the one line nothing vouches for; the sentence says so.
		problems: [`root_mismatch@${LONE_TAIL}`],
	},
	{
		name: 'the tail deleted, its checkpoints left',
		attacker: 'rewriter',
		tamper: (files) => cut(files, N - 7),
		verdict: 'truncated',
		problems: [`beyond_log@${N - 6}`],
	},
	{
		name: 'the tail deleted with its checkpoints, to a checkpoint: beyond a drop by itself',
		attacker: 'collector',
		tamper: (files) => {
			cut(files, 32);
			dropCheckpoints(files, EVENTS, 32);
		},
		verdict: 'verified',
		problems: [],
		unsealed: 0,
	},
	{
		name: 'the same, seen by a workstation that remembers',
		attacker: 'collector',
		tamper: (files) => {
			cut(files, 32);
			dropCheckpoints(files, EVENTS, 32);
		},
		heads: [headAt(40)],
		verdict: 'truncated',
		problems: ['beyond_log@33'],
	},
	{
		name: 'the tail deleted with its checkpoints, not to a checkpoint',
		attacker: 'collector',
		tamper: (files) => {
			cut(files, 35);
			dropCheckpoints(files, EVENTS, 32);
		},
		verdict: 'verified',
		problems: [],
		unsealed: 3,
	},
	{
		name: 'a whole order deleted, chains intact',
		attacker: 'rewriter',
		tamper: (files) => rechain(files, (rows) => rows.filter((row) => row['order_id'] !== 'SO-3')),
		verdict: 'altered',
		problems: ['root_mismatch@-', `beyond_log@${N - 4}`],
	},
	{
		name: 'a forged order inserted, chains intact',
		attacker: 'rewriter',
		tamper: (files) => splice(files, 20, 0, ...forgedOrder),
		verdict: 'altered',
		problems: ['root_mismatch@21'],
	},
	{
		name: 'a forged order appended behind the last checkpoint',
		attacker: 'rewriter',
		tamper: (files) => splice(files, N + 1, 0, ...forgedOrder),
		verdict: 'verified',
		problems: [],
		unsealed: 2,
	},
	{
		name: 'lines moved across orders and chained anew',
		attacker: 'rewriter',
		tamper: (files) => rechain(files, (rows) => swap(rows, SWAP - 1, SWAP)),
		verdict: 'altered',
		problems: ['root_mismatch@-'],
	},
	{
		name: 'everything rewritten and sealed with a key of their own, which the manifest claims',
		attacker: 'rewriter',
		tamper: (files) => {
			rechain(files, (rows) => rows.map((row) => ({ ...row, reason_code: null })));
			dropCheckpoints(files, EVENTS);
			addCheckpoints(files, EVENTS, other);
			declare(files, { log_key: other.vkey });
		},
		verdict: 'not_verifiable',
		problems: ['untrusted_key@-'],
	},
	{
		name: 'sealed by another key under the same name',
		attacker: 'rewriter',
		tamper: (files) => {
			dropCheckpoints(files, EVENTS);
			addCheckpoints(files, EVENTS, sameNameOtherKey);
		},
		verdict: 'not_verifiable',
		problems: ['untrusted_key@-'],
	},
	{
		name: 'the root in a checkpoint edited',
		attacker: 'writer',
		tamper: (files) =>
			editCheckpoint(files, 16, (text) =>
				text.replace(/^(.*\n.*\n)(.)/, (_, head: string, first: string) => head + (first === 'A' ? 'B' : 'A')),
			),
		verdict: 'altered',
		problems: ['bad_signature@-'],
	},
	{
		name: 'the size in a checkpoint edited',
		attacker: 'writer',
		tamper: (files) => editCheckpoint(files, 16, (text) => text.replace('\n16\n', '\n17\n')),
		verdict: 'altered',
		problems: ['bad_signature@-'],
	},
	{
		name: 'a signature damaged',
		attacker: 'accident',
		tamper: (files) =>
			editCheckpoint(files, N, (text) =>
				text.replace(/(.)(.{9})\n$/, (_, digit: string, rest: string) => `${digit === 'A' ? 'B' : 'A'}${rest}\n`),
			),
		verdict: 'not_verifiable',
		problems: ['bad_signature@-'],
	},
	{
		name: 'an extension line added by nobody',
		attacker: 'writer',
		tamper: (files) => editCheckpoint(files, 16, (text) => text.replace('\n\n', '\nextension\n\n')),
		verdict: 'not_verifiable',
		problems: ['bad_signature@-'],
	},
	{
		name: 'an extension line that the log itself signed',
		attacker: 'nobody',
		tamper: (files) =>
			files.set(checkpointPath(16), LOG_SIGNER.checkpoint(`${LOG}/${EVENTS}`, 16, rootOf(CLEAN_EVENTS.slice(0, 16)), ['epoch 7'])),
		verdict: 'verified',
		problems: [],
	},
	{
		name: 'a witness line added',
		attacker: 'nobody',
		tamper: (files) => editCheckpoint(files, 16, (text) => text + witness.signatureLine(text.slice(0, text.indexOf('\n\n') + 1))),
		verdict: 'verified',
		problems: [],
	},
	{
		name: 'a file that is no checkpoint among them',
		attacker: 'accident',
		tamper: (files) => files.set(checkpointPath(16), Buffer.from('hello\n')),
		verdict: 'not_verifiable',
		problems: ['bad_signature@-'],
	},
	{
		name: 'all checkpoints taken away',
		attacker: 'writer',
		tamper: (files) => dropCheckpoints(files, EVENTS),
		verdict: 'not_verifiable',
		problems: ['untrusted_key@-'],
		unsealed: N,
	},
	{
		name: 'the checkpoint of another log of the same key',
		attacker: 'collector',
		tamper: (files) =>
			files.set(checkpointPath(16), LOG_SIGNER.checkpoint('other.example/o2c/order_event', 16, rootOf(CLEAN_EVENTS.slice(0, 16)))),
		verdict: 'not_verifiable',
		problems: ['inconsistent@-'],
	},
	{
		name: 'an older checkpoint under a newer name',
		attacker: 'collector',
		tamper: (files) => files.set(checkpointPath(N), files.get(checkpointPath(16)) as Buffer),
		verdict: 'not_verifiable',
		problems: ['inconsistent@-'],
	},
	{
		name: 'the table taken away whole, its checkpoints left',
		attacker: 'writer',
		tamper: (files) => {
			files.delete(`data/${EVENTS}.ndjson`);
			files.delete(`disclosures/${EVENTS}.ndjson`);
			declare(files);
		},
		verdict: 'truncated',
		problems: ['beyond_log@1'],
	},
	{
		name: 'the file cut inside its last line',
		attacker: 'accident',
		tamper: (files) => {
			const path = `data/${EVENTS}.ndjson`;
			files.set(path, (files.get(path) as Buffer).subarray(0, -40));
			declare(files);
		},
		verdict: 'truncated',
		problems: [`not_canonical@${N}`, `root_mismatch@${N}`],
	},
	{
		name: 'two checkpoints of one size with different roots, both signed',
		attacker: 'key holder',
		tamper: (files) =>
			files.set(`checkpoints/${EVENTS}/16-other.txt`, LOG_SIGNER.checkpoint(`${LOG}/${EVENTS}`, 16, rootOf(CLEAN_EVENTS.slice(1, 17)))),
		verdict: 'forked',
		problems: ['inconsistent@-'],
	},
	{
		name: 'a fork whose other history the lines do not have either, and a line edited',
		attacker: 'key holder',
		tamper: (files) => {
			files.set(`checkpoints/${EVENTS}/40-other.txt`, LOG_SIGNER.checkpoint(`${LOG}/${EVENTS}`, 40, rootOf(CLEAN_EVENTS.slice(1, 41))));
			edit(files, X, flip);
		},
		verdict: 'forked',
		problems: ['inconsistent@-', `chain_break@${X}`, `root_mismatch@${X}`],
	},
	{
		name: 'lines behind the last checkpoint rewritten, seen by a workstation that remembers them sealed',
		attacker: 'collector',
		tamper: (files) => {
			dropCheckpoints(files, EVENTS, 32);
			edit(files, N, flip);
		},
		heads: [headAt(N)],
		verdict: 'altered',
		problems: ['inconsistent@-'],
	},
	{
		name: 'an earlier checkpoint that later ones contradict, all signed',
		attacker: 'key holder',
		tamper: (files) => files.set(checkpointPath(16), LOG_SIGNER.checkpoint(`${LOG}/${EVENTS}`, 16, rootOf(CLEAN_EVENTS.slice(1, 17)))),
		verdict: 'altered',
		problems: ['root_mismatch@-', 'inconsistent@-'],
	},
	{
		name: 'an old state replayed to a workstation that remembers',
		attacker: 'collector',
		tamper: (files) => {
			cut(files, 24);
			dropCheckpoints(files, EVENTS, 24);
		},
		heads: [headAt(N)],
		verdict: 'truncated',
		problems: ['beyond_log@25'],
	},
	{
		name: 'the log rewritten and validly signed, seen by a workstation that remembers',
		attacker: 'key holder',
		tamper: (files) => {
			rechain(files, (rows) => rows.map((row, i) => (i === X - 1 ? { ...row, reason_code: 'R9' } : row)));
			dropCheckpoints(files, EVENTS);
			addCheckpoints(files, EVENTS);
		},
		heads: [headAt(40)],
		verdict: 'forked',
		problems: ['inconsistent@-'],
	},
	{
		name: 'the log grown since the workstation last saw it',
		attacker: 'nobody',
		tamper: () => undefined,
		heads: [headAt(24)],
		verdict: 'verified',
		problems: [],
	},
	{
		name: 'an order number that jumps, chained anew',
		attacker: 'rewriter',
		tamper: (files) => {
			rechain(files, (rows) => rows.map((row, i) => (i === X - 1 ? { ...row, order_seq: 7 } : row)));
			dropCheckpoints(files, EVENTS);
			addCheckpoints(files, EVENTS);
		},
		verdict: 'altered',
		problems: [`sequence_gap@${X}`, `sequence_gap@${X_NEXT}`],
	},
	{
		name: 'a record of the other sealed table put in',
		attacker: 'rewriter',
		tamper: (files) => splice(files, X, 1, canonical(JSON.parse(linesOf(files, REVENUE)[0] as string))),
		verdict: 'altered',
		problems: [`chain_break@${X}`, `sequence_gap@${X}`, `chain_break@${X}`, `root_mismatch@${X}`],
	},
];
