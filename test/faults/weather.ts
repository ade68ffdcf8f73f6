/** A network that does to questions and answers what networks do, as its dice fall; every kind is counted where it really happened. */
import type { HubQuestion, HubReply } from '#ipc';

const STATUSES = [401, 409, 413, 429, 500, 503] as const;
export const WEATHER_KINDS = [
	'dropped',
	'answer lost',
	'cut',
	'duplicated',
	'reordered',
	'delayed',
	'answer corrupted',
	'question corrupted',
	...STATUSES.map((status) => `status ${status}` as const),
] as const;
export type WeatherKind = (typeof WEATHER_KINDS)[number];

export type Ask = (question: HubQuestion) => Promise<HubReply>;

export interface Weather {
	/** From 0, calm, to 1: how many questions something happens to. */
	severity: number;
	pass(question: HubQuestion, onward: Ask): Promise<HubReply>;
}

const pause = (ms: number): Promise<void> => new Promise((resolve) => void setTimeout(resolve, ms));
const LOST: HubReply = { kind: 'failure', code: 'unreachable', message: 'The connection broke.' };

export function weather(random: () => number, happened: (kind: WeatherKind) => void): Weather {
	const below = (end: number): number => Math.floor(random() * end);
	const flipped = (bytes: Uint8Array, from = 0): Uint8Array<ArrayBuffer> => {
		const copy = new Uint8Array(bytes);
		const place = from + below(copy.length - from);
		copy[place] = (copy[place] ?? 0) ^ (1 << below(8));
		return copy;
	};
	/** Who waits to be overtaken. */
	let held: (() => void) | null = null;
	const overtaken = async (): Promise<void> => {
		await Promise.race([
			new Promise<void>((resolve) => {
				held = resolve;
			}),
			pause(20),
		]);
		held = null;
	};
	const happen = async (kind: WeatherKind, question: HubQuestion, onward: Ask): Promise<HubReply | null> => {
		switch (kind) {
			case 'dropped':
				return LOST;
			case 'answer lost':
				await onward(question);
				return LOST;
			case 'cut': {
				const reply = await onward(question);
				if (reply.kind === 'failure' || reply.bytes.length === 0) return null;
				return { ...reply, bytes: reply.bytes.slice(0, below(reply.bytes.length)) };
			}
			case 'duplicated':
				return (await Promise.all([onward(question), onward(question)]))[below(2)] ?? null;
			case 'reordered':
				await overtaken();
				return await onward(question);
			case 'delayed':
				await pause(1 + below(8));
				return await onward(question);
			case 'answer corrupted': {
				const reply = await onward(question);
				if (reply.kind === 'failure' || reply.bytes.length === 0) return null;
				return { ...reply, bytes: flipped(reply.bytes) };
			}
			case 'question corrupted': {
				const { body } = question;
				// Behind the line that declares the batch: what declares nothing has no hash that could tell.
				const from = body ? body.indexOf(0x0a) + 1 : 0;
				if (!body || from >= body.length) return null;
				return await onward({ ...question, body: flipped(body, from) });
			}
			default: {
				const status = Number(kind.slice('status '.length));
				// Of somebody on the way, before or after the hub had it.
				if (status >= 500 && random() < 0.5) await onward(question);
				const headers: Record<string, string> = status === 429 || status === 503 ? { 'retry-after': '1' } : {};
				const said = JSON.stringify({ code: 'weather', message: `It was answered with ${status}.` });
				return { kind: 'response', status, headers, bytes: new Uint8Array(Buffer.from(said)) };
			}
		}
	};
	const made: Weather = {
		severity: 0,
		async pass(question, onward) {
			held?.();
			if (random() >= made.severity) return await onward(question);
			// What has a body is rare, and so gets its share.
			const kind = question.body && random() < 0.2 ? 'question corrupted' : (WEATHER_KINDS[below(WEATHER_KINDS.length)] as WeatherKind);
			const reply = await happen(kind, question, onward);
			if (reply === null) return await onward(question);
			happened(kind);
			return reply;
		},
	};
	return made;
}
