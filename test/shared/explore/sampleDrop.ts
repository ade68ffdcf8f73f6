/** A written sample, read back: what the views of #explore are tried on. */
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Answer } from '#company';
import { parseVerifierKey, type VerifierKey } from '#evidence';
import type { DropSource, ImportedDrop } from '#intake';
import { utf8 } from '#kernel';
import type { TableName } from '#model';
import { Population, PopulationBuilder } from '#population';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import { openDrop } from '../../../electron/services/openDrop.ts';
import { writeSample } from '../../../electron/services/writeSample.ts';

export interface SampleDrop {
	readonly drop: ImportedDrop;
	readonly planted: readonly Answer[];
	readonly key: VerifierKey;
}

export interface OpenSample {
	readonly source: DropSource;
	readonly planted: readonly Answer[];
	readonly key: VerifierKey;
	readonly close: () => Promise<void>;
}

/** A sample's files, to be closed when done with. @param orders at least 60 for every anomaly to find its place */
export async function openSample(seed: number, orders: number, anomalies: 'none' | 'all'): Promise<OpenSample> {
	const dir = await mkdtemp(join(tmpdir(), 'tieout-explore-'));
	const written = await writeSample(dir, { orders, seed, anomalies }, () => undefined);
	if (!written.ok) throw new Error(written.error.message);
	const key = parseVerifierKey(written.value.vkey);
	const opened = await openDrop(dir);
	if (!opened.ok || !key.ok) throw new Error('the sample is a drop with a key');
	const { planted } = JSON.parse(await readFile(join(dir, 'answers.json'), 'utf8')) as { planted: Answer[] };
	const close = async () => {
		await opened.value.close();
		await rm(dir, { recursive: true, force: true });
	};
	return { source: opened.value, planted, key: key.value, close };
}

/** A sample read back. */
export async function sampleDrop(seed: number, orders: number, anomalies: 'none' | 'all', isTrusted = true): Promise<SampleDrop> {
	const { source, planted, key, close } = await openSample(seed, orders, anomalies);
	try {
		const imported = await importDrop(source, { trustedKeys: isTrusted ? [key] : [] });
		if (!imported.ok) throw new Error(imported.error.message);
		return { drop: imported.value, planted, key };
	} finally {
		await close();
	}
}

/** The same population as if these tables had not been supplied. */
export const without = (population: Population, ...names: readonly TableName[]): Population =>
	new Population(
		population.asOf,
		new Map([...population.tables()].filter(({ schema }) => !names.includes(schema.name)).map((table) => [table.schema.name, table])),
		population.dictionaries(),
	);

/** The same population, of which a line of a table was set aside. */
export function setAside(population: Population, name: TableName): Population {
	const aside = { line: 1, offset: 0, bytes: 0, code: 'not_json', column: null, expected: null, found: null, names: [] };
	Object.assign(population.table(name), { quarantine: [aside] });
	return without(population);
}

/** The same population, of which no line of a table could be read. */
export function unreadable(population: Population, name: TableName): Population {
	const builder = new PopulationBuilder();
	builder.table(name).push(utf8('{\n'));
	const table = builder.finish(population.asOf).table(name);
	const tables = [...without(population, name).tables(), table];
	return new Population(population.asOf, new Map(tables.map((one) => [one.schema.name, one])), population.dictionaries());
}
