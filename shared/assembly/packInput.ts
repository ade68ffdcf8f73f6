/** Gathers all that a pack states and carries, from an audited drop and what the auditors concluded. */
import { CATALOGUE } from '#audit';
import { formatVerifierKey, type SealedHeads, type VerifierKey } from '#evidence';
import { type AuditedDrop, auditDrop, type CancelSignal, type DropError, type DropSource, type IntakePorts } from '#intake';
import { compareText, formatInstant, ok, type Result } from '#kernel';
import type { TableName } from '#model';
import { documentName, evidenceFiles, findingsFile, type PackFinding, type PackInput } from '#pack';
import { gatherEvidence, type PackDocument, readDocuments } from './packEvidence.ts';
import { ordersOfExceptions, passportsOf, sealedTablesOf, timelinesOf } from './packFacts.ts';
import { packFindings } from './packFindings.ts';
import { completenessOf, packHeads } from './packHeads.ts';
import { documentsOf, engagementOf, notesOf, packIdOf, withheldNotes } from './packWords.ts';
import { withoutDisclosures } from './redactedSource.ts';
import type { Redaction } from './redaction.ts';
import { lostExceptions, redactResult } from './redactResult.ts';
import { maskDeep } from './withheldTexts.ts';

/** Timelines beyond this many would make a book nobody reads; the data files hold every order's lines all the same. */
export const TIMELINES_MAX = 1000;

const PDF_LIBRARY = '@cantoo/pdf-lib 2.11.1';

export interface PackContents {
	readonly preparedBy: string;
	readonly organisation: string;
	/** Milliseconds: the pack's date and the time its signature claims. */
	readonly created: number;
	/** Of Tieout. */
	readonly version: string;
	/** SHA-256 of the font files the pack will be rendered with, by file name. */
	readonly fonts: Readonly<Record<string, string>>;
	/** Attachments of written findings' evidence are looked up here, whatever is given. */
	readonly findings: readonly PackFinding[];
	/** What findings rest on beyond what exceptions cite. */
	readonly cited?: CitedByFindings;
	readonly redaction: Redaction;
	readonly trustedKey: VerifierKey | null;
	/** Heads records that a hub gave, whichever: what of them holds for the drop shows that orders are complete. */
	readonly heads?: readonly SealedHeads[];
	/** Where the trusted key came from. */
	readonly keyOrigin?: string;
}

export interface CitedByFindings {
	readonly rows: ReadonlyMap<TableName, readonly number[]>;
	readonly documents: readonly PackDocument[];
	/** Orders whose timelines are printed besides those with exceptions. */
	readonly orders: readonly string[];
}

const NOTHING_CITED: CitedByFindings = { rows: new Map(), documents: [], orders: [] };

export interface GatheredPack {
	readonly input: PackInput;
	/** What the reader must know about what is left out, one sentence each. */
	readonly notes: readonly string[];
}

interface StatedAudit {
	readonly source: DropSource;
	readonly audited: AuditedDrop;
	/** What the reader must know of exceptions that are not stated. */
	readonly notes: readonly string[];
}

/**
 * The audit that the pack states. Where disclosures are left out, its tests are run on what the pack's readers have, so that they can
 * run them again; what only the withheld values show is counted.
 */
async function statedAudit(
	source: DropSource,
	audited: AuditedDrop,
	ports: IntakePorts,
	redaction: Redaction,
): Promise<Result<StatedAudit, DropError>> {
	if (!redaction.isDisclosed) return ok({ source, audited, notes: [] });
	const without = withoutDisclosures(source, redaction.columns);
	const again = await auditDrop(without, ports, audited.options);
	if (!again.ok) return again;
	const lost = lostExceptions(audited.result, again.value.result);
	const notes = lost === null ? [] : [`${lost} rest on withheld values and are not in this pack.`];
	return ok({ source: without, audited: again.value, notes });
}

