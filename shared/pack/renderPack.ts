/** From a plan to the bytes of a PDF, unsigned, with both signature fields in place. Equal plans and fonts give equal bytes. */
import { zlibSync } from 'fflate';
import { type PDFContext, PDFDict, PDFDocument, PDFName, PDFRef } from 'pdf-lib';
import { invariant } from '#kernel';
import { type FontFiles, PackFonts } from './fonts.ts';
import { boxesOf } from './layoutBlocks.ts';
import type { Box } from './layoutBox.ts';
import { contentsBoxes, contentsPages } from './layoutContents.ts';
import { TextSetter } from './layoutText.ts';
import { CONTENT_HEIGHT, CONTENT_WIDTH } from './layoutTheme.ts';
import type { PackPlan } from './plan.ts';
import type { Block, HeadingBlock, Section } from './planBlocks.ts';
import { writeCatalog, writeInfo } from './renderCatalog.ts';
import { writeFile } from './renderFile.ts';
import { PageFlow } from './renderFlow.ts';
import { writeLateNumbers } from './renderLate.ts';
import type { PackPage } from './renderPackPage.ts';
import { writePageTree, writeSharedStreams } from './renderPages.ts';
import { writeSlots } from './renderSlots.ts';
import { StructureTree } from './tags.ts';
import { ObjectArena } from './tagsArena.ts';

export interface RenderResources {
	readonly fonts: FontFiles;
	/** zlib stream of the bytes. The default is fflate, whose output is the same on every machine; a native one is faster but may differ. */
	readonly deflate?: (bytes: Uint8Array) => Uint8Array;
	/** Called every few pages: lets other work of the thread run. What it rejects with ends the rendering. */
	readonly breathe?: () => Promise<void>;
}

export interface RenderProgress {
	readonly pages: number;
	/** The section being drawn, counted from 1, and of how many. */
	readonly section: number;
	readonly sections: number;
}

type Deflate = (bytes: Uint8Array) => Uint8Array;

/** Pages are many and alike: a small window and few tries cost 4 % in size and save half the time. */
const deflatePage: Deflate = (bytes) => zlibSync(bytes, { level: 3, mem: 1 });
const deflateFile: Deflate = (bytes) => zlibSync(bytes, { level: 6 });

/**
 * Renders a pack. Takes about a second for a thousand pages; their bytes stay in memory (3 to 9 kB a page).
 * @returns a PDF 1.7 file that ends with `%%EOF` and a line feed, ready for the preparer's signature to be filled in
 */
export async function renderPack(
	plan: PackPlan,
	resources: RenderResources,
	onProgress?: (progress: RenderProgress) => void,
): Promise<Uint8Array<ArrayBuffer>> {
	const document = await PDFDocument.create({ updateMetadata: false });
	const { context, catalog } = document;
	const deflate = resources.deflate ?? deflatePage;
	const fonts = new PackFonts(resources.fonts);
	const setter = new TextSetter(fonts);
	const arena = new ObjectArena(() => ++context.largestObjectNumber);
	const tags = new StructureTree(arena);
	const fontDictionary = PDFDict.withContext(context);
	const sharedResources = context.register(context.obj({ Font: fontDictionary }));
	const streams = { context, setter, deflate, header: context.nextRef(), footer: context.nextRef() };
	const progress = { section: 0 };
	const flow = new PageFlow({
		...streams,
		tags,
		resources: sharedResources,
		onPage: (pages) => onProgress?.({ pages, section: progress.section, sections: plan.sections.length }),
	});
	const pages = await drawPages(plan, flow, streams, progress, resources.breathe);
	writeSharedStreams(streams, plan, pages.length);
	writePageTree(context, catalog, pages);
	await writeCatalog(document, plan, flow, pages, resources.deflate ?? deflateFile, resources.breathe);
	writeSlots(document, flow.slots, sharedResources, setter, plan.packId);
	catalog.set(PDFName.of('StructTreeRoot'), PDFRef.of(tags.finish()));
	await fonts.embed(context, fontDictionary);
	const info = writeInfo(context, plan);
	return writeFile(context, arena, { root: context.trailerInfo.Root as PDFRef, info, identifier: plan.info.identifier });
}

