/** The workstation's sockets to hubs: asked by the vault worker alone, over its port. */
import type { HubQuestion, HubReply } from '#ipc';
import { describeAddressProblem, type HubHttp, hubHttp, parseHubAddress } from '../services/hubHttp.ts';

export interface HubLine {
	ask(question: HubQuestion): Promise<HubReply>;
	/** Ends all connections: at a lock, and at the end of the program. */
	clear(): void;
}

/** Connections kept open for the next question; a person works with one hub at a time. */
const KEPT = 4;

/** @param mayLeave false: this runtime must not hold a client's data, so only a hub on this very machine is asked */
export function makeHubLine(mayLeave: boolean): HubLine {
	const lines = new Map<string, HubHttp>();
	const lineOf = ({ url, bearer, caPem }: HubQuestion): HubHttp | string => {
		const address = parseHubAddress(url);
		if (!address.ok) return describeAddressProblem(address.error);
		if (!mayLeave && address.value.protocol !== 'http:')
			return 'This test runtime gets no security fixes, so it asks only a hub on this very machine. Install the released program to reach others.';
		const key = JSON.stringify([url, bearer, caPem]);
		const kept = lines.get(key);
		if (kept) return kept;
		const made = hubHttp({ url, bearer, caPem });
		if (!made.ok) return describeAddressProblem(made.error);
		lines.set(key, made.value);
		for (const oldest of lines.keys()) {
			if (lines.size <= KEPT) break;
			lines.get(oldest)?.close();
			lines.delete(oldest);
		}
		return made.value;
	};
	return {
		async ask(question) {
			const line = lineOf(question);
			if (typeof line === 'string') return { kind: 'failure', code: 'bad_address', message: line };
			const { method, path, headers, body } = question;
			const answer = await line.request({ method, path, headers, ...(body ? { body } : {}) });
			if (!answer.ok) return { kind: 'failure', ...answer.error };
			const { status, bytes } = answer.value;
			return { kind: 'response', status, headers: { ...answer.value.headers }, bytes: new Uint8Array(bytes) };
		},
		clear() {
			for (const line of lines.values()) line.close();
			lines.clear();
		},
	};
}
