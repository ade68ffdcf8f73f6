/** What the catalog says about the document as a whole: language, metadata, names, bookmarks, embedded files. */
import { type PDFContext, type PDFDocument, PDFName, PDFRawStream, type PDFRef, PDFString } from 'pdf-lib';
import { toHex, utf8 } from '#kernel';
import { MANIFEST_NAME } from './packManifest.ts';
import type { PackPlan } from './plan.ts';
import { type EmbeddedFile, openEmbedded, textString, writeAttachments } from './renderAttachments.ts';
import type { PageFlow } from './renderFlow.ts';
import { nameTree } from './renderNames.ts';
import { destination, writeOutline } from './renderOutline.ts';
import type { PackPage } from './renderPackPage.ts';
import { pdfDate } from './signatureForm.ts';
import { xmpPacket } from './xmp.ts';

export async function writeCatalog(
	document: PDFDocument,
	plan: PackPlan,
	flow: PageFlow,
	pages: readonly PackPage[],
	deflate: (bytes: Uint8Array) => Uint8Array,
	breathe?: () => Promise<void>,
): Promise<void> {
	const { context, catalog } = document;
	const files = await writeAttachments(context, embeddedFiles(plan), plan.info.created, deflate, breathe);
	for (const { annotation, file } of flow.fileLinks) openEmbedded(context, annotation, file);
	const set = (key: string, value: Parameters<typeof catalog.set>[1]) => catalog.set(PDFName.of(key), value);
	set('Lang', PDFString.of(plan.info.language));
	set('MarkInfo', context.obj({ Marked: true }));
	set('Metadata', metadata(context, plan));
	set('ViewerPreferences', context.obj({ DisplayDocTitle: true }));
	set('PageMode', PDFName.of('UseOutlines'));
	set('Names', context.obj({ Dests: destinations(context, flow), EmbeddedFiles: files.tree }));
	set('AF', context.obj([...files.specifications]));
	const position = new Map(pages.map(({ ref }, i) => [ref, i]));
	const outline = writeOutline(
		context,
		[...flow.headings].sort((a, b) => (position.get(a.page.ref) ?? 0) - (position.get(b.page.ref) ?? 0)),
	);
	if (outline !== null) set('Outlines', outline);
}

const embeddedFiles = ({ attachments, manifest }: PackPlan): EmbeddedFile[] => [
	...attachments,
	{
		name: MANIFEST_NAME,
		bytes: manifest.bytes,
		mime: 'application/json',
		relationship: 'Source',
		description: 'Every embedded file with its SHA-256',
	},
];

const destinations = (context: PDFContext, { anchors }: PageFlow): PDFRef =>
	nameTree(
		context,
		[...anchors].map(([name, { page, top }]) => [toHex(utf8(name)), context.obj([...destination(page.ref, top)])] as const),
	);

/** Not compressed, so that tools that know nothing of PDF can find it. */
function metadata(context: PDFContext, { info }: PackPlan): PDFRef {
	const bytes = utf8(xmpPacket(info));
	return context.register(PDFRawStream.of(context.obj({ Type: 'Metadata', Subtype: 'XML', Length: bytes.length }), bytes));
}

/** The information dictionary; XMP says the same. */
export function writeInfo(context: PDFContext, { info }: PackPlan): PDFRef {
	const date = PDFString.of(pdfDate(info.created));
	return context.register(
		context.obj({
			Title: textString(info.title),
			Author: textString(info.author),
			Subject: textString(info.subject),
			Creator: textString(info.creator),
			Producer: textString(info.producer),
			CreationDate: date,
			ModDate: date,
		}),
	);
}
