/** Work papers at the hub: it orders what workstations push, by the same merge as they, and gives it back. */
import { verifyEd25519 } from '#evidence';
import type { Finding, Workbook } from '#findings';
import { err, ok, type Result } from '#kernel';
import {
	appendLeaf,
	EMPTY_RANGE,
	isSequencer,
	type MergeReject,
	orderLeaf,
	type PapersState,
	type PullAnswer,
	type PushAnswer,
	type PushRequest,
	pullAnswer,
	takePush,
} from '#sync';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { Database, HubProblem, LogStore } from '../types.ts';
import { addToPapers, engagementsOf, loadPapers, type PapersPlace } from './papersStore.ts';

export interface PapersPorts {
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: LogStore;
	/** Milliseconds since 1970. */
	now(): number;
	onActs(tenant: string, engagement: string, position: number): void;
}

export interface EngagementView {
	readonly engagement: string;
	readonly name: string;
	readonly client: string;
	/** Acts confirmed. */
	readonly position: number;
	readonly members: number;
	readonly findings: number;
	readonly conflicts: number;
	readonly refused: number;
}

export interface FindingView {
	readonly engagement: string;
	readonly finding_id: string;
	readonly label: string;
	readonly state: Finding['state'];
	readonly fields: Finding['fields'];
	readonly evidence: number;
	readonly changed_at: string;
	readonly changed_by: string;
}

export interface Papers {
	push(tenant: string, principal: string, request: PushRequest): Promise<Result<PushAnswer, HubProblem>>;
	/** What a copy with `confirmed` positions lacks, at most `limit` of them. */
	pull(tenant: string, engagementId: string, confirmed: number, limit: number): Promise<Result<PullAnswer, HubProblem>>;
	/** The state as it stands, for exchange files. */
	state(tenant: string, engagementId: string): Promise<PapersState>;
	engagements(tenant: string): Promise<readonly EngagementView[]>;
	/** Null: no such engagement. */
	findings(tenant: string, engagementId: string): Promise<readonly FindingView[] | null>;
}

/** The state as it was at `size` positions: what a page of a long pull stands on. */
function upTo(state: PapersState, size: number): PapersState {
	if (size >= state.order.length) return state;
	const order = state.order.slice(0, size);
	return { ...state, order, range: order.reduce((range, record) => appendLeaf(range, orderLeaf(record)), EMPTY_RANGE) };
}

/** Engagements kept folded in memory. */
const KEPT = 64;

export function openPapers(ports: PapersPorts): Papers {
	const held = new Map<string, Promise<PapersState>>();
	const turns = new Map<string, Promise<unknown>>();
	const placeOf = (tenant: string, engagementId: string): PapersPlace => ({ tenant, engagementId, self: selfOf(ports.log, tenant) });
	const stateOf = (place: PapersPlace): Promise<PapersState> => {
		const id = `${place.tenant}/${place.engagementId}`;
		const state = held.get(id) ?? loadPapers(ports.database, ports.keys, place);
		held.delete(id);
		held.set(id, state);
		// What could not be read is read again by the next who asks.
		state.catch(() => held.delete(id));
		for (const oldest of held.keys()) if (held.size > KEPT) held.delete(oldest);
		return state;
	};
	/** One after another an engagement. */
	const inTurn = <T>(place: PapersPlace, work: () => Promise<T>): Promise<T> => {
		const id = `${place.tenant}/${place.engagementId}`;
		const next = (turns.get(id) ?? Promise.resolve()).then(work, work);
		turns.set(
			id,
			next.catch(() => undefined),
		);
		return next;
	};
	return {
		push(tenant, principal, request) {
			const place = placeOf(tenant, request.engagementId);
			return inTurn(place, async () => {
				const state = await stateOf(place);
				const { merged, answer } = takePush(state, request, ports.log.noteSigner(tenant), verifyEd25519);
				if (merged.kind === 'reject') return err(problemOf(merged.reason));
				if (!answer || !isSequencer(merged.state))
					return err({
						code: 'conflict',
						message: 'This engagement is not ordered by this hub. Connect it first: the connection is an act of its own.',
					});
				if (merged.acts.length > 0 || merged.order.length > 0) {
					await addToPapers(ports.database, ports.keys, place, { acts: merged.acts, order: merged.order, principal, at: ports.now() });
					held.set(`${tenant}/${request.engagementId}`, Promise.resolve(merged.state));
					ports.onActs(tenant, request.engagementId, merged.state.order.length);
				}
				return ok(answer);
			});
		},
		async pull(tenant, engagementId, confirmed, limit) {
			const state = await stateOf(placeOf(tenant, engagementId));
			if (state.order.length === 0) return err({ code: 'not_found', message: 'This engagement was never pushed to this hub.' });
			if (confirmed > state.order.length)
				return err({ code: 'conflict', message: `This hub has ${state.order.length} acts of the engagement, fewer than ${confirmed}.` });
			return ok(pullAnswer(upTo(state, confirmed + limit), confirmed, ports.log.noteSigner(tenant)));
		},
		state: (tenant, engagementId) => stateOf(placeOf(tenant, engagementId)),
		async engagements(tenant) {
			const views: EngagementView[] = [];
			for (const id of await engagementsOf(ports.database, tenant)) views.push(viewOf(id, await stateOf(placeOf(tenant, id))));
			return views;
		},
		async findings(tenant, engagementId) {
			const { order, workbook } = await stateOf(placeOf(tenant, engagementId));
			return order.length === 0 ? null : findingsOf(engagementId, workbook);
		},
	};
}

function selfOf(log: LogStore, tenant: string): PapersState['self'] {
	const key = log.keys(tenant).find(({ to }) => to === null);
	if (!key) throw new Error(`tenant ${tenant} has no log key in use`);
	return { kind: 'hub', log: log.nameOf(tenant), vkey: key.vkey };
}

const problemOf = ({ message }: MergeReject): HubProblem => ({ code: 'conflict', message });

function viewOf(engagement: string, { order, workbook }: PapersState): EngagementView {
	const { name, client } = workbook.engagement;
	return {
		engagement,
		name,
		client,
		position: order.length,
		members: [...workbook.members.values()].filter(({ isActive }) => isActive).length,
		findings: workbook.findings.size,
		conflicts: [...workbook.conflicts.values()].filter(({ settled }) => settled === null).length,
		refused: [...workbook.refused.values()].filter(({ dismissed }) => dismissed === null).length,
	};
}

const findingsOf = (engagement: string, { findings, members }: Workbook): FindingView[] =>
	[...findings.values()].map(({ findingId, label, state, fields, evidence, changed }) => ({
		engagement,
		finding_id: findingId,
		label,
		state,
		fields,
		evidence: evidence.length,
		changed_at: changed.at,
		changed_by: members.get(changed.memberId)?.name ?? changed.memberId,
	}));
