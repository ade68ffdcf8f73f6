/** What must hold in the end: both ends have the same, nothing acknowledged is lost, and nothing is there twice. */
import assert from 'node:assert/strict';
import { leafHash, merkleTree } from '#evidence';
import { compareText, concatBytes, toBase64, utf8 } from '#kernel';
import { pullAnswerSchema } from '#sync';
import { type Desk, must } from './desk.ts';
import type { Producer } from './producer.ts';

/** What was seen, and told to somebody, on the way. */
export interface Happened {
	/** Acts that were acknowledged to their author. */
	readonly acts: { readonly replica: string; readonly value: string }[];
	/** Heads that were believed and pinned. */
	readonly heads: { readonly table: string; readonly size: number; readonly root: string }[];
}

interface Ground {
	readonly desk: Desk;
	readonly first: string;
	readonly second: string;
	readonly systems: Producer;
	readonly happened: Happened;
	/** The hub's answer to an auditor. */
	ask(path: string): Promise<Uint8Array>;
}

const textOf = (bytes: Uint8Array): string => Buffer.from(bytes).toString('utf8');
const linesIn = (bytes: Uint8Array): string[] => textOf(bytes).split('\n').slice(0, -1);

export async function judge(ground: Ground): Promise<void> {
	await judgeEvents(ground);
	await judgeEvidence(ground);
	await judgePapers(ground);
}

async function logOf({ ask }: Ground, table: string): Promise<string[]> {
	const note = textOf(await ask(`/v1/logs/${table}/checkpoint`));
	const size = Number(note.split('\n')[1]);
	const lines: string[] = [];
	while (lines.length < size) lines.push(...linesIn(await ask(`/v1/logs/${table}/lines?from=${lines.length}&to=${size}`)));
	return lines;
}

/** Every event that was ever sent is in its log once, in its order's order; every head that was ever pinned is a beginning of the log. */
async function judgeEvents(ground: Ground): Promise<void> {
	const { systems, happened } = ground;
	const sent = systems.batches.flatMap(({ events }) => events);
	const logs = new Map([
		['order_event', await logOf(ground, 'order_event')],
		['revenue_event', await logOf(ground, 'revenue_event')],
	]);
	const found: string[] = [];
	const places = new Map<string, number>();
	for (const line of [...logs.values()].flat()) {
		const { event_id, revenue_id, order_id, order_seq } = JSON.parse(line);
		found.push(event_id ?? revenue_id);
		if (event_id === undefined) continue;
		assert.equal(order_seq, (places.get(order_id) ?? 0) + 1, `the events of ${order_id} are in order`);
		places.set(order_id, order_seq);
	}
	assert.deepEqual(found.toSorted(compareText), sent.toSorted(compareText), 'each event is sealed once');
	for (const { table, size, root } of happened.heads) {
		const lines = logs.get(table) ?? [];
		assert.ok(size <= lines.length, `${table} reaches what was pinned`);
		assert.equal(rootOf(lines, size), root, `${table} continues what was pinned at ${size}`);
	}
}

const rootOf = (lines: readonly string[], size: number): string =>
	toBase64(merkleTree(concatBytes(...lines.slice(0, size).map((line) => leafHash(utf8(line))))).rootOf(size));

/** What the workstation holds is what the hub has, verified whole. */
async function judgeEvidence(ground: Ground): Promise<void> {
	const { desk, first, systems } = ground;
	await desk.open(first);
	const evidence = desk.inside().evidence()?.drop.evidence;
	assert.ok(evidence, 'there is evidence');
	const { heads } = must(await desk.feed().status());
	for (const table of ['order_event', 'revenue_event'] as const) {
		const lines = await logOf(ground, table);
		if (lines.length === 0) continue;
		assert.equal(evidence.integrity[table]?.verdict, 'verified', table);
		assert.deepEqual(heads[table] && [heads[table].size, heads[table].root], [lines.length, rootOf(lines, lines.length)], table);
	}
	assert.deepEqual(
		evidence.ipe.filter(({ verdict }) => verdict !== 'as_declared'),
		[],
	);
	const customers = desk.inside().evidence()?.drop.population.table('customer');
	const names = Array.from({ length: customers?.rows ?? 0 }, (_, row) => [
		customers?.text('customer_id', row),
		customers?.text('name', row),
	]);
	assert.deepEqual(new Map(names as [string, string][]), systems.customers, 'each customer stands as it was sent');
	const known = desk.inside().workbook().imports;
	for (const { importId } of await desk.inside().store.imports()) assert.ok(known.has(importId), 'each import that stands is known');
}

/** Both copies and the hub hold the same acts in the same order, and every act that was acknowledged once. */
async function judgePapers(ground: Ground): Promise<void> {
	const { desk, first, second, happened } = ground;
	const held = async (copy: string) => {
		await desk.open(copy);
		assert.deepEqual(desk.inside().damages(), [], 'the log is whole');
		const { order, pending, engagementId } = desk.inside().papers.state();
		assert.deepEqual(pending, [], 'nothing waits');
		return { order, engagementId, log: desk.inside().log(), workbook: desk.inside().workbook() };
	};
	const [one, other] = [await held(first), await held(second)];
	assert.deepEqual(one, other, 'both copies hold the same');
	const atHub = pullAnswerSchema.parse(JSON.parse(textOf(await ground.ask(`/v1/engagements/${one.engagementId}/acts?after=0`))));
	assert.deepEqual(atHub.order, one.order, 'the hub has the same order');
	assert.deepEqual(atHub.acts, one.log, 'the hub has the same acts');
	const placed = one.log.map(({ replica, act }) => `${replica} ${'value' in act ? act.value : 'title' in act ? act.title : ''}`);
	for (const { replica, value } of happened.acts)
		assert.equal(placed.filter((each) => each === `${replica} ${value}`).length, 1, `act ${value} is there once`);
}
