/** What came from the hub so far: publications with their heads, and the hub's own sealed records. */
import type { SealedHeads } from '#evidence';
import type { Json } from '#kernel';
import { utf8 } from '#kernel';
import { type FeedPin, type HeadsRecord, jsonOf, type PulledRecords, type RecordsPin } from '#sync';
import type { VaultEngagement } from './engagement.ts';
import type { LinkRecords } from './hubLink.ts';

/** A publication that was pulled, believed and stored. */
export interface PulledPublication {
	readonly importId: string;
	readonly number: number;
	/** RFC 3339; when it was stored here. */
	readonly at: string;
	readonly rows: number;
	readonly heads: FeedPin['heads'];
	readonly isLoaded: boolean;
}

/** A line of the hub's own log, verified with it. */
export interface HubRecordLine {
	/** Counted from 1. */
	readonly place: number;
	/** `batch`, `heads`, `key` …; empty where the line names none. */
	readonly kind: string;
	/** As it is sealed. */
	readonly line: string;
}

export interface Received {
	/** Newest first. */
	readonly publications: readonly PulledPublication[];
	/** Lines of the hub's own log that were verified. */
	readonly records: number;
	/** The last of them, newest first. */
	readonly recent: readonly HubRecordLine[];
	/** By table, the newest heads record. */
	readonly heads: Readonly<Record<string, HeadsRecord>>;
}

const LINES = 'recordLines';
const LINES_MAX = 200;
/** UTF-16 code units of all kept lines. */
const TEXT_MAX = 500_000;

/** Keeps the newest lines to be looked at; that they are the log's was settled before. */
export async function keepRecords(link: LinkRecords, { pin, lines }: PulledRecords): Promise<void> {
	if (lines.length > 0) {
		const kept: string[] = [];
		let size = 0;
		for (const line of [...(await keptLines(link)), ...lines].reverse()) {
			size += line.length;
			if (kept.length === LINES_MAX || size > TEXT_MAX) break;
			kept.push(line);
		}
		await link.save(LINES, kept.reverse());
	}
	await link.save('records', pin as unknown as Json);
}

const keptLines = async (link: LinkRecords): Promise<readonly string[]> => ((await link.load(LINES)) as string[] | null) ?? [];

export async function receivedOf(engagement: VaultEngagement): Promise<Received> {
	const { imports } = engagement.workbook();
	const loaded = engagement.evidence()?.importId ?? null;
	const publications: PulledPublication[] = [];
	for (const { importId, meta } of await engagement.store.imports()) {
		const { feed } = meta as { readonly feed?: FeedPin };
		const record = imports.get(importId);
		if (!feed || !record) continue;
		const { rows, stamp } = record;
		publications.push({ importId, number: feed.publication.size, at: stamp.at, rows, heads: feed.heads, isLoaded: importId === loaded });
	}
	const pin = (await engagement.link.load('records')) as RecordsPin | null;
	const size = pin?.size ?? 0;
	const lines = await keptLines(engagement.link);
	return {
		publications: publications.sort((a, b) => b.number - a.number),
		records: size,
		recent: lines.map((line, at) => ({ place: size - lines.length + at + 1, kind: kindOf(line), line })).reverse(),
		heads: pin?.heads ?? {},
	};
}

/** Heads records with their proofs that may hold for an import: those of its own pull, and the newest ones of the hub's records. */
export async function headsKnownFor({ store, link }: VaultEngagement, importId: string): Promise<readonly SealedHeads[]> {
	const own = (await store.imports()).find((one) => one.importId === importId)?.meta as
		| { readonly heads?: readonly SealedHeads[] }
		| undefined;
	const pin = (await link.load('records')) as RecordsPin | null;
	return [...Object.values(pin?.sealedHeads ?? {}), ...(own?.heads ?? [])];
}

function kindOf(line: string): string {
	const record = jsonOf(utf8(line));
	return typeof record === 'object' && record !== null && 'kind' in record && typeof record.kind === 'string' ? record.kind : '';
}
