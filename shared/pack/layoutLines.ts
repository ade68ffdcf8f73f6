/** Words of mixed style broken into lines, and lines drawn with their tags and links. */

import type { TextStyle } from './glyphs.ts';
import type { Pen } from './layoutBox.ts';
import { breaksAfter, brokenLine, type TextSetter } from './layoutText.ts';
import { MONO_SCALE, TONES, type TypeSize } from './layoutTheme.ts';
import type { Run, Words } from './planBlocks.ts';

export interface Segment {
	readonly text: string;
	readonly run: Run;
	readonly style: TextStyle;
	readonly size: number;
	readonly x: number;
	readonly width: number;
}

export interface Line {
	readonly segments: readonly Segment[];
	readonly width: number;
}

const HASH_GROUP = 8;

const styleOf = (run: Run, type: TypeSize): TextStyle => (run.mono ? 'mono' : run.bold ? 'semibold' : type.style);
const sizeOf = (run: Run, type: TypeSize): number =>
	run.mono && type.style !== 'mono' ? Math.round(type.size * MONO_SCALE * 10) / 10 : type.size;

/** Breaks words into lines no wider than `width`; at least one line. */
export function layoutWords(setter: TextSetter, words: Words, type: TypeSize, width: number): readonly Line[] {
	const runs = typeof words === 'string' ? [{ text: words }] : words;
	const builder = new LineBuilder(setter, type, width);
	for (const run of runs) builder.add(run);
	return builder.finish();
}

class LineBuilder {
	private readonly lines: Line[] = [];
	private segments: Segment[] = [];
	private x = 0;
	private readonly setter: TextSetter;
	private readonly type: TypeSize;
	private readonly width: number;

	constructor(setter: TextSetter, type: TypeSize, width: number) {
		this.setter = setter;
		this.type = type;
		this.width = width;
	}

	add(run: Run): void {
		const style = styleOf(run, this.type);
		const size = sizeOf(run, this.type);
		for (const [index, paragraph] of run.text.split(/\r?\n/).entries()) {
			if (index > 0) this.endLine();
			const text = this.setter.printable(paragraph, style);
			for (const piece of run.hash ? this.balanced(text, style, size) : pieces(text)) this.place(piece, run, style, size);
		}
	}

	/** A hash that does not fit is divided into lines of equally many groups. */
	private balanced(text: string, style: TextStyle, size: number): string[] {
		const groups = hashPieces(text);
		const width = this.setter.width(text, style, size);
		if (width <= this.width - this.x) return [text];
		const lines = Math.ceil(width / this.width);
		const perLine = Math.ceil(groups.length / lines);
		return Array.from({ length: Math.ceil(groups.length / perLine) }, (_, i) => groups.slice(i * perLine, (i + 1) * perLine).join(''));
	}

	private place(piece: string, run: Run, style: TextStyle, size: number): void {
		const measure = (text: string) => this.setter.width(text, style, size, this.type.kerned);
		const bare = measure(piece.trimEnd());
		if (this.x + bare > this.width + 0.01 && this.x > 0) this.breakLine();
		if (bare > this.width + 0.01) {
			const lines = this.setter.wrap(piece, style, size, this.width);
			for (const [index, line] of lines.entries()) {
				if (index > 0) this.endLine();
				this.append(line, run, style, size, measure(line));
			}
			// What wraps loses its last space, which parts it from the word behind it.
			if (piece.endsWith(' ')) this.append(' ', run, style, size, measure(' '));
			return;
		}
		if (this.x > 0 || piece.trim() !== '' || this.segments.length > 0) this.append(piece, run, style, size, measure(piece));
	}

	private append(text: string, run: Run, style: TextStyle, size: number, width: number): void {
		const last = this.segments.at(-1);
		if (last !== undefined && last.run === run) {
			// Measured as a whole, since a pair across the joint may be kerned.
			const joined = last.text + text;
			const total = this.setter.width(joined, style, size, this.type.kerned);
			this.segments[this.segments.length - 1] = { ...last, text: joined, width: total };
			this.x = last.x + total;
			return;
		}
		this.segments.push({ text, run, style, size, x: this.x, width });
		this.x += width;
	}

