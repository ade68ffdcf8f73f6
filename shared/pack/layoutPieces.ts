/** The smaller blocks: lists, notes, commands, signature slots. */

import { type Box, gapBox, spaceBox } from './layoutBox.ts';
import { baseline, drawLine, layoutWords } from './layoutLines.ts';
import type { TextSetter } from './layoutText.ts';
import { TONES, TYPE } from './layoutTheme.ts';
import type { BlockOf, Tone, Words } from './planBlocks.ts';

const LIST_INDENT = 16;

export function* listBoxes(items: readonly Words[], isOrdered: boolean, width: number, setter: TextSetter): Generator<Box> {
	const type = TYPE.body;
	for (const [i, item] of items.entries()) {
		const lines = layoutWords(setter, item, type, width - LIST_INDENT);
		for (const [n, line] of lines.entries()) {
			const isLast = n === lines.length - 1;
			yield {
				height: type.leading,
				keepWithNext: !isLast && (n === 0 || n === lines.length - 2),
				draw(pen, x, top) {
					if (i === 0 && n === 0) pen.tags.open('L');
					if (n === 0) {
						pen.tags.open('LI');
						if (isOrdered) pen.ink.text(x, baseline(top, type), `${i + 1}.`, 'semibold', type.size, TONES.muted.ink);
						else pen.ink.circle(x + 3.5, top + type.leading / 2, 1.3, TONES.accent.ink, null);
						pen.tags.open('LBody');
					}
					drawLine(pen, line, x + LIST_INDENT, top, { type, tag: 'LBody' });
					if (!isLast) return;
					pen.tags.close();
					pen.tags.close();
					if (i === items.length - 1) pen.tags.close();
				},
			};
		}
		yield gapBox(3);
	}
	yield gapBox(5);
}

/** A note at a coloured bar; the bar is as tall as the note, whatever page it falls on. */
export function* calloutBoxes(tone: Tone, title: string, words: Words, width: number, setter: TextSetter): Generator<Box> {
	const inset = 12;
	const heads = title === '' ? [] : layoutWords(setter, [{ text: title, bold: true, tone }], TYPE.body, width - 2 * inset);
	const lines = layoutWords(setter, words, { ...TYPE.body, size: 8.8, leading: 13 }, width - 2 * inset);
	const rows = [
		...heads.map((line) => ({ line, type: TYPE.body })),
		...lines.map((line) => ({ line, type: { ...TYPE.body, size: 8.8, leading: 13 } })),
	];
	for (const [i, { line, type }] of rows.entries()) {
		const [isFirst, isLast] = [i === 0, i === rows.length - 1];
		const above = isFirst ? 7 : 0;
		const height = above + type.leading + (isLast ? 7 : 0);
		yield {
			height,
			keepWithNext: i < 2 || i >= rows.length - 2,
			draw(pen, x, top) {
				pen.ink.rectangle(x, top, width, height, TONES[tone].tint);
				pen.ink.rectangle(x, top, 2.5, height, TONES[tone].ink);
				if (isFirst) pen.tags.open('P');
				drawLine(pen, line, x + inset, top + above, { type, tag: 'P' });
				if (isLast) pen.tags.close();
			},
		};
	}
	yield spaceBox(10);
}

export function* codeBoxes(lines: readonly string[], width: number, setter: TextSetter, keep: boolean): Generator<Box> {
	const type = TYPE.code;
	const wrapped = lines.flatMap((line) =>
		setter.wrap(line, type.style, type.size, width - 20).map((text, i) => ({ text, indent: i === 0 ? 0 : 10 })),
	);
	for (const [i, { text, indent }] of wrapped.entries()) {
		const [isFirst, isLast] = [i === 0, i === wrapped.length - 1];
		const height = type.leading + (isFirst ? 6 : 0) + (isLast ? 6 : 0);
		yield {
			height,
			keepWithNext: isLast ? keep : isFirst || i === wrapped.length - 2,
			draw(pen, x, top) {
				pen.ink.rectangle(x, top, width, height, TONES.neutral.tint);
				if (isFirst) pen.tags.open('Code');
				pen.content('Code');
				pen.ink.text(x + 10 + indent, baseline(top + (isFirst ? 6 : 0), type), text, type.style, type.size, TONES.plain.ink);
				pen.ink.endMark();
				if (isLast) pen.tags.close();
			},
		};
	}
	yield keep ? spaceBox(9) : gapBox(9);
}

const SLOT_HEIGHT = 74;

/** Two rectangles for the signature fields, with who is to sign beneath. */
export function* signatureBoxes(slots: BlockOf<'signatures'>['slots'], width: number, setter: TextSetter): Generator<Box> {
	const gap = 24;
	const share = (width - gap * (slots.length - 1)) / slots.length;
	const words = slots.map(({ words: below }) => layoutWords(setter, below, TYPE.small, share));
	const heads = slots.map(({ role }) => layoutWords(setter, [{ text: role, bold: true }], TYPE.body, share));
	const height = TYPE.body.leading + 4 + SLOT_HEIGHT + 6 + Math.max(...words.map((lines) => lines.length)) * TYPE.small.leading;
	yield {
		height,
		draw(pen, x, top) {
			for (const [i, { role }] of slots.entries()) {
				const left = x + i * (share + gap);
				pen.tags.open('P');
				for (const line of heads[i] ?? []) drawLine(pen, line, left, top, { type: TYPE.body, tag: 'P' });
				pen.tags.close();
				const slotTop = top + TYPE.body.leading + 4;
				pen.signatureSlot(role, { x: left, top: slotTop, width: share, height: SLOT_HEIGHT });
				pen.tags.open('P');
				for (const [n, line] of (words[i] ?? []).entries())
					drawLine(pen, line, left, slotTop + SLOT_HEIGHT + 6 + n * TYPE.small.leading, { type: TYPE.small, tag: 'P' });
				pen.tags.close();
			}
		},
	};
	yield gapBox(14);
}
