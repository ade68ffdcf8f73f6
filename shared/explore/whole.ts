/** Whether what is not found in a table is not there, or may only not have been supplied or read. */
import type { TableName } from '#model';
import type { Population } from '#population';

/** Lines of a table that could not be read. */
export interface LinesAside {
	readonly table: TableName;
	readonly lines: number;
}

/** The table is there, and every line of it was read: only then does nothing found mean that there is nothing. */
export const isWhole = (population: Population, table: TableName): boolean =>
	population.has(table) && population.table(table).quarantine.length === 0;

/** Of these tables, those of which malformed lines were set aside. */
export const linesAside = (population: Population, tables: readonly TableName[]): LinesAside[] =>
	tables.flatMap((table) => {
		const lines = population.has(table) ? population.table(table).quarantine.length : 0;
		return lines === 0 ? [] : [{ table, lines }];
	});