/** Pages in reading order: cover, contents, then the rest. The contents are drawn last, since only then pages are known. */
async function drawPages(
	plan: PackPlan,
	flow: PageFlow,
	streams: { readonly context: PDFContext; readonly setter: TextSetter; readonly deflate: Deflate },
	progress: { section: number },
	breathe: RenderResources['breathe'],
): Promise<PackPage[]> {
	const [cover, ...sections] = plan.sections;
	invariant(cover !== undefined, 'a pack has a cover');
	flow.beginSection('', false, 1);
	progress.section++;
	await drawSection(cover, flow, breathe);
	const coverPages = flow.pages.length;
	const listed = sections.flatMap(({ blocks }) => blocks.filter(isListed));
	const contents = contentsPages(listed, CONTENT_HEIGHT - CONTENTS_HEAD, CONTENT_WIDTH, flow.setter);
	flow.tags.open('Sect');
	const contentsElement = flow.tags.setAside();
	let number = coverPages + contents.length + 1;
	for (const section of sections) {
		progress.section++;
		flow.beginSection(section.title, true, number);
		await drawSection(section, flow, breathe);
		number = flow.nextNumber;
	}
	flow.finishPage();
	const bodyPages = flow.pages.length;
	flow.tags.resume(contentsElement);
	flow.beginSection('Contents', true, coverPages + 1);
	const numbers = new Map(flow.pages.map(({ ref }, i) => [ref, i < coverPages ? i + 1 : i + 1 + contents.length]));
	const numberOf = (anchor: string): string => {
		const page = flow.anchors.get(anchor)?.page;
		return page === undefined ? '' : String(numbers.get(page.ref) ?? '');
	};
	drawContents(contents, flow, numberOf);
	flow.tags.close();
	flow.finishPage();
	writeLateNumbers(streams, flow.lateNumbers, numberOf);
	invariant(flow.pages.length - bodyPages === contents.length, 'the table of contents has as many pages as were left for it');
	return [...flow.pages.slice(0, coverPages), ...flow.pages.slice(bodyPages), ...flow.pages.slice(coverPages, bodyPages)];
}

const isListed = (block: Block): block is HeadingBlock => block.kind === 'heading' && block.listed && block.level < 3;

const PAGES_A_BREATH = 24;

async function drawSection(section: Section, flow: PageFlow, breathe: RenderResources['breathe']): Promise<void> {
	flow.tags.open('Sect');
	let breathed = flow.pages.length;
	for (const _ of flow.placing(boxesOfAll(section.blocks, flow.setter))) {
		if (breathe === undefined || flow.pages.length - breathed < PAGES_A_BREATH) continue;
		breathed = flow.pages.length;
		await breathe();
	}
	flow.tags.close();
}

function* boxesOfAll(blocks: readonly Block[], setter: TextSetter): Generator<Box> {
	for (const block of blocks) yield* boxesOf(block, CONTENT_WIDTH, setter);
}

const CONTENTS_HEAD = 60;
const CONTENTS_TITLE: HeadingBlock = { kind: 'heading', level: 1, number: '', text: 'Contents', anchor: 'contents', listed: false };
const NEW_PAGE: Box = { height: 0, breaksPage: true, draw: () => undefined };

function drawContents(pages: readonly (readonly HeadingBlock[])[], flow: PageFlow, pageOf: (anchor: string) => string): void {
	for (const [i, entries] of pages.entries()) {
		const head = i === 0 ? boxesOf(CONTENTS_TITLE, CONTENT_WIDTH, flow.setter) : [NEW_PAGE];
		flow.place([...head, ...contentsBoxes(entries, pageOf, CONTENT_WIDTH, flow.setter)]);
	}
}
