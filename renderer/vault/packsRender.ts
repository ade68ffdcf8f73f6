/** Makes the unsigned bytes of a pack: the tests once more, to the very results on record, then gathered, planned, rendered. */
import { packInputOf, type Redaction } from '#assembly';
import { type AuditResult, CATALOGUE, checkOverrides } from '#audit';
import { formatVerifierKey, type SealedHeads, type VerifierKey } from '#evidence';
import type { Finding } from '#findings';
import { type AuditedDrop, type AuditOptions, type ImportedDrop, type IntakePorts, resultOf } from '#intake';
import { err, invariant, ok } from '#kernel';
import { type PackPlan, planPack, renderPack } from '#pack';
import type { Answer, JobControl, LoadedEvidence, OpenEngagement } from './contract.ts';
import { dropErrorAsVault } from './loadedEvidence.ts';
import { type FontPort, fontHashes, withFonts } from './packFonts.ts';
import { citedByFindings, writtenFinding } from './packsFindings.ts';
import { trustedKeysOf } from './presentKeys.ts';
import { runStored } from './runStored.ts';
import { refuse, VaultFailure } from './vaultError.ts';

interface PackEntry {
	readonly number: string;
	readonly title: string;
	readonly level: 1 | 2 | 3;
}

export interface RenderedPack {
	readonly packId: string;
	/** `<packId>.pdf`. */
	readonly fileName: string;
	/** Milliseconds: what the preparer's signature must claim as its time. */
	readonly created: number;
	readonly preparedBy: string;
	/** Unsigned, with both signature fields in place. */
	readonly bytes: Uint8Array<ArrayBuffer>;
	/** Of `bytes`. */
	readonly sha256: string;
	readonly pages: number;
	readonly contents: readonly PackEntry[];
	readonly attachments: readonly { readonly name: string; readonly description: string; readonly bytes: number }[];
	/** What a reader must know about what is left out, one sentence each. */
	readonly notes: readonly string[];
	readonly findingIds: readonly string[];
}

export interface PackWork {
	readonly engagement: OpenEngagement;
	readonly loaded: LoadedEvidence;
	readonly results: AuditResult;
	readonly findings: readonly Finding[];
	readonly redaction: Redaction;
	/** What hubs have put on record, whether or not it holds for this evidence. */
	readonly heads: readonly SealedHeads[];
	readonly preparedBy: string;
	readonly version: string;
	readonly created: number;
}

export interface PackPorts {
	readonly intake: IntakePorts;
	readonly fonts: FontPort;
}

export async function renderEngagementPack(work: PackWork, ports: PackPorts, job: JobControl): Promise<Answer<RenderedPack>> {
	const { engagement, loaded, results, findings, redaction, heads, preparedBy, version, created } = work;
	const drop = await loaded.withLogs(job);
	if (!drop.ok) return drop;
	const workbook = engagement.workbook();
	const keys = trustedKeysOf(workbook);
	const audited = await auditAgain(drop.value, loaded, results, keys, ports.intake, job);
	if (!audited.ok) return audited;
	const trustedKey = keys.find((key) => formatVerifierKey(key) === drop.value.manifest.claimedLogKey) ?? keys[0] ?? null;
	const origin = trustedKey ? workbook.trustedKeys.get(formatVerifierKey(trustedKey))?.origin : undefined;
	job.progress('Gathering evidence', 0, 0, '');
	const gathered = await packInputOf(
		loaded.source,
		audited.value,
		ports.intake,
		{
			preparedBy,
			organisation: workbook.engagement.organisation,
			created,
			version,
			fonts: await fontHashes(ports.fonts),
			findings: findings.map((finding) => writtenFinding(workbook, finding)),
			cited: citedByFindings(findings, drop.value, audited.value.result),
			redaction,
			heads,
			trustedKey,
			...(origin ? { keyOrigin: origin } : {}),
		},
		job.signal,
	);
	if (!gathered.ok) return err(dropErrorAsVault(gathered.error));
	const sha256 = hasher(ports.intake);
	const plan = planPack(gathered.value.input, sha256);
	const { bytes, pages } = await renderPages(plan, ports, job);
	return ok({
		packId: plan.packId,
		fileName: `${plan.packId}.pdf`,
		created,
		preparedBy,
		bytes,
		sha256: sha256(bytes),
		pages,
		contents: contentsOf(plan),
		attachments: plan.attachments.map(({ name, description, bytes: { length } }) => ({ name, description, bytes: length })),
		notes: gathered.value.notes,
		findingIds: findings.map(({ findingId }) => findingId),
	});
}

