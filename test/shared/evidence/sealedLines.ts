/** Makes sealed lines for the tests of the log kernel, by the words of the format and by nothing of the kernel's own. */
import { createHash } from 'node:crypto';
import { canonicalize, utf8 } from '#kernel';

export const leafHex = (line: string | Uint8Array): string =>
	createHash('sha256')
		.update(new Uint8Array([0]))
		.update(line)
		.digest('hex');

export type Draft = Readonly<Record<string, unknown>> & { readonly order_id: string };

/** Seals drafts: gives each its `prev` and, where wanted, its `order_seq`. */
export function sealed(drafts: readonly Draft[], hasOrderSeq = true): string[] {
	const ends = new Map<string, { leaf: string; seq: number }>();
	return drafts.map((draft) => {
		const end = ends.get(draft.order_id);
		const seq = (end?.seq ?? 0) + 1;
		const line = canonicalize({ ...draft, prev: end?.leaf ?? null, ...(hasOrderSeq ? { order_seq: seq } : {}) });
		ends.set(draft.order_id, { leaf: leafHex(line), seq });
		return line;
	});
}

/** `count` events over `orders` orders, taking turns: line i (from 0) is event 1 + ⌊i / orders⌋ of order i mod orders. */
export const sampleLog = (count: number, orders: number, hasOrderSeq = true): string[] =>
	sealed(
		Array.from({ length: count }, (_, i) => ({
			order_id: `SO-${i % orders}`,
			event_id: `EV-${i}`,
			type: 'line.shipped',
			note: 'né → 中 😂',
		})),
		hasOrderSeq,
	);

export const bytesOf = (lines: readonly string[]): Uint8Array => utf8(lines.map((line) => `${line}\n`).join(''));
