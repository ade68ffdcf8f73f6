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
