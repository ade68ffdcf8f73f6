/** Questions to a hub with answers in known shapes: retried while that helps, refused in words where it does not. */

import type { z } from 'zod';
import { err, fromUtf8, ok, type Result } from '#kernel';
import type { HubRequest, HubResponse, HubTransport, TransportFailure } from './hubTransport.ts';
import { problemSchema } from './protocol.ts';
import { type SyncStop, syncStop } from './syncStop.ts';

export interface HubPorts {
	readonly transport: HubTransport;
	/** Milliseconds; ends early when the work is cancelled. */
	wait(ms: number): Promise<void>;
	/** From 0 to 1: spreads out those who try again. */
	random(): number;
	isCancelled(): boolean;
}

const TRIES = 6;
const FIRST_WAIT_MS = 250;
const LONGEST_WAIT_MS = 15_000;
/** A hub that asks for longer is not waited for here: the person is told. */
const LONGEST_ASKED_S = 60;

/** The answer, after as many tries as help. Statuses from 200 to 299, and 304, are answers; all others are stops. */
export async function askHub(ports: HubPorts, request: HubRequest, feed: string): Promise<Result<HubResponse, SyncStop>> {
	for (let attempt = 1; ; attempt++) {
		if (ports.isCancelled()) return err(syncStop('cancelled', feed, 'Cancelled. What was received before stays as it is.'));
		const answer = await ports.transport.request(request);
		if (answer.ok && ((answer.value.status >= 200 && answer.value.status < 300) || answer.value.status === 304)) return answer;
		const stop = answer.ok ? refusal(answer.value, feed) : failure(answer.error, feed);
		const canPass = stop.code === 'unreachable' || stop.code === 'timed_out' || stop.code === 'busy';
		if (!canPass || attempt === TRIES || (stop.retryAfter ?? 0) > LONGEST_ASKED_S) return err(stop);
		const backOff = Math.min(LONGEST_WAIT_MS, FIRST_WAIT_MS * 2 ** (attempt - 1)) * (0.5 + ports.random() / 2);
		await ports.wait(Math.max(backOff, (stop.retryAfter ?? 0) * 1000));
	}
}

/** As `askHub`, with the body read by a schema. */
export async function askHubFor<T>(ports: HubPorts, request: HubRequest, feed: string, schema: z.ZodType<T>): Promise<Result<T, SyncStop>> {
	const answer = await askHub(ports, request, feed);
	if (!answer.ok) return answer;
	const body = jsonOf(answer.value.bytes);
	const parsed = schema.safeParse(body);
	if (parsed.success) return ok(parsed.data);
	const [issue] = parsed.error.issues;
	return err(protocol(feed, request, `${issue?.path.join('.') ?? ''} ${issue?.message ?? ''}`.trim()));
}

export const protocol = (feed: string, { path }: HubRequest, what: string): SyncStop =>
	syncStop(
		'protocol',
		feed,
		`The hub’s answer to ${path.split('?')[0]} is not in the shape agreed on (${what.slice(0, 200)}). Check that the hub and this program are of versions that fit.`,
	);

export function jsonOf(bytes: Uint8Array): unknown {
	const text = fromUtf8(bytes);
	if (text === null) return undefined;
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}

const failure = ({ code, message }: TransportFailure, feed: string): SyncStop =>
	syncStop(code === 'too_large' ? 'protocol' : code, feed, message);

function refusal({ status, headers, bytes }: HubResponse, feed: string): SyncStop {
	const problem = problemSchema.safeParse(jsonOf(bytes));
	const said = problem.success ? ` The hub says: ${problem.data.message}` : '';
	if (problem.success && problem.data.code === 'damaged')
		return syncStop(
			'damaged',
			feed,
			`What the hub stores of ${feed === '' ? 'this' : feed} is damaged, so that it can’t give it.${said} Tell the company.`,
		);
	switch (status) {
		case 401:
			return syncStop(
				'unauthenticated',
				feed,
				`The hub does not know this access token, or it has expired. Enter a new one under Sync.${said}`,
			);
		case 403:
			return syncStop(
				'forbidden',
				feed,
				`This access token may not read ${feed === '' ? 'this' : feed}. Ask the company for an auditor’s token.${said}`,
			);
		case 408:
		case 429:
		case 500:
		case 502:
		case 503:
		case 504: {
			const seconds = Number(headers['retry-after']);
			const stop = syncStop('busy', feed, `The hub is busy or just starting (status ${status}). Try again in a while.${said}`);
			return Number.isFinite(seconds) && seconds >= 0 ? { ...stop, retryAfter: seconds } : stop;
		}
		default:
			return { ...syncStop('protocol', feed, `The hub refused with status ${status}.${said || ' Check the address.'}`), status };
	}
}
