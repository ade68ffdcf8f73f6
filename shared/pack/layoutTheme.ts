/** Paper, type and colours of a pack: one place, so that pages agree with each other. Lengths in points. */

import type { TextStyle } from './glyphs.ts';
import type { Tone } from './planBlocks.ts';

/** A4 portrait. */
export const PAPER = { width: 595.28, height: 841.89 } as const;
export const MARGIN = { left: 56, right: 56, top: 78, bottom: 66 } as const;
export const CONTENT_WIDTH = PAPER.width - MARGIN.left - MARGIN.right;
export const CONTENT_HEIGHT = PAPER.height - MARGIN.top - MARGIN.bottom;

/** 24-bit RGB. Every ink is at least 4.5:1 on white and on its own tint; lightness differs, so that grey prints still tell them apart. */
export interface Ink {
	readonly ink: number;
	readonly tint: number;
}

export const TONES: Readonly<Record<Tone, Ink>> = {
	plain: { ink: 0x171a1f, tint: 0xf4f5f7 },
	muted: { ink: 0x5b626d, tint: 0xf4f5f7 },
	accent: { ink: 0x0065a3, tint: 0xe8f1f8 },
	neutral: { ink: 0x5f6570, tint: 0xeef0f3 },
	info: { ink: 0x0b4770, tint: 0xe3eff8 },
	pass: { ink: 0x037a43, tint: 0xe1f5ea },
	warn: { ink: 0x8f4f00, tint: 0xfdf1df },
	fail: { ink: 0x961910, tint: 0xfce8e6 },
	hold: { ink: 0xa130b4, tint: 0xf7e8fa },
};

/** Fills of bars, where no text stands on them: lightness runs from dark to light, so that parts can be told apart without colour. */
export const BAR_FILLS: Readonly<Partial<Record<Tone, number>>> = {
	fail: 0x961910,
	pass: 0x3b9168,
	warn: 0xd08a2a,
	info: 0x9dbfe0,
	neutral: 0xdfe3e8,
};

export const WHITE = 0xffffff;
export const HAIRLINE = 0xd9dde3;
export const HAIRLINE_WIDTH = 0.4;
export const RULE = 0x9aa1ac;
export const STRONG_RULE = 0x171a1f;

export interface TypeSize {
	readonly style: TextStyle;
	readonly size: number;
	/** Line height. */
	readonly leading: number;
	readonly tone: Tone;
	/** Pairs are kerned where people read slowly; bulk tables are not. */
	readonly kerned: boolean;
}

export const TYPE = {
	title: { style: 'semibold', size: 28, leading: 34, tone: 'plain', kerned: true },
	longTitle: { style: 'semibold', size: 17, leading: 22, tone: 'plain', kerned: true },
	subtitle: { style: 'regular', size: 13, leading: 19, tone: 'muted', kerned: true },
	heading1: { style: 'semibold', size: 20, leading: 27, tone: 'plain', kerned: true },
	heading2: { style: 'semibold', size: 12.5, leading: 17, tone: 'plain', kerned: true },
	heading3: { style: 'semibold', size: 9.5, leading: 14, tone: 'plain', kerned: true },
	lead: { style: 'regular', size: 11, leading: 17, tone: 'plain', kerned: true },
	body: { style: 'regular', size: 9.5, leading: 14.2, tone: 'plain', kerned: true },
	small: { style: 'regular', size: 8, leading: 11.6, tone: 'muted', kerned: true },
	label: { style: 'semibold', size: 7.5, leading: 11, tone: 'muted', kerned: true },
	cell: { style: 'regular', size: 8, leading: 11, tone: 'plain', kerned: false },
	dense: { style: 'regular', size: 7.5, leading: 10, tone: 'plain', kerned: false },
	head: { style: 'semibold', size: 7.2, leading: 10, tone: 'muted', kerned: true },
	chip: { style: 'semibold', size: 7.2, leading: 10, tone: 'plain', kerned: true },
	code: { style: 'mono', size: 7.4, leading: 11, tone: 'plain', kerned: false },
	running: { style: 'regular', size: 7.5, leading: 10, tone: 'muted', kerned: true },
} as const satisfies Record<string, TypeSize>;

/** Monospaced runs look larger than text of their size. */
export const MONO_SCALE = 0.92;
