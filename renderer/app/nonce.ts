/** The nonce under which libraries may add their style elements: the main process puts a new one into every load of the page. */
const meta = document.querySelector('meta[name="style-nonce"]');

/** Empty where the page was served without one. */
export const styleNonce: string = meta?.getAttribute('content')?.replace('__CSP_NONCE__', '') ?? '';

// What keeps the page from scrolling under a dialog looks for the nonce here.
if (styleNonce !== '') Object.assign(globalThis, { __webpack_nonce__: styleNonce });
