/** The part of fontkit 2 this program uses; the package has no types of its own. */
declare module 'fontkit' {
	export interface FontkitGlyph {
		readonly id: number;
		readonly advanceWidth: number;
		readonly codePoints: number[];
	}
	export interface FontkitRun {
		readonly glyphs: FontkitGlyph[];
		readonly positions: readonly { readonly xAdvance: number; readonly xOffset: number; readonly yOffset: number }[];
	}
	export interface FontkitFont {
		readonly postscriptName: string;
		readonly unitsPerEm: number;
		hasGlyphForCodePoint(codePoint: number): boolean;
		layout(text: string, features?: Record<string, boolean>): FontkitRun;
	}
	export function create(bytes: Uint8Array): FontkitFont;
}
