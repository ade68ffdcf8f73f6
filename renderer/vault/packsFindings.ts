/** Findings of the work papers as a pack prints them, and what of the drop has to be in it for them. */
import { type CitedByFindings, mediaTypeOf } from '#assembly';
import type { AuditResult } from '#audit';
import {
	type EvidenceLink,
	exceptionIndex,
	type Finding,
	type FindingField,
	fieldWord,
	parseCell,
	signoffStatus,
	type Workbook,
} from '#findings';
import type { LoadedDrop } from '#intake';
import { isTableName, type TableName } from '#model';
import type { FindingEvidence, FindingSignoff, WrittenFinding } from '#pack';
import type { Population } from '#population';

const PARTS: readonly (readonly [FindingField, string])[] = [
	['condition', 'Condition'],
	['criteria', 'Criteria'],
	['cause', 'Cause'],
	['effect', 'Effect'],
	['recommendation', 'Recommendation'],
	['response', 'Response of the company'],
];

const SEVERITIES = ['critical', 'high', 'medium', 'low'] as const;

export function writtenFinding(workbook: Workbook, { findingId, label, state, fields, evidence }: Finding): WrittenFinding {
	const { prepared, reviewed } = signoffStatus(workbook, { kind: 'finding', id: findingId });
	const signoffs = [prepared, reviewed].flatMap(({ signoff, changed }): FindingSignoff[] => {
		if (signoff === null || signoff.withdrawn !== null) return [];
		const { role, stamp, contentSha256 } = signoff;
		const name = workbook.members.get(stamp.memberId)?.name ?? stamp.memberId;
		return [{ role, name, at: stamp.at, sha256: contentSha256, changed }];
	});
	const contested = contestedFields(workbook, findingId);
	return {
		number: label,
		title: fields.title,
		severity: SEVERITIES.find((severity) => severity === fields.severity) ?? 'medium',
		state,
		parts: PARTS.map(([field, heading]) => ({ heading, text: fields[field] })).filter(({ text }) => text.trim() !== ''),
		evidence: evidence.map(({ link }) => writtenEvidence(link)),
		signoffs,
		...(contested.length > 0 ? { contested } : {}),
	};
}

/** Fields of a finding whose conflicts nobody has settled. */
function contestedFields(workbook: Workbook, findingId: string): string[] {
	const fields = [...workbook.conflicts.values()].flatMap(({ cell: name, settled }) => {
		const cell = settled === null ? parseCell(name) : null;
		if (cell === null || (cell.kind !== 'finding' && cell.kind !== 'evidence') || cell.findingId !== findingId) return [];
		return fieldWord(cell.kind === 'finding' ? cell.field : 'evidence').toLowerCase();
	});
	return [...new Set(fields)];
}

/** Attachments are looked up where the pack is put together. */
function writtenEvidence(link: EvidenceLink): FindingEvidence {
	const { kind, label } = link;
	switch (link.kind) {
		case 'row':
			return { kind, label: label || `${link.table} ${link.key}`, sha256: link.sha256, attachment: null };
		case 'document':
			return { kind, label: label || link.fileName, sha256: link.sha256, attachment: null };
		case 'result':
			return { kind, label: label || link.test, sha256: link.resultSha256, attachment: null };
		default:
			return { kind, label, sha256: null, attachment: null };
	}
}

/** Rows, documents and orders that the findings' evidence names. What is not in the loaded evidence stays out. */
export function citedByFindings(findings: readonly Finding[], drop: LoadedDrop, result: AuditResult): CitedByFindings {
	const { population, documents: found } = drop;
	const rows = new Map<TableName, number[]>();
	const documents = new Map<string, CitedByFindings['documents'][number]>();
	const orders = new Set<string>();
	const altered = new Set([...found.altered, ...found.missing]);
	for (const { label, evidence } of findings) {
		for (const { link } of evidence) {
			if (link.kind === 'exception') {
				const order = exceptionIndex(result).get(link.exceptionKey)?.exception.order_id ?? null;
				if (order !== null) orders.add(order);
			} else if (link.kind === 'document' && !altered.has(link.sha256)) {
				documents.set(link.sha256, { sha256: link.sha256, mediaType: mediaTypeOf(link.fileName), description: `evidence of ${label}` });
			} else if (link.kind === 'row') {
				const row = rowOfLink(population, link);
				if (row === null || !isTableName(link.table)) continue;
				rows.set(link.table, [...(rows.get(link.table) ?? []), row]);
				const order = orderOf(population, link.table, row);
				if (order !== null) orders.add(order);
			}
		}
	}
	return { rows, documents: [...documents.values()], orders: [...orders] };
}

/** The row of a link in the loaded evidence, or null where it has none of that key. */
export function rowOfLink(population: Population, { table: name, key }: { readonly table: string; readonly key: string }): number | null {
	if (!isTableName(name) || !population.has(name)) return null;
	const table = population.table(name);
	const [first = ''] = table.schema.primaryKey;
	// Parts of a key are joined by "/", which may stand in a part as well.
	for (let end = key.indexOf('/'); ; end = key.indexOf('/', end + 1)) {
		const code = table.dictionary(first).codeOf(end < 0 ? key : key.slice(0, end));
		const found = [...population.index(name, first).rowsOf(code)].find((row) => table.keyText(row) === key);
		if (found !== undefined) return found;
		if (end < 0) return null;
	}
}

function orderOf(population: Population, name: TableName, row: number): string | null {
	const table = population.table(name);
	return table.has('order_id') ? table.cellText('order_id', row) : null;
}
