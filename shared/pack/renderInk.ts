/**
 * The content stream of one page, written as bytes: raw operators, no object a call. State that a reader keeps
 * (font, colour, text object, marked content) is tracked, so that an operator is written only where something changes.
 */
import type { GlyphTable, TextStyle } from './glyphs.ts';
import type { TextSetter } from './layoutText.ts';
import { HAIRLINE, HAIRLINE_WIDTH, PAPER } from './layoutTheme.ts';
import { ByteSink } from './renderSink.ts';

const OPEN = 0x28;
const CLOSE = 0x29;
const BACKSLASH = 0x5c;
const CARRIAGE_RETURN = 0x0d;

type Mark = 'none' | 'artifact' | 'content';

export class PageInk extends ByteSink {
	private readonly setter: TextSetter;
	private inText = false;
	private mark: Mark = 'none';
	private face = -1;
	private size = -1;
	private fill = -1;
	private stroke = -1;
	private lineWidth = -1;
	/** x1, x2 and y of each. */
	private readonly hairlines: number[] = [];
	/** Start of the current text line, hundredths of a point. */
	private penX = 0;
	private penY = 0;

	/** @param used a page already finished, whose memory is taken over */
	constructor(setter: TextSetter, used?: PageInk) {
		super(used);
		this.setter = setter;
	}

	/** Everything written so far, with open objects closed; valid until another page takes the memory over. */
	finish(): Uint8Array {
		this.endMark();
		this.drawHairlines();
		this.endMark();
		return this.bytes.subarray(0, this.length);
	}

	/** Leaves a shift of what the next stream of the page draws first, up to its `restore`. */
	shiftNext(points: number): void {
		this.endMark();
		this.ascii('q 1 0 0 1 ');
		this.numbers(points, 0);
		this.ascii('cm\n');
	}

	/** Takes back a shift that an earlier stream of the page left. */
	restore(): void {
		this.endMark();
		this.ascii('Q\n');
		this.face = -1;
		this.size = -1;
		this.fill = -1;
		this.stroke = -1;
		this.lineWidth = -1;
	}

	/** Begins tagged content; shapes and texts up to `endMark` belong to it. */
	beginContent(tag: string, mcid: number): void {
		this.endMark();
		this.ascii(`/${tag}<</MCID ${mcid}>>BDC\n`);
		this.mark = 'content';
	}

	endMark(): void {
		this.endText();
		if (this.mark !== 'none') this.ascii('EMC\n');
		this.mark = 'none';
	}

	/** Begins decoration that readers aloud skip. Shapes outside tagged content begin it by themselves. */
	beginArtifact(): void {
		if (this.mark === 'artifact') return;
		this.endMark();
		this.ascii('/Artifact BMC\n');
		this.mark = 'artifact';
	}

	/** Printable text with its baseline at (x, y); y counts downwards from the top of the page. */
	text(x: number, y: number, text: string, style: TextStyle, size: number, colour: number, kerned = false): void {
		if (text === '') return;
		if (this.mark === 'none') this.beginArtifact();
		this.fillColour(colour);
		if (!this.inText) {
			this.reserve(64);
			this.ascii('BT\n');
			this.inText = true;
			this.penX = 0;
			this.penY = 0;
		}
		this.moveTo(Math.round(x * 100), Math.round((PAPER.height - y) * 100));
		this.show(text, this.setter.tables[style], size, kerned);
	}

	rectangle(x: number, y: number, width: number, height: number, colour: number): void {
		this.shape();
		this.fillColour(colour);
		this.numbers(x, PAPER.height - y - height, width, height);
		this.ascii('re f\n');
	}

	/** A frame inside the given rectangle. */
	frame(x: number, y: number, width: number, height: number, thickness: number, colour: number): void {
		this.shape();
		this.strokeAs(thickness, colour);
		this.numbers(x + thickness / 2, PAPER.height - y - height + thickness / 2, width - thickness, height - thickness);
		this.ascii('re S\n');
	}

