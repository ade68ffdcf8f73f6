/** The whole main job behind the audit: gather, plan, render, sign, and check what was signed as a stranger would. */
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type AuditResult, CATALOGUE } from '#audit';
import { formatVerifierKey, type VerifierKey } from '#evidence';
import type { AuditedDrop, DropError, DropSource } from '#intake';
import { canonicalize, err, formatInstant, ok, type Result } from '#kernel';
import {
	type CheckReport,
	checkPack,
	checkPackEvidence,
	documentName,
	evidenceFiles,
	type OrderTimeline,
	type PackInput,
	planPack,
	renderPack,
	type WithheldFromTable,
} from '#pack';
import { nodeVerifyPorts } from './checkPorts.ts';
import { auditDrop } from './nodeIntake.ts';
import { gatherEvidence, type PackDocument, readDocuments } from './packEvidence.ts';
import { ordersOfExceptions, passportsOf, sealedTablesOf, timelinesOf } from './packFacts.ts';
import { packFontHashes, packFonts } from './packFonts.ts';
import type { PackSigner } from './packSigner.ts';
import { withoutDisclosures } from './redactedSource.ts';
import type { Redaction } from './redaction.ts';
import { lostExceptions, redactResult } from './redactResult.ts';
import { signPack } from './signPack.ts';
import { maskDeep } from './withheldTexts.ts';

/** Timelines beyond this many would make a book nobody reads; the data files hold every order's lines all the same. */
const TIMELINES_MAX = 1000;

export interface PackRequest {
	readonly preparedBy: string;
	readonly organisation: string;
	/** Milliseconds: the pack's date and the time its signature claims. */
	readonly created: number;
	readonly version: string;
	readonly findings: readonly string[];
	readonly redaction: Redaction;
	readonly trustedKey: VerifierKey | null;
	readonly signer: PackSigner;
	readonly signal?: AbortSignal;
	readonly onProgress?: (phase: string, done: number, total: number, unit: string) => void;
}

export interface MadePack {
	readonly packId: string;
	readonly unsigned: Uint8Array;
	readonly signed: Uint8Array;
	readonly pages: number;
	readonly attachments: number;
	/** The strict verifier's word on the signed bytes. */
	readonly report: CheckReport;
	/** What the reader must know about what is left out, one sentence each. */
	readonly notes: readonly string[];
}

export interface PackFault {
	readonly code: 'unreadable_drop' | 'not_signed' | 'cancelled';
	readonly message: string;
}

const PDF_LIBRARY = '@cantoo/pdf-lib 2.11.1';

export async function makePack(source: DropSource, audited: AuditedDrop, request: PackRequest): Promise<Result<MadePack, PackFault>> {
	const { onProgress, signal } = request;
	onProgress?.('gathering evidence', 0, 1, 'steps');
	const gathered = await packInputOf(source, audited, request);
	if (!gathered.ok) return err({ code: 'unreadable_drop', message: gathered.error.message });
	const { input, notes } = gathered.value;
	if (await isCancelled(signal)) return err(CANCELLED);
	const plan = planPack(input, (bytes) => createHash('sha256').update(bytes).digest('hex'));
	let pages = 0;
	const unsigned = await renderPack(plan, { fonts: packFonts() }, (progress) => {
		pages = progress.pages;
		onProgress?.('rendering pages', progress.section, progress.sections, 'sections');
	});
	if (await isCancelled(signal)) return err(CANCELLED);
	const signed = await signPack(unsigned, request.signer, { field: 'Preparer', time: request.created, reason: 'Prepared this audit pack' });
	if (!signed.ok) return err({ code: 'not_signed', message: signed.error.detail });
	onProgress?.('checking the pack', 0, 1, 'steps');
	const report = await checkPack(signed.value, {
		ports: nodeVerifyPorts,
		checkEvidence: (files, manifest) => checkPackEvidence(files, manifest, request.trustedKey ? [request.trustedKey] : []),
	});
	if (await isCancelled(signal)) return err(CANCELLED);
	return ok({ packId: input.packId, unsigned, signed: signed.value, pages, attachments: plan.attachments.length, report, notes });
}

const CANCELLED: PackFault = { code: 'cancelled', message: 'The pack was cancelled; nothing was written.' };

