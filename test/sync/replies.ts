/** Answers as a hub, or somebody in its place, would give them. */
import type { HubReply } from '#ipc';

type Response = Extract<HubReply, { kind: 'response' }>;

const response = (status: number, body: Uint8Array | string, headers: Readonly<Record<string, string>> = {}): Response => ({
	kind: 'response',
	status,
	headers: { ...headers },
	bytes: new Uint8Array(Buffer.from(body)),
});

export const refused = (status: number): Promise<HubReply> =>
	Promise.resolve(response(status, JSON.stringify({ code: 'refused', message: `It was refused with ${status}.` })));

export const ndjson = (lines: readonly unknown[], headers: Readonly<Record<string, string>> = {}): Promise<HubReply> =>
	Promise.resolve(response(200, lines.map((line) => `${JSON.stringify(line)}\n`).join(''), headers));