	roundedRectangle(x: number, y: number, width: number, height: number, radius: number, colour: number): void {
		this.shape();
		this.fillColour(colour);
		const bottom = PAPER.height - y - height;
		const [right, top, handle] = [x + width, bottom + height, radius * 0.4477];
		this.path(x + radius, bottom, 'm');
		this.path(right - radius, bottom, 'l');
		this.curve(right - handle, bottom, right, bottom + handle, right, bottom + radius);
		this.path(right, top - radius, 'l');
		this.curve(right, top - handle, right - handle, top, right - radius, top);
		this.path(x + radius, top, 'l');
		this.curve(x + handle, top, x, top - handle, x, top - radius);
		this.path(x, bottom + radius, 'l');
		this.curve(x, bottom + handle, x + handle, bottom, x + radius, bottom);
		this.ascii('f\n');
	}

	line(x1: number, y1: number, x2: number, y2: number, thickness: number, colour: number, dash = ''): void {
		this.shape();
		this.strokeAs(thickness, colour);
		if (dash !== '') this.ascii(`[${dash}]0 d\n`);
		this.path(x1, PAPER.height - y1, 'm');
		this.path(x2, PAPER.height - y2, 'l');
		this.ascii('S\n');
		if (dash !== '') this.ascii('[]0 d\n');
	}

	/** A hairline from x1 to x2, drawn with all others of the page when it ends: rows of tables need no marks of their own for it. */
	hairlineLater(x1: number, x2: number, y: number): void {
		this.hairlines.push(x1, x2, y);
	}

	private drawHairlines(): void {
		if (this.hairlines.length === 0) return;
		this.endMark();
		this.shape();
		this.strokeAs(HAIRLINE_WIDTH, HAIRLINE);
		for (let i = 0; i < this.hairlines.length; i += 3) {
			const y = PAPER.height - (this.hairlines[i + 2] as number);
			this.path(this.hairlines[i] as number, y, 'm');
			this.path(this.hairlines[i + 1] as number, y, 'l');
		}
		this.ascii('S\n');
		this.hairlines.length = 0;
	}

	circle(x: number, y: number, radius: number, fill: number | null, stroke: number | null, thickness = 1): void {
		this.shape();
		if (fill !== null) this.fillColour(fill);
		if (stroke !== null) this.strokeAs(thickness, stroke);
		const [cx, cy, handle] = [x, PAPER.height - y, radius * 0.5523];
		this.path(cx + radius, cy, 'm');
		this.curve(cx + radius, cy + handle, cx + handle, cy + radius, cx, cy + radius);
		this.curve(cx - handle, cy + radius, cx - radius, cy + handle, cx - radius, cy);
		this.curve(cx - radius, cy - handle, cx - handle, cy - radius, cx, cy - radius);
		this.curve(cx + handle, cy - radius, cx + radius, cy - handle, cx + radius, cy);
		this.ascii(fill === null ? 's\n' : stroke === null ? 'f\n' : 'b\n');
	}

	private shape(): void {
		if (this.mark === 'none') this.beginArtifact();
		this.endText();
	}

	private endText(): void {
		if (this.inText) this.ascii('ET\n');
		this.inText = false;
	}

	private moveTo(x: number, y: number): void {
		this.reserve(48);
		this.hundredths(x - this.penX);
		this.hundredths(y - this.penY);
		this.ascii('Td\n');
		this.penX = x;
		this.penY = y;
	}

	private show(text: string, table: GlyphTable, size: number, kerned: boolean): void {
		this.reserve(text.length * 5 + 64);
		const { faces, codes } = table;
		let isOpen = false;
		let isArray = false;
		for (let i = 0; i < text.length; i++) {
			const unit = text.charCodeAt(i);
			if (table.isShaped(unit) || (unit >= 0xd800 && unit <= 0xdbff)) {
				if (isOpen) this.closeString(isArray);
				isOpen = false;
				i = this.showRun(text, i, table, size);
				continue;
			}
			if (codes[unit] === 0) table.codeOf(unit);
			const face = faces[unit] as number;
			if (isOpen && face !== this.face) {
				this.closeString(isArray);
				isOpen = false;
			}
			if (!isOpen) {
				this.font(face, size);
				isArray = kerned;
				if (isArray) this.put(0x5b);
				this.put(OPEN);
				isOpen = true;
			} else if (kerned) {
				const kern = table.kern(text.charCodeAt(i - 1), unit);
				if (kern !== 0) {
					this.reserve((text.length - i) * 5 + 64);
					this.put(CLOSE);
					this.hundredths(Math.round(-kern * 100));
					this.put(OPEN);
				}
			}
			this.code(codes[unit] as number);
		}
		if (isOpen) this.closeString(isArray);
	}

