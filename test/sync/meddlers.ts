/** Who sits between a workstation and an honest hub: changes answers, asks for others, or has another history answer. */
import type { HubReply } from '#ipc';
import type { Impostor } from './impostors.ts';
import type { Meddler } from './line.ts';

/** Of those who may ask the impostors. */
export const tokens = new Map<string, string>();

export const at = (question: { readonly path: string }, part: string | RegExp): boolean =>
	typeof part === 'string' ? question.path.startsWith(part) : part.test(question.path);

/** Answers these questions as the impostor would. */
export const as =
	(impostor: Impostor, ...parts: readonly (string | RegExp)[]): Meddler =>
	(question, onward) =>
		onward(parts.some((part) => at(question, part)) ? { ...question, bearer: tokens.get(impostor) ?? '' } : question);

export const asking =
	(part: string | RegExp, other: (path: string) => string): Meddler =>
	(question, onward) =>
		onward(at(question, part) ? { ...question, path: other(question.path) } : question);

/** Changes the bytes of these answers. */
export const changing =
	(part: string | RegExp, change: (text: string) => string): Meddler =>
	async (question, onward) => {
		const reply: HubReply = await onward(question);
		if (!at(question, part) || reply.kind !== 'response' || reply.status !== 200) return reply;
		return { ...reply, bytes: new Uint8Array(Buffer.from(change(Buffer.from(reply.bytes).toString('utf8')), 'utf8')) };
	};

export const HEAD = '/v1/logs/order_event/checkpoint';
/** Whoever else answers for the head has none of that size: it gives its newest. */
export const newestHead =
	(meddler: Meddler): Meddler =>
	(question, onward) =>
		meddler(question, (next) => onward(at(next, HEAD) && next.bearer !== question.bearer ? { ...next, path: HEAD } : next));

export const EVERYTHING = '/v1/';
/** All but the hub's own records, which are honest. */
export const ALL_BUT_RECORDS = /^\/v1\/(?!logs\/hub_record)/;
