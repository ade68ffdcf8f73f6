/** A generated company by table, for tests. Hashed by Node, as the writer of samples does. */
import { hash } from 'node:crypto';
import { type Company, type CompanyOptions, type CompanyRow, generateCompany, type Wire } from '#company';
import { TABLE_NAMES, type TableName } from '#model';

export interface CompanyTables {
	readonly rows: readonly CompanyRow[];
	readonly company: Company;
	of(table: TableName): readonly Wire[];
}

export function companyTables(options: Pick<CompanyOptions, 'orders' | 'seed' | 'anomalies'>): CompanyTables {
	const generator = generateCompany({ ...options, sha256OfText: (text) => hash('sha256', text, 'hex') });
	const rows: CompanyRow[] = [];
	let step = generator.next();
	for (; !step.done; step = generator.next()) rows.push(...step.value);
	const tables = new Map<TableName, Wire[]>(TABLE_NAMES.map((name) => [name, []]));
	for (const { table, record } of rows) tables.get(table)?.push(record);
	return { rows, company: step.value, of: (table) => tables.get(table) ?? [] };
}

/** Rows of a table by the value of a column. */
export function groupBy(rows: readonly Wire[], ...columns: readonly string[]): Map<string, Wire[]> {
	const groups = new Map<string, Wire[]>();
	for (const row of rows) {
		const key = columns.map((column) => String(row[column])).join('/');
		const group = groups.get(key);
		if (group) group.push(row);
		else groups.set(key, [row]);
	}
	return groups;
}