	/** Shows one astral character or one shaped run and returns the index of its last code unit. */
	private showRun(text: string, start: number, table: GlyphTable, size: number): number {
		if (!table.isShaped(text.charCodeAt(start))) {
			const glyph = table.astralGlyph(text.codePointAt(start) as number);
			if (glyph !== null) {
				this.font(glyph.face, size);
				this.put(OPEN);
				this.code(glyph.code);
				this.closeString(false);
			}
			return start + 1;
		}
		const end = table.shapedRunEnd(text, start);
		const glyphs = table.shaped(text.slice(start, end));
		for (const glyph of glyphs) {
			this.reserve(128);
			this.font(glyph.face, size);
			if (glyph.dy !== 0) this.ascii(`${((glyph.dy * size) / 1000).toFixed(2)} Ts\n`);
			// The pen goes to the glyph's offset, and from there to where the next glyph begins.
			this.ascii(`[${(-glyph.dx).toFixed(0)}(`);
			this.code(glyph.code);
			this.ascii(`)${(glyph.width - glyph.advance + glyph.dx).toFixed(0)}]TJ\n`);
			if (glyph.dy !== 0) this.ascii('0 Ts\n');
		}
		this.reserve((text.length - end) * 5 + 64);
		return end - 1;
	}

	private closeString(isArray: boolean): void {
		this.put(CLOSE);
		this.ascii(isArray ? ']TJ\n' : 'Tj\n');
	}

	private font(face: number, size: number): void {
		if (face === this.face && size === this.size) return;
		this.ascii(`/F${face} ${size} Tf\n`);
		this.face = face;
		this.size = size;
	}

	private code(code: number): void {
		this.codeByte(code >> 8);
		this.codeByte(code & 0xff);
	}

	/** A byte of a literal string (ISO 32000-1 §7.3.4.2): half the bytes of hex digits, so half the work of the deflater. */
	private codeByte(byte: number): void {
		if (byte === OPEN || byte === CLOSE || byte === BACKSLASH) this.bytes[this.length++] = BACKSLASH;
		if (byte === CARRIAGE_RETURN) {
			this.bytes[this.length++] = BACKSLASH;
			this.bytes[this.length++] = 0x72;
		} else this.bytes[this.length++] = byte;
	}

	private fillColour(colour: number): void {
		if (colour === this.fill) return;
		this.colour(colour);
		this.ascii('rg\n');
		this.fill = colour;
	}

	private strokeAs(thickness: number, colour: number): void {
		if (colour !== this.stroke) {
			this.colour(colour);
			this.ascii('RG\n');
			this.stroke = colour;
		}
		if (thickness !== this.lineWidth) {
			this.ascii(`${thickness} w\n`);
			this.lineWidth = thickness;
		}
	}

	private colour(colour: number): void {
		this.reserve(48);
		for (const shift of [16, 8, 0]) this.hundredths(Math.round((((colour >> shift) & 0xff) / 255) * 100));
	}

	private numbers(...values: readonly number[]): void {
		this.reserve(16 * values.length);
		for (const value of values) this.hundredths(Math.round(value * 100));
	}

	private path(x: number, y: number, operator: string): void {
		this.numbers(x, y);
		this.ascii(`${operator}\n`);
	}

	private curve(x1: number, y1: number, x2: number, y2: number, x3: number, y3: number): void {
		this.numbers(x1, y1, x2, y2, x3, y3);
		this.ascii('c\n');
	}
}
