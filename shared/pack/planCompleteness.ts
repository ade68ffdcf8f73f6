/** Whether all events of an order are in the pack: what a heads record shows, order by order and in sum. */
import { type Block, keptText, text } from './planBlocks.ts';
import { integer, plural } from './planFormat.ts';
import type { OrderCompleteness, PackInput } from './planInput.ts';

const EVENTS_OF: Readonly<Record<string, string>> = { order_event: 'event', revenue_event: 'revenue event' };

/** For how many of the orders a heads record shows all events, a table: the sum of what stands with each of them. */
export function completenessSums({ timelines }: PackInput): Block[] {
	const sums = new Map<string, { day: string; shown: number; of: number }>();
	for (const { table, day, events } of timelines.flatMap(({ completeness = [] }) => completeness)) {
		const sum = sums.get(table) ?? { day, shown: 0, of: 0 };
		sums.set(table, { day, shown: sum.shown + (events === null ? 0 : 1), of: sum.of + 1 });
	}
	return [...sums].map(([table, { day, shown, of }]) => {
		const rest = shown === of ? '' : '; of the others that is not shown';
		const are = shown === 1 ? 'is' : 'are';
		return text(
			`Of ${plural(of, 'order')}, ${integer(shown)} ${are} shown to have all ${nounOf(table)}s as of ${day}, by the hub’s heads record of that day${rest}.`,
		);
	});
}

const nounOf = (table: string): string => EVENTS_OF[table] ?? `row of ${table}`;

/** Never more than the record shows: what is newer than it, and what it does not show, is said with it. */
export function completenessText({ table, day, size, events, newer }: OrderCompleteness): Block {
	const noun = nounOf(table);
	const place = `over the first ${size === 1 ? 'line' : plural(size, 'line')} of ${table}`;
	const later = newer === 0 ? '' : ` ${plural(newer, noun)} ${newer === 1 ? 'is' : 'are'} newer than it.`;
	return events === null
		? keptText([
				{ text: '○  ', tone: 'warn', bold: true },
				{ text: `Completeness of this order’s ${noun}s is not shown (heads record of ${day}, ${place}).${later}` },
			])
		: keptText([
				{ text: '✓  ', tone: 'pass', bold: true },
				{ text: `${events === 1 ? `The only ${noun}` : `All ${plural(events, noun)}`} as of ${day}`, bold: true },
				{ text: ` (heads record, ${place}).${later}` },
			]);
}
