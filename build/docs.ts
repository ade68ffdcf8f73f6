/**
 * Writes resources/data-model.md from the schema table of `#model`.
 * `--check` writes nothing and fails (exit 1) when the page on disk is not the one the schema gives.
 */
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type Column, type ColumnType, FOREIGN_KEYS, TABLE_LIST, type Table } from '#model';

const page = join(dirname(dirname(fileURLToPath(import.meta.url))), 'resources', 'data-model.md');

const TYPE_MEANINGS: Readonly<Record<ColumnType, string>> = {
	id: 'non-empty string that names something',
	text: 'string',
	label: 'non-empty string, or a 64-bit integer standing for its digits',
	int: '64-bit integer',
	minor: "money, a 64-bit integer in the currency's minor unit (ISO 4217: USD 2 decimals, JPY 0, KWD 3)",
	qty: 'quantity, a decimal string with at most 6 decimals, never a float',
	decimal: 'exact decimal string: a rate',
	ts: 'instant, RFC 3339 in UTC with milliseconds: `2026-03-31T23:15:00.000Z`',
	date: 'day, `YYYY-MM-DD`',
	period: 'accounting period, `YYYY-MM`',
	bool: 'true or false',
	cur: 'ISO 4217 currency code',
	sha: 'SHA-256, 64 lower-case hex digits',
};

const code = (text: string): string => `\`${text}\``;
const list = (names: readonly string[]): string => names.map(code).join(', ');
/** A vertical bar would end the cell. */
const cell = (text: string): string => text.replaceAll('|', '\\|');
const row = (...cells: readonly string[]): string => `| ${cells.map(cell).join(' | ')} |`;
const tableLink = (name: string): string => `[${name}](#${name})`;

function columnRow({ name, type, nullable, values, references, doc }: Column): string {
	const meaning = [doc, values ? `one of ${list(values)}` : '', references ? `→ ${tableLink(references.table)}.${references.column}` : ''];
	return row(code(name), nullable ? `${type}, may be null` : type, meaning.filter(Boolean).join('; '));
}

function tableSection({ name, title, primaryKey, sealed, columns }: Table): readonly string[] {
	const pairs = FOREIGN_KEYS.filter((key) => key.from === name && key.columns.length > 1).map(
		(key) => `(${list(key.columns)})${key.nullable ? ', where given,' : ''} → ${tableLink(key.to)}.`,
	);
	return [
		`## ${name}`,
		'',
		`${title}. Primary key: ${list(primaryKey)}.${sealed ? ' **Sealed**: append-only, with order chain and log.' : ''}`,
		...pairs.flatMap((pair) => ['', pair]),
		'',
		row('column', 'type', 'meaning'),
		row('---', '---', '---'),
		...columns.map(columnRow),
		'',
	];
}

function dataModelPage(tables: readonly Table[]): string {
	return [
		'# Data model',
		'',
		'<!-- Generated from the schema table in shared/model by `npm run docs`; changes by hand are lost. -->',
		'',
		'The order-to-revenue cycle as tables. Names are the wire names: keys of the lines in `data/<table>.ndjson`. A key that is absent equals null;',
		'keys that are not listed are kept and reported. `occurred_at` is when the fact happened by the source’s word, `recorded_at` when the source stored it.',
		'',
		row('type', 'means'),
		row('---', '---'),
		...Object.entries(TYPE_MEANINGS).map(([type, meaning]) => row(code(type), meaning)),
		'',
		...tables.flatMap(tableSection),
	].join('\n');
}

function main(): number {
	const wanted = dataModelPage(TABLE_LIST);
	if (process.argv.includes('--check')) {
		if (existsSync(page) && readFileSync(page, 'utf8') === wanted) return 0;
		process.stderr.write('resources/data-model.md is not what the schema gives: run `npm run docs` and commit it\n');
		return 1;
	}
	mkdirSync(dirname(page), { recursive: true });
	writeFileSync(page, wanted);
	return 0;
}

process.exitCode = main();
