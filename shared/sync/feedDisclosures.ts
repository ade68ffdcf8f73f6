/** Disclosures of committed fields (RFC 9901) of a publication: those that were brought before, then what the hub gives for the new lines. */
import type { DropSource } from '#intake';
import { err, ok, type Result } from '#kernel';
import { FeedStopped } from './feedStopped.ts';
import { askHub, type HubPorts, protocol } from './hubCalls.ts';
import type { SyncStop } from './syncStop.ts';

export interface DisclosurePull {
	readonly table: string;
	/** Lines of the log before it: what is disclosed of them lies in the import before. */
	readonly from: number;
	readonly to: number;
	/** The first page with anything on it, which tells whether there is anything at all. No manifest counts disclosures. */
	readonly first: DisclosurePage;
}

interface DisclosurePage {
	readonly bytes: Uint8Array;
	/** The line that the next page begins with; `to` of the pull where there is none. */
	readonly next: number;
}

export const disclosuresFile = (table: string): string => `disclosures/${table}.ndjson`;

/** @param from the first line whose disclosures are not at hand */
export async function planDisclosures(ports: HubPorts, table: string, from: number, to: number): Promise<Result<DisclosurePull, SyncStop>> {
	let first: DisclosurePage = { bytes: NOTHING, next: from };
	while (first.bytes.length === 0 && first.next < to) {
		const page = await disclosurePage(ports, table, first.next, to);
		if (!page.ok) return page;
		first = page.value;
	}
	return ok({ table, from, to, first });
}

const NOTHING = new Uint8Array(0);

export const hasDisclosures = ({ first }: DisclosurePull): boolean => first.bytes.length > 0;

/** All of the file, a page at a time. Throws `FeedStopped`. @param previous the import before; null where there is none to copy from */
export async function* disclosureLines(
	ports: HubPorts,
	{ table, from, to, first }: DisclosurePull,
	previous: DropSource | null,
): AsyncGenerator<Uint8Array> {
	const file = disclosuresFile(table);
	if (from > 0 && previous?.paths.has(file)) yield* previous.open(file);
	for (let page = first; ; ) {
		if (page.bytes.length > 0) yield page.bytes;
		if (page.next >= to) return;
		const following = await disclosurePage(ports, table, page.next, to);
		if (!following.ok) throw new FeedStopped(following.error);
		page = following.value;
	}
}

async function disclosurePage(ports: HubPorts, table: string, from: number, to: number): Promise<Result<DisclosurePage, SyncStop>> {
	const request = { method: 'GET', path: `/v1/disclosures/${table}?from=${from}&to=${to}` } as const;
	const page = await askHub(ports, request, table);
	if (!page.ok) return page;
	const { bytes, headers } = page.value;
	const next = Number(headers['next-from'] ?? to);
	if (!Number.isSafeInteger(next) || next <= from) return err(protocol(table, request, 'pages of disclosures that do not go on'));
	return ok({ bytes, next });
}
