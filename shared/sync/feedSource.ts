/** A publication as a drop: what is new comes from the hub while it is read, what stands already from the import before. */

import { type DropSource, failDrop } from '#intake';
import { concatBytes, fromUtf8, utf8 } from '#kernel';
import { askHub, type HubPorts } from './hubCalls.ts';
import { changeSchema } from './protocol.ts';
import type { PulledTable, PullPlan, TablePull } from './pullPlan.ts';
import type { SyncStop } from './syncStop.ts';

/** Thrown through the import by a feed that stops; `stop` is what the person is told. */
export class FeedStopped extends Error {
	readonly stop: SyncStop;
	constructor(stop: SyncStop) {
		super(stop.message);
		this.name = 'FeedStopped';
		this.stop = stop;
	}
}

const WHOLE_BYTES = 3 << 20;

/** @param previous the stored drop that the plan's pins stand for; null where there is none */
export function feedSource(plan: PullPlan, ports: HubPorts, previous: DropSource | null): DropSource {
	const small = new Map<string, Uint8Array>([['manifest.json', utf8(plan.manifestText)]]);
	for (const [table, { note, head }] of plan.heads) small.set(`checkpoints/${table}/${head.size}.txt`, utf8(note));
	for (const [table, bytes] of plan.disclosures) small.set(`disclosures/${table}.ndjson`, bytes);
	const tables = new Map(plan.tables.map((each) => [each.declared.file, each]));
	const documents = new Map(plan.documents.map(({ sha256, bytes }) => [`documents/${sha256}`, bytes]));
	const kept = [...(previous?.paths ?? [])].filter((path) => path.startsWith('checkpoints/') && !small.has(path));
	const sizeOf = (path: string): number | null =>
		small.get(path)?.length ?? tables.get(path)?.declared.bytes ?? documents.get(path) ?? null;

	async function* open(path: string): AsyncGenerator<Uint8Array> {
		const bytes = small.get(path);
		const table = tables.get(path);
		if (bytes) yield bytes;
		else if (table) yield* openTable(plan, table, ports, previous);
		else if (previous?.paths.has(path)) yield* previous.open(path);
		else if (documents.has(path)) yield await fetched(ports, `/v1/documents/${path.slice('documents/'.length)}`, 'document');
		else failDrop('not_found', path, `${path} is not part of the publication.`);
	}

	return {
		kind: 'folder',
		// Checkpoints seen before stay: each is a head that this workstation believed once, and the new lines must have its root as well.
		paths: new Set([...small.keys(), ...tables.keys(), ...documents.keys(), ...kept]),
		size: async (path) => sizeOf(path) ?? (previous?.paths.has(path) ? previous.size(path) : 0),
		open,
		readRange: null,
		close: () => Promise.resolve(),
	};
}

async function* openTable(
	plan: PullPlan,
	{ declared, pull }: PulledTable,
	ports: HubPorts,
	previous: DropSource | null,
): AsyncGenerator<Uint8Array> {
	const { table, file } = declared;
	const before = previous?.paths.has(file) ? previous : null;
	switch (pull.kind) {
		case 'lines':
			if (before && pull.from > 0) yield* before.open(file);
			yield* logLines(ports, table, pull.from, pull.to);
			return;
		case 'same':
			if (before) yield* before.open(file);
			else yield* wholeFile(ports, plan.number, table, declared.bytes);
			return;
		case 'changes': {
			const changes = before ? await fetchChanges(ports, table, pull) : null;
			if (before && changes) yield* spliced(before.open(file), changes, pull.rowsBefore);
			else yield* wholeFile(ports, plan.number, table, declared.bytes);
			return;
		}
		default:
			yield* wholeFile(ports, plan.number, table, declared.bytes);
	}
}

async function fetched(ports: HubPorts, path: string, feed: string): Promise<Uint8Array> {
	const answer = await askHub(ports, { method: 'GET', path }, feed);
	if (!answer.ok) throw new FeedStopped(answer.error);
	return answer.value.bytes;
}

