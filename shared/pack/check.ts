/**
 * The strict verifier of packs. It trusts nothing in the file and whitelists: every byte accounted for, every signature's
 * coverage, every later revision, every embedded file, every role. It judges any bytes at all and never throws.
 */
import type { TrustMaterial } from './certificateChain.ts';
import { type AttachmentsAnswer, checkAttachments, collectAttachments } from './checkAttachments.ts';
import { type CheckFinding, finding } from './checkCodes.ts';
import { checkContent } from './checkContent.ts';
import { type CheckEvidence, type EvidenceAnswer, NO_EVIDENCE } from './checkEvidence.ts';
import { collectSignatures } from './checkFindSignatures.ts';
import { type CheckReport, toReport } from './checkReport.ts';
import { checkRevisions } from './checkRevisions.ts';
import { securityStore } from './checkSecurityStore.ts';
import { judgeSignature, type SignatureJudgement } from './checkSignature.ts';
import { MANIFEST_NAME, type PackManifest } from './packManifest.ts';
import { type FileFault, type PdfFile, readPdfFile } from './pdfSyntaxFile.ts';
import { type Survey, surveyPdf } from './pdfSyntaxSurvey.ts';
import { dictOf, entryOf, type PdfObject, pdfText } from './pdfSyntaxValue.ts';
import type { VerifyPorts } from './signatureAlgorithm.ts';
import type { Certificate, RevocationList } from './x509.ts';

export interface CheckOptions {
	readonly ports: VerifyPorts;
	/** Trust anchors: roots, intermediates, or a signer's own certificate to pin it. Left out: who signed is not judged. */
	readonly caRoots?: readonly Certificate[];
	readonly revocations?: readonly RevocationList[];
	/** Verifies the embedded evidence, with the log keys it was made with. Left out: no proof is checked. */
	readonly checkEvidence?: CheckEvidence;
	/** Roles somebody outside the pack demands, besides those its manifest requires. */
	readonly expectedRoles?: readonly string[];
}

export interface CheckOutcome {
	readonly report: CheckReport;
	/** Null where it could not be read. */
	readonly manifest: PackManifest | null;
	/** The embedded files that are what the manifest says, by attachment name. */
	readonly files: ReadonlyMap<string, Uint8Array>;
}

/** Judges `bytes`. The verdict is the worst of all objections, and all of them are in the report. */
export async function checkPack(bytes: Uint8Array, options: CheckOptions): Promise<CheckReport> {
	return (await inspectPack(bytes, options)).report;
}

/** As `checkPack`, and hands over the manifest and files it found sound, for whoever re-runs the tests on them. */
export async function inspectPack(bytes: Uint8Array, options: CheckOptions): Promise<CheckOutcome> {
	try {
		return await inspect(bytes, options);
	} catch (error) {
		const broken = [finding('check_failed', error instanceof Error ? error.message : String(error))];
		return { report: toReport(broken, [], bytes.length, NO_ATTACHMENTS, NO_EVIDENCE), manifest: null, files: new Map() };
	}
}

const NO_ATTACHMENTS: AttachmentsAnswer = { manifest: null, files: new Map(), declared: 0, findings: [] };

async function inspect(bytes: Uint8Array, options: CheckOptions): Promise<CheckOutcome> {
	const signatures = collectSignatures();
	const content = checkContent();
	const embedded = collectAttachments();
	const claim = collectClaim();
	const read = readPdfFile(bytes, (object) => {
		for (const collector of [signatures, content, embedded, claim]) collector.visit(object);
	});
	if (!read.ok || !claim.isPack()) return inspectForeign(bytes, options, read.ok ? null : read.error);
	const file = read.value;
	const found = signatures.found();
	const store = securityStore(file, options.ports);
	const material: TrustMaterial = { roots: options.caRoots ?? null, revocations: [...(options.revocations ?? []), ...store.revocations] };
	const revisionEnds = new Set(file.revisions.map(({ end }) => end));
	const context = { bytes, revisionEnds, strict: true, material, storedCertificates: store.certificates, ports: options.ports };
	const judgements: SignatureJudgement[] = [];
	for (const signature of found) judgements.push(await judgeSignature(signature, context));
	const revisions = checkRevisions(file, found);
	const attachments = checkAttachments(file, embedded, options.ports);
	const evidence = attachments.manifest === null ? NO_EVIDENCE : await evidenceOf(attachments, attachments.manifest, options);
	const findings = [
		...judgements.flatMap((judgement) => judgement.findings),
		...judgements.flatMap((judgement) => ownRevisionFindings(judgement, file)),
		...revisions.findings,
		...content.finish(file),
		...attachments.findings,
		...roleFindings(judgements, attachments.manifest, options.expectedRoles ?? []),
		...evidence.codes,
	];
	return {
		report: toReport(findings, judgements, bytes.length, attachments, evidence),
		manifest: attachments.manifest,
		files: attachments.files,
	};
}

