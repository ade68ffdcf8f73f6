import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { defineConfig } from 'vitest/config';

/** Journeys through the real window, one program at a time. `build/e2e.ts` runs them as an unprivileged user. */
export default defineConfig({
	root: new URL('..', import.meta.url).pathname,
	cacheDir: join(tmpdir(), 'tieout-vite'),
	test: {
		include: ['test/e2e/**/*.journey.ts'],
		globalSetup: ['test/e2e/scratch.ts'],
		fileParallelism: false,
		testTimeout: 180_000,
		hookTimeout: 180_000,
		passWithNoTests: false,
	},
});
