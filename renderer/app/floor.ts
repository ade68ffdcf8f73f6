/** What libraries expect and the oldest Chromium that the window runs on lacks. */

interface Resolvers<T> {
	readonly promise: Promise<T>;
	readonly resolve: (value: T | PromiseLike<T>) => void;
	readonly reject: (reason?: unknown) => void;
}

/** ECMAScript 2024, Promise.withResolvers. */
function withResolvers<T>(): Resolvers<T> {
	let settle: Omit<Resolvers<T>, 'promise'> | null = null;
	const promise = new Promise<T>((resolve, reject) => {
		settle = { resolve, reject };
	});
	// The executor has run by now: it runs at once.
	return { promise, ...(settle as unknown as Omit<Resolvers<T>, 'promise'>) };
}

if (!('withResolvers' in Promise))
	Object.defineProperty(Promise, 'withResolvers', { value: withResolvers, writable: true, configurable: true });

/** Streams Standard, ReadableStream's async iterator: a loop that is left early cancels the stream. */
async function* readOn<T>(this: ReadableStream<T>): AsyncGenerator<T, void> {
	const reader = this.getReader();
	let isOver = false;
	try {
		for (let next = await reader.read(); !next.done; next = await reader.read()) yield next.value;
		isOver = true;
	} finally {
		if (!isOver) await reader.cancel();
		reader.releaseLock();
	}
}

if (!(Symbol.asyncIterator in ReadableStream.prototype)) {
	for (const name of [Symbol.asyncIterator, 'values'])
		Object.defineProperty(ReadableStream.prototype, name, { value: readOn, writable: true, configurable: true });
}
