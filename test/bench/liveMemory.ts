/** What a page and its workers hold when all that nobody needs any more was collected: the rest of the process is the collector's to give back. */
import type { OpenApp } from '../browser/openApp.ts';

interface HeapUsage {
	readonly usedSize: number;
	readonly embedderHeapUsedSize?: number;
	readonly backingStorageSize?: number;
}

const bytesOf = ({ usedSize, embedderHeapUsedSize = 0, backingStorageSize = 0 }: HeapUsage): number =>
	usedSize + embedderHeapUsedSize + backingStorageSize;

/** Asks the page and its workers to collect, and adds up what is left. Called at any time, as often as wanted. */
export async function watchLiveBytes({ context, page }: Pick<OpenApp, 'context' | 'page'>): Promise<() => Promise<number>> {
	const session = await context.newCDPSession(page);
	const workers = new Set<string>();
	const waiting = new Map<number, (usage: HeapUsage) => void>();
	session.on('Target.attachedToTarget', ({ sessionId }) => workers.add(sessionId));
	session.on('Target.detachedFromTarget', ({ sessionId }) => workers.delete(sessionId));
	session.on('Target.receivedMessageFromTarget', ({ message }) => {
		const { id, result } = JSON.parse(message) as { id: number; result: HeapUsage };
		waiting.get(id)?.(result);
		waiting.delete(id);
	});
	await session.send('Target.setAutoAttach', { autoAttach: true, waitForDebuggerOnStart: false, flatten: false });
	let calls = 0;
	const ask = (sessionId: string, method: string): Promise<HeapUsage> =>
		new Promise((resolve, reject) => {
			const id = ++calls;
			waiting.set(id, resolve);
			session.send('Target.sendMessageToTarget', { sessionId, message: JSON.stringify({ id, method }) }).catch(reject);
		});
	return async () => {
		await session.send('HeapProfiler.collectGarbage');
		let bytes = bytesOf(await session.send('Runtime.getHeapUsage'));
		for (const worker of workers) {
			await ask(worker, 'HeapProfiler.collectGarbage');
			bytes += bytesOf(await ask(worker, 'Runtime.getHeapUsage'));
		}
		return bytes;
	};
}
