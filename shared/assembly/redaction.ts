/**
 * Which of a pack's contents withheld fields touch. Lines are never rewritten, since their hashes would no longer hold: a line that
 * shows a withheld value stays out as a whole. What a sealed line only commits to is withheld by leaving its disclosure out.
 */

import type { DropSource } from '#intake';
import { err, fromUtf8, ok, type Result } from '#kernel';
import { TABLE_LIST, type TableName } from '#model';
import type { Population, PopulationTable } from '#population';
import { readDisclosedFields, UNREADABLE } from './redactedSource.ts';
import { WithheldTexts } from './withheldTexts.ts';

export interface Redaction {
	/** As they were asked for: `name` or `customer.name`. */
	readonly fields: readonly string[];
	/** By table, the names of fields whose values must not be shown. */
	readonly columns: ReadonlyMap<TableName, ReadonlySet<string>>;
	/** Their values, to be found in sentences and lines. */
	readonly texts: WithheldTexts;
	/** Whether disclosures have to be left out. */
	readonly isDisclosed: boolean;
}

/** Nothing is withheld. */
export const NO_REDACTION: Redaction = { fields: [], columns: new Map(), texts: new WithheldTexts([]), isDisclosed: false };

/**
 * Fields of the model, keys it does not know and committed fields may be withheld, in all tables or in one (`customer.name`).
 * A name that stands nowhere is refused, since a typo would disclose; a primary key too.
 */
export async function planRedaction(
	source: DropSource,
	population: Population,
	fields: readonly string[],
): Promise<Result<Redaction, string>> {
	if (fields.length === 0) return ok(NO_REDACTION);
	const disclosed = await readDisclosedFields(source);
	const columns = new Map<TableName, Set<string>>();
	for (const given of fields) {
		const { field, only } = splitField(given);
		const holding = [...population.tables()].filter(
			(table) => (only === null || table.schema.name === only) && hasField(table, field, disclosed.get(table.schema.name)),
		);
		if (holding.length === 0) return err(`no table of the drop has a field "${given}"`);
		if (holding.some((table) => table.schema.primaryKey.includes(field)))
			return err(`"${given}" is a primary key; exceptions could not name what they are about`);
		for (const { schema } of holding) columns.set(schema.name, (columns.get(schema.name) ?? new Set()).add(field));
	}
	const isDisclosed = [...columns].some(([table, own]) => {
		const opened = disclosed.get(table);
		return opened !== undefined && (opened.has(UNREADABLE) || [...own].some((field) => opened.has(field)));
	});
	return ok({ fields, columns, texts: new WithheldTexts(valuesOf(population, columns)), isDisclosed });
}

function splitField(given: string): { field: string; only: string | null } {
	const [table = '', ...rest] = given.split('.');
	return rest.length > 0 && TABLE_LIST.some(({ name }) => name === table)
		? { field: rest.join('.'), only: table }
		: { field: given, only: null };
}

const hasField = ({ schema, unknownKeys, withheld }: PopulationTable, field: string, disclosed: ReadonlySet<string> | undefined): boolean =>
	schema.columns.some(({ name }) => name === field) || unknownKeys.has(field) || withheld.has(field) || (disclosed?.has(field) ?? false);

function* valuesOf(population: Population, columns: ReadonlyMap<TableName, ReadonlySet<string>>): Generator<string> {
	for (const [name, own] of columns) {
		const table = population.table(name);
		for (const { name: column, type, held } of table.schema.columns) {
			if (!held || !own.has(column) || (type !== 'text' && type !== 'id')) continue;
			for (const code of new Set(table.codes(column))) if (code >= 0) yield table.dictionary(column).text(code);
		}
	}
}

/**
 * Whether a stored line shows a withheld value: in a withheld field of its own, or the same text anywhere else. Null shows nothing.
 * A line that can't be read might show anything.
 * @param table null where it is no table of the model
 */
export function showsWithheld({ columns, texts }: Redaction, table: TableName | null, line: Uint8Array): boolean {
	const record = parseLine(line);
	if (typeof record !== 'object' || record === null) return true;
	const own = table === null ? undefined : columns.get(table);
	return Object.entries(record).some(([key, value]) => (own?.has(key) && value !== null) || showsText(texts, value));
}

function showsText(texts: WithheldTexts, value: unknown): boolean {
	if (typeof value === 'string') return texts.isIn(value);
	if (typeof value !== 'object' || value === null) return false;
	return Object.values(value).some((inner) => showsText(texts, inner));
}

function parseLine(line: Uint8Array): unknown {
	try {
		return JSON.parse(fromUtf8(line) ?? '');
	} catch {
		return null;
	}
}