async function* logLines(ports: HubPorts, table: string, from: number, to: number): AsyncGenerator<Uint8Array> {
	for (let at = from; at < to; ) {
		const bytes = await fetched(ports, `/v1/logs/${table}/lines?from=${at}&to=${to}`, table);
		const lines = countLines(bytes);
		// An empty page would be asked for for ever; too long a one is seen by the count of rows.
		if (lines === 0) failDrop('not_readable', `data/${table}.ndjson`, `The hub gave no lines of ${table} from ${at} on. Try again later.`);
		yield bytes;
		at += lines;
	}
}

const LINE_FEED = 0x0a;

function countLines(bytes: Uint8Array): number {
	let lines = 0;
	for (let at = bytes.indexOf(LINE_FEED); at >= 0; at = bytes.indexOf(LINE_FEED, at + 1)) lines++;
	return lines;
}

async function* wholeFile(ports: HubPorts, publication: number, table: string, size: number | null): AsyncGenerator<Uint8Array> {
	for (let offset = 0; size === null || offset < size; ) {
		const bytes = await fetched(ports, `/v1/publication/${publication}/tables/${table}?offset=${offset}&length=${WHOLE_BYTES}`, table);
		if (bytes.length === 0) return;
		yield bytes;
		offset += bytes.length;
	}
}

type Changes = ReadonlyMap<number, string>;
/** More is quicker fetched whole, and bounds what is held in memory. */
const CHANGES_MAX = 200_000;

/** Changed lines by their place in the file; null where rows went away or the hub has moved on, so that the file is fetched whole. */
async function fetchChanges(
	ports: HubPorts,
	table: string,
	{ since, until }: Extract<TablePull, { kind: 'changes' }>,
): Promise<Changes | null> {
	const changes = new Map<number, string>();
	for (let cursor = ''; ; ) {
		const path = `/v1/tables/${table}/changes?since=${since}&until=${until}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`;
		const answer = await askHub(ports, { method: 'GET', path }, table);
		if (!answer.ok) {
			if (answer.error.code === 'protocol') return null;
			throw new FeedStopped(answer.error);
		}
		for (const line of (fromUtf8(answer.value.bytes) ?? '\u0000').split('\n')) {
			if (line === '') continue;
			const change = changeOf(line);
			if (!change || 'gone' in change || changes.size >= CHANGES_MAX) return null;
			changes.set(change.p, change.l);
		}
		cursor = answer.value.headers['next-cursor'] ?? '';
		if (cursor === '') return changes;
	}
}

function changeOf(line: string) {
	try {
		const parsed = changeSchema.safeParse(JSON.parse(line));
		return parsed.success ? parsed.data : null;
	} catch {
		return null;
	}
}

/** The file with changed lines in their places and new ones at its end. What does not fit is seen by the manifest's hash. */
async function* spliced(before: AsyncIterable<Uint8Array>, changes: Changes, rowsBefore: number): AsyncGenerator<Uint8Array> {
	let row = 0;
	let rest: Uint8Array = new Uint8Array(0);
	for await (const chunk of before) {
		const bytes = rest.length === 0 ? chunk : concatBytes(rest, chunk);
		const out: Uint8Array[] = [];
		let from = 0;
		for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
			const changed = changes.get(row);
			out.push(changed === undefined ? bytes.subarray(from, end + 1) : utf8(`${changed}\n`));
			from = end + 1;
			row++;
		}
		rest = bytes.slice(from);
		if (out.length > 0) yield concatBytes(...out);
	}
	if (rest.length > 0) yield rest;
	const added = [...changes].filter(([place]) => place >= rowsBefore).sort(([a], [b]) => a - b);
	if (added.length > 0) yield utf8(added.map(([, line]) => `${line}\n`).join(''));
}
