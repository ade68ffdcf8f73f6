/** A pack as its tests look at it: rendered once, opened with the library that did not lay it out, and read by strangers' programs. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { inflateSync } from 'node:zlib';
import { PDFArray, PDFDict, PDFDocument, PDFHexString, PDFName, PDFNumber, type PDFRawStream, PDFRef } from 'pdf-lib';
import { type PackInput, planPack, renderPack } from '#pack';
import { packFonts } from '../../../electron/services/packFonts.ts';

const fonts = packFonts();

export const render = (input: PackInput): Promise<Uint8Array> => renderPack(planPack(input), { fonts });

/** Writes a file into a folder of its own and returns its path. */
export function temporaryFile(bytes: Uint8Array): string {
	const path = join(mkdtempSync(join(tmpdir(), 'tieout-pack-')), 'pack.pdf');
	writeFileSync(path, bytes);
	return path;
}

export function runTool(program: string, ...args: readonly string[]): { readonly status: number | null; readonly out: string } {
	const { status, stdout, stderr } = spawnSync(program, args, { encoding: 'utf8', maxBuffer: 1 << 26 });
	return { status, out: stdout + stderr };
}

/** The text of every page, in order. */
export const pageTexts = (path: string): string[] => runTool('pdftotext', '-layout', path, '-').out.split('\f').slice(0, -1);

export interface OpenPack {
	readonly document: PDFDocument;
	readonly catalog: PDFDict;
	/** Object numbers of the pages, in order. */
	readonly pages: readonly number[];
	/** Page position (from 0) by name of a destination. */
	readonly destinations: ReadonlyMap<string, number>;
	/** Names that links lead to, with the page they stand on. */
	readonly links: readonly { readonly name: string; readonly page: number }[];
	/** Content streams of the pages, inflated, in order. */
	readonly contents: readonly string[];
}

export async function openPack(bytes: Uint8Array): Promise<OpenPack> {
	const document = await PDFDocument.load(bytes, { updateMetadata: false });
	const pages = document.getPages().map(({ ref }) => ref.objectNumber);
	const { catalog } = document;
	const links = document.getPages().flatMap(({ node }, page) => {
		const annotations = node.lookupMaybe(PDFName.of('Annots'), PDFArray);
		return (annotations?.asArray() ?? []).flatMap((ref) => {
			const destination = document.context.lookup(ref, PDFDict).get(PDFName.of('Dest'));
			return destination instanceof PDFHexString ? [{ name: textOf(destination), page }] : [];
		});
	});
	const contents = document.getPages().map(({ node }) => {
		const streams = node.lookup(PDFName.of('Contents'), PDFArray);
		return streams
			.asArray()
			.map((ref) => Buffer.from(inflateSync((document.context.lookup(ref as PDFRef) as PDFRawStream).contents)).toString('latin1'))
			.join('\n');
	});
	const names = catalog.lookup(PDFName.of('Names'), PDFDict);
	const destinations = new Map<string, number>();
	readTree(document, names.lookup(PDFName.of('Dests'), PDFDict), (name, value) => {
		const page = (document.context.lookup(value, PDFArray).get(0) as PDFRef).objectNumber;
		destinations.set(name, pages.indexOf(page));
	});
	return { document, catalog, pages, destinations, links, contents };
}

const textOf = (name: PDFHexString): string => Buffer.from(name.asString(), 'hex').toString('utf8');

function readTree(document: PDFDocument, node: PDFDict, visit: (name: string, value: PDFArray | PDFRef) => void): void {
	for (const kid of node.lookupMaybe(PDFName.of('Kids'), PDFArray)?.asArray() ?? [])
		readTree(document, document.context.lookup(kid, PDFDict), visit);
	const entries = node.lookupMaybe(PDFName.of('Names'), PDFArray)?.asArray() ?? [];
	for (let i = 0; i < entries.length; i += 2) visit(textOf(entries[i] as PDFHexString), entries[i + 1] as PDFArray | PDFRef);
}

export interface Bookmark {
	readonly title: string;
	readonly page: number;
	readonly kids: readonly Bookmark[];
}

export function bookmarks({ document, catalog, pages }: OpenPack): readonly Bookmark[] {
	const kidsOf = (parent: PDFDict): Bookmark[] => {
		const found: Bookmark[] = [];
		for (let ref = parent.get(PDFName.of('First')); ref instanceof PDFRef; ) {
			const entry = document.context.lookup(ref, PDFDict);
			const page = entry.lookup(PDFName.of('Dest'), PDFArray).get(0) as PDFRef;
			found.push({
				title: entry.lookup(PDFName.of('Title'), PDFHexString).decodeText(),
				page: pages.indexOf(page.objectNumber),
				kids: kidsOf(entry),
			});
			ref = entry.get(PDFName.of('Next'));
		}
		return found;
	};
	return kidsOf(catalog.lookup(PDFName.of('Outlines'), PDFDict));
}

export const numberOf = (dictionary: PDFDict, key: string): number => dictionary.lookup(PDFName.of(key), PDFNumber).asNumber();