const hasher =
	({ sha256 }: IntakePorts) =>
	(bytes: Uint8Array): string => {
		const hash = sha256();
		hash.update(bytes);
		return hash.hex();
	};

/**
 * The recorded tests with their recorded parameters, run once more on the evidence as it is stored: a pack states nothing that does not
 * come out again. Rows are needed too, and results name them by hash only.
 */
async function auditAgain(
	drop: ImportedDrop,
	{ source }: LoadedEvidence,
	results: AuditResult,
	trustedKeys: readonly VerifierKey[],
	ports: IntakePorts,
	job: JobControl,
): Promise<Answer<AuditedDrop>> {
	const recorded = new Map(results.tests.map((result) => [result.test, result]));
	const tests = CATALOGUE.filter(({ id, version }) => recorded.get(id)?.version === version);
	const overrides = checkOverrides(Object.fromEntries(results.tests.map(({ test, parameters }) => [test, parameters])), CATALOGUE);
	if (!overrides.ok || tests.length < recorded.size) return runAgain();
	const options: AuditOptions = {
		// Where disclosures are left out, the drop is read once more: under the same keys, and against the same heads.
		trustedKeys,
		previousHeads: [...drop.sealed.values()].flatMap(({ verification }) => verification.contradicts ?? []),
		tests,
		overrides: overrides.value,
		signal: job.signal,
		onProgress: (phase, done, total, unit) => job.progress(phase, done, total, unit),
	};
	const ran = await runStored(drop, source, ports, options);
	if (!ran.ok) return ran;
	const { runs, results: found } = ran.value;
	const different = found.filter(({ test, result_sha256: hash }) => recorded.get(test)?.result_sha256 !== hash);
	if (different.length > 0) return runAgain(different.map(({ test }) => test));
	return ok({ drop, runs, result: resultOf(drop, found), options });
}

const runAgain = (tests: readonly string[] = []): Answer<never> =>
	refuse(
		'conflict',
		`${tests.length === 0 ? 'Some tests' : tests.slice(0, 8).join(', ')} come out otherwise than recorded, for a rule, a parameter or a trusted key has changed since. Run the tests again, then make the pack.`,
	);

async function renderPages(
	plan: PackPlan,
	{ fonts, intake }: PackPorts,
	job: JobControl,
): Promise<{ bytes: Uint8Array<ArrayBuffer>; pages: number }> {
	let pages = 0;
	const breathe = async (): Promise<void> => {
		await intake.breathe();
		if (job.signal.aborted) throw new VaultFailure('cancelled', 'The pack was cancelled; nothing was made.');
	};
	const bytes = await withFonts(fonts, (files) =>
		renderPack(plan, { fonts: files, breathe }, (progress) => {
			pages = progress.pages;
			job.progress('Rendering pages', progress.section, progress.sections, 'sections');
		}),
	);
	await breathe();
	invariant(pages > 0, 'a pack has pages');
	return { bytes, pages };
}

const contentsOf = ({ sections }: PackPlan): PackEntry[] =>
	sections.flatMap(({ blocks }) =>
		blocks.flatMap((block) =>
			block.kind === 'heading' && block.listed ? [{ number: block.number, title: block.text, level: block.level }] : [],
		),
	);
