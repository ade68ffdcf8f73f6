/**
 * The PDF reader: Mozilla's worker from our own bundle, with its character maps, fonts and decoders beside it. No script of a document
 * ever runs, no link of it is followed, nothing is asked of a network.
 */

import { pdfjs } from 'react-pdf';
import { startWorker } from '../app/trustedWorker.ts';
import pdfWorkerUrl from './pdfWorker.ts?worker&url';

declare global {
	interface ImportMeta {
		/** The bundler's: addresses of files by pattern. */
		glob(pattern: readonly string[], options: object): Readonly<Record<string, () => Promise<string>>>;
	}
}

const ASSETS = import.meta.glob(
	[
		'../../node_modules/pdfjs-dist/cmaps/*.bcmap',
		'../../node_modules/pdfjs-dist/standard_fonts/*.{pfb,ttf}',
		'../../node_modules/pdfjs-dist/wasm/{jbig2,openjpeg}.wasm',
	],
	{ query: '?url&no-inline', import: 'default' },
);

const byName = new Map(Object.entries(ASSETS).map(([path, load]) => [path.slice(path.lastIndexOf('/') + 1), load]));

/** What the worker asks for by name, from the bundle alone. */
class BundledData {
	async fetch({ filename }: { filename: string }): Promise<Uint8Array> {
		const load = byName.get(filename);
		if (!load) throw new Error(`${filename} is not in this build`);
		// biome-ignore lint/nursery/useAwaitThenable: the bundler's `glob` gives functions of promises; the linter does not see its type
		const address = await load();
		const answer = await window.fetch(address);
		return new Uint8Array(await answer.arrayBuffer());
	}
}

let options: object | null = null;

/**
 * One worker for all documents on screen; a document's bytes leave it when the view goes away. The same object each time: the view
 * loads a document anew when its options change.
 */
export function pdfOptions(): object {
	options ??= {
		worker: pdfjs.PDFWorker.create({ port: startWorker(pdfWorkerUrl, 'pdf') }),
		BinaryDataFactory: BundledData,
		useWorkerFetch: false,
		useSystemFonts: false,
		enableXfa: false,
		stopAtErrors: false,
	};
	return options;
}
