/** Pages of a long pull: whole prefixes of the order, each under a checkpoint of its own. */
import type { LoggedAct } from '#findings';
import { appendLeaf, type CheckpointSigner, EMPTY_RANGE, orderLeaf, type PapersState, type PullAnswer, pullAnswer } from '#sync';

/** What an answer may hold; the workstation takes four mebibytes. */
const PAGE_BYTES = 3 << 20;
/** Of a position and its act beside the act itself. */
const RECORD_BYTES = 220;

/** What a copy with `confirmed` positions lacks: as many as a page holds, at least one, at most `limit`. */
export function pageOf(state: PapersState, confirmed: number, limit: number, signer: CheckpointSigner): PullAnswer {
	return pullAnswer(upTo(state, endOf(state, confirmed, limit)), confirmed, signer);
}

function endOf(state: PapersState, confirmed: number, limit: number): number {
	const { order } = state;
	// Before it was appointed the hub signs nothing: the first page reaches to its appointment.
	const least = Math.max(confirmed + 1, appointedAt(state));
	let bytes = 0;
	let end = confirmed;
	for (; end < order.length && end < Math.max(least, confirmed + limit); end++) {
		const act = actAt(state, end);
		bytes += RECORD_BYTES + (act ? Buffer.byteLength(JSON.stringify(act)) : 0);
		if (bytes > PAGE_BYTES && end >= least) break;
	}
	return end;
}

const actAt = ({ order, chains }: PapersState, at: number): LoggedAct | undefined => {
	const record = order[at];
	return record && chains.get(record.replica)?.[record.seq - 1]?.logged;
};

/** The position of the act that gave the ordering to this hub, by the key it signs with. */
function appointedAt(state: PapersState): number {
	const { self, order } = state;
	for (let at = order.length - 1; at >= 0; at--) {
		const act = actAt(state, at)?.act;
		if (act?.type !== 'sequencer.appointed') continue;
		return self.kind === 'hub' && act.sequencer.kind === 'hub' && act.sequencer.vkey === self.vkey ? at + 1 : order.length;
	}
	return 0;
}

/** The state as it was at `size` positions. */
function upTo(state: PapersState, size: number): PapersState {
	if (size >= state.order.length) return state;
	const order = state.order.slice(0, size);
	return { ...state, order, range: order.reduce((range, record) => appendLeaf(range, orderLeaf(record)), EMPTY_RANGE) };
}
