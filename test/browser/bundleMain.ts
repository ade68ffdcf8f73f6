/** The main process' side as one script for Node, bundled once. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { build } from 'vite';
import { ROOT } from '../../build/electronRuntime.ts';
import type { makeMainSide, securityHeaders } from './mainSide.ts';

export interface MainBundle {
	readonly makeMainSide: typeof makeMainSide;
	readonly securityHeaders: typeof securityHeaders;
}

let bundled: Promise<MainBundle> | null = null;

/** Bundles the main side with the fake Electron in the place of the real one. */
export function bundleMain(): Promise<MainBundle> {
	bundled ??= (async () => {
		const outDir = join(ROOT, 'out', `browser-main-${process.pid}`);
		await build({
			configFile: false,
			envDir: false,
			logLevel: 'warn',
			root: ROOT,
			define: { __TIEOUT_E2E__: 'true' },
			resolve: { alias: { electron: join(ROOT, 'test/browser/fakeElectron.ts') }, conditions: ['node', 'import', 'default'] },
			ssr: { noExternal: true, target: 'node' },
			build: {
				ssr: 'test/browser/mainSide.ts',
				outDir,
				emptyOutDir: true,
				target: 'node22',
				minify: false,
				rolldownOptions: { external: [/^node:/], output: { entryFileNames: '[name].mjs' } },
			},
		});
		const main = (await import(pathToFileURL(join(outDir, 'mainSide.mjs')).href)) as MainBundle;
		process.on('exit', () => rmSync(outDir, { recursive: true, force: true }));
		return main;
	})();
	return bundled;
}