function evidenceOf(
	attachments: AttachmentsAnswer,
	manifest: PackManifest,
	options: CheckOptions,
): EvidenceAnswer | Promise<EvidenceAnswer> {
	return options.checkEvidence === undefined ? NO_EVIDENCE : options.checkEvidence(attachments.files, manifest);
}

/** Whether a file says it is a pack: it names a manifest, or a signature field of a pack's. What it says is then held against it. */
function collectClaim() {
	let claims = false;
	return {
		visit({ value }: PdfObject): void {
			const dict = dictOf(value);
			if (dict === null || claims) return;
			claims =
				[entryOf(dict, 'F'), entryOf(dict, 'UF')].some((name) => pdfText(name) === MANIFEST_NAME) && entryOf(dict, 'EF') !== undefined;
		},
		isPack: (): boolean => claims,
	};
}

/** Any other file, or a pack too damaged to read strictly: signature facts, and every anomaly of them. */
async function inspectForeign(bytes: Uint8Array, options: CheckOptions, fault: FileFault | null): Promise<CheckOutcome> {
	const signatures = collectSignatures();
	const claim = collectClaim();
	const survey = surveyPdf(bytes, options.ports.inflate, (object) => {
		signatures.visit(object);
		claim.visit(object);
	});
	const found = signatures.found();
	const isPack = claim.isPack();
	const material: TrustMaterial = { roots: options.caRoots ?? null, revocations: options.revocations ?? [] };
	const context = {
		bytes,
		revisionEnds: new Set(survey.revisionEnds),
		strict: isPack,
		material,
		storedCertificates: [],
		ports: options.ports,
	};
	const judgements: SignatureJudgement[] = [];
	for (const signature of found) judgements.push(await judgeSignature(signature, context));
	const findings = [
		...foreignFindings(survey, isPack, fault),
		...tailFindings(judgements, bytes.length),
		...judgements.flatMap((judgement) => judgement.findings),
	];
	return { report: toReport(findings, judgements, bytes.length, NO_ATTACHMENTS, NO_EVIDENCE), manifest: null, files: new Map() };
}

/** Other writers' PDFs may use all of the format; only what no PDF may do is held against them. */
function foreignFindings(survey: Survey, isPack: boolean, fault: FileFault | null): CheckFinding[] {
	const findings: CheckFinding[] = [];
	if (fault !== null && (isPack || fault.code === 'not_a_pdf' || fault.code === 'leading_bytes'))
		findings.push(finding(fault.code, `byte ${fault.at}: ${fault.detail}`));
	else if (survey.revisionEnds.length === 0) findings.push(finding('truncated', 'there is no %%EOF'));
	if (!isPack && fault?.code !== 'not_a_pdf') findings.push(finding('not_a_tieout_pack', `no embedded ${MANIFEST_NAME}`));
	return findings;
}

/** The signature that covers most must cover everything. */
function tailFindings(judgements: readonly SignatureJudgement[], length: number): CheckFinding[] {
	const end = judgements.reduce((most, { coverage }) => Math.max(most, coverage.range?.end ?? 0), 0);
	return end === 0 || end === length ? [] : [finding('bytes_after_signature', `${length - end} bytes`)];
}

/** A signature stands in the revision whose end it covers: neither an earlier one kept back, nor a later one. */
function ownRevisionFindings({ signature, coverage }: SignatureJudgement, file: PdfFile): CheckFinding[] {
	const own = file.revisions.find(({ start, end }) => signature.objectStart >= start && signature.objectStart < end);
	if (coverage.range === null || own === undefined || coverage.range.end === own.end) return [];
	return [
		finding(
			'signature_in_other_revision',
			`${signature.field ?? `object ${signature.objectNumber}`} covers ${coverage.range.end} bytes of a revision that ends at ${own.end}`,
		),
	];
}

function roleFindings(
	judgements: readonly SignatureJudgement[],
	manifest: PackManifest | null,
	expected: readonly string[],
): CheckFinding[] {
	const roles = manifest?.roles ?? [];
	const signed = new Set(
		judgements
			.filter(({ signature, coverage }) => !signature.isTimestamp && coverage.value !== null)
			.map(({ signature }) => signature.field),
	);
	const required = new Set([...roles.filter((role) => role.required).map(({ field }) => field), ...expected]);
	const findings = [...required].filter((field) => !signed.has(field)).map((field) => finding('role_not_signed', field));
	const known = new Set(roles.map(({ field }) => field));
	const seen = new Set<string | null>();
	for (const { signature } of judgements) {
		const { field } = signature;
		if (manifest !== null && !signature.isTimestamp && (field === null || !known.has(field) || seen.has(field)))
			findings.push(finding('signature_without_role', field ?? `object ${signature.objectNumber}`));
		seen.add(field);
	}
	return findings;
}
