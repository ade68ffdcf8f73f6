/** The vocabulary of a pack's pages: blocks that know their words and nothing about paper. */

/** What a colour says; never the only carrier of meaning, since packs are printed in grey. */
export type Tone = 'plain' | 'muted' | 'accent' | 'neutral' | 'info' | 'pass' | 'warn' | 'fail' | 'hold';

export interface Run {
	readonly text: string;
	readonly bold?: boolean;
	readonly mono?: boolean;
	readonly tone?: Tone;
	/** Anchor of the place it leads to, inside the pack. */
	readonly link?: string;
	/** Attachment it opens. */
	readonly file?: string;
	/** Makes this place one that links lead to. */
	readonly anchor?: string;
	/** A hash: groups of eight digits alternate in shade, so that people can compare them; no space is put in. */
	readonly hash?: boolean;
}

export type Words = string | readonly Run[];

/** A verdict or state as a small plate: glyph, word and tint say the same. */
export interface Chip {
	readonly tone: Tone;
	/** "" for none. */
	readonly glyph: string;
	readonly label: string;
	/** Filled with the tone's own colour, for what must not be overlooked. */
	readonly solid?: boolean;
}

/** A table cell: one line of words, or several paragraphs, or a chip, or the number of the page that an anchor is on. */
export type Cell = string | { readonly paragraphs: readonly Words[] } | { readonly chip: Chip } | { readonly pageOf: string };

export interface Column {
	readonly head: string;
	readonly align?: 'left' | 'right';
	readonly mono?: boolean;
	readonly tone?: Tone;
	readonly bold?: boolean;
	/** Kept on one line where at all possible: numbers, dates, identifiers. */
	readonly firm?: boolean;
	/** Widest share of the table it may claim, 0 to 1. */
	readonly maxShare?: number;
	/** The longest text it holds, where rows are too many for all to be looked at before the first is drawn. */
	readonly longest?: string;
	/** Share of the table it has, whatever is in it. */
	readonly share?: number;
}

export interface TableBlock {
	readonly kind: 'table';
	readonly columns: readonly Column[];
	/** May be a generator object's source: rows are drawn as they come, never gathered. */
	readonly rows: Iterable<readonly Cell[]>;
	/** Printed above the repeated head on later pages: what is continued. */
	readonly continued: string;
	/** `cells` for tables people read; `rows` for bulk ones, where a tag a cell would outweigh the content. */
	readonly tagging: 'cells' | 'rows';
	/** Instead of rows, where there are none. */
	readonly empty?: string;
	readonly dense?: boolean;
	/** Few rows that are compared with each other: never divided between two pages where one holds them. */
	readonly together?: boolean;
}

export interface HeadingBlock {
	readonly kind: 'heading';
	readonly level: 1 | 2 | 3;
	readonly number: string;
	readonly text: string;
	readonly anchor: string;
	/** Whether the table of contents lists it (levels 1 and 2). The outline always does. */
	readonly listed: boolean;
	readonly chips?: readonly Chip[];
}

export interface TimelineStop {
	readonly marker: 'solid' | 'ring' | 'cross' | 'dash';
	readonly tone: Tone;
	/** Time passed since the stop before, or null on the first. */
	readonly elapsed: string | null;
	readonly date: string;
	readonly time: string;
	readonly title: string;
	readonly chips: readonly Chip[];
	readonly status: Chip;
	readonly details: readonly { readonly label: string; readonly words: Words }[];
	readonly ledger: readonly { readonly label: string; readonly detail: string; readonly amount: string; readonly currency: string }[];
}

/** `keep` on a text or on commands: never the last thing on a page. `weights`: how wide the columns of facts are to each other. */
export type TextRole = 'lead' | 'body' | 'small' | 'label';

export type Block =
	| HeadingBlock
	| TableBlock
	| { readonly kind: 'text'; readonly words: Words; readonly style: TextRole; readonly keep?: boolean }
	| { readonly kind: 'list'; readonly items: readonly Words[]; readonly ordered?: boolean }
	| {
			readonly kind: 'facts';
			readonly rows: readonly { readonly label: string; readonly value: Words }[];
			readonly columns?: number;
			readonly weights?: readonly number[];
	  }
	| { readonly kind: 'callout'; readonly tone: Tone; readonly title: string; readonly words: Words }
	| { readonly kind: 'code'; readonly lines: readonly string[]; readonly keep?: boolean }
	| {
			readonly kind: 'tally';
			readonly parts: readonly { readonly label: string; readonly count: number; readonly tone: Tone; readonly glyph: string }[];
	  }
	| { readonly kind: 'chips'; readonly chips: readonly Chip[]; readonly arrows: boolean }
	| { readonly kind: 'columns'; readonly parts: readonly { readonly weight: number; readonly blocks: readonly Block[] }[] }
	| { readonly kind: 'timeline'; readonly continued: string; readonly stops: readonly TimelineStop[] }
	| { readonly kind: 'signatures'; readonly slots: readonly { readonly role: 'Preparer' | 'Reviewer'; readonly words: string }[] }
	| { readonly kind: 'cover'; readonly title: string; readonly overline: string; readonly subtitle: string }
	| { readonly kind: 'anchor'; readonly anchor: string }
	| { readonly kind: 'space'; readonly points: number }
	| { readonly kind: 'page' };

export type BlockOf<K extends Block['kind']> = Extract<Block, { kind: K }>;

export interface Section {
	/** "" for the cover, which is no numbered section. */
	readonly title: string;
	readonly blocks: readonly Block[];
}

/** A label always stays with what it labels. */
export const text = (words: Words, style: TextRole = 'body'): Block => ({ kind: 'text', words, style, keep: style === 'label' });
export const keptText = (words: Words): Block => ({ kind: 'text', words, style: 'body', keep: true });
export const hash = (hex: string): Run => ({ text: hex, mono: true, hash: true });
export const space = (points: number): Block => ({ kind: 'space', points });
export const paragraphs = (...words: readonly Words[]): Cell => ({ paragraphs: words });
export const chipCell = (chip: Chip): Cell => ({ chip });
