/** Did every message of the source systems arrive, and in time? T78. */
import type { TableName } from '#model';
import type { Population } from '#population';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { type NumberRange, rangesMissing } from './numberRanges.ts';
import { stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/** Gaps of one source told one by one; a source with more has no numbering, and its further gaps are told as one. */
const GAPS_MAX = 1000;

/**
 * Each source numbers its events without gaps, and its messages too, where an event of the number counts as the message. As many
 * missing numbers as lines of the table were set aside are left open: they may be those lines. A dead letter is made good by a
 * later message of its number, or a later `replayed` one of its order and endpoint; replays and dead letters are late anyway.
 */
function lostMessages({ population, number }: AuditContext): Outcome {
	const events = gapsOf(population, 'order_event', null);
	const hasFeed = population.has('feed_message');
	const feed = hasFeed ? gapsOf(population, 'feed_message', 'order_event') : NOTHING;
	const open = events.open + feed.open + (hasFeed ? 0 : 1);
	const why = [
		...(hasFeed ? [] : ['feed_message was not supplied: dead letters and latency can not be judged']),
		...(events.open + feed.open > 0 ? [`${events.open + feed.open} missing numbers may be lines set aside`] : []),
	];
	return {
		tested: population.table('order_event').rows + (hasFeed ? population.table('feed_message').rows : 0),
		exceptions: [
			...events.exceptions,
			...feed.exceptions,
			...(hasFeed ? [...deadLetters(population), ...lateMessages(population, number('sla_ms'))] : []),
		],
		open,
		openWhy: why.join('; '),
	};
}

interface Gaps {
	readonly exceptions: readonly ExceptionDraft[];
	readonly open: number;
}

const NOTHING: Gaps = { exceptions: [], open: 0 };

function gapsOf(population: Population, name: TableName, alsoIn: TableName | null): Gaps {
	const table = population.table(name);
	const seqs = table.integers('source_seq');
	const bySource = population.index(name, 'source_system');
	const list = new ExceptionList(name);
	let missing = 0;
	for (let source = 0; source < population.dictionary('source').size; source++) {
		const rows = bySource.rowsOf(source);
		if (rows.length === 0) continue;
		const own = Float64Array.from(rows, (row) => seqs[row] as number);
		const ranges = rangesMissing(alsoIn === null ? own : withOthers(population, own, alsoIn, source));
		for (const range of ranges) missing += range.last - range.first + 1;
		for (const exception of gapExceptions(population, name, source, ranges)) list.add(() => exception);
	}
	return missing > table.quarantine.length ? { exceptions: list.all(), open: 0 } : { exceptions: [], open: missing };
}

/** Numbers of a source, and those another table has between the lowest and the highest of them. */
function withOthers(population: Population, own: Float64Array, name: TableName, source: number): Float64Array {
	const others = population.table(name).integers('source_seq');
	let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
	for (const value of own) {
		if (value < low) low = value;
		if (value > high) high = value;
	}
	const rows = population.index(name, 'source_system').rowsOf(source);
	const between = rows.filter((row) => (others[row] as number) >= low && (others[row] as number) <= high);
	const all = new Float64Array(own.length + between.length);
	all.set(own);
	for (let i = 0; i < between.length; i++) all[own.length + i] = others[between[i] as number] as number;
	return all;
}

function gapExceptions(population: Population, name: TableName, source: number, ranges: readonly NumberRange[]): ExceptionDraft[] {
	if (ranges.length === 0) return [];
	const system = population.dictionary('source').text(source);
	const told = ranges.slice(0, GAPS_MAX);
	const neighbours = rowsBySeq(population, name, source, new Set(told.flatMap(({ first, last }) => [first - 1, last + 1])));
	const what = name === 'order_event' ? 'event' : 'message';
	return told.map(({ first, last }, at) => {
		const further = at === GAPS_MAX - 1 && ranges.length > GAPS_MAX ? `; ${ranges.length - GAPS_MAX} further gaps follow` : '';
		const count = last - first + 1;
		return {
			orderId: null,
			keys: { source_system: system, source_seq: String(first) },
			amountMinor: null,
			currency: null,
			reason: `${system} numbered its ${what}s without a gap, but ${count === 1 ? `${what} ${first} is missing` : `${count} ${what}s from ${first} to ${last} are missing`}${further}.`,
			rows: refs(name, [neighbours.get(first - 1) ?? -1, neighbours.get(last + 1) ?? -1]),
		};
	});
}

function rowsBySeq(population: Population, name: TableName, source: number, wanted: ReadonlySet<number>): Map<number, number> {
	const seqs = population.table(name).integers('source_seq');
	const found = new Map<number, number>();
	for (const row of population.index(name, 'source_system').rowsOf(source))
		if (wanted.has(seqs[row] as number)) found.set(seqs[row] as number, row);
	return found;
}

function deadLetters(population: Population): ExceptionDraft[] {
	const feed = population.table('feed_message');
	const status = (name: string) => feed.dictionary('status').codeOf(name);
	const [dead, replayed] = [status('dead_letter'), status('replayed')];
	const [sources, seqs, statuses, orders, endpoints] = [
		feed.codes('source_system'),
		feed.integers('source_seq'),
		feed.codes('status'),
		feed.codes('order_id'),
		feed.codes('endpoint'),
	];
	const sent = feed.instants('sent_at');
	const letters: number[] = [];
	for (let row = 0; row < feed.rows; row++) if (statuses[row] === dead) letters.push(row);
	if (letters.length === 0) return [];
	const byNumber = (row: number) => `${sources[row]}/${seqs[row]}`;
	const byOrder = (row: number) => `${sources[row]}/${orders[row]}/${endpoints[row]}`;
	const wanted = new Set(letters.map(byNumber));
	/** When a message of a number, or a replay of an order and endpoint, was last sent; a replay of the number itself counts for ever. */
	const lastSent = new Map<string, number>();
	const note = (key: string, at: number) => lastSent.set(key, Math.max(lastSent.get(key) ?? Number.NEGATIVE_INFINITY, at));
	for (let row = 0; row < feed.rows; row++) {
		if (statuses[row] === dead) continue;
		const isReplay = statuses[row] === replayed;
		const at = sent[row] as number;
		if (wanted.has(byNumber(row))) note(byNumber(row), isReplay ? Number.POSITIVE_INFINITY : at);
		if (isReplay && (orders[row] as number) >= 0) note(byOrder(row), at);
	}
	const list = new ExceptionList('feed_message');
	for (const row of letters) {
		const at = sent[row] as number;
		if ((lastSent.get(byNumber(row)) ?? Number.NaN) > at || (lastSent.get(byOrder(row)) ?? Number.NaN) >= at) continue;
		list.add(() =>
			messageException(
				population,
				row,
				`ended as a dead letter (sent on ${inTime(at)} to ${feed.text('endpoint', row)}) and was never replayed`,
			),
		);
	}
	return list.all();
}

function lateMessages(population: Population, slaMs: number): ExceptionDraft[] {
	const feed = population.table('feed_message');
	const status = (name: string) => feed.dictionary('status').codeOf(name);
	const aside = [status('dead_letter'), status('replayed')];
	const [latencies, statuses] = [feed.integers('latency_ms'), feed.codes('status')];
	const list = new ExceptionList('feed_message');
	for (let row = 0; row < feed.rows; row++) {
		const latency = latencies[row] as number;
		if (!(latency > slaMs) || aside.includes(statuses[row] as number)) continue;
		list.add(() => messageException(population, row, `took ${latency} ms to arrive; the limit is ${slaMs} ms`));
	}
	return list.all();
}

function messageException(population: Population, row: number, phrase: string): ExceptionDraft {
	const feed = population.table('feed_message');
	const order = feed.text('order_id', row);
	return {
		...stakeOf(population, feed.codes('order_id')[row] as number),
		keys: keysOf(population, 'feed_message', row),
		reason: `Message ${feed.cellText('source_seq', row)} of ${feed.text('source_system', row)}${order === null ? '' : ` for order ${order}`} ${phrase}.`,
		rows: [ref('feed_message', row)],
	};
}

export const EVENT_FEED_TESTS: readonly AuditTest[] = [
	{
		id: 'T78',
		version: 1,
		title: 'Lost or late message',
		severity: 'high',
		why: 'What a source sent and the order system never got is missing from every figure built on it.',
		rule: 'A gap in source_seq, a dead letter without replay, or a latency over {sla_ms} ms.',
		source: 'AS 1105.10',
		parameters: [{ name: 'sla_ms', default: 60_000, unit: 'milliseconds', doc: 'a message may take so long' }],
		needs: [{ table: 'order_event', columns: ['source_system', 'source_seq'] }],
		mayRead: ['feed_message', 'sales_order'],
		run: lostMessages,
	},
];
