/** The bridge of a window that has no main process: nothing is answered but that there is none. Stands before whatever asks for it. */
const refused = () =>
	Promise.resolve({ ok: false, error: { code: 'refused', message: 'There is no main process.', reason: null, path: null } });

Object.defineProperty(window, 'tieout', { value: { invoke: refused, on: () => () => undefined, filesPort: refused } });