/** @param source the one the drop was imported from */
export async function packInputOf(
	source: DropSource,
	full: AuditedDrop,
	ports: IntakePorts,
	contents: PackContents,
	signal?: CancelSignal,
): Promise<Result<GatheredPack, DropError>> {
	const { redaction, cited = NOTHING_CITED } = contents;
	const stated = await statedAudit(source, full, ports, redaction);
	if (!stated.ok) return stated;
	const { audited } = stated.value;
	const { orders, shown } = shownOrders(audited, cited);
	const evidence = await gatherEvidence(stated.value.source, audited, {
		orders: shown,
		rows: cited.rows,
		redaction,
		...(signal ? { signal } : {}),
	});
	if (!evidence.ok) return evidence;
	const heads = packHeads(full.drop, contents.heads ?? [], shown, evidence.value.cited, contents.trustedKey);
	// Where the whole data travel, no line of them shows a withheld value, and so no sentence does: the tests can be run again.
	const isWhole = evidence.value.dropFiles.length > 0;
	const result = isWhole ? audited.result : redactResult(audited.result, audited.runs, redaction);
	const listed = documentsOf(
		cited.documents,
		timelinesOf(audited, shown, () => null, redaction),
	);
	// What a document shows, nobody here can read: with anything withheld, all of them stay out.
	const documents = redaction.fields.length > 0 ? [] : await readDocuments(source, listed);
	const embedded = new Map(documents.map(({ sha256, mediaType }) => [sha256, documentName(sha256, mediaType)]));
	const notes = [
		...stated.value.notes,
		...withheldNotes(evidence.value.withheld),
		...notesOf({ orders, printed: shown.length, documentsLeftOut: listed.length - documents.length, isWhole }),
	];
	const attachmentOf = (sha256: string): string | null => embedded.get(sha256) ?? null;
	const findings = packFindings(contents.findings, evidence.value.cited, attachmentOf, redaction);
	const findingsData = findingsFile(findings);
	const { created, version, fonts, trustedKey, keyOrigin } = contents;
	return ok({
		notes,
		input: {
			notes,
			packId: packIdOf(result, audited, contents, ports),
			created: formatInstant(created),
			engagement: engagementOf(audited, contents),
			tool: { name: 'Tieout', version, pdf: PDF_LIBRARY, fonts },
			result,
			catalogue: CATALOGUE,
			ipe: maskDeep(passportsOf(audited), redaction.texts, UNMASKED),
			sealed: sealedTablesOf(audited.drop),
			trustedKey: trustedKey
				? { vkey: formatVerifierKey(trustedKey), origin: keyOrigin ?? 'given by the auditor, from outside the drop' }
				: null,
			contradictedHeads: [...audited.drop.sealed.values()].flatMap(({ verification }) => verification.contradicts ?? []),
			timelines: maskDeep(timelinesOf(audited, shown, attachmentOf, redaction), redaction.texts, UNMASKED).map((timeline, i) => ({
				...timeline,
				...completenessOf(shown[i] as string, heads, full.drop),
			})),
			findings,
			redactions: redaction.fields.map((field) => ({ field, reason: 'withheld by the preparer' })),
			attachments: [...evidenceFiles({ ...evidence.value, heads, result, documents }), ...(findingsData ? [findingsData] : [])],
		},
	});
}

/** Orders of findings first, so that the bound on printed timelines never cuts them. */
function shownOrders(audited: AuditedDrop, cited: CitedByFindings): { orders: number; shown: string[] } {
	const first = new Set(cited.orders);
	const all = new Set([...first, ...ordersOfExceptions(audited)]);
	return { orders: all.size, shown: [...all].slice(0, Math.max(TIMELINES_MAX, first.size)).sort(compareText) };
}

/** What is no text of the company's, but a hash, a name of ours, or a word of a closed list. */
const UNMASKED: ReadonlySet<string> = new Set([
	'sha256',
	'leafHash',
	'hashStatus',
	'status',
	'attachment',
	'kind',
	'action',
	'currency',
	'period',
	'table',
	'file',
	'verdict',
	'what',
	'declared',
	'found',
	'citedBy',
]);
