/** The real handlers of the main process, composed as `electron/main/main.ts` does, over the fake Electron. Bundled before it is run. */
import { makeBlobStore } from '../../electron/main/blobs.ts';
import { makeCertificateKeeper } from '../../electron/main/certificates.ts';
import type { Handlers, MainContext } from '../../electron/main/context.ts';
import { makeDropStore } from '../../electron/main/drops.ts';
import { makeFileStore } from '../../electron/main/files.ts';
import { makeHubLine } from '../../electron/main/hubLine.ts';
import { answerRequest, eventPayload } from '../../electron/main/ipc.ts';
import { type PageParts, pageHandlers } from '../../electron/main/pageHandlers.ts';
import { securityHeaders } from '../../electron/main/policy.ts';
import { makeSampleWriter } from '../../electron/main/samples.ts';

/** What the main process tells its page. */
export interface PageSide {
	event(name: string, payload: unknown): void;
	port(port: FakePort): void;
	/** The page asked to be locked. */
	lock(): void;
}

export interface FakePort {
	start(): void;
	on(event: 'message', listener: (message: { data: unknown }) => void): unknown;
	postMessage(message: unknown): void;
	close(): void;
}

export interface MainSide {
	answer(channel: string, request: unknown): Promise<unknown>;
	clear(): void;
}

export { securityHeaders };

/** As in `electron/main/lock.ts`. */
const GRACE_MS = 5000;

export function makeMainSide(page: PageSide): MainSide {
	const window = {
		isDestroyed: () => false,
		isFocused: () => true,
		webContents: {
			id: 1,
			send: (name: string, payload: unknown) => page.event(name, payload),
			postMessage: (_channel: string, _message: unknown, [port]: FakePort[]) => port && page.port(port),
		},
	};
	const context = {
		window: () => window,
		tell: (event: Parameters<MainContext['tell']>[0], payload: unknown) => page.event(event, eventPayload(event, payload)),
	} as unknown as MainContext;
	const blobs = makeBlobStore();
	const files = makeFileStore(context, blobs);
	const drops = makeDropStore(context, makeHubLine(true));
	const samples = makeSampleWriter(context, drops);
	let deadline: NodeJS.Timeout | undefined;
	const locker = {
		now: () => {
			clearTimeout(deadline);
			page.lock();
		},
		soon: () => {
			clearTimeout(deadline);
			deadline = setTimeout(() => page.lock(), GRACE_MS).unref();
		},
	};
	const handlers = pageHandlers({
		...{ context, blobs, files, drops, samples },
		certificates: makeCertificateKeeper(),
		window: {
			state: { copied: null },
			locker,
			idle: { setMinutes: () => undefined, stop: () => undefined },
			damagedStore: null,
		} as unknown as PageParts['window'],
	});
	return {
		answer: (channel, request) =>
			channel in handlers
				? answerRequest(channel as keyof Handlers, handlers, request)
				: Promise.resolve({ ok: false, error: { code: 'refused', message: 'There is no such channel.', reason: null, path: null } }),
		clear: () => {
			for (const store of [drops, files, blobs]) store.clear();
			samples.removeAll();
		},
	};
}
