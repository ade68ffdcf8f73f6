/** Files of a publication as a hub gives them out, page by page. */
import { concatBytes, fromUtf8, utf8 } from '#kernel';
import { FeedStopped } from './feedStopped.ts';
import { askHub, type HubPorts } from './hubCalls.ts';
import { changeSchema } from './protocol.ts';
import type { TablePull } from './pullPlan.ts';
import { type DistrustStop, distrust, syncStop } from './syncStop.ts';

/** Of a file at once: an answer holds little more. */
export const WHOLE_BYTES = 3 << 20;

export async function fetched(ports: HubPorts, path: string, feed: string): Promise<Uint8Array> {
	const answer = await askHub(ports, { method: 'GET', path }, feed);
	if (!answer.ok) throw new FeedStopped(answer.error);
	return answer.value.bytes;
}

export async function* logLines(ports: HubPorts, table: string, from: number, to: number): AsyncGenerator<Uint8Array> {
	for (let at = from; at < to; ) {
		const bytes = await fetched(ports, `/v1/logs/${table}/lines?from=${at}&to=${to}`, table);
		const lines = countLines(bytes);
		// An empty page would be asked for for ever; too long a one is seen by the count of rows.
		if (lines === 0)
			throw new FeedStopped(syncStop('protocol', table, `The hub gave no lines of ${table} from ${at} on. Try again later.`));
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

/** @param from byte to begin with */
export async function* wholeFile(
	ports: HubPorts,
	publication: number,
	table: string,
	size: number,
	from: number,
): AsyncGenerator<Uint8Array> {
	for (let offset = from; offset < size; ) {
		const bytes = await fetched(ports, `/v1/publication/${publication}/tables/${table}?offset=${offset}&length=${WHOLE_BYTES}`, table);
		if (bytes.length === 0) return;
		yield bytes;
		offset += bytes.length;
	}
}

export type Changes = ReadonlyMap<number, string>;
/** More is quicker fetched whole, and bounds what is held in memory. */
const CHANGES_MAX = 200_000;

/** Changed lines by their place in the file; null where rows went away or the hub has moved on, so that the file is fetched whole. */
export async function fetchChanges(
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
		const before = changes.size;
		for (const line of (fromUtf8(answer.value.bytes) ?? '\u0000').split('\n')) {
			if (line === '') continue;
			const change = changeOf(line);
			if (!change || 'gone' in change || changes.size >= CHANGES_MAX) return null;
			changes.set(change.p, change.l);
		}
		cursor = answer.value.headers['next-cursor'] ?? '';
		if (cursor === '') return changes;
		// Pages that bring nothing would be asked for for ever.
		if (changes.size === before) return null;
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
export async function* spliced(before: AsyncIterable<Uint8Array>, changes: Changes, rowsBefore: number): AsyncGenerator<Uint8Array> {
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

/** What comes after the first bytes. */
export async function* after(bytes: AsyncIterable<Uint8Array>, skipped: number): AsyncGenerator<Uint8Array> {
	let left = skipped;
	for await (const chunk of bytes) {
		if (left < chunk.length) yield chunk.subarray(left);
		left = Math.max(0, left - chunk.length);
	}
}

/** A file that goes on beyond its declared end is another one, and is not stored until the disk is full. */
export async function* atMost(
	size: number,
	bytes: AsyncIterable<Uint8Array>,
	code: DistrustStop,
	feed: string,
): AsyncGenerator<Uint8Array> {
	let given = 0;
	for await (const chunk of bytes) {
		given += chunk.length;
		if (given > size)
			throw new FeedStopped(distrust(code, feed, `The hub gives more than the ${size} bytes of ${feed} that were declared.`));
		yield chunk;
	}
}

/** How far a file has got. */
export interface FilePlace {
	readonly bytes: number;
	readonly lines: number;
	/** Bytes behind the last whole line. */
	readonly behind: number;
}

export const FILE_START: FilePlace = { bytes: 0, lines: 0, behind: 0 };

export function placeAfter({ bytes, lines, behind }: FilePlace, chunk: Uint8Array): FilePlace {
	const last = chunk.lastIndexOf(LINE_FEED);
	return {
		bytes: bytes + chunk.length,
		lines: lines + countLines(chunk),
		behind: last < 0 ? behind + chunk.length : chunk.length - last - 1,
	};
}
