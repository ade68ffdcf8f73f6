/**
 * The log of acts in the store: one record an act, appended all or none and durably, in one queue. The workbook is the fold of what is
 * stored; nothing is shown that was not written.
 */

import { verifyEd25519 } from '#evidence';
import {
	type Act,
	actSchema,
	applyAct,
	decide,
	emptyWorkbook,
	foldLog,
	type KnownHead,
	type LoggedAct,
	type LogProblem,
	loggedActSchema,
	logVerifier,
	type Refusal,
	sealAct,
	type Workbook,
} from '#findings';
import { type Json, ok } from '#kernel';
import type { Answer, VaultError } from './contract.ts';
import type { Shelf, StoredRecord } from './database.ts';
import type { Signer } from './keys.ts';
import { guarded, refuse, VaultFailure } from './vaultError.ts';

/** What is wrong with a stored log, and where. */
export interface LogDamage {
	readonly seq: number;
	readonly message: string;
}

export interface ActLog {
	workbook(): Workbook;
	log(): readonly LoggedAct[];
	/** First found first; empty for a sound log. */
	damages(): readonly LogDamage[];
	/** Decides, signs, appends durably, folds: all or none. */
	append(acts: readonly Act[], signer: Signer): Promise<Answer<readonly LoggedAct[]>>;
	/** Checks every signature, breathing in between; calls `onDamage` where there is any. */
	verify(onDamage: () => void): Promise<void>;
}

interface ActLogPorts {
	now(): number;
	/** Lets other work of the thread run. */
	breathe(): Promise<void>;
	/** After each append: the new head. */
	onHead(seq: number, hash: string): void;
}

const ID_DIGITS = 10;
const READ_BATCH = 512;
/** Signature checks between two breaths: about 15 ms. */
const BREATH = 8;

const idOf = (seq: number): string => String(seq).padStart(ID_DIGITS, '0');

/** Where each refusal of the rules stands among those of the vault. */
const CODES: Readonly<Record<Refusal['code'], VaultError['code']>> = {
	role: 'not_allowed',
	unknown_member: 'not_allowed',
	self_review: 'not_allowed',
	not_found: 'not_found',
	exists: 'conflict',
	state: 'conflict',
	open_notes: 'conflict',
	content_changed: 'conflict',
	signed: 'conflict',
	cannot_undo: 'conflict',
	no_change: 'invalid',
	incomplete: 'invalid',
	invalid: 'invalid',
};

/**
 * Reads the whole log and folds what is sound of it.
 * @param known heads that the log must have gone through, such as the one in the header
 */
export async function openActLog(shelf: Shelf, known: readonly KnownHead[], ports: ActLogPorts): Promise<ActLog> {
	const { log, damages } = await readLog(shelf);
	// Without signatures, which take their time: `verify` checks those.
	const verifier = logVerifier(() => true, known);
	for (const logged of log) verifier.next(logged);
	const found = [...damages, ...verifier.finish().problems.map(damageOf)];
	return actLogOf(shelf, log, found, ports, known);
}

const damageOf = ({ seq, message }: LogProblem): LogDamage => ({ seq, message });

async function readLog(shelf: Shelf): Promise<{ log: LoggedAct[]; damages: LogDamage[] }> {
	const log: LoggedAct[] = [];
	const damages: LogDamage[] = [];
	const ids = await shelf.ids();
	for (let at = 0; at < ids.length; at += READ_BATCH) {
		const batch = ids.slice(at, at + READ_BATCH);
		for (const { id, body } of await readBatch(shelf, batch, damages)) {
			const parsed = loggedActSchema.safeParse(body);
			if (parsed.success && idOf(parsed.data.seq) === id) log.push(parsed.data);
			else damages.push({ seq: Number(id), message: `Act ${Number(id)} is not an act of this version of the program.` });
		}
	}
	return { log, damages };
}

/** One by one where the batch holds a record that does not open, so that the others are read all the same. */
async function readBatch(shelf: Shelf, ids: readonly string[], damages: LogDamage[]): Promise<readonly StoredRecord[]> {
	try {
		return await shelf.get(ids);
	} catch (error) {
		if (!(error instanceof VaultFailure)) throw error;
	}
	const records: StoredRecord[] = [];
	for (const id of ids) {
		try {
			records.push(...(await shelf.get([id])));
		} catch (error) {
			if (!(error instanceof VaultFailure)) throw error;
			damages.push({ seq: Number(id), message: `Act ${Number(id)} was changed outside this program and does not open.` });
		}
	}
	return records;
}

function actLogOf(shelf: Shelf, read: LoggedAct[], found: readonly LogDamage[], ports: ActLogPorts, known: readonly KnownHead[]): ActLog {
	const log = [...read];
	let workbook = foldLog(log);
	let damages = found;
	let queue: Promise<unknown> = Promise.resolve();
	const write = async (acts: readonly Act[], signer: Signer): Promise<Answer<readonly LoggedAct[]>> => {
		if (damages[0])
			return refuse('engagement_damaged', `${damages[0].message} The engagement is open for reading only. Restore it from a backup.`);
		const drafted = draft(acts, signer, workbook, log.at(-1)?.at ?? '', ports.now());
		if (!drafted.ok) return drafted;
		const { logged, after } = drafted.value;
		await shelf.insert(logged.map((each) => ({ id: idOf(each.seq), body: each as unknown as Json, bytes: new Uint8Array(0) })));
		log.push(...logged);
		workbook = after;
		ports.onHead(after.seq, after.head);
		return ok(logged);
	};
	return {
		workbook: () => workbook,
		log: () => log,
		damages: () => damages,
		append: (acts, signer) => {
			const next = queue.then(() => guarded(() => write(acts, signer)));
			queue = next.catch(() => null);
			return next;
		},
		verify: async (onDamage) => {
			const verifier = logVerifier(verifyEd25519, known);
			const acts = [...log];
			for (const [at, logged] of acts.entries()) {
				if (at % BREATH === 0) await ports.breathe();
				verifier.next(logged);
			}
			const problems = verifier.finish().problems.map(damageOf);
			if (problems.length <= damages.length) return;
			damages = problems;
			onDamage();
		},
	};
}

/** The acts as they would stand in the log, and the workbook after them; nothing is written yet. */
function draft(
	acts: readonly Act[],
	signer: Signer,
	before: Workbook,
	lastAt: string,
	now: number,
): Answer<{ readonly logged: readonly LoggedAct[]; readonly after: Workbook }> {
	let after = before.seq === 0 ? emptyWorkbook() : before;
	const logged: LoggedAct[] = [];
	// A clock that was set back must not put an act before the one it follows; acts of one instant are one step for undo, so others are later.
	const clock = new Date(now).toISOString();
	const at = clock > lastAt ? clock : new Date(Date.parse(lastAt) + 1).toISOString();
	for (const act of acts) {
		const parsed = actSchema.safeParse(act);
		if (!parsed.success) {
			const [issue] = parsed.error.issues;
			return refuse(
				'invalid',
				`The act can't be recorded: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. Correct it and try again.`,
			);
		}
		const decided = decide(after, parsed.data, signer.memberId);
		if (!decided.ok) return refuse(CODES[decided.error.code], decided.error.message);
		const unsealed = { seq: after.seq + 1, at, memberId: signer.memberId, act: decided.value, prev: after.head };
		const sealed = sealAct(unsealed, signer.sign);
		logged.push(sealed);
		after = applyAct(after, sealed);
	}
	return ok({ logged, after });
}
