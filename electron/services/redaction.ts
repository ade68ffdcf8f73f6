/** Which of a pack's contents a withheld field touches. Lines are never rewritten: a line that shows the field stays out as a whole. */

import { type AuditResult, resultSha256 } from '#audit';
import { err, ok, type Result } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';

export interface Redaction {
	readonly fields: ReadonlySet<string>;
	/** Tables whose lines hold a field in clear. */
	readonly tables: ReadonlySet<TableName>;
}

/** The mark in the place of a withheld value: visible, and never mistaken for the value. */
export const WITHHELD_MARK = '[withheld]';

/**
 * Fields of the model, keys it does not know and committed fields may be withheld; a name that can be none is refused,
 * since a typo would disclose.
 */
export function planRedaction(population: Population, hasDisclosures: boolean, fields: readonly string[]): Result<Redaction, string> {
	const tables = new Set<TableName>();
	for (const field of fields) {
		const holding = [...population.tables()].filter(
			(table) => table.schema.columns.some((column) => column.name === field) || table.unknownKeys.has(field),
		);
		// A committed field may be one the model does not know; only its digests stand in the lines, so that any name may be one.
		if (holding.length === 0 && !hasDisclosures) return err(`no table of the drop has a field "${field}"`);
		if (holding.some((table) => table.schema.primaryKey.includes(field)))
			return err(`"${field}" is a primary key; exceptions could not name what they are about`);
		for (const table of holding) tables.add(table.schema.name);
	}
	return ok({ fields: new Set(fields), tables });
}

/** Values of withheld text fields, longest first, so that sentences can be masked. Very short ones would mask ordinary words. */
export function withheldValues(population: Population, { fields, tables }: Redaction): string[] {
	const values = new Set<string>();
	for (const name of tables) {
		const table = population.table(name);
		for (const { name: column, type, held } of table.schema.columns) {
			if (!held || !fields.has(column) || (type !== 'text' && type !== 'id')) continue;
			for (const code of new Set(table.codes(column))) if (code >= 0) values.add(table.dictionary(column).text(code));
		}
	}
	return [...values].filter((value) => value.trim().length >= 3).sort((a, b) => b.length - a.length);
}

/** A text with every withheld value in it masked. */
export function mask(text: string, values: readonly string[]): string {
	let masked = text;
	for (const value of values) if (masked.includes(value)) masked = masked.replaceAll(value, WITHHELD_MARK);
	return masked;
}

/** A result whose sentences are masked. Its tests are hashed anew: the hash vouches for what the pack shows, and no replay is possible. */
export function maskResult(result: AuditResult, values: readonly string[]): AuditResult {
	if (values.length === 0) return result;
	const tests = result.tests.map((test) => {
		const { result_sha256: _, ...body } = test;
		const masked = { ...body, exceptions: body.exceptions.map((exception) => ({ ...exception, reason: mask(exception.reason, values) })) };
		return { ...masked, result_sha256: resultSha256(masked) };
	});
	return { ...result, tests };
}