	/** Ends the line; a word that a no-break space ties to what follows comes along to the next one. */
	private breakLine(): void {
		const last = this.segments.at(-1);
		const text = last?.text ?? '';
		const at = text.lastIndexOf(' ') + 1;
		if (last === undefined || !text.endsWith('\u00a0') || (at === 0 && this.segments.length === 1)) {
			this.endLine();
			return;
		}
		const [head, tied] = [text.slice(0, at), text.slice(at)];
		if (head === '') this.segments.pop();
		else this.segments[this.segments.length - 1] = { ...last, text: head };
		this.endLine();
		this.append(tied, last.run, last.style, last.size, this.setter.width(tied, last.style, last.size, this.type.kerned));
	}

	private endLine(): void {
		const last = this.segments.at(-1);
		if (last !== undefined) {
			const text = last.text.trimEnd();
			const width = this.setter.width(text, last.style, last.size, this.type.kerned);
			this.segments[this.segments.length - 1] = { ...last, text: brokenLine(last.text), width };
			this.x = last.x + width;
		}
		this.lines.push({ segments: this.segments, width: this.x });
		this.segments = [];
		this.x = 0;
	}

	finish(): readonly Line[] {
		if (this.segments.length > 0 || this.lines.length === 0) this.endLine();
		return this.lines;
	}
}

function pieces(text: string): string[] {
	const found: string[] = [];
	let start = 0;
	for (let i = 0; i < text.length; i++) {
		if (!breaksAfter(text, text.charCodeAt(i), i + 1)) continue;
		found.push(text.slice(start, i + 1));
		start = i + 1;
	}
	if (start < text.length || found.length === 0) found.push(text.slice(start));
	return found;
}

const hashPieces = (text: string): string[] => text.match(new RegExp(`.{1,${HASH_GROUP}}`, 'gsu')) ?? [text];

/** Baseline of a line box: capitals stand in its middle. */
export const baseline = (top: number, type: TypeSize): number => top + type.leading / 2 + type.size * 0.357;

export interface LineStyle {
	readonly type: TypeSize;
	/** Tag of the marked content, the type of the open structure element. */
	readonly tag: string;
	/** Overrides the colours of runs that have none of their own. */
	readonly colour?: number;
}

/**
 * Draws a line as content of the open element. A link becomes an element of its own, so that a reader aloud says it is one.
 */
export function drawLine(pen: Pen, line: Line, x: number, top: number, { type, tag, colour }: LineStyle): void {
	const y = baseline(top, type);
	let isOpen = false;
	for (const segment of line.segments) {
		const { run } = segment;
		const isLink = run.link !== undefined || run.file !== undefined;
		if (isLink) {
			pen.ink.endMark();
			pen.tags.open('Link');
			pen.content('Link');
		} else if (!isOpen) pen.content(tag);
		isOpen = !isLink;
		drawSegment(pen, segment, x, y, type, colour);
		if (!isLink) continue;
		pen.ink.endMark();
		pen.link({ x: x + segment.x, top, width: segment.width, height: type.leading }, linkTarget(run));
		pen.tags.close();
	}
	pen.ink.endMark();
}

export const linkTarget = (run: Run): { anchor?: string; file?: string } =>
	run.link !== undefined ? { anchor: run.link } : run.file !== undefined ? { file: run.file } : {};

/** The text alone, inside whatever marked content is open. */
export function drawSegment(pen: Pen, segment: Segment, x: number, y: number, type: TypeSize, colour?: number): void {
	const { run, text, style, size } = segment;
	if (run.anchor !== undefined) pen.anchor(run.anchor, y - type.leading);
	const isLink = run.link !== undefined || run.file !== undefined;
	const ink = run.tone !== undefined ? TONES[run.tone].ink : isLink ? TONES.accent.ink : (colour ?? TONES[type.tone].ink);
	if (!run.hash) {
		pen.ink.text(x + segment.x, y, text, style, size, ink, type.kerned);
		return;
	}
	let at = x + segment.x;
	for (const [index, group] of hashPieces(text).entries()) {
		pen.ink.text(at, y, group, style, size, index % 2 === 0 ? TONES.plain.ink : TONES.accent.ink);
		at += pen.setter.width(group, style, size);
	}
}
