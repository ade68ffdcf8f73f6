/** The log of the auditors' own acts: who did what and when, with its place in the hash chain, and whether the chain holds. */
import { verifyEd25519 } from '#evidence';
import {
	type ActType,
	actSentence,
	appliedAt,
	type LoggedAct,
	type LogProblem,
	type LogVerdict,
	logVerifier,
	memberName,
	type Outcome,
	outcomeOf,
	refKey,
	type Workbook,
} from '#findings';
import { compareText, ok } from '#kernel';
import type { Answer, VaultContext } from './contract.ts';
import { refuse } from './vaultError.ts';

export interface ActivityFilter {
	readonly memberId?: string;
	readonly type?: ActType;
	/** In the sentence; case does not matter. */
	readonly text?: string;
}

/** `unchecked`: not verified since the engagement was opened, or written since. */
export type SignatureState = 'unchecked' | 'verified' | LogProblem['code'];

export interface ActivityRow {
	/** Place in the merged order of all copies. */
	readonly seq: number;
	/** The copy it was done on, and its number there. */
	readonly replica: string;
	readonly number: number;
	/** What it came to at its place. */
	readonly outcome: Outcome['kind'];
	readonly at: string;
	readonly memberId: string;
	readonly member: string;
	readonly type: ActType;
	readonly sentence: string;
	readonly hash: string;
	readonly prev: string;
	readonly state: SignatureState;
	readonly isUndone: boolean;
}

export interface ActivityList {
	readonly count: number;
	readonly of: number;
	readonly head: string;
	readonly members: readonly { readonly memberId: string; readonly name: string }[];
	/** Types of acts that occur. */
	readonly types: readonly ActType[];
	/** What the last verification found; null before one. */
	readonly verdict: (LogVerdict & { readonly at: number }) | null;
}

export interface ActivityDetail {
	readonly row: ActivityRow;
	/** The act as it is hashed. */
	readonly json: string;
	readonly signature: string;
}

const BREATH = 16;

export function activityApi(context: VaultContext) {
	let checked: { readonly engagementId: string; readonly verdict: LogVerdict; readonly at: number } | null = null;

	const verdictOf = (engagementId: string) => (checked?.engagementId === engagementId ? checked : null);
	const rowsOf = (
		filter: ActivityFilter,
	): Answer<{ rows: readonly Placed[]; all: readonly LoggedAct[]; workbook: Workbook; make: (placed: Placed) => ActivityRow }> => {
		const open = context.open();
		if (!open.ok) return open;
		const workbook = open.value.workbook();
		const all = open.value.log();
		const make = rowMaker(workbook, verdictOf(open.value.engagementId)?.verdict ?? null);
		const text = filter.text?.toLowerCase() ?? '';
		const rows = placesOf(all)
			.filter(
				({ logged: { memberId, act, replica } }) =>
					(filter.memberId === undefined || memberId === filter.memberId) &&
					(filter.type === undefined || act.type === filter.type) &&
					(text === '' || actSentence(workbook, act, replica).toLowerCase().includes(text)),
			)
			.reverse();
		return ok({ rows, all, workbook, make });
	};
	return {
		/** The last acts, newest first. */
		recent(count: number): Answer<readonly ActivityRow[]> {
			const open = context.open();
			if (!open.ok) return open;
			const make = rowMaker(open.value.workbook(), null);
			return ok(placesOf(open.value.log()).slice(-count).reverse().map(make));
		},
		open(filter: ActivityFilter): Answer<ActivityList> {
			const found = rowsOf(filter);
			const open = context.open();
			if (!found.ok) return found;
			if (!open.ok) return open;
			const { rows, all, workbook } = found.value;
			const held = verdictOf(open.value.engagementId);
			return ok({
				count: rows.length,
				of: all.length,
				head: workbook.head,
				members: [...workbook.members.values()].map(({ memberId, name }) => ({ memberId, name })),
				types: [...new Set(all.map(({ act }) => act.type))].sort(compareText),
				verdict: held ? { ...held.verdict, at: held.at } : null,
			});
		},
		/** Rows [from, to) of what the filter keeps, newest first. */
		page(filter: ActivityFilter, from: number, to: number): Answer<readonly ActivityRow[]> {
			const found = rowsOf(filter);
			return found.ok ? ok(found.value.rows.slice(from, to).map(found.value.make)) : found;
		},
		get(seq: number): Answer<ActivityDetail> {
			const found = rowsOf({});
			if (!found.ok) return found;
			const logged = found.value.all[seq - 1];
			if (!logged) return refuse('not_found', `The log has no act ${seq}.`);
			return ok({ row: found.value.make({ seq, logged }), json: JSON.stringify(logged.act, null, 2), signature: logged.signature });
		},
		/** Checks every act: place, link, hash, and signature by the key its member had then. A job. */
		async verify(): Promise<Answer<LogVerdict>> {
			const open = context.open();
			if (!open.ok) return open;
			const { engagementId } = open.value;
			const log = [...open.value.log()];
			return await context.job('Verification of the activity log', async (job) => {
				const verifier = logVerifier(verifyEd25519);
				for (const [at, logged] of log.entries()) {
					if (at % BREATH === 0) {
						job.progress('Checking signatures', at, log.length, 'acts');
						await new Promise((resolve) => setTimeout(resolve));
						if (job.signal.aborted) return refuse('cancelled', 'The verification was cancelled; nothing was changed.');
					}
					verifier.next(logged);
				}
				job.progress('Checking signatures', log.length, log.length, 'acts');
				const verdict = verifier.finish();
				checked = { engagementId, verdict, at: context.now() };
				return ok(verdict);
			});
		},
	};
}

/** An act with its place in the merged order. */
interface Placed {
	readonly seq: number;
	readonly logged: LoggedAct;
}

const placesOf = (log: readonly LoggedAct[]): Placed[] => log.map((logged, at) => ({ seq: at + 1, logged }));

function rowMaker(workbook: Workbook, verdict: LogVerdict | null): (placed: Placed) => ActivityRow {
	const problems = new Map(verdict?.problems.map((problem) => [refKey(problem), problem.code] as const));
	return ({ seq, logged }) => {
		const { replica, at, memberId, act, hash, prev } = logged;
		return {
			...{ seq, replica, number: logged.seq, at, memberId, type: act.type, hash, prev },
			outcome: outcomeOf(workbook, logged).kind,
			member: memberName(workbook, memberId),
			sentence: actSentence(workbook, act, replica),
			state: verdict === null || seq > verdict.acts ? 'unchecked' : (problems.get(refKey(logged)) ?? 'verified'),
			isUndone: appliedAt(workbook, logged)?.isUndone ?? false,
		};
	};
}
