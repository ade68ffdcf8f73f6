/** Packs for the window: what would be in one and what stands in its way, its pages before it is signed, its bytes for signing, the register. */
import { NO_REDACTION, planRedaction, type Redaction } from '#assembly';
import type { Finding } from '#findings';
import type { IntakePorts } from '#intake';
import { ok } from '#kernel';
import type { Answer, JobControl, OpenEngagement } from './contract.ts';
import type { CoreContext, VaultEngagement } from './engagement.ts';
import { headsKnownFor } from './feedHistory.ts';
import type { FindingRow } from './findingsViews.ts';
import { doActs, onEngagement } from './onEngagement.ts';
import { bundledFonts, type FontPort } from './packFonts.ts';
import { packChecks } from './packsChecks.ts';
import type { PackCheck } from './packsFindingChecks.ts';
import { type PackWork, type RenderedPack, renderEngagementPack } from './packsRender.ts';
import { refuse } from './vaultError.ts';

export type { PackCheck } from './packsFindingChecks.ts';
export type { RenderedPack } from './packsRender.ts';

export interface PackRequest {
	/** In the order in which they are printed. */
	readonly findingIds: readonly string[];
	/** Fields withheld, as `name` or `customer.name`. */
	readonly redact: readonly string[];
	/** Whose name stands as the preparer's; null: the member's. */
	readonly preparedBy: string | null;
	/** Of Tieout, as `app.info` says. */
	readonly version: string;
}

type PackFindingRow = Pick<FindingRow, 'findingId' | 'label' | 'title' | 'severity' | 'state' | 'evidence'>;

export interface PackPreview {
	readonly findings: readonly PackFindingRow[];
	readonly tests: number;
	readonly exceptions: number;
	/** Orders with an exception: their timelines are printed, up to a bound. */
	readonly orders: number;
	readonly withheld: readonly string[];
	readonly checks: readonly PackCheck[];
	/** No check blocks. */
	readonly canMake: boolean;
}

/** What is recorded of a pack once it is signed, written and read back. */
export interface MadePackRecord {
	readonly packId: string;
	/** Of the signed file. */
	readonly sha256: string;
	readonly fileName: string;
	readonly pages: number;
	readonly findingIds: readonly string[];
	readonly signer: string;
	readonly signerIsSelfMade: boolean;
	/** The strict verifier's word on the signed bytes. */
	readonly verdict: string;
}

export interface PackRow extends MadePackRecord {
	readonly at: string;
	readonly memberId: string;
}

interface Kept {
	readonly key: string;
	readonly rendered: RenderedPack;
}

export function packsApi(context: CoreContext, ports: Promise<IntakePorts>, fonts: FontPort = bundledFonts) {
	/** What was previewed is what is signed: the last rendering is kept for as long as the work papers stay as they are. */
	const kept = new WeakMap<OpenEngagement, Kept>();

	const render = async (engagement: VaultEngagement, request: PackRequest, job: JobControl): Promise<Answer<RenderedPack>> => {
		const work = await workOf(engagement, request, context.now());
		if (!work.ok) return work;
		const { loaded, results, heads } = work.value;
		const hashes = results.tests.map((test) => test.result_sha256);
		const key = JSON.stringify([request, engagement.workbook().head, loaded.importId, hashes, heads]);
		const known = kept.get(engagement);
		if (known?.key === key) return ok(known.rendered);
		kept.delete(engagement);
		const rendered = await renderEngagementPack(work.value, { intake: await ports, fonts }, job);
		if (rendered.ok) kept.set(engagement, { key, rendered: rendered.value });
		return rendered;
	};
	const rendering = (label: string, request: PackRequest): Promise<Answer<RenderedPack>> =>
		context.job(label, (job) => onEngagement(context, (engagement) => render(engagement, request, job)));

	return {
		/** What would be in the pack, and every check by itself. Renders nothing. */
		plan(request: PackRequest): Promise<Answer<PackPreview>> {
			return onEngagement(context, async (engagement) => ok(await previewOf(engagement, request)));
		},

		/** The pages as they will be signed. */
		preview(request: PackRequest): Promise<Answer<RenderedPack>> {
			return rendering('Preview of a pack', request);
		},

		/** The bytes to be signed: those of the last preview, where nothing has changed since. */
		make(request: PackRequest): Promise<Answer<RenderedPack>> {
			return rendering('Audit pack', request);
		},

		/** Records a pack that is signed, written and checked. */
		recordPack(record: MadePackRecord): Promise<Answer<void>> {
			return onEngagement(context, async (engagement) => {
				const done = await doActs(engagement, { type: 'pack.made', ...record });
				if (done.ok) kept.delete(engagement);
				return done;
			});
		},

		/** Packs made so far, the newest first. */
		list(): Promise<Answer<readonly PackRow[]>> {
			return onEngagement(context, (engagement) => {
				const rows = engagement
					.workbook()
					.packs.map(({ type: _, stamp, ...record }) => ({ ...record, at: stamp.at, memberId: stamp.memberId }));
				return ok(rows.reverse());
			});
		},
	};
}

