/** An imported drop as named bytes and back: columns, and what the import established. The logs' trees are not in it: they are built anew. */
import { parseManifest } from '#evidence';
import { type Population, populationOf, type SnapshotPart, snapshotOf } from '#population';
import type { ImportedDrop } from './importDrop.ts';
import type { ImportedLog } from './importLogs.ts';
import { readTagged, writeTagged } from './taggedJson.ts';

/** A drop as it is after an unlock: everything but the trees of its logs, which proofs and packs need and verification brings. */
export type LoadedDrop = Omit<ImportedDrop, 'sealed'> & {
	readonly sealed: ReadonlyMap<keyof EvidenceTables, Omit<ImportedLog, 'report'>>;
};

type EvidenceTables = ImportedDrop['evidence']['integrity'];

const FACTS = 'facts.json';
const FORMAT = 'tieout-facts/1';

type Facts = Omit<LoadedDrop, 'manifest' | 'population' | 'quarantine'> & { readonly format: string };

/** Parts of a drop, each made when it is asked for. */
export function* dropSnapshot(drop: ImportedDrop): Generator<SnapshotPart> {
	const { manifest: _manifest, population, quarantine: _quarantine, sealed, ...rest } = drop;
	const facts: Facts = {
		...rest,
		files: new Map([...rest.files].map(([table, { path, sha256, bytes, lines }]) => [table, { path, sha256, bytes, lines }])),
		sealed: new Map([...sealed].map(([table, { verification, checkpoints }]) => [table, { verification, checkpoints }])),
		format: FORMAT,
	};
	yield { name: FACTS, bytes: writeTagged(facts) };
	yield* snapshotOf(population);
}

/** Null where the parts are not those of one snapshot of this version: then the drop is read anew from its bytes. */
export function restoreDrop(parts: readonly SnapshotPart[]): LoadedDrop | null {
	const bytes = parts.find(({ name }) => name === FACTS)?.bytes;
	const facts = bytes ? (readTagged(bytes) as Facts | null) : null;
	if (facts?.format !== FORMAT) return null;
	const manifest = parseManifest(facts.manifestBytes);
	const population = populationOf(parts);
	if (!manifest.ok || !population) return null;
	const { format: _format, ...rest } = facts;
	return { ...rest, manifest: manifest.value, population, quarantine: quarantineOf(population, rest.files) };
}

const quarantineOf = (population: Population, files: ImportedDrop['files']): ImportedDrop['quarantine'] =>
	new Map([...files.keys()].map((table) => [table, population.table(table).quarantine]));
