/** Packs for the window: what would be in one and what stands in its way, its pages before it is signed, its bytes for signing, the register. */
import { NO_REDACTION, planRedaction, type Redaction } from '#assembly';
import type { Finding } from '#findings';
import type { IntakePorts } from '#intake';
import { ok, sha256Hex, utf8 } from '#kernel';
import type { Answer, JobControl, OpenEngagement } from './contract.ts';
import type { CoreContext, VaultEngagement } from './engagement.ts';
import { headsKnownFor } from './feedHistory.ts';
import type { FindingRow } from './findingsViews.ts';
import { onEngagement } from './onEngagement.ts';
import { bundledFonts, type FontPort } from './packFonts.ts';
import { packChecks } from './packsChecks.ts';
import type { PackCheck } from './packsFindingChecks.ts';
import { packsRegister } from './packsRegister.ts';
import { type PackWork, type RenderedPack, renderEngagementPack } from './packsRender.ts';
import { refuse } from './vaultError.ts';

export type { PackCheck } from './packsFindingChecks.ts';
export type { PackRow } from './packsRegister.ts';

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
	/** Names all that the pages follow from: two equal ones give the same pages. */
	readonly ground: string;
}

/** The pages of a pack, and what they follow from. */
export interface ShownPack extends RenderedPack {
	/** As of `PackPreview`: pages of another ground are not those that would be made now. */
	readonly ground: string;
}

export function packsApi(context: CoreContext, ports: Promise<IntakePorts>, fonts: FontPort = bundledFonts) {
	/** What was shown is what is signed: the last rendering is kept for as long as all that it follows from stays as it is. */
	const kept = new WeakMap<OpenEngagement, ShownPack>();

	/** Member and pages of the pack that was confirmed with a passphrase and is not on record yet. */
	const confirmed = new WeakMap<OpenEngagement, string>();

	const render = async (engagement: VaultEngagement, request: PackRequest, job: JobControl): Promise<Answer<ShownPack>> => {
		const ground = await groundOf(engagement, request);
		const work = await workOf(engagement, request, context.now());
		if (!work.ok) return work;
		const known = kept.get(engagement);
		if (known?.ground === ground) return ok(known);
		kept.delete(engagement);
		const rendered = await renderEngagementPack(work.value, { intake: await ports, fonts }, job);
		if (!rendered.ok) return rendered;
		if ((await groundOf(engagement, request)) !== ground) return refuse('conflict', CHANGED_MEANWHILE);
		const shown: ShownPack = { ...rendered.value, ground };
		kept.set(engagement, shown);
		return ok(shown);
	};

	return {
		/** What would be in the pack, and every check by itself. Renders nothing. */
		plan(request: PackRequest): Promise<Answer<PackPreview>> {
			return onEngagement(context, async (engagement) => ok(await previewOf(engagement, request)));
		},

		/** The pages as they will be signed. */
		preview(request: PackRequest): Promise<Answer<ShownPack>> {
			return context.job('Preview of a pack', (job) => onEngagement(context, (engagement) => render(engagement, request, job)));
		},

		/**
		 * The bytes to be signed: those that were shown, and no others. Makes none.
		 * @param shownSha256 of the pages on screen
		 * @param confirmation of `session.confirmPassphrase`; each is good for one pack
		 */
		make(request: PackRequest, shownSha256: string, confirmation: string): Promise<Answer<ShownPack>> {
			return onEngagement(context, async (engagement) => {
				const work = await workOf(engagement, request, context.now());
				if (!work.ok) return work;
				const known = kept.get(engagement);
				if (known?.sha256 !== shownSha256 || known.ground !== (await groundOf(engagement, request))) return refuse('conflict', NOT_SHOWN);
				if (!engagement.confirmations.take(confirmation, engagement.memberId)) return refuse('not_allowed', NOT_CONFIRMED);
				confirmed.set(engagement, `${engagement.memberId} ${shownSha256}`);
				return ok(known);
			});
		},

		...packsRegister(context, {
			isConfirmed: (engagement, sha256) => confirmed.get(engagement) === `${engagement.memberId} ${sha256}`,
			begun: (engagement) => {
				kept.delete(engagement);
				confirmed.delete(engagement);
			},
		}),
	};
}

const CHANGED_MEANWHILE = 'The work papers or the evidence have changed while the pages were made. Preview again.';

const NOT_CONFIRMED = 'Nobody has confirmed this pack. Type your passphrase once more, then sign.';

const NOT_SHOWN =
	'The work papers or the evidence have changed since the pages on screen were made, so these are not the pages that would be signed. Preview again.';

/** What the pages follow from, as one hash: the request, the work papers as they stand, the evidence, results and heads. */
async function groundOf(engagement: VaultEngagement, request: PackRequest): Promise<string> {
	const importId = engagement.evidence()?.importId ?? null;
	const hashes = engagement.results()?.tests.map((test) => test.result_sha256) ?? null;
	const heads = importId === null ? [] : await headsKnownFor(engagement, importId);
	return sha256Hex(utf8(JSON.stringify([request, engagement.workbook().head, importId, hashes, heads])));
}

const findingsOf = (engagement: OpenEngagement, { findingIds }: PackRequest): Finding[] =>
	findingIds.flatMap((id) => engagement.workbook().findings.get(id) ?? []);

async function previewOf(engagement: VaultEngagement, request: PackRequest): Promise<PackPreview> {
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
		ground: await groundOf(engagement, request),
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
