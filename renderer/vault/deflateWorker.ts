/** Entry of the worker that deflates for the vault: bytes in, fewer bytes out, by number. It has no key and stores nothing. */
import { deflate } from './deflate.ts';
import type { DeflateAnswer, DeflateRequest } from './deflatePool.ts';

/** What a worker's own global is; the type library of this project is that of pages. */
const port = globalThis as unknown as {
	onmessage: ((event: MessageEvent<DeflateRequest>) => void) | null;
	postMessage(answer: DeflateAnswer, transferred: readonly Transferable[]): void;
};

port.onmessage = ({ data: { id, raw } }) => {
	deflate(raw).then(
		(small) => port.postMessage({ id, small }, [small.buffer]),
		() => port.postMessage({ id, small: null }, []),
	);
};
