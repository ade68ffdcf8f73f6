/** From facts to a pack: a pure value that says every word, can be previewed, and knows nothing about paper. */
import { invariant, parseInstant, type Sha256Hex, sha256Hex } from '#kernel';
import { type HashedAttachment, hashAttachments } from './attachments.ts';
import type { Section } from './planBlocks.ts';
import { planAppendix, planSignatures } from './planClosing.ts';
import { planCover } from './planCover.ts';
import { planFiles } from './planFiles.ts';
import { planFindings } from './planFindings.ts';
import { instant, preparedBy } from './planFormat.ts';
import type { PackInput } from './planInput.ts';
import { planIntegrity } from './planIntegrity.ts';
import { planIpe } from './planIpe.ts';
import { type PlannedManifest, planManifest } from './planManifest.ts';
import { planScope } from './planScope.ts';
import { planTests, planUnfinished } from './planTests.ts';
import { numberTimelines, planTimelines } from './planTimelines.ts';
import type { DocumentInfo } from './xmp.ts';

export interface PackPlan {
	readonly packId: string;
	readonly info: DocumentInfo;
	/** At the top left of every page but the cover. */
	readonly header: string;
	/** At the bottom left of every page. */
	readonly footer: string;
	/** The first is the cover; the table of contents follows it. */
	readonly sections: readonly Section[];
	readonly attachments: readonly HashedAttachment[];
	readonly manifest: PlannedManifest;
}

/**
 * Plans an audit pack.
 * @param hash SHA-256 as lower-case hex; a native one saves seconds where many documents are attached
 */
export function planPack(input: PackInput, hash: (bytes: Uint8Array) => string = sha256Hex): PackPlan {
	const created = parseInstant(input.created);
	invariant(created.ok, `the pack's date ${input.created} is an instant`);
	const attachments = hashAttachments(input.attachments, hash);
	const manifest = planManifest(input, attachments);
	const { client, periodFrom, periodTo, asOf } = input.engagement;
	const { tool, packId } = input;
	return {
		packId,
		info: {
			title: `Audit pack ${packId}: ${client}, ${periodFrom} to ${periodTo}`,
			author: preparedBy(input.engagement),
			subject: `Order-to-revenue audit of ${client}, data as of ${instant(asOf)}`,
			creator: `${tool.name} ${tool.version}`,
			producer: tool.pdf,
			created: created.value,
			language: 'en',
			identifier: identifierOf(manifest.sha256),
		},
		header: `${client}  ·  ${packId}`,
		footer: `Data as of ${instant(asOf)}  ·  ${tool.name} ${tool.version}`,
		sections: planSections(input, attachments, manifest),
		attachments,
		manifest,
	};
}

/** The file's identifier follows from what it holds: 128 bits of the manifest's hash. */
const identifierOf = (sha256: Sha256Hex): string => sha256.slice(0, 32);

function planSections(input: PackInput, attachments: readonly HashedAttachment[], manifest: PlannedManifest): Section[] {
	const sections = [planCover(input, manifest.sha256)];
	let count = 0;
	const next = (): string => String(++count);
	sections.push(planScope(input, next()));
	if (input.findings.length > 0) sections.push(planFindings(input, next()));
	sections.push(planIpe(input, next()), planIntegrity(input, next()));
	const [tests, unfinished, timelines] = [next(), next(), next()];
	const timelineNumbers = numberTimelines(input, timelines);
	sections.push(
		planTests(input, tests, timelineNumbers),
		planUnfinished(input, unfinished, timelineNumbers),
		planTimelines(input, timelines),
	);
	sections.push(planFiles(attachments, next(), manifest), planSignatures(input, next(), manifest.sha256), ...planAppendix(input));
	return sections;
}
