/** A finding begun from what a screen shows: its condition and criteria filled in, its evidence linked, in one act after another or not at all. */
import type { Severity } from '#audit';
import type { Act, EvidenceLink } from '#findings';
import { collectRows } from '#intake';
import { ok, sha256Hex } from '#kernel';
import type { TableName } from '#model';
import type { Answer, LoadedEvidence, OpenEngagement } from './contract.ts';
import { refuse } from './vaultError.ts';

export interface FindingSeed {
	readonly title: string;
	readonly severity: Severity;
	readonly condition: string;
	readonly criteria: string;
	readonly effect?: string;
	readonly rows: readonly { readonly table: TableName; readonly row: number; readonly label: string }[];
	readonly exceptions: readonly { readonly key: string; readonly label: string }[];
}

const LINKS_MAX = 20;

/** @returns the id of the finding */
export async function beginFinding(
	engagement: OpenEngagement,
	loaded: LoadedEvidence,
	randomId: () => string,
	seed: FindingSeed,
): Promise<Answer<{ readonly findingId: string }>> {
	const links = await linksOf(loaded, seed);
	if (!links.ok) return links;
	const findingId = randomId();
	const acts: Act[] = [
		{ type: 'finding.created', findingId, title: seed.title, severity: seed.severity },
		{ type: 'finding.edited', findingId, field: 'condition', value: seed.condition },
		// What says nothing is no edit.
		...(seed.criteria === '' ? [] : [{ type: 'finding.edited', findingId, field: 'criteria', value: seed.criteria } as const]),
		...(seed.effect === undefined ? [] : [{ type: 'finding.edited', findingId, field: 'effect', value: seed.effect } as const]),
		...links.value.map((link) => ({ type: 'evidence.linked', findingId, linkId: randomId(), link }) as const),
	];
	const done = await engagement.act(...acts);
	return done.ok ? ok({ findingId }) : done;
}

async function linksOf({ source, drop }: LoadedEvidence, { rows, exceptions }: FindingSeed): Promise<Answer<EvidenceLink[]>> {
	const wanted = new Map<TableName, number[]>();
	for (const { table, row } of rows.slice(0, LINKS_MAX)) wanted.set(table, [...(wanted.get(table) ?? []), row]);
	const collected = await collectRows(source, drop, wanted);
	if (!collected.ok) return refuse('unreadable_file', collected.error.message);
	// Two exceptions about one subject share a key, and nothing is linked twice.
	const byKey = new Map(exceptions.slice(0, LINKS_MAX).map(({ key, label }) => [key, label]));
	const links: EvidenceLink[] = Array.from(byKey, ([exceptionKey, label]) => ({ kind: 'exception', exceptionKey, label }));
	for (const { table, row, label } of rows.slice(0, LINKS_MAX)) {
		const line = collected.value.get(table)?.get(row);
		if (line) links.push({ kind: 'row', table, key: drop.population.table(table).keyText(row), sha256: sha256Hex(line.bytes), label });
	}
	return ok(links);
}
