/**
 * Which glyph shows a character. Every character is looked up once and kept in flat tables, so that a page of
 * a bulk table costs a few array reads a character instead of a shaping run a cell (60 times cheaper, measured).
 */

import { invariant } from '#kernel';

export type TextStyle = 'regular' | 'semibold' | 'mono';
export const TEXT_STYLES: readonly TextStyle[] = ['regular', 'semibold', 'mono'];

export interface Glyph {
	/** Index into the fonts of the document. */
	readonly face: number;
	/** Two-byte code in that font. */
	readonly code: number;
	/** Advance in thousandths of the size. */
	readonly width: number;
}

export interface ShapedGlyph extends Glyph {
	/** Advance after positioning, thousandths; differs from `width` where marks or kerning move the pen. */
	readonly advance: number;
	/** Offset from the pen, thousandths. */
	readonly dx: number;
	readonly dy: number;
}

export interface GlyphSource {
	/** The glyph of the first font of the style's fallback chain that has the character; null where none has. */
	find(style: TextStyle, codePoint: number): Glyph | null;
	/** Whether a font of the style's chain has the character, alone or in a run. */
	covers(style: TextStyle, codePoint: number): boolean;
	/** Kerning between two characters of the style's first font, thousandths (mostly 0). */
	kern(style: TextStyle, left: number, right: number): number;
	/** Glyphs in visual order of a run that needs shaping (Arabic, Hebrew, Indic, Thai, …); null where it fails. */
	shape(style: TextStyle, run: string): readonly ShapedGlyph[] | null;
}

const UNKNOWN = 0;
const PLAIN = 1;
const SHAPED = 2;
const SPELT = 3;
const DROPPED = 4;
/** Drawn like a plain one, but asks for its text to be composed first. */
const COMBINING = 5;

const BMP = 0x10000;
/** A longer run is shaped in pieces: shapers look far ahead, and hostile text must not make them slow. */
const SHAPED_MAX = 256;

/** Scripts whose letters join, reorder or stack: they go through shaping, run by run. */
const isComplex = (codePoint: number): boolean =>
	(codePoint >= 0x0590 && codePoint <= 0x109f) ||
	(codePoint >= 0x1780 && codePoint <= 0x18af) ||
	(codePoint >= 0x1900 && codePoint <= 0x1aff) ||
	(codePoint >= 0xa840 && codePoint <= 0xabff && codePoint < 0xab30) ||
	(codePoint >= 0xfb1d && codePoint <= 0xfdff) ||
	(codePoint >= 0xfe70 && codePoint <= 0xfefc);

/** Marks and Korean letters that have composed forms, whose glyphs sit better than two drawn over each other. */
const isCombining = (codePoint: number): boolean =>
	(codePoint >= 0x0300 && codePoint <= 0x036f) ||
	(codePoint >= 0x1100 && codePoint <= 0x11ff) ||
	(codePoint >= 0x3099 && codePoint <= 0x309a);

/** Joiners mean something only inside a shaped run. */
const isJoiner = (codePoint: number): boolean => codePoint === 0x200c || codePoint === 0x200d;
/** They choose between two pictures of one character and are no character of their own. */
const isVariationSelector = (codePoint: number): boolean => codePoint === 0xfe0e || codePoint === 0xfe0f;

/** Controls, line separators, directional overrides and lone surrogates: shown by number, since what is invisible can mislead. */
const isInvisible = (codePoint: number): boolean =>
	codePoint < 0x20 ||
	(codePoint >= 0x7f && codePoint < 0xa0) ||
	codePoint === 0xad ||
	codePoint === 0x061c ||
	codePoint === 0x200b ||
	(codePoint >= 0x200e && codePoint <= 0x200f) ||
	(codePoint >= 0x2028 && codePoint <= 0x202e) ||
	(codePoint >= 0x2060 && codePoint <= 0x206f) ||
	(codePoint >= 0xd800 && codePoint <= 0xdfff) ||
	codePoint === 0xfeff ||
	(codePoint >= 0xfff0 && codePoint <= 0xfffb) ||
	(codePoint >= 0xe0000 && codePoint <= 0xe0fff);

/** A character no font shows, spelt so that anybody can look it up: ⟨U+1F600⟩. */
const spelling = (codePoint: number): string => `⟨U+${codePoint.toString(16).toUpperCase().padStart(4, '0')}⟩`;

/** The characters of one text style, resolved on first sight. */
export class GlyphTable {
	readonly style: TextStyle;
	private readonly source: GlyphSource;
	private readonly kinds = new Uint8Array(BMP);
	/** By UTF-16 code unit, for plain characters. */
	readonly faces = new Uint8Array(BMP);
	readonly codes = new Uint16Array(BMP);
	readonly widths = new Float32Array(BMP);
	private readonly astral = new Map<number, Glyph | null>();
	private readonly runs = new Map<string, readonly ShapedGlyph[]>();
	private readonly kerns = new Map<number, number>();

	constructor(source: GlyphSource, style: TextStyle) {
		this.source = source;
		this.style = style;
	}

	private kindOf(unit: number): number {
		const kind = this.kinds[unit] as number;
		return kind === UNKNOWN ? this.resolve(unit) : kind;
	}

