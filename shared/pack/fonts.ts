/** The fonts of a pack: loaded when a character first needs them, subset to what was used, embedded at the end. */
import { create, type FontkitFont } from 'fontkit';
import { CustomFontSubsetEmbedder, type PDFContext, type PDFDict, PDFName, type PDFRef } from 'pdf-lib';
import type { Glyph, GlyphSource, ShapedGlyph, TextStyle } from './glyphs.ts';

export type FaceId = 'regular' | 'semibold' | 'mono' | 'symbols' | 'chinese' | 'korean';

/** Font file bytes by face. A getter may load a face when it is first asked for: CJK fonts are large and rarely needed. */
export type FontFiles = Readonly<Record<FaceId, Uint8Array>>;

/** Names of the font files, as a pack's manifest lists them and the window's bundle serves them. */
export const FONT_FILES: Readonly<Record<FaceId, string>> = {
	regular: 'NotoSans_400Regular.ttf',
	semibold: 'NotoSans_600SemiBold.ttf',
	mono: 'NotoSansMono_400Regular.ttf',
	symbols: 'DejaVuSans.ttf',
	chinese: 'NotoSansSC_400Regular.ttf',
	korean: 'NotoSansKR_400Regular.ttf',
};

/** Order of the document's font resources, /F0 to /F5. */
export const FACES: readonly FaceId[] = ['regular', 'semibold', 'mono', 'symbols', 'chinese', 'korean'];

/** Fallback per character, first match wins. Arrows and marks come from one face, whatever the style of the text around them. */
const CHAINS: Readonly<Record<TextStyle, readonly FaceId[]>> = {
	regular: ['regular', 'symbols', 'chinese', 'korean'],
	semibold: ['semibold', 'symbols', 'chinese', 'korean'],
	mono: ['mono', 'symbols', 'chinese', 'korean'],
};

/** No ligatures: one glyph stays one character, so that text can be searched and copied as it was. */
const FEATURES = { liga: false, dlig: false, clig: false, calt: false };

/** Constructor that pdf-lib's types keep to themselves; its `for` is asynchronous, which a look-up while setting text can't be. */
type EmbedderConstructor = new (
	font: FontkitFont,
	bytes: Uint8Array,
	name: string,
	features: Record<string, boolean>,
) => CustomFontSubsetEmbedder;
const Embedder = CustomFontSubsetEmbedder as unknown as EmbedderConstructor;

interface LoadedFace {
	readonly font: FontkitFont;
	readonly embedder: CustomFontSubsetEmbedder;
	/** Font units to thousandths of the size. */
	readonly scale: number;
	isUsed: boolean;
}

export class PackFonts implements GlyphSource {
	private readonly files: FontFiles;
	private readonly loaded = new Map<FaceId, LoadedFace>();

	constructor(files: FontFiles) {
		this.files = files;
	}

	private face(id: FaceId): LoadedFace {
		const known = this.loaded.get(id);
		if (known !== undefined) return known;
		const bytes = this.files[id];
		const font = create(bytes);
		const embedder = new Embedder(font, bytes, `${subsetTag(id)}+${font.postscriptName}`, FEATURES);
		const face: LoadedFace = { font, embedder, scale: 1000 / font.unitsPerEm, isUsed: false };
		this.loaded.set(id, face);
		return face;
	}

	private faceFor(style: TextStyle, codePoint: number): FaceId | null {
		return CHAINS[style].find((id) => this.face(id).font.hasGlyphForCodePoint(codePoint)) ?? null;
	}

	covers(style: TextStyle, codePoint: number): boolean {
		return this.faceFor(style, codePoint) !== null;
	}

	find(style: TextStyle, codePoint: number): Glyph | null {
		const id = this.faceFor(style, codePoint);
		const glyphs = id === null ? null : this.glyphs(id, String.fromCodePoint(codePoint));
		const [glyph] = glyphs ?? [];
		return glyphs?.length === 1 && glyph !== undefined ? glyph : null;
	}

	kern(style: TextStyle, left: number, right: number): number {
		const face = this.face(CHAINS[style][0] as FaceId);
		const { positions, glyphs } = face.font.layout(String.fromCharCode(left, right), FEATURES);
		const [position, glyph] = [positions[0], glyphs[0]];
		return position === undefined || glyph === undefined || glyphs.length !== 2 ? 0 : (position.xAdvance - glyph.advanceWidth) * face.scale;
	}

	shape(style: TextStyle, run: string): readonly ShapedGlyph[] | null {
		const id = this.faceFor(style, run.codePointAt(0) as number);
		return id === null ? null : this.glyphs(id, run);
	}

	/** Shapers meet hostile text here: whatever they throw at or can't show counts as "no glyph", and is then spelt out. */
	private glyphs(id: FaceId, text: string): ShapedGlyph[] | null {
		const face = this.face(id);
		try {
			const { glyphs, positions } = face.font.layout(text, FEATURES);
			if (glyphs.length === 0 || glyphs.some((glyph) => glyph.id === 0 || glyph.codePoints.length === 0)) return null;
			const codes = face.embedder.encodeText(text).asString();
			face.isUsed = true;
			return glyphs.map((glyph, i) => ({
				face: FACES.indexOf(id),
				code: Number.parseInt(codes.slice(4 * i, 4 * i + 4), 16),
				width: glyph.advanceWidth * face.scale,
				advance: (positions[i]?.xAdvance ?? glyph.advanceWidth) * face.scale,
				dx: (positions[i]?.xOffset ?? 0) * face.scale,
				dy: (positions[i]?.yOffset ?? 0) * face.scale,
			}));
		} catch {
			return null;
		}
	}

	/** Embeds the subsets of the faces that were used and fills the font dictionary of the shared resources. */
	async embed(context: PDFContext, fontDictionary: PDFDict): Promise<void> {
		for (const [index, id] of FACES.entries()) {
			const face = this.loaded.get(id);
			if (face?.isUsed !== true) continue;
			const reference: PDFRef = await face.embedder.embedIntoContext(context, context.nextRef());
			fontDictionary.set(PDFName.of(`F${index}`), reference);
		}
	}
}

/** Six capitals before the name mark a subset (ISO 32000-1 §9.6.4); fixed per face, so that equal packs have equal bytes. */
const subsetTag = (id: FaceId): string => `TIEOU${'ABCDEF'.charAt(FACES.indexOf(id))}`;
