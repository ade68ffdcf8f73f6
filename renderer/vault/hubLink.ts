/** The engagement's hub: where it is, the token that opens it (sealed), and the line to it over the main process. */
import type { HubReply } from '#ipc';
import { err, type Json, ok } from '#kernel';
import type { HubPorts, HubTransport } from '#sync';
import type { FilesPort } from './portDrop.ts';
import type { Shelf } from './shelf.ts';
import { refuse, VaultFailure } from './vaultError.ts';

/** Opaque to everything but the main process' sockets. */
export interface HubAddress {
	readonly url: string;
	readonly bearer: string;
	readonly caPem: string | null;
}

export const NOT_CONNECTED = refuse('not_connected', 'This engagement is not connected to a hub. Connect it under Sync.');

export interface LinkRecords {
	address(): Promise<HubAddress | null>;
	setAddress(address: HubAddress | null): Promise<void>;
	/** A record of the synchronisation by name; null where there is none. */
	load(name: string): Promise<Json | null>;
	save(name: string, value: Json): Promise<void>;
}

const ADDRESS = 'sync.address';

/** @param shelf of what changes and hangs on no import */
export function linkRecords(shelf: Shelf): LinkRecords {
	const load = async (id: string): Promise<Json | null> => {
		const [record] = await shelf.get([id]);
		return record === undefined ? null : ((record.body as { readonly value?: Json }).value ?? null);
	};
	const save = (id: string, value: Json): Promise<void> => shelf.put({ id, body: { value }, bytes: new Uint8Array(0) });
	return {
		address: async () => (await load(ADDRESS)) as HubAddress | null,
		setAddress: async (address) => (address === null ? shelf.purge([ADDRESS]) : save(ADDRESS, { ...address })),
		load: (name) => load(`sync.${name}`),
		save: (name, value) => save(`sync.${name}`, value),
	};
}

/** The vault's own line to the main process; null until the window has handed it over. */
export interface FilesLine {
	port(): FilesPort | null;
}

export function hubTransport(line: FilesLine, { url, bearer, caPem }: HubAddress): HubTransport {
	return {
		async request({ method, path, headers = {}, body }) {
			const port = line.port();
			if (!port)
				return err({ code: 'unreachable', message: 'The connection to the main process is not there yet. Try again in a moment.' });
			try {
				const question = { url, bearer, caPem, method, path, headers: { ...headers }, body: body ? new Uint8Array(body) : null };
				const { reply } = await port.ask<'hub'>({ op: 'hub', question });
				return answerOf(reply);
			} catch (error) {
				if (error instanceof VaultFailure) return err({ code: 'unreachable', message: error.error.message });
				throw error;
			}
		},
	};
}

function answerOf(reply: HubReply): Awaited<ReturnType<HubTransport['request']>> {
	if (reply.kind === 'response') return ok({ status: reply.status, headers: reply.headers, bytes: reply.bytes });
	const { code, message } = reply;
	return err({ code: code === 'bad_address' ? 'unreachable' : code, message });
}

/** What asking a hub needs of this platform. */
export const hubPorts = (transport: HubTransport, signal: AbortSignal | null): HubPorts => ({
	transport,
	wait: (ms) =>
		new Promise((resolve) => {
			const timer = setTimeout(resolve, ms);
			signal?.addEventListener(
				'abort',
				() => {
					clearTimeout(timer);
					resolve();
				},
				{ once: true },
			);
		}),
	random: Math.random,
	isCancelled: () => signal?.aborted ?? false,
});
