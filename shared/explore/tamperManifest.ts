/** The manifest of a copy, as whoever alters one has it: JSON to edit and to write back. */
import type { Json } from '#kernel';
import type { DropCopy } from './tamperCopy.ts';

/** A manifest as JSON that can be edited and written back. */
export interface LooseManifest {
	[key: string]: Json;
}

export interface LooseTable {
	[key: string]: Json;
}

export const readManifest = async (copy: DropCopy): Promise<LooseManifest> => JSON.parse(await copy.text('manifest.json')) as LooseManifest;

export const writeManifest = (copy: DropCopy, manifest: LooseManifest): void =>
	copy.write('manifest.json', `${JSON.stringify(manifest, null, 2)}\n`);

export const tablesOf = (manifest: LooseManifest): LooseTable[] => (manifest['tables'] as LooseTable[] | undefined) ?? [];

export const entryOf = (manifest: LooseManifest, table: string): LooseTable | undefined =>
	tablesOf(manifest).find((entry) => entry['table'] === table);
