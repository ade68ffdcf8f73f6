/** The peer: a drop's tables in DuckDB, typed as the data model types them, with the calendar facts that SQL has no functions for. */
import { type DuckDBConnection, DuckDBInstance } from '@duckdb/node-api';
import { addBusinessDays, DAY_MS, formatInstant, type WorkCalendar } from '#kernel';
import { type Column, TABLES, type TableName } from '#model';
import type { Population } from '#population';
import { entityCalendars } from '#revenue';

function sqlType({ type }: Column): string {
	switch (type) {
		case 'int':
		case 'minor':
			return 'BIGINT';
		case 'qty':
			return 'DECIMAL(18,6)';
		case 'ts':
			return 'TIMESTAMP';
		case 'date':
			return 'DATE';
		case 'bool':
			return 'BOOLEAN';
		default:
			return 'VARCHAR';
	}
}

const quoted = (text: string): string => `'${text.replaceAll("'", "''")}'`;

/** Loads tables of the drop into memory: every column that the population keeps as well. */
export async function loadDuckTables(dir: string, tables: readonly TableName[]): Promise<DuckDBConnection> {
	const connection = await (await DuckDBInstance.create(':memory:')).connect();
	for (const name of tables) {
		const columns = TABLES[name].columns.filter(({ held }) => held).map((column) => `${column.name}: ${quoted(sqlType(column))}`);
		await connection.run(
			`CREATE TABLE ${name} AS SELECT * FROM read_json(${quoted(`${dir}/data/${name}.ndjson`)}, format='newline_delimited', columns={${columns.join(', ')}})`,
		);
	}
	return connection;
}

/** Adds `engagement`, `grace` and `due_days`: as-of, and what the business days of T01 and T03 come to by each entity's calendar. */
export async function addCalendarTables(
	connection: DuckDBConnection,
	population: Population,
	graceDays: number,
	dueDays: number,
): Promise<void> {
	const asOf = `TIMESTAMP ${quoted(formatInstant(population.asOf))}`;
	await connection.run(`CREATE TABLE engagement AS SELECT ${asOf} AS as_of`);
	await connection.run('CREATE TABLE grace (entity_id VARCHAR, grace_end TIMESTAMP)');
	await connection.run('CREATE TABLE due_days (entity_id VARCHAR, span INTEGER[])');
	const entities = population.table('entity');
	for (const [row, calendar] of entityCalendars(population).entries()) {
		if (!calendar) continue;
		const entity = quoted(entities.text('entity_id', row) ?? '');
		const graceEnd = formatInstant(firstInGrace(population.asOf, graceDays, calendar) as typeof population.asOf);
		await connection.run(`INSERT INTO grace VALUES (${entity}, TIMESTAMP ${quoted(graceEnd)})`);
		await connection.run(`INSERT INTO due_days VALUES (${entity}, [${spans(dueDays, calendar).join(', ')}])`);
	}
}

/** The first instant whose days have not run out at as-of: the end of grace rises with its beginning, so that halving finds it. */
function firstInGrace(asOf: number, days: number, calendar: WorkCalendar): number {
	let low = asOf - 60 * DAY_MS;
	let high = asOf;
	while (low < high) {
		const middle = Math.floor((low + high) / 2);
		if (addBusinessDays(middle, days, calendar) < asOf) low = middle + 1;
		else high = middle;
	}
	return low;
}

/** Calendar days that `days` business days take from noon of a Monday, a Tuesday, …: a week without a clock change. */
function spans(days: number, calendar: WorkCalendar): number[] {
	const monday = Date.UTC(2026, 0, 5, 12);
	return Array.from({ length: 7 }, (_, weekday) => {
		const from = monday + weekday * DAY_MS;
		return Math.round((addBusinessDays(from, days, calendar) - from) / DAY_MS);
	});
}
