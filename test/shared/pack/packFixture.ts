/** A minimal pack for tests of signing and checking: two pages, one embedded font, a handful of attachments, a manifest. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { PDFDocument, PDFHexString, PDFName, type PDFRef } from 'pdf-lib';
import { concatBytes, sha256Hex, utf8 } from '#kernel';
import {
	addSignatureSlots,
	encodeManifest,
	MANIFEST_FORMAT,
	MANIFEST_NAME,
	type ManifestRole,
	type PackManifest,
	slotContent,
} from '#pack';

const require = createRequire(import.meta.url);
const FONT = readFileSync(require.resolve('dejavu-fonts-ttf/ttf/DejaVuSans.ttf'));

export interface PackRequest {
	readonly roles?: readonly ManifestRole[];
	/** Names and contents of the attachments that the manifest lists. */
	readonly files?: Readonly<Record<string, string>>;
	/** What is embedded instead, or on top, without the manifest knowing. */
	readonly embedded?: readonly (readonly [name: string, content: string])[];
	/** Replaces the manifest's bytes. */
	readonly manifest?: (manifest: PackManifest) => Uint8Array;
	readonly change?: (document: PDFDocument) => void;
}

export const FILES = {
	'result.json': '{"format":"tieout-result/1"}',
	'data__lines.jsonl': '{"order":"SO-1"}\n{"order":"SO-2"}\n',
	'VERIFY.txt': 'How to verify.',
};

function manifestOf(files: Readonly<Record<string, string>>, roles: readonly ManifestRole[]): PackManifest {
	return {
		format: MANIFEST_FORMAT,
		pack_id: 'TP-2026-0001',
		created: '2026-01-15T10:00:00.000Z',
		tool: { name: 'tieout' },
		files: Object.entries(files)
			.map(([name, text]) => ({
				name,
				path: name.replace('__', '/'),
				sha256: sha256Hex(utf8(text)),
				size: utf8(text).length,
				mime: 'text/plain',
			}))
			.sort((a, b) => (a.name < b.name ? -1 : 1)),
		roles,
	};
}

const ROLES: readonly ManifestRole[] = [
	{ field: 'Preparer', required: true },
	{ field: 'Reviewer', required: false },
];
export const BOTH_REQUIRED: readonly ManifestRole[] = ROLES.map(({ field }) => ({ field, required: true }));

/** The unsigned pack: one revision, reserved signature, `%%EOF` and a line feed. */
export async function renderFixture(request: PackRequest = {}): Promise<Uint8Array> {
	const document = await PDFDocument.create({ updateMetadata: false });
	const { context } = document;
	document.registerFontkit(require('fontkit'));
	const font = await document.embedFont(FONT, { subset: true });
	const pages: PDFRef[] = [];
	for (const text of ['Tie-out of revenue, page 1: no exception é → Ω', 'Page 2']) {
		const page = document.addPage([595, 842]);
		page.drawText(text, { x: 50, y: 700, size: 12, font });
		pages.push(page.ref);
	}
	document.setTitle('Fixture');
	const resources = context.obj({ Font: { F0: font.ref } });
	const slot = (role: 'Preparer' | 'Reviewer', left: number) => ({
		page: pages[0] as PDFRef,
		rect: [left, 100, left + 200, 150] as const,
		appearance: {
			content: slotContent(
				role,
				'TP-2026-0001',
				{ fontName: 'F0', sizePt: 8, encode: (text) => font.encodeText(text).toString() },
				200,
				50,
			),
			resources,
		},
	});
	addSignatureSlots(document, { Preparer: slot('Preparer', 50), Reviewer: slot('Reviewer', 300) });
	attach(document, request);
	const id = PDFHexString.of('00112233445566778899aabbccddeeff');
	context.trailerInfo.ID = context.obj([id, id]);
	request.change?.(document);
	const bytes = await document.save({ useObjectStreams: false, addDefaultPage: false, updateFieldAppearances: false });
	return concatBytes(bytes, utf8('\n'));
}

function attach(document: PDFDocument, request: PackRequest): void {
	const files = request.files ?? FILES;
	const manifest = manifestOf(files, request.roles ?? ROLES);
	const bytes = request.manifest?.(manifest) ?? encodeManifest(manifest);
	const embedded = request.embedded ?? Object.entries(files);
	const { context, catalog } = document;
	const entries: [string, Uint8Array][] = [
		...embedded.map(([name, text]) => [name, utf8(text)] as [string, Uint8Array]),
		[MANIFEST_NAME, bytes],
	];
	const names = entries
		.sort(([a], [b]) => (a < b ? -1 : 1))
		.flatMap(([name, content]) => {
			const stream = context.register(context.flateStream(content, { Type: 'EmbeddedFile', Params: { Size: content.length } }));
			const title = PDFHexString.of(Buffer.from(name).toString('hex'));
			const file = context.register(
				context.obj({ Type: 'Filespec', F: title, UF: title, EF: { F: stream, UF: stream }, AFRelationship: 'Data' }),
			);
			return [title, file];
		});
	catalog.set(PDFName.of('Names'), context.obj({ EmbeddedFiles: { Names: names } }));
}
