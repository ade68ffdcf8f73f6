/**
 * The log of acts in the store: a chain a copy of the engagement, and their order. What is done here and what comes from elsewhere goes
 * through one queue, is written all or none and durably, and only then is shown. The workbook is the fold of what is stored.
 */

import { verifyEd25519 } from '#evidence';
import { type Act, actSchema, type KnownHead, type LoggedAct, type LogProblem, logVerifier, type Refusal, type Workbook } from '#findings';
import { ok, type Result } from '#kernel';
import { actOn, confirmByAppointment, type MergeOutcome, mergedLog, type PapersState, restorePapers } from '#sync';
import { type LogDamage, readLog, recordsBetween } from './actRecords.ts';
import type { Answer, VaultError } from './contract.ts';
import type { Signer } from './keys.ts';
import type { Shelf } from './shelf.ts';
import { guarded, refuse } from './vaultError.ts';

export interface ActLog {
	/** Chains, order, what is pending. */
	papers(): PapersState;
	workbook(): Workbook;
	/** In the merged order. */
	log(): readonly LoggedAct[];
	/** First found first; empty for a sound log. */
	damages(): readonly LogDamage[];
	/** Decides, signs, appends durably, folds: all or none. */
	append(acts: readonly Act[], signer: Signer): Promise<Answer<readonly LoggedAct[]>>;
	/** Merges what came from a hub or another copy, durably. A rejection has written nothing. */
	receive(merging: (papers: PapersState) => Answer<MergeOutcome>): Promise<Answer<MergeOutcome>>;
	/** From now on this copy orders the acts: the way on when the one that did is lost. */
	takeOver(signer: Signer): Promise<Answer<readonly LoggedAct[]>>;
	/** Checks every signature, breathing in between; calls `onDamage` where there is any. */
	verify(onDamage: () => void): Promise<void>;
}

interface ActLogPorts {
	now(): number;
	/** Lets other work of the thread run. */
	breathe(): Promise<void>;
	/** After each write. */
	onHead(papers: PapersState): void;
}

/** Which log this is, and which copy of it. */
export interface LogIdentity {
	/** The engagement's name on all its copies. */
	readonly vaultId: string;
	readonly replica: string;
}

/** What the log is known to have been. */
export interface KnownLog {
	readonly chains: readonly KnownHead[];
	/** Positions given. */
	readonly confirmed: number;
}

/** Signature checks between two breaths: about 15 ms. */
const BREATH = 8;

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
 * @param known what the log must have gone through, such as the head in the header
 */
export async function openActLog(shelf: Shelf, { vaultId, replica }: LogIdentity, known: KnownLog, ports: ActLogPorts): Promise<ActLog> {
	const { acts, order, checkpoint, damages } = await readLog(shelf);
	const restored = restorePapers(vaultId, { kind: 'replica', replica }, acts, order, checkpoint);
	const found = [...damages, ...restored.problems.map(damageOf), ...shortfalls(restored.state, known)];
	return actLogOf(shelf, restored.state, restored.log, found, ports, known);
}

const damageOf = ({ seq, message }: LogProblem): LogDamage => ({ seq, message });

/** What the log is known to have had and has no longer, or has otherwise. */
function shortfalls({ chains, order }: PapersState, known: KnownLog): LogDamage[] {
	const damages: LogDamage[] = [];
	for (const { replica, seq, hash } of known.chains) {
		const chain = chains.get(replica) ?? [];
		const last = chain.at(-1)?.logged.seq ?? 0;
		if (last < seq) damages.push({ seq: last, message: `The log ends at act ${last}; it is known to have reached act ${seq}.` });
		else if (chain[seq - 1]?.logged.hash !== hash) damages.push({ seq, message: `Act ${seq} is another one than was known.` });
	}
	// Positions of acts that are missing are missing with them.
	if (damages.length === 0 && order.length < known.confirmed)
		damages.push({
			seq: order.length,
			message: `The order ends at position ${order.length}; it is known to have reached ${known.confirmed}.`,
		});
	return damages;
}

function actLogOf(
	shelf: Shelf,
	read: PapersState,
	readOrder: readonly LoggedAct[],
	found: readonly LogDamage[],
	ports: ActLogPorts,
	known: KnownLog,
): ActLog {
	let papers = read;
	let log = readOrder;
	let damages = found;
	let queue: Promise<unknown> = Promise.resolve();
	const damaged = (): Answer<never> | null =>
		damages[0]
			? refuse('engagement_damaged', `${damages[0].message} The engagement is open for reading only. Restore it from a backup.`)
			: null;
	/** Writes what is new, then shows it. */
	const goTo = async (next: PapersState, acts: readonly LoggedAct[], isRebase: boolean): Promise<void> => {
		const records = recordsBetween(papers, next, acts);
		if (records.length > 0) await shelf.insert(records);
		log = isRebase ? mergedLog(next) : [...log, ...acts];
		papers = next;
		ports.onHead(next);
	};
	const write = async (
		acts: readonly Act[],
		signer: Signer,
		then = (state: PapersState) => state,
	): Promise<Answer<readonly LoggedAct[]>> => {
		const damage = damaged();
		if (damage) return damage;
		const parsed = parsedActs(acts);
		if (!parsed.ok) return parsed;
		const done = actOn(papers, parsed.value, signer, new Date(ports.now()).toISOString());
		if (!done.ok) return refuse(CODES[done.error.code], done.error.message);
		await goTo(then(done.value.state), done.value.logged, false);
		return ok(done.value.logged);
	};
	const queued = <T>(work: () => Promise<Answer<T>>): Promise<Answer<T>> => {
		const next = queue.then(() => guarded(work));
		queue = next.catch(() => null);
		return next;
	};
	return {
		papers: () => papers,
		workbook: () => papers.workbook,
		log: () => log,
		damages: () => damages,
		append: (acts, signer) => queued(() => write(acts, signer)),
		takeOver: (signer) => queued(() => write([{ type: 'sequencer.appointed', sequencer: papers.self }], signer, confirmByAppointment)),
		receive: (merging) =>
			queued(async () => {
				const damage = damaged();
				if (damage) return damage;
				const merged = merging(papers);
				if (merged.ok && merged.value.kind !== 'reject') await goTo(merged.value.state, merged.value.acts, true);
				return merged;
			}),
		verify: async (onDamage) => {
			const verifier = logVerifier(verifyEd25519, known.chains);
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

function parsedActs(acts: readonly Act[]): Answer<readonly Act[]> {
	const parsed: Result<Act, VaultError>[] = acts.map((act) => {
		const one = actSchema.safeParse(act);
		if (one.success) return ok(one.data);
		const [issue] = one.error.issues;
		return refuse(
			'invalid',
			`The act can't be recorded: ${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}. Correct it and try again.`,
		);
	});
	const fault = parsed.find((one) => !one.ok);
	return fault && !fault.ok ? fault : ok(parsed.flatMap((one) => (one.ok ? [one.value] : [])));
}
