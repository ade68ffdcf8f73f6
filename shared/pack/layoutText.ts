/** Measuring and breaking lines: advance widths only, greedy, linear in the length of the text. */
import { type GlyphSource, GlyphTable, TEXT_STYLES, type TextStyle } from './glyphs.ts';

/** More characters than any running head holds. */
const FITTED_MAX = 300;

export class TextSetter {
	readonly tables: Readonly<Record<TextStyle, GlyphTable>>;

	constructor(source: GlyphSource) {
		this.tables = Object.fromEntries(TEXT_STYLES.map((style) => [style, new GlyphTable(source, style)])) as Record<TextStyle, GlyphTable>;
	}

	printable(text: string, style: TextStyle): string {
		return this.tables[style].printable(text);
	}

	/** Width in points of printable text. */
	width(text: string, style: TextStyle, size: number, kerned = false): number {
		return (this.thousandths(text, this.tables[style], kerned) * size) / 1000;
	}

	private thousandths(text: string, table: GlyphTable, kerned: boolean): number {
		let width = 0;
		for (let i = 0; i < text.length; i++) {
			const unit = text.charCodeAt(i);
			if (table.isShaped(unit)) {
				const end = table.shapedRunEnd(text, i);
				for (const glyph of table.shaped(text.slice(i, end))) width += glyph.advance;
				i = end - 1;
			} else if (isHighSurrogate(unit)) {
				width += table.astralGlyph(text.codePointAt(i) as number)?.width ?? 0;
				i++;
			} else {
				width += table.widthOf(unit);
				if (kerned && i > 0) width += table.kern(text.charCodeAt(i - 1), unit);
			}
		}
		return width;
	}

	/**
	 * Breaks text into lines no wider than `maxWidth` points: at line feeds, behind spaces and joints such as "/" and the hyphen of longer words,
	 * between ideographs, and inside a word only where nothing else is left. A line that ends at a space keeps it, for whoever hears the lines as one.
	 */
	wrap(raw: string, style: TextStyle, size: number, maxWidth: number): string[] {
		const lines: string[] = [];
		for (const paragraph of raw.includes('\n') ? raw.split(/\r?\n/) : [raw])
			this.wrapParagraph(this.printable(paragraph, style), style, size, maxWidth, lines);
		return lines;
	}

	private wrapParagraph(text: string, style: TextStyle, size: number, maxWidth: number, lines: string[]): void {
		const table = this.tables[style];
		const limit = (maxWidth * 1000) / size + 0.01;
		// Most cells of a table fit, and need no search for places to break.
		if (this.thousandths(text, table, false) <= limit) {
			lines.push(text.trimEnd());
			return;
		}
		let start = 0;
		let breakAt = 0;
		let width = 0;
		let widthAtBreak = 0;
		for (let i = 0; i < text.length; ) {
			const unit = text.charCodeAt(i);
			const length = isHighSurrogate(unit) ? 2 : 1;
			const advance = length === 2 ? (table.astralGlyph(text.codePointAt(i) as number)?.width ?? 0) : (table.widths[unit] as number);
			if (width + advance > limit && unit !== 0x20 && i > start) {
				const isForced = breakAt <= start;
				const end = isForced ? i : breakAt;
				lines.push(brokenLine(text.slice(start, end)));
				width = isForced ? 0 : width - widthAtBreak;
				start = end;
				breakAt = end;
				widthAtBreak = 0;
				continue;
			}
			width += advance;
			i += length;
			if (breaksAfter(text, unit, i)) {
				breakAt = i;
				widthAtBreak = width;
			}
		}
		lines.push(text.slice(start).trimEnd());
	}

	/** The text, shortened in the middle with "…" where it is wider than `maxWidth`: for running heads only, never for evidence. */
	fit(raw: string, style: TextStyle, size: number, maxWidth: number): string {
		const text = this.printable(raw, style);
		if (this.width(text, style, size) <= maxWidth) return text;
		const characters = [...text];
		for (let kept = Math.min(characters.length - 1, FITTED_MAX); kept > 2; kept--) {
			const shortened = `${characters.slice(0, Math.ceil(kept / 2)).join('')}…${characters.slice(characters.length - Math.floor(kept / 2)).join('')}`;
			if (this.width(shortened, style, size) <= maxWidth) return shortened;
		}
		return '…';
	}
}

/** A line that goes on in the next one: of the spaces it ends with, one stays, which has no width of its own on the page. */
export function brokenLine(text: string): string {
	const bare = text.trimEnd();
	return bare.length < text.length && bare !== '' ? `${bare} ` : bare;
}

const isHighSurrogate = (unit: number): boolean => unit >= 0xd800 && unit <= 0xdbff;

const isIdeograph = (unit: number): boolean =>
	(unit >= 0x2e80 && unit <= 0xa4cf) ||
	(unit >= 0xac00 && unit <= 0xd7a3) ||
	(unit >= 0xf900 && unit <= 0xfaff) ||
	(unit >= 0xff00 && unit <= 0xffef);

/** Marks that may not begin a line (closing brackets, full stops and small kana of CJK text). */
const NEVER_FIRST = new Set(
	[...'、。，．：；？！）」』】〕〉》”’・ー々ぁぃぅぇぉっゃゅょァィゥェォッャュョ'].map((mark) => mark.charCodeAt(0)),
);

/** Whether a line may end before index `next`, behind the code unit `unit`. */
export function breaksAfter(text: string, unit: number, next: number): boolean {
	if (unit === 0x20) return true;
	const following = text.charCodeAt(next);
	if (Number.isNaN(following) || following === 0x20) return false;
	if (isIdeograph(unit) || isIdeograph(following)) return !NEVER_FIRST.has(following);
	// Joints inside identifiers and paths, but not the minus of an amount, the hyphen of a date or of a command's option.
	const isHyphen = (unit === 0x2d || unit === 0x2013) && !isDigit(following) && hasWordBefore(text, next - 1);
	const isJoint = unit === 0x2f || unit === 0x7c || unit === 0x2192 || isHyphen;
	return isJoint && next > 1 && text.charCodeAt(next - 2) !== 0x20;
}

/** Whether three letters or digits stand before a hyphen: one or two of them would be left behind at the end of a line. */
function hasWordBefore(text: string, at: number): boolean {
	for (let i = at - 1; i >= at - 3; i--) if (!isWordUnit(text.charCodeAt(i))) return false;
	return true;
}

/** Digits, Latin letters, and whatever is beyond ASCII; false for NaN, before the text's beginning. */
const isWordUnit = (unit: number): boolean =>
	isDigit(unit) || (unit >= 0x41 && unit <= 0x5a) || (unit >= 0x61 && unit <= 0x7a) || unit > 0xa0;

const isDigit = (unit: number): boolean => unit >= 0x30 && unit <= 0x39;
