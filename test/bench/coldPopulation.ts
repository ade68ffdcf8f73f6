/** A drop in memory, and copies of its population that have not been asked anything yet. */
import type { EvidenceFacts } from '#audit';
import type { Column, Table } from '#model';
import { Population, type PopulationTable } from '#population';
import { importDrop } from '../../electron/services/nodeIntake.ts';
import { openDrop } from '../../electron/services/openDrop.ts';

export interface Loaded {
	readonly population: Population;
	readonly evidence: EvidenceFacts;
}

/** Imports a drop, to run tests over. */
export async function loadDrop(dir: string): Promise<Loaded> {
	const source = await openDrop(dir);
	if (!source.ok) throw new Error(source.error.message);
	const imported = await importDrop(source.value);
	await source.value.close();
	if (!imported.ok) throw new Error(imported.error.message);
	return { population: imported.value.population, evidence: imported.value.evidence };
}

/** Columns that are kept as codes of a dictionary. */
export const codedColumns = (table: Table): Column[] =>
	table.columns.filter(({ held, type }) => held && !['int', 'minor', 'qty', 'ts', 'date', 'bool'].includes(type));

/** The same columns and dictionaries without any index or derivation: what a test meets that runs first. */
export function coldCopy(population: Population): Population {
	const tables: PopulationTable[] = [...population.tables()];
	const dictionaries = tables.flatMap((table) =>
		codedColumns(table.schema).map((column) => [column.domain, table.dictionary(column.name)] as const),
	);
	return new Population(population.asOf, new Map(tables.map((table) => [table.schema.name, table])), new Map(dictionaries));
}
