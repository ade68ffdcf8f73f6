/** What is embedded: delivery proofs and other documents, then the data. Files are attached as they are, never merged into pages. */
import type { HashedAttachment } from './attachments.ts';
import { MANIFEST_NAME } from './packManifest.ts';
import { fileAnchor } from './planAnchors.ts';
import { type Block, type Cell, paragraphs, type Run, type Section, text } from './planBlocks.ts';
import { bytes, hashRun, plural } from './planFormat.ts';

export function planFiles(
	attachments: readonly HashedAttachment[],
	number: string,
	manifest: { readonly bytes: Uint8Array; readonly sha256: string },
): Section {
	const documents = attachments.filter(({ isDocument }) => isDocument);
	const data = attachments.filter(({ isDocument }) => !isDocument);
	const manifestRow: Cell[] = [
		paragraphs([{ text: MANIFEST_NAME, bold: true }], 'the list of everything else, with the hashes below'),
		paragraphs([hashRun(manifest.sha256)]),
		bytes(manifest.bytes.length),
	];
	return {
		title: 'Embedded files',
		blocks: [
			{ kind: 'heading', level: 1, number, text: 'Embedded files', anchor: 'files', listed: true },
			text(
				'The evidence itself. Every file below is inside this PDF; a reader’s attachment list or pdfdetach takes it out, and its SHA-256 must be the one printed here and in manifest.json.',
				'lead',
			),
			{ kind: 'heading', level: 2, number: `${number}.1`, text: 'Delivery proofs and other documents', anchor: 'proofs', listed: true },
			text(
				documents.length === 0
					? 'None is embedded.'
					: `${plural(documents.length, 'document')}, as the company keeps them. Their names open them in readers that can.`,
			),
			fileTable('Delivery proofs and other documents', documents.map(fileRow), 'No document is linked to an order in this pack.'),
			{ kind: 'heading', level: 2, number: `${number}.2`, text: 'Data, proofs and manifests', anchor: 'data-files', listed: true },
			text(
				`${plural(data.length, 'file')}, and manifest.json, which lists ${documents.length === 0 ? 'them' : 'these and the documents above'}.`,
			),
			fileTable('Data, proofs and manifests', [manifestRow, ...data.map(fileRow)], ''),
		],
	};
}

function fileRow({ name, path, description, mime, sha256, isDocument, bytes: content }: HashedAttachment): Cell[] {
	const title: Run = { text: name, bold: true, anchor: fileAnchor(name), ...(mime === 'application/pdf' ? { file: name } : {}) };
	return [
		paragraphs(
			[title],
			[
				{ text: description },
				...(isDocument || path.replaceAll('/', '__') === name ? [] : [{ text: ` · ${path}`, tone: 'muted' as const }]),
			],
		),
		paragraphs([hashRun(sha256)]),
		bytes(content.length),
	];
}

const fileTable = (continued: string, rows: readonly (readonly Cell[])[], empty: string): Block => ({
	kind: 'table',
	tagging: rows.length > 400 ? 'rows' : 'cells',
	dense: true,
	continued,
	columns: [{ head: 'File', maxShare: 0.52 }, { head: 'SHA-256' }, { head: 'Size', align: 'right', firm: true }],
	rows,
	...(empty === '' ? {} : { empty }),
});
