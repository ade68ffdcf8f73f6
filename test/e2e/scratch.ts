/** One folder for the whole run of the journeys, taken away at its end: what takes long to make is made once. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestProject } from 'vitest/node';

declare module 'vitest' {
	export interface ProvidedContext {
		/** Path of the folder. */
		scratch: string;
	}
}

export default function scratch(project: TestProject): () => void {
	const folder = mkdtempSync(join(tmpdir(), 'journeys-'));
	project.provide('scratch', folder);
	return () => rmSync(folder, { recursive: true, force: true });
}