	private resolve(unit: number): number {
		let kind = SPELT;
		const shown = unit === 0xa0 || unit === 0x202f ? 0x20 : unit;
		if (isVariationSelector(unit)) kind = DROPPED;
		else if (isJoiner(unit)) kind = SHAPED;
		else if (!isInvisible(unit)) {
			const glyph = this.source.find(this.style, shown);
			// A vowel sign alone has no glyph of its own, but has one in its run.
			if (isComplex(unit) && this.source.covers(this.style, unit)) kind = SHAPED;
			else if (glyph !== null) kind = isCombining(unit) ? COMBINING : PLAIN;
			if (glyph !== null) {
				this.faces[unit] = glyph.face;
				this.codes[unit] = glyph.code;
				this.widths[unit] = glyph.width;
			}
		}
		this.kinds[unit] = kind;
		return kind;
	}

	/** The code of a plain character, for whoever draws it: never that of the empty box. */
	codeOf(unit: number): number {
		const code = this.codes[unit] as number;
		if (code !== 0) return code;
		invariant(
			this.kindOf(unit) === PLAIN || this.kindOf(unit) === COMBINING,
			`the character ${spelling(unit)} was made printable before it was drawn`,
		);
		return this.codes[unit] as number;
	}

	widthOf(unit: number): number {
		if (this.kinds[unit] === UNKNOWN) this.resolve(unit);
		return this.widths[unit] as number;
	}

	/** Whether the unit belongs to a run that must be shaped as a whole. */
	isShaped(unit: number): boolean {
		return this.kinds[unit] === SHAPED;
	}

	astralGlyph(codePoint: number): Glyph | null {
		let glyph = this.astral.get(codePoint);
		if (glyph === undefined) {
			glyph = isInvisible(codePoint) ? null : this.source.find(this.style, codePoint);
			this.astral.set(codePoint, glyph);
		}
		return glyph;
	}

	kern(left: number, right: number): number {
		const key = left * BMP + right;
		let kern = this.kerns.get(key);
		if (kern === undefined) {
			kern = this.faces[left] === this.faces[right] ? this.source.kern(this.style, left, right) : 0;
			this.kerns.set(key, kern);
		}
		return kern;
	}

	/** Glyphs of a shaped run; it was tried when the text was made printable, so it is there. */
	shaped(run: string): readonly ShapedGlyph[] {
		let glyphs = this.runs.get(run);
		if (glyphs === undefined) {
			glyphs = this.source.shape(this.style, run) ?? [...run].flatMap((character) => this.shapedAlone(character));
			this.runs.set(run, glyphs);
		}
		return glyphs;
	}

	/** A letter out of its run, which a line end may have cut; written by number where even that fails. */
	private shapedAlone(character: string): readonly ShapedGlyph[] {
		const shaped = this.source.shape(this.style, character);
		if (shaped !== null) return shaped;
		const glyphs = [...spelling(character.codePointAt(0) as number)].map((letter) =>
			this.source.find(this.style, letter.codePointAt(0) as number),
		);
		return glyphs.flatMap((glyph) => (glyph === null ? [] : [{ ...glyph, advance: glyph.width, dx: 0, dy: 0 }]));
	}

	/**
	 * The text with everything replaced that can't be shown: what no font has and what is invisible is spelt out,
	 * composed where a composed form exists. The same text comes back when there is nothing to do, which is nearly always.
	 */
	printable(text: string): string {
		for (let i = 0; i < text.length; i++)
			if (this.kindOf(text.charCodeAt(i)) !== PLAIN) return this.replaceUnprintable(text.normalize('NFC'));
		return text;
	}

	private replaceUnprintable(text: string): string {
		let shown = '';
		for (const character of text) {
			const codePoint = character.codePointAt(0) as number;
			if (codePoint >= BMP) shown += this.astralGlyph(codePoint) === null ? spelling(codePoint) : character;
			else {
				const kind = this.kindOf(codePoint);
				if (kind !== DROPPED) shown += kind === SPELT ? spelling(codePoint) : character;
			}
		}
		for (let i = 0; i < shown.length; i++) this.kindOf(shown.charCodeAt(i));
		return shown.replace(SHAPED_RUN, (run) =>
			run.length > SHAPED_MAX || this.canShape(run)
				? run
				: [...run].map((character) => spelling(character.codePointAt(0) as number)).join(''),
		);
	}

	private canShape(run: string): boolean {
		return this.runs.has(run) || this.source.shape(this.style, run) !== null;
	}

	/** End of the shaped run that starts at `start`: letters that need shaping, with single spaces between them. */
	shapedRunEnd(text: string, start: number): number {
		let end = start;
		for (let i = start; i < text.length && i < start + SHAPED_MAX; i++) {
			const unit = text.charCodeAt(i);
			if (this.isShaped(unit)) end = i + 1;
			else if (unit !== 0x20 || end !== i) break;
		}
		return end;
	}
}

/** The ranges of `isComplex`, with the joiners between their letters. */
const SHAPED_LETTERS = '(?:[\\u0590-\\u109f\\u1780-\\u18af\\u1900-\\u1aff\\ua840-\\uab2f\\ufb1d-\\ufdff\\ufe70-\\ufefc]|\\u200c|\\u200d)+';
const SHAPED_RUN = new RegExp(`${SHAPED_LETTERS}(?: ${SHAPED_LETTERS})*`, 'g');
