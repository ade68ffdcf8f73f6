/** From an audited drop to what a pack prints of it: passports, logs, timelines. */
import type { JudgedCheckpoint } from '#evidence';
import { type AuditedDrop, type ImportedDrop, type ImportedLog, totalOf } from '#intake';
import { compareText, formatInstant, toBase64, toHex } from '#kernel';
import { type HashStatus, type IpePassport, type OrderTimeline, type SealedTable, type TimelineSources, timelineOf } from '#pack';
import { describeLineFault } from '#population';
import type { Redaction } from './redaction.ts';

/** One passport a table of the model, in the order of the manifest, undeclared ones behind. */
export function passportsOf({ drop, result }: AuditedDrop): IpePassport[] {
	const declared = new Map(drop.manifest.tables.map((table) => [table.table, table]));
	return result.ipe.map(({ table, verdict, differences }) => {
		const own = declared.get(table);
		const name = own?.known ?? null;
		const file = [...drop.files].find(([known]) => known === (name ?? table))?.[1];
		const columns = own?.controlTotals.map(({ column }) => column) ?? [];
		const population = file && drop.population.has((name ?? table) as never) ? drop.population.table((name ?? table) as never) : null;
		return {
			table,
			file: own?.file ?? file?.path ?? '',
			system: own?.system ?? null,
			query: own?.query ?? null,
			extractedAt: own?.extractedAt == null ? null : formatInstant(own.extractedAt),
			extractedBy: own?.extractedBy ?? null,
			declared: own
				? {
						rows: own.rows,
						bytes: own.bytes ?? file?.bytes ?? 0,
						sha256: own.sha256,
						controlTotals: Object.fromEntries(own.controlTotals.map(({ column, declared: total }) => [column, total])),
					}
				: null,
			found: file
				? {
						rows: file.lines,
						bytes: file.bytes,
						sha256: file.sha256,
						controlTotals: Object.fromEntries(
							columns.flatMap((column) => {
								const total = population ? totalOf(population, column) : null;
								return total?.kind === 'sum' ? [[column, total.sum]] : [];
							}),
						),
					}
				: null,
			verdict,
			differences,
			quarantined: (population?.quarantine ?? []).map((line) => ({
				line: line.line,
				offset: line.offset,
				reason: describeLineFault(line),
			})),
		};
	});
}

export function sealedTablesOf(drop: ImportedDrop): SealedTable[] {
	return [...drop.sealed].map(([table, log]) => ({
		table,
		origin: `${drop.manifest.log ?? ''}/${table}`,
		root: toHex(log.report.rootOf(log.report.lines)),
		lines: log.report.lines,
		canonicalLines: log.report.canonicalLines,
		coveredLines: log.verification.sealedLines,
		checkpoints: log.verification.checkpoints.flatMap((judged, i) => (judged.kind === 'read' ? [checkpointFact(judged, i, log)] : [])),
	}));
}

const SIGNATURE_STATUS = { trusted: 'valid', claimed: 'unknown_key', invalid: 'invalid', unknown: 'unknown_key' } as const;

function checkpointFact(
	judged: Extract<JudgedCheckpoint, { kind: 'read' }>,
	i: number,
	log: ImportedLog,
): SealedTable['checkpoints'][number] {
	const { checkpoint, root, signature, key } = judged;
	const before = log.verification.checkpoints.slice(0, i).findLast((one) => one.kind === 'read');
	return {
		size: checkpoint.size,
		root: toBase64(checkpoint.root),
		agreement: root,
		signatures: checkpoint.note.signatures.map(({ keyName, keyId }) => ({
			name: keyName,
			status: key !== null && key.name === keyName && key.keyId === keyId ? SIGNATURE_STATUS[signature] : 'unknown_key',
		})),
		consistency: before ? consistencyOf(before.root, root) : 'first',
	};
}

/**
 * Against the checkpoint before it. Two roots that are both those of the same lines are consistent, and of two of which only one
 * is, one was never of this log; where neither is, or one speaks of lines that are missing, nothing can be said.
 */
function consistencyOf(before: CheckpointRoot, own: CheckpointRoot): SealedTable['checkpoints'][number]['consistency'] {
	if (before === 'matches' && own === 'matches') return 'consistent';
	return (before === 'matches' && own === 'differs') || (before === 'differs' && own === 'matches') ? 'inconsistent' : 'not_checked';
}

type CheckpointRoot = Extract<JudgedCheckpoint, { kind: 'read' }>['root'];

/** Orders that some exception is about, in id order. */
export function ordersOfExceptions({ result }: AuditedDrop): string[] {
	const orders = new Set(result.tests.flatMap((test) => test.exceptions.flatMap(({ order_id: order }) => (order === null ? [] : [order]))));
	return [...orders].sort(compareText);
}

export function timelinesOf(
	audited: AuditedDrop,
	orders: readonly string[],
	attachmentOf: (sha256: string) => string | null,
	redaction: Redaction,
): OrderTimeline[] {
	const { drop } = audited;
	const { missing, altered } = drop.evidence.documents;
	const [missingSet, alteredSet] = [new Set(missing), new Set(altered)];
	const sources: TimelineSources = {
		population: drop.population,
		...eventHashes(drop),
		documentStatusOf: (sha256) => (alteredSet.has(sha256) ? 'altered' : missingSet.has(sha256) ? 'missing' : 'present'),
		attachmentOf,
		citedBy: citations(audited),
		isWithheld: (table, column) => redaction.columns.get(table)?.has(column) ?? false,
	};
	return orders.map((order) => timelineOf(order, sources));
}

function eventHashes(drop: ImportedDrop): Pick<TimelineSources, 'hashStatusOf' | 'leafHashOf'> {
	const log = drop.sealed.get('order_event');
	if (!log || !drop.population.has('order_event')) return { hashStatusOf: () => 'unsealed', leafHashOf: () => null };
	const events = drop.population.table('order_event');
	const broken = new Set(log.verification.problems.flatMap(({ line }) => (line === null ? [] : [line])));
	const { sealedLines } = log.verification;
	return {
		hashStatusOf: (row): HashStatus => {
			const line = events.lineOf(row);
			return broken.has(line) ? 'link_broken' : line <= sealedLines ? 'verified' : 'not_verifiable';
		},
		leafHashOf: (row) => {
			const at = (events.lineOf(row) - 1) * 32;
			return toHex(log.report.leafHashes.subarray(at, at + 32));
		},
	};
}

/** Which tests cite an event. */
function citations({ runs }: AuditedDrop): (row: number) => readonly string[] {
	const byRow = new Map<number, Set<string>>();
	for (const { test, exceptions } of runs) {
		for (const { rows } of exceptions) {
			for (const { table, row } of rows) {
				if (table !== 'order_event') continue;
				const tests = byRow.get(row) ?? new Set();
				byRow.set(row, tests.add(test.id));
			}
		}
	}
	return (row) => [...(byRow.get(row) ?? [])];
}
