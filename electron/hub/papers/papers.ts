/** Work papers at the hub: it orders what workstations push, by the same merge as they, and gives it back. */
import { err, ok, type Result } from '#kernel';
import { mergeExchange, type OpenedExchange, type PapersState, type PullAnswer, type PushAnswer, type PushRequest } from '#sync';
import type { Database } from '../database/databasePort.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { LogStore } from '../log/logPort.ts';
import { verifyEd25519 } from '../log/signedHead.ts';
import type { HubProblem } from '../problem.ts';
import { asOrdered, hubItself, signerOf, taken } from './ordering.ts';
import { pageOf } from './pages.ts';
import { addToPapers, engagementsOf, loadPapers, type PapersPlace } from './papersStore.ts';
import { type EngagementView, type FindingView, findingsOf, viewOf } from './views.ts';

export interface PapersPorts {
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: LogStore;
	/** Milliseconds since 1970. */
	now(): number;
	onActs(tenant: string, engagement: string, position: number): void;
}

/** What a merge of an exchange file came to. */
interface ExchangeTaken {
	/** Acts that were not here before. */
	readonly acts: number;
	/** Acts confirmed, all in all. */
	readonly position: number;
}

export interface Papers {
	/** Merged and durable when it resolves; a rejection changes nothing. */
	push(tenant: string, principal: string, request: PushRequest): Promise<Result<PushAnswer, HubProblem>>;
	/** What a copy with `confirmed` positions lacks: as many as a page holds, at most `limit`. */
	pull(tenant: string, engagementId: string, confirmed: number, limit: number): Promise<Result<PullAnswer, HubProblem>>;
	/** An opened exchange file, merged as a push is. */
	receive(tenant: string, principal: string, engagementId: string, opened: OpenedExchange): Promise<Result<ExchangeTaken, HubProblem>>;
	/** The state as it stands, for exchange files; null where it was never pushed. */
	state(tenant: string, engagementId: string): Promise<PapersState | null>;
	engagements(tenant: string): Promise<readonly EngagementView[]>;
	/** Null: no such engagement. */
	findings(tenant: string, engagementId: string): Promise<readonly FindingView[] | null>;
	/** Waits for what is being written. */
	close(): Promise<void>;
}

/** Engagements kept folded in memory. */
const KEPT = 64;

const NOT_OURS: HubProblem = {
	code: 'conflict',
	message: 'This engagement is not ordered by this hub. Connect it first: the connection is an act of its own.',
};

export function openPapers(ports: PapersPorts): Papers {
	const { log } = ports;
	/** By tenant and engagement, the least lately used first. */
	const held = new Map<string, PapersState>();
	const turns = new Map<string, Promise<unknown>>();
	const placeOf = (tenant: string, engagementId: string): PapersPlace => ({ tenant, engagementId, self: hubItself(log, tenant) });
	const nameOf = ({ tenant, engagementId }: PapersPlace): string => `${tenant}/${engagementId}`;
	const hold = (id: string, state: PapersState): PapersState => {
		held.delete(id);
		held.set(id, state);
		const [oldest] = held.keys();
		if (held.size > KEPT && oldest !== undefined) held.delete(oldest);
		return state;
	};
	const stateOf = async (place: PapersPlace): Promise<PapersState> => {
		const id = nameOf(place);
		const before = held.get(id);
		if (before) return hold(id, before);
		const loaded = await loadPapers(ports.database, ports.keys, place);
		const state = asOrdered(log, place.tenant, loaded) ?? loaded;
		// Whoever wrote meanwhile holds a newer one. Names that somebody makes up take no place from those that are worked on.
		const newer = held.get(id);
		return newer ?? (state.order.length === 0 ? state : hold(id, state));
	};
	const known = async (place: PapersPlace): Promise<PapersState | null> => {
		const state = await stateOf(place);
		return state.order.length === 0 ? null : state;
	};
	/** One after another an engagement. */
	const inTurn = <T>(place: PapersPlace, work: () => Promise<T>): Promise<T> => {
		const id = nameOf(place);
		const next = (turns.get(id) ?? Promise.resolve()).then(work, work);
		const turn = next
			.catch(() => undefined)
			.then(() => {
				if (turns.get(id) === turn) turns.delete(id);
			});
		turns.set(id, turn);
		return next;
	};
	const keep = async (
		place: PapersPlace,
		principal: string,
		{ state, acts, order }: Pick<Extract<ReturnType<typeof taken>, { kind: 'taken' }>, 'state' | 'acts' | 'order'>,
	): Promise<void> => {
		if (acts.length === 0 && order.length === 0) return;
		try {
			await addToPapers(ports.database, ports.keys, place, { acts, order, principal, at: ports.now() });
		} catch (error) {
			// Whether it was stored is not known: the next one reads what was.
			held.delete(nameOf(place));
			throw error;
		}
		hold(nameOf(place), state);
		ports.onActs(place.tenant, place.engagementId, state.order.length);
	};
	return {
		push(tenant, principal, request) {
			const place = placeOf(tenant, request.engagementId);
			return inTurn(place, async () => {
				const merged = taken(log, tenant, await stateOf(place), request, verifyEd25519);
				if (merged.kind === 'reject') return err({ code: 'conflict', message: merged.reason.message });
				if (merged.kind === 'not_ours') return err(NOT_OURS);
				await keep(place, principal, merged);
				const { state, answer } = merged;
				const confirmed = Math.min(request.confirmed, state.order.length);
				return ok({ ...answer, pull: pageOf(state, confirmed, Number.POSITIVE_INFINITY, signerOf(log, tenant, state)) });
			});
		},
		async pull(tenant, engagementId, confirmed, limit) {
			const state = await known(placeOf(tenant, engagementId));
			if (!state) return err({ code: 'not_found', message: 'This engagement was never pushed to this hub.' });
			if (confirmed > state.order.length)
				return err({ code: 'conflict', message: `This hub has ${state.order.length} acts of the engagement, fewer than ${confirmed}.` });
			return ok(pageOf(state, confirmed, limit, signerOf(log, tenant, state)));
		},
		receive(tenant, principal, engagementId, opened) {
			const place = placeOf(tenant, engagementId);
			return inTurn(place, async () => {
				const before = await stateOf(place);
				const judged = mergeExchange(before, opened, verifyEd25519);
				if (!judged.ok) return err({ code: 'malformed', message: judged.error.message, where: 'body' });
				if (judged.value.kind === 'reject') return err({ code: 'conflict', message: judged.value.reason.message });
				// Merged as a push: there one place says who orders what.
				const { acts, order, checkpoint } = opened.content;
				const request = { engagementId, acts: [...acts], order: [...order], checkpoint, confirmed: before.order.length };
				const merged = taken(log, tenant, before, request, verifyEd25519);
				if (merged.kind !== 'taken') return err(NOT_OURS);
				await keep(place, principal, merged);
				return ok({ acts: merged.acts.length, position: merged.state.order.length });
			});
		},
		state: (tenant, engagementId) => known(placeOf(tenant, engagementId)),
		async engagements(tenant) {
			const views: EngagementView[] = [];
			for (const id of await engagementsOf(ports.database, tenant)) views.push(viewOf(id, await stateOf(placeOf(tenant, id))));
			return views;
		},
		async findings(tenant, engagementId) {
			const state = await known(placeOf(tenant, engagementId));
			return state && findingsOf(engagementId, state.workbook);
		},
		async close() {
			await Promise.allSettled(turns.values());
		},
	};
}