/** Between two steps the program listens, so that Ctrl+C is heard. */
async function isCancelled(signal: AbortSignal | undefined): Promise<boolean> {
	await setImmediate();
	return signal?.aborted ?? false;
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
async function statedAudit(source: DropSource, audited: AuditedDrop, { redaction }: PackRequest): Promise<Result<StatedAudit, DropError>> {
	if (!redaction.isDisclosed) return ok({ source, audited, notes: [] });
	const without = withoutDisclosures(source, redaction.columns);
	const again = await auditDrop(without, audited.options);
	if (!again.ok) return again;
	const lost = lostExceptions(audited.result, again.value.result);
	const notes = lost === null ? [] : [`${lost} rest on withheld values and are not in this pack.`];
	return ok({ source: without, audited: again.value, notes });
}

async function packInputOf(
	source: DropSource,
	full: AuditedDrop,
	request: PackRequest,
): Promise<Result<{ input: PackInput; notes: string[] }, DropError>> {
	const { redaction } = request;
	const stated = await statedAudit(source, full, request);
	if (!stated.ok) return stated;
	const { audited } = stated.value;
	const { drop } = audited;
	const orders = ordersOfExceptions(audited);
	const shown = orders.slice(0, TIMELINES_MAX);
	const evidence = await gatherEvidence(stated.value.source, audited, {
		orders: shown,
		redaction,
		...(request.signal ? { signal: request.signal } : {}),
	});
	if (!evidence.ok) return evidence;
	// Where the whole data travel, no line of them shows a withheld value, and so no sentence does: the tests can be run again.
	const isWhole = evidence.value.dropFiles.length > 0;
	const result = isWhole ? audited.result : redactResult(audited.result, audited.runs, redaction);
	const listed = documentsOf(timelinesOf(audited, shown, () => null, redaction));
	// What a document shows, nobody here can read: with anything withheld, all of them stay out.
	const documents = redaction.fields.length > 0 ? [] : await readDocuments(source, listed);
	const embedded = new Map(documents.map(({ sha256, mediaType }) => [sha256, documentName(sha256, mediaType)]));
	const attachments = evidenceFiles({ ...evidence.value, result, documents });
	const notes = [
		...stated.value.notes,
		...withheldNotes(evidence.value.withheld),
		...notesOf(orders.length, listed.length - documents.length, isWhole),
	];
	const timelines = timelinesOf(audited, shown, (sha256) => embedded.get(sha256) ?? null, redaction);
	return ok({
		notes,
		input: {
			notes,
			packId: packIdOf(result, audited, request),
			created: formatInstant(request.created),
			engagement: engagementOf(audited, request),
			tool: { name: 'Tieout', version: request.version, pdf: PDF_LIBRARY, fonts: packFontHashes() },
			result,
			catalogue: CATALOGUE,
			ipe: maskDeep(passportsOf(audited), redaction.texts, UNMASKED),
			sealed: sealedTablesOf(drop),
			trustedKey: request.trustedKey
				? { vkey: formatVerifierKey(request.trustedKey), origin: 'given by the auditor, from outside the drop' }
				: null,
			timelines: maskDeep(timelines, redaction.texts, UNMASKED),
			findings: maskDeep(request.findings, redaction.texts),
			redactions: redaction.fields.map((field) => ({ field, reason: 'withheld by the preparer' })),
			attachments,
		},
	});
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

/** Follows from what the pack says and when, so that two packs of one moment and content have one name. */
function packIdOf(result: AuditResult, { drop }: AuditedDrop, { created }: PackRequest): string {
	const hash = createHash('sha256').update(
		canonicalize({ result: result.tests.map((test) => test.result_sha256), drop: drop.manifestSha256, created }),
	);
	return `TP-${formatInstant(created).slice(0, 10)}-${hash.digest('hex').slice(0, 10)}`;
}

function engagementOf({ drop }: AuditedDrop, request: PackRequest): PackInput['engagement'] {
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
		preparedBy: request.preparedBy,
		organisation: request.organisation,
		entities: manifest.entityIds.map((id) => ({ id, name: nameOf(id) })),
	};
}

function documentsOf(timelines: readonly OrderTimeline[]): PackDocument[] {
	const documents = new Map<string, PackDocument>();
	for (const { orderId, events, documents: loose } of timelines) {
		for (const { sha256, kind, fileName, status } of [...events.flatMap((event) => event.documents), ...loose]) {
			if (status !== 'present' || documents.has(sha256)) continue;
			const mediaType = fileName.toLowerCase().endsWith('.pdf') ? 'application/pdf' : 'application/octet-stream';
			documents.set(sha256, { sha256, mediaType, description: `${kind} of ${orderId}` });
		}
	}
	return [...documents.values()];
}

const withheldNotes = (withheld: ReadonlyMap<string, WithheldFromTable>): string[] =>
	[...withheld].map(
		([table, { fields, lines }]) =>
			`${lines} cited ${lines === 1 ? 'line' : 'lines'} of ${table} ${lines === 1 ? 'is' : 'are'} withheld, for ${fields.join(', ')}.`,
	);

function notesOf(orders: number, documentsLeftOut: number, carriesPopulation: boolean): string[] {
	return [
		...(orders > TIMELINES_MAX ? [`Timelines are printed for the first ${TIMELINES_MAX} of ${orders} orders with exceptions.`] : []),
		...(documentsLeftOut > 0 ? [`${documentsLeftOut} supporting documents are named by their hash and not attached.`] : []),
		...(carriesPopulation ? [] : ['The pack carries the cited lines only; its tests can be re-run on the drop itself, not on the pack.']),
	];
}
