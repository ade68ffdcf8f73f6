/** The catalogue as the list shows it, for a spreadsheet. */
import type { CatalogueRow } from '../../vault/proceduresCatalogue.ts';
import { verdictOf } from './procedures.ts';

const HEADER = [
	'test',
	'title',
	'severity',
	'source',
	'rule_version',
	'verdict',
	'exceptions',
	'tested',
	'why',
	'last_run',
	'result_sha256',
	'outdated',
] as const;

export const catalogueCsv = (rows: readonly CatalogueRow[]) => ({
	name: 'audit-tests',
	what: 'Catalogue of audit tests as CSV',
	facts: [['list', 'audit tests with their last result'] as const],
	header: HEADER,
	rows: rows.map((row) => [
		row.id,
		row.title,
		row.severity,
		row.source,
		String(row.version),
		verdictOf(row),
		row.last ? String(row.last.exceptions) : '',
		row.last ? String(row.last.rows) : '',
		row.last?.why ?? '',
		row.last?.at ?? '',
		row.last?.resultSha256 ?? '',
		row.isStale ? 'yes' : 'no',
	]),
});
