/** The state history of every order that a test reported. */
import { integrityAnchor, orderAnchor } from './planAnchors.ts';
import { type Block, type Cell, type Chip, paragraphs, type Section, text, type Words } from './planBlocks.ts';
import { completenessSums, completenessText } from './planCompleteness.ts';
import { chipFor, clipped, HASH_CHIPS, INTEGRITY_CHIPS, spaced } from './planFormat.ts';
import type { HashStatus, LedgerEffect, OrderTimeline, PackInput, TimelineEvent } from './planInput.ts';
import { documentWords, fitsChip, HELD, ledgerEntry, stateChip, testLinks, timelineStop } from './planTimelineStop.ts';

/** With more orders than this the index at the section's start stands in for entries in the table of contents. */
const LISTED_ORDERS = 40;

/** Numbers of the orders' sections, so that exceptions can name them before they are printed. */
export const numberTimelines = ({ timelines }: PackInput, number: string): ReadonlyMap<string, string> =>
	new Map(timelines.map(({ orderId }, i) => [orderId, `${number}.${i + 1}`]));

export function planTimelines(input: PackInput, number: string): Section {
	const reportedBy = testsByOrder(input);
	const blocks: Block[] = [
		{ kind: 'heading', level: 1, number, text: 'Order timelines', anchor: 'timelines', listed: true },
		text(
			'The state history of the orders that exceptions and findings are about, event by event: what happened and when by the source’s word, when it was recorded and by whom, how its hash stands, and what it did to the ledger.',
			'lead',
		),
		text('How an event’s hash stands; the glossary has the words', 'label'),
		legend(),
		...wholeTable(input),
		...completenessSums(input),
		index(input, number, reportedBy),
	];
	for (const [i, timeline] of input.timelines.entries())
		blocks.push(
			...orderBlocks(timeline, `${number}.${i + 1}`, reportedBy.get(timeline.orderId) ?? [], input.timelines.length <= LISTED_ORDERS),
		);
	return { title: 'Order timelines', blocks };
}

function testsByOrder({ result }: PackInput): ReadonlyMap<string, readonly string[]> {
	const found = new Map<string, string[]>();
	for (const { test, exceptions } of result.tests) {
		for (const { order_id: order } of exceptions) {
			if (order === null) continue;
			const tests = found.get(order);
			if (tests === undefined) found.set(order, [test]);
			else if (tests.at(-1) !== test) tests.push(test);
		}
	}
	return found;
}

const legend = (): Block => ({
	kind: 'chips',
	arrows: false,
	chips: (Object.keys(HASH_CHIPS) as HashStatus[]).map((status) => HASH_CHIPS[status]),
});

const BROKEN = new Set(['altered', 'truncated', 'forked']);

/** An event may be verified in a table that is not: whoever reads one page must not take the one for the other. */
function wholeTable({ result }: PackInput): Block[] {
	const table = 'order_event';
	const verdict = result.integrity[table]?.verdict;
	if (verdict === undefined || !BROKEN.has(verdict)) return [];
	return [
		{
			kind: 'callout',
			tone: 'warn',
			title: `▲ ${table} as a whole: ${chipFor(INTEGRITY_CHIPS, verdict).label.toLowerCase()}`,
			words: [
				{
					text: 'Verified, beside an event, speaks of that event alone: its line is under a matching checkpoint of the trusted key. What is wrong with the table is told under ',
				},
				{ text: 'Integrity verification', link: integrityAnchor(table) },
				{ text: '.' },
			],
		},
	];
}

function index({ timelines }: PackInput, number: string, reportedBy: ReadonlyMap<string, readonly string[]>): Block {
	return {
		kind: 'table',
		tagging: timelines.length > 400 ? 'rows' : 'cells',
		dense: true,
		continued: 'Order timelines',
		columns: [
			{ head: 'Section', firm: true },
			{ head: 'Order' },
			{ head: 'Events', align: 'right', firm: true },
			{ head: 'Last state' },
			{ head: 'Reported by' },
			{ head: 'Page', align: 'right', firm: true, longest: '00000' },
		],
		rows: timelines.map(({ orderId, events }, i): Cell[] => [
			`${number}.${i + 1}`,
			paragraphs([{ text: orderId, link: orderAnchor(orderId), bold: true }]),
			String(events.length),
			spaced(events.findLast(({ toState }) => toState !== null)?.toState ?? '—'),
			paragraphs(testLinks(reportedBy.get(orderId) ?? [])),
			{ pageOf: orderAnchor(orderId) },
		]),
		empty: 'No exception concerns an order whose history is in this pack.',
	};
}

function orderBlocks(timeline: OrderTimeline, number: string, tests: readonly string[], listed: boolean): Block[] {
	const { orderId, facts, events, documents, ledger, completeness, note } = timeline;
	const blocks: Block[] = [
		{ kind: 'heading', level: 2, number, text: clipped(`Order ${orderId}`), anchor: orderAnchor(orderId), listed },
		{
			kind: 'facts',
			columns: 3,
			rows: [
				...facts.map(({ label, value }) => ({ label, value: value as Words })),
				...(tests.length === 0 ? [] : [{ label: 'Reported by', value: testLinks(tests) as Words }]),
			],
		},
	];
	const path = statePath(events);
	if (path.length > 1) blocks.push({ kind: 'chips', arrows: true, chips: path });
	for (const shown of completeness ?? []) blocks.push(completenessText(shown));
	if (note !== null) blocks.push({ kind: 'callout', tone: 'warn', title: '', words: note });
	if (events.length === 0) blocks.push(text('The drop has no event of this order: its history is not known.'));
	else
		blocks.push({
			kind: 'timeline',
			continued: `${number}  Order ${orderId}`,
			stops: events.map((event, i) => timelineStop(event, events[i - 1] ?? null)),
		});
	if (ledger.length > 0) blocks.push(text('Ledger effects that no event triggered', 'label'), ledgerTable(orderId, ledger));
	if (documents.length > 0)
		blocks.push(text('Further documents of the order', 'label'), { kind: 'list', items: documents.map(documentWords) });
	return blocks;
}

const toneOf = (state: string): Chip['tone'] =>
	HELD.has(state)
		? 'hold'
		: state === 'cancelled' || state === 'returned' || state === 'partially_returned' || state === 'return_requested'
			? 'warn'
			: 'plain';

const PATH_MAX = 24;

function statePath(events: readonly TimelineEvent[]): Chip[] {
	const states = events.flatMap(({ toState }) => toState ?? []).filter((state, i, all) => state !== all[i - 1]);
	const first = events.find(({ toState }) => toState !== null)?.fromState;
	const path = first === undefined || first === null ? states : [first, ...states];
	return path.length > PATH_MAX || path.some((state) => !fitsChip(state)) ? [] : path.map((state) => stateChip(state, toneOf(state)));
}

function ledgerTable(orderId: string, ledger: readonly LedgerEffect[]): Block {
	return {
		kind: 'table',
		tagging: 'cells',
		dense: true,
		continued: `Order ${orderId}: ledger`,
		columns: [{ head: 'Entry', bold: true }, { head: 'What it says' }, { head: 'Amount', align: 'right', firm: true }],
		rows: ledger.map((effect) => {
			const { label, detail, amount: shown, currency } = ledgerEntry(effect);
			return [label, detail, `${shown} ${currency}`];
		}),
	};
}
