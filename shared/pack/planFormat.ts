/** How values are written in a pack: one spelling for each kind. */
import { formatAmount, formatDuration } from '#kernel';
import type { Chip, Run, Tone } from './planBlocks.ts';
import { hash } from './planBlocks.ts';
import type { HashStatus, MinorAmount, PackEngagement } from './planInput.ts';

/** An instant with its zone, milliseconds only where there are any: "2026-03-31 23:15:00 UTC". Text that is none stays as it is. */
export function instant(text: string): string {
	const match = /^(\d{4}-\d\d-\d\d)T(\d\d:\d\d:\d\d)(?:\.(\d+))?Z$/.exec(text);
	if (match === null) return text;
	const [, day, time, fraction = ''] = match;
	return `${day} ${time}${/^0*$/.test(fraction) ? '' : `.${fraction}`} UTC`;
}

/** Day and clock of an instant, to stand in two lines. */
export function dayAndClock(text: string): readonly [string, string] {
	const shown = instant(text);
	const at = shown.indexOf(' ');
	return at < 0 ? [shown, ''] : [shown.slice(0, at), shown.slice(at + 1)];
}

/** Time between two instants in words, or null where one of them is none. */
export function elapsed(from: string, to: string): string | null {
	const [start, end] = [Date.parse(from), Date.parse(to)];
	return Number.isNaN(start) || Number.isNaN(end) ? null : formatDuration(end - start);
}

export const integer = (value: number | bigint): string => String(value).replace(/\B(?=(\d{3})+$)/g, ',');

/** A decimal as its producer spells it, with its thousands parted; text that is none stays as it is. */
export function grouped(text: string): string {
	const match = /^(-?)(\d+)(\.\d+)?$/.exec(text);
	return match === null ? text : `${match[1] === '' ? '' : '−'}${(match[2] ?? '').replace(/\B(?=(\d{3})+$)/g, ',')}${match[3] ?? ''}`;
}

export const bytes = (value: number): string => `${integer(value)} B`;

export const plural = (count: number, one: string, many = `${one}s`): string => `${integer(count)} ${count === 1 ? one : many}`;

/** An amount as a figure, with a true minus sign; without currency the bare minor units, said so. */
export function amount(minor: MinorAmount | null, currency: string | null): string {
	if (minor === null) return '—';
	const exact = toBigint(minor);
	if (exact === null) return `${minor}${currency === null ? '' : ` ${currency}`}`;
	const figure =
		currency === null
			? `${integer(exact < 0n ? -exact : exact)} minor units`
			: `${formatAmount(exact < 0n ? -exact : exact, currency)} ${currency}`;
	return exact < 0n ? `−${figure}` : figure;
}

/** The figure alone, for columns whose currency stands beside it. */
export function figure(minor: MinorAmount, currency: string): string {
	const exact = toBigint(minor);
	if (exact === null) return String(minor);
	return `${exact < 0n ? '−' : ''}${formatAmount(exact < 0n ? -exact : exact, currency)}`;
}

function toBigint(minor: MinorAmount): bigint | null {
	if (typeof minor === 'bigint') return minor;
	if (typeof minor === 'number') return Number.isSafeInteger(minor) ? BigInt(minor) : null;
	return /^-?\d{1,40}$/.test(minor) ? BigInt(minor) : null;
}

export const isZero = (minor: MinorAmount): boolean => toBigint(minor) === 0n;

/** A document's kind as a reader calls it. */
export const documentKind = (kind: string): string => (kind === 'pod' ? 'proof of delivery' : spaced(kind));

/** A hash, in hex or base64, to be compared by people where it is one; the bare text where it is not. */
export const hashRun = (text: string): Run => (/^([0-9a-f]{16,}|[A-Za-z0-9+/]{43}=)$/.test(text) ? hash(text) : { text, mono: true });

/** "snake_case" as words. */
export const spaced = (code: string): string => code.replaceAll('_', ' ');

export const titled = (code: string): string => spaced(code).replace(/^./, (first) => first.toUpperCase());

const chip = (tone: Tone, glyph: string, label: string, solid = false): Chip => ({ tone, glyph, label, solid });

/** Verdict words never share a meaning, so neither do their plates. */
export const TEST_CHIPS: Readonly<Record<string, Chip>> = {
	exception: chip('fail', '✕', 'Exceptions', true),
	incomplete: chip('warn', '▲', 'Incomplete'),
	not_testable: chip('neutral', '–', 'Not testable'),
	pass: chip('pass', '✓', 'Passed'),
};

export const INTEGRITY_CHIPS: Readonly<Record<string, Chip>> = {
	verified: chip('pass', '✓', 'Verified'),
	altered: chip('fail', '✕', 'Altered', true),
	truncated: chip('fail', '✕', 'Truncated', true),
	forked: chip('fail', '✕', 'Forked', true),
	not_verifiable: chip('warn', '○', 'Not verifiable'),
};

export const IPE_CHIPS: Readonly<Record<string, Chip>> = {
	as_declared: chip('pass', '✓', 'As declared'),
	differs: chip('fail', '✕', 'Differs', true),
	not_declared: chip('warn', '▲', 'Not declared'),
	missing: chip('fail', '✕', 'Missing', true),
};

export const SEVERITY_CHIPS: Readonly<Record<string, Chip>> = {
	critical: chip('fail', '', 'Critical'),
	high: chip('warn', '', 'High'),
	medium: chip('info', '', 'Medium'),
	low: chip('neutral', '', 'Low'),
};

export const FINDING_CHIPS: Readonly<Record<string, Chip>> = {
	draft: chip('warn', '▲', 'Draft'),
	prepared: chip('info', '', 'Prepared'),
	reviewed: chip('info', '', 'Reviewed'),
	issued: chip('accent', '', 'Issued'),
	withdrawn: chip('neutral', '–', 'Withdrawn'),
};

export const HASH_CHIPS: Readonly<Record<HashStatus, Chip>> = {
	verified: chip('pass', '✓', 'Verified'),
	not_verifiable: chip('warn', '○', 'Not verifiable'),
	link_broken: chip('fail', '✕', 'Link broken', true),
	unsealed: chip('neutral', '–', 'Not sealed'),
	withheld: chip('neutral', '–', 'Withheld'),
};

/** A verdict that is not in the vocabulary is shown as it is, never as a good one. */
export const chipFor = (chips: Readonly<Record<string, Chip>>, verdict: string): Chip =>
	chips[verdict] ?? chip('warn', '?', titled(verdict));

const TITLE_MAX = 160;

/** A title for headings and bookmarks; what is longer is printed in full elsewhere. */
export const clipped = (text: string): string => (text.length <= TITLE_MAX ? text : `${text.slice(0, TITLE_MAX)}…`);

/** Who prepared the pack, and for whom. */
export const preparedBy = ({ preparedBy: person, organisation }: PackEngagement): string =>
	organisation === '' ? person : `${person}, ${organisation}`;