const findingsOf = (engagement: OpenEngagement, { findingIds }: PackRequest): Finding[] =>
	findingIds.flatMap((id) => engagement.workbook().findings.get(id) ?? []);

async function previewOf(engagement: OpenEngagement, request: PackRequest): Promise<PackPreview> {
	const findings = findingsOf(engagement, request);
	const results = engagement.results();
	const exceptions = results?.tests.flatMap((test) => test.exceptions) ?? [];
	const checks = [...packChecks(engagement, findings), ...(await redactionChecks(engagement, request))];
	return {
		findings: findings.map(({ findingId, label, fields, state, evidence }) => ({
			findingId,
			label,
			title: fields.title,
			severity: fields.severity,
			state,
			evidence: evidence.length,
		})),
		tests: results?.tests.length ?? 0,
		exceptions: exceptions.length,
		orders: new Set(exceptions.flatMap(({ order_id: order }) => (order === null ? [] : [order]))).size,
		withheld: request.redact,
		checks,
		canMake: checks.every(({ blocks }) => !blocks),
	};
}

async function redactionOf(engagement: OpenEngagement, { redact }: PackRequest): Promise<Answer<Redaction>> {
	const loaded = engagement.evidence();
	if (!loaded || redact.length === 0) return ok(NO_REDACTION);
	const planned = await planRedaction(loaded.source, loaded.drop.population, redact);
	return planned.ok ? planned : refuse('invalid', `Fields to withhold: ${planned.error}.`);
}

async function redactionChecks(engagement: OpenEngagement, request: PackRequest): Promise<PackCheck[]> {
	if (request.redact.length === 0) return [];
	const planned = await redactionOf(engagement, request);
	const shape = { id: 'withheld', title: 'Withheld fields', screen: 'packs', params: {} } as const;
	if (!planned.ok) return [{ ...shape, tone: 'fail', sentence: planned.error.message, blocks: true }];
	const sentence = 'Lines that show a withheld value stay out of the pack whole, and so do all documents. The pack says how many.';
	return [{ ...shape, tone: 'neutral', sentence, blocks: false }];
}

async function workOf(engagement: VaultEngagement, request: PackRequest, created: number): Promise<Answer<PackWork>> {
	const findings = findingsOf(engagement, request);
	const blocking = packChecks(engagement, findings).find(({ blocks }) => blocks);
	if (blocking)
		return refuse(blocking.id === 'role' ? 'not_allowed' : blocking.id === 'evidence' ? 'no_evidence' : 'conflict', blocking.sentence);
	const loaded = engagement.evidence();
	const results = engagement.results();
	if (!loaded || !results) return refuse('no_evidence', 'No evidence is loaded. Import a drop first.');
	if (findings.length < request.findingIds.length)
		return refuse('not_found', 'A finding chosen for the pack is not there any more. Choose again.');
	const redaction = await redactionOf(engagement, request);
	if (!redaction.ok) return redaction;
	const preparedBy = request.preparedBy?.trim() || engagement.member().name;
	const heads = await headsKnownFor(engagement, loaded.importId);
	return ok({ engagement, loaded, results, findings, redaction: redaction.value, heads, preparedBy, version: request.version, created });
}
