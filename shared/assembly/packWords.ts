/** What a pack calls itself, whom it is about, and what it says is left out. */
import type { AuditResult } from '#audit';
import type { AuditedDrop, IntakePorts } from '#intake';
import { canonicalize, formatInstant, type Json, utf8 } from '#kernel';
import { documentKind, type OrderTimeline, type PackFinding, type PackInput, type WithheldFromTable } from '#pack';
import type { PackDocument } from './packEvidence.ts';

/** Follows from what the pack says and when, so that two packs of one moment and content have one name. */
export function packIdOf(
	result: AuditResult,
	{ drop }: AuditedDrop,
	{ created, findings }: { readonly created: number; readonly findings: readonly PackFinding[] },
	ports: Pick<IntakePorts, 'sha256'>,
): string {
	const written = findings.filter((finding) => typeof finding !== 'string');
	const hash = ports.sha256();
	hash.update(
		utf8(
			canonicalize({
				result: result.tests.map((test) => test.result_sha256),
				drop: drop.manifestSha256,
				created,
				...(written.length > 0 ? { findings: written as unknown as Json } : {}),
			}),
		),
	);
	return `TP-${formatInstant(created).slice(0, 10)}-${hash.hex().slice(0, 10)}`;
}

export function engagementOf(
	{ drop }: AuditedDrop,
	{ preparedBy, organisation }: { readonly preparedBy: string; readonly organisation: string },
): PackInput['engagement'] {
	const { manifest, population } = drop;
	const nameOf = (id: string): string => {
		if (!population.has('entity')) return id;
		const row = population.index('entity', 'entity_id').rowOf(population.dictionary('entity').codeOf(id));
		return row < 0 ? id : (population.table('entity').text('name', row) ?? id);
	};
	return {
		client: manifest.company,
		periodFrom: manifest.periodFrom,
		periodTo: manifest.periodTo,
		asOf: formatInstant(manifest.asOf),
		preparedBy,
		organisation,
		entities: manifest.entityIds.map((id) => ({ id, name: nameOf(id) })),
	};
}

/** Each document once: those of findings first, then those of the timelines. */
export function documentsOf(first: readonly PackDocument[], timelines: readonly OrderTimeline[]): PackDocument[] {
	const documents = new Map(first.map((document) => [document.sha256, document]));
	for (const { orderId, events, documents: loose } of timelines) {
		for (const { sha256, kind, fileName, status } of [...events.flatMap((event) => event.documents), ...loose]) {
			if (status !== 'present' || documents.has(sha256)) continue;
			documents.set(sha256, { sha256, mediaType: mediaTypeOf(fileName), description: `${documentKind(kind)} of ${orderId}` });
		}
	}
	return [...documents.values()];
}

export const mediaTypeOf = (fileName: string): string =>
	fileName.toLowerCase().endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream';

export const withheldNotes = (withheld: ReadonlyMap<string, WithheldFromTable>): string[] =>
	[...withheld].map(
		([table, { fields, lines }]) =>
			`${lines} cited ${lines === 1 ? 'line' : 'lines'} of ${table} ${lines === 1 ? 'is' : 'are'} withheld, for ${fields.join(', ')}.`,
	);

export interface LeftOut {
	/** Orders whose timelines belong in the pack, and how many are printed. */
	readonly orders: number;
	readonly printed: number;
	readonly documentsLeftOut: number;
	/** Whether the whole data travel. */
	readonly isWhole: boolean;
}

export function notesOf({ orders, printed, documentsLeftOut, isWhole }: LeftOut): string[] {
	return [
		...(orders > printed ? [`Timelines are printed for the first ${printed} of ${orders} orders with exceptions.`] : []),
		...(documentsLeftOut > 0
			? [
					`${documentsLeftOut} supporting ${documentsLeftOut === 1 ? 'document is named by its' : 'documents are named by their'} hash and not attached.`,
				]
			: []),
		...(isWhole ? [] : ['The pack carries the cited lines only; its tests can be re-run on the drop itself, not on the pack.']),
	];
}
