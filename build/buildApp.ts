/**
 * Makes the window's program from the sources: `out/app/` with main.cjs, preload.cjs, renderer/ and the fonts of packs. Equal sources
 * give equal bytes, and nothing is made anew that has not changed. With `--e2e` it goes to `out/app-e2e/` instead: the same program, but
 * one that lets debugging switches through and whose dialogs can be answered by journeys.
 */
import { createHash } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, renameSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import react from '@vitejs/plugin-react';
import { build, type InlineConfig } from 'vite';
import { packFonts } from '../electron/services/packFonts.ts';
import { ROOT } from './electronRuntime.ts';

const NODE_TARGET = 'node18';
const PAGE_TARGET = 'chrome114';
const SOURCES = [
	'renderer',
	'shared',
	'electron/main',
	'electron/preload',
	'electron/services',
	'build/buildApp.ts',
	'package-lock.json',
	'package.json',
];
const STAMP = 'inputs.sha256';

export interface BuildOptions {
	readonly isE2E: boolean;
	/** Another folder than renderer/ with an index.html of its own, and where its program goes: for tests of the walls alone. */
	readonly page?: { readonly folder: string; readonly out: string };
}

/** @returns the folder of the built program */
export async function buildApp({ isE2E, page }: BuildOptions, say: (line: string) => void): Promise<string> {
	const out = page?.out ?? join(ROOT, 'out', isE2E ? 'app-e2e' : 'app');
	const inputs = hashOfInputs(page ? [...SOURCES, page.folder] : SOURCES);
	if (existsSync(join(out, STAMP)) && readFileSync(join(out, STAMP), 'utf8') === inputs) return out;
	say('Building the window …');
	const work = `${out}.${process.pid}`;
	rmSync(work, { recursive: true, force: true });
	try {
		const define = { __TIEOUT_E2E__: JSON.stringify(isE2E) };
		await build(nodeBundle('electron/main/main.ts', work, define));
		await build(nodeBundle('electron/preload/preload.ts', work, define));
		await build(pageBundle(page?.folder ?? join(ROOT, 'renderer'), join(work, 'renderer'), define));
		writeFonts(join(work, 'renderer', 'fonts'));
		const { name, version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { name: string; version: string };
		writeFileSync(
			join(work, 'package.json'),
			`${JSON.stringify({ name, productName: 'Tieout', version, main: 'main.cjs' }, null, '\t')}\n`,
		);
		writeFileSync(join(work, STAMP), inputs);
		rmSync(out, { recursive: true, force: true });
		renameSync(work, out);
		return out;
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

const COMMON = { configFile: false, envDir: false, logLevel: 'error', mode: 'production', root: ROOT } as const satisfies InlineConfig;

/** One CommonJS file with everything in it but Electron and Node: older runtimes load no modules, and the package has no node_modules. */
function nodeBundle(entry: string, outDir: string, define: Record<string, string>): InlineConfig {
	return {
		...COMMON,
		define,
		resolve: { conditions: ['node', 'import', 'default'] },
		ssr: { noExternal: true, target: 'node' },
		build: {
			ssr: entry,
			outDir,
			emptyOutDir: false,
			target: NODE_TARGET,
			minify: false,
			rolldownOptions: {
				external: ['electron', /^node:/],
				// The rooms are pure: of them comes along what is used. Side effects belong to the entry's own folder.
				treeshake: { moduleSideEffects: (id) => /electron.(main|preload)./.test(id) },
				output: { format: 'cjs', entryFileNames: '[name].cjs', codeSplitting: false },
			},
		},
	};
}

function pageBundle(root: string, outDir: string, define: Record<string, string>): InlineConfig {
	return {
		...COMMON,
		root,
		base: '/',
		define,
		plugins: [react()],
		// The PDF reader's build for older browsers: its other one needs a newer Chromium than the oldest the window runs on.
		resolve: { alias: [{ find: /^pdfjs-dist$/, replacement: 'pdfjs-dist/legacy/build/pdf.mjs' }] },
		worker: { format: 'es' },
		css: { modules: { generateScopedName: '[name]_[local]_[hash:base64:5]' } },
		build: {
			outDir,
			emptyOutDir: true,
			target: PAGE_TARGET,
			cssTarget: PAGE_TARGET,
			minify: true,
			// Everything is a file of its own: the window's policy lets no script and no font come out of a data URL.
			assetsInlineLimit: 0,
			modulePreload: { polyfill: false },
			reportCompressedSize: false,
			chunkSizeWarningLimit: 4096,
		},
	};
}

/** The fonts that packs are written with, for the vault worker: `/fonts/<face>.ttf`, and their hashes in `/fonts/fonts.json`. */
function writeFonts(folder: string): void {
	mkdirSync(folder, { recursive: true });
	const hashes: Record<string, string> = {};
	for (const [face, bytes] of Object.entries(packFonts())) {
		writeFileSync(join(folder, `${face}.ttf`), bytes);
		hashes[face] = createHash('sha256').update(bytes).digest('hex');
	}
	writeFileSync(join(folder, 'fonts.json'), `${JSON.stringify(hashes, null, '\t')}\n`);
}

function hashOfInputs(sources: readonly string[]): string {
	const hash = createHash('sha256').update(process.versions.node);
	for (const source of sources) {
		const whole = source.startsWith('/') ? source : join(ROOT, source);
		const files = statSync(whole).isFile() ? [whole] : globSync(`${whole}/**/*`).filter((file) => statSync(file).isFile());
		for (const file of files.toSorted((a, b) => (a < b ? -1 : 1))) hash.update(`${file}\0`).update(readFileSync(file)).update('\0');
	}
	return hash.digest('hex');
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const folder = await buildApp({ isE2E: process.argv.includes('--e2e') }, (line) => process.stdout.write(`${line}\n`));
	process.stdout.write(`${folder}\n`);
}
