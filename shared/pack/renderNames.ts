/** Named places: links name an anchor, and the anchors' pages are told at the end in one sorted tree. */

import { type PDFContext, PDFHexString, type PDFObject, type PDFRef } from 'pdf-lib';
import { compareText, toHex, utf8 } from '#kernel';

/** An anchor's name as bytes: UTF-8 in a hex string, so that any order id may be in it. */
export const destinationName = (anchor: string): PDFHexString => PDFHexString.of(toHex(utf8(anchor)));

const LEAF_SIZE = 64;

/**
 * A name tree (ISO 32000-1 §7.9.6), sorted by the bytes of its keys and balanced.
 * @param entries key bytes in hex, each once
 */
export function nameTree(context: PDFContext, entries: readonly (readonly [hexKey: string, value: PDFObject])[]): PDFRef {
	const sorted = [...entries].sort(([a], [b]) => compareText(a, b));
	const key = (hex: string) => PDFHexString.of(hex);
	let level = groups(sorted).map((group) => ({
		first: group[0]?.[0] ?? '',
		last: group.at(-1)?.[0] ?? '',
		body: { Names: context.obj(group.flatMap(([name, value]) => [key(name), value])) } as Record<string, PDFObject>,
	}));
	while (level.length > 1) {
		level = groups(level).map((group) => {
			const kids = group.map(({ first, last, body }) => context.register(context.obj({ Limits: [key(first), key(last)], ...body })));
			return { first: group[0]?.first ?? '', last: group.at(-1)?.last ?? '', body: { Kids: context.obj(kids) } };
		});
	}
	return context.register(context.obj(level[0]?.body ?? { Names: [] }));
}

function groups<T>(items: readonly T[]): (readonly T[])[] {
	return Array.from({ length: Math.ceil(items.length / LEAF_SIZE) }, (_, i) => items.slice(i * LEAF_SIZE, (i + 1) * LEAF_SIZE));
}
