/** Entry of the worker that packs for the vault: bytes in, other bytes out, by number. It has no key and stores nothing. */
import { localPacking } from './packing.ts';
import type { PackingAnswer, PackingRequest } from './packingPool.ts';

/** What a worker's own global is; the type library of this project is that of pages. */
const port = globalThis as unknown as {
	onmessage: ((event: MessageEvent<PackingRequest>) => void) | null;
	postMessage(answer: PackingAnswer, transferred: readonly Transferable[]): void;
};

async function answer(request: PackingRequest): Promise<Omit<PackingAnswer, 'id'>> {
	const { bytes } = request;
	try {
		if (request.op === 'pack') return { isDone: true, ...(await localPacking.pack(bytes)) };
		return { isDone: true, deflated: false, bytes: await localPacking.unpack({ deflated: true, bytes }, request.length) };
	} catch {
		// The vault tries it on its own thread, where an error has words.
		return { isDone: false, deflated: false, bytes };
	}
}

port.onmessage = async ({ data }) => {
	const done = await answer(data);
	port.postMessage({ id: data.id, ...done }, [done.bytes.buffer]);
};
