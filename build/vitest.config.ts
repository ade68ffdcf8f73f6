import { availableParallelism } from 'node:os';
import { defineConfig } from 'vitest/config';

/** Room doors (`#kernel`, …) resolve through package.json `imports`, so nothing is aliased here. */
export default defineConfig({
	root: new URL('..', import.meta.url).pathname,
	test: {
		include: ['test/**/*.test.ts', 'test/**/*.test.tsx'],
		exclude: ['test/architecture/canaries/**'],
		// Generous, because a verdict must never depend on how busy the machine is.
		testTimeout: 300_000,
		hookTimeout: 300_000,
		passWithNoTests: false,
		// Two also on two cores: much of a test is waiting for a browser, a disk or a server.
		maxWorkers: Math.max(2, availableParallelism() - 1),
	},
});
