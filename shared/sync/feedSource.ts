/**
 * A publication as a drop: what was brought already comes from where it lies, what is new from the hub while it is read, and what stood
 * before from the import before.
 */
import { type DropSource, failDrop } from '#intake';
import { disclosureLines, disclosuresFile, hasDisclosures } from './feedDisclosures.ts';
import {
	after,
	atMost,
	FILE_START,
	type FilePlace,
	fetchChanges,
	fetched,
	logLines,
	placeAfter,
	spliced,
	WHOLE_BYTES,
	wholeFile,
} from './feedFiles.ts';
import { type FeedStage, smallFiles } from './feedStage.ts';
import { FeedStopped } from './feedStopped.ts';
import type { HubPorts } from './hubCalls.ts';
import type { PulledTable, PullPlan } from './pullPlan.ts';

/**
 * @param previous the stored drop that the plan's pins stand for; null where there is none
 * @param stage what was brought already of files that this plan names alike
 */
export function feedSource(plan: PullPlan, ports: HubPorts, previous: DropSource | null, stage: FeedStage | null = null): DropSource {
	const small = smallFiles(plan);
	const tables = new Map(plan.tables.map((each) => [each.declared.file, each]));
	const documents = new Map(plan.documents.map(({ sha256, bytes }) => [`documents/${sha256}`, bytes]));
	const disclosures = new Map(
		[...plan.disclosures.values()]
			.filter((pull) => hasDisclosures(pull) || (pull.from > 0 && previous?.paths.has(disclosuresFile(pull.table))))
			.map((pull) => [disclosuresFile(pull.table), pull]),
	);
	const kept = [...(previous?.paths ?? [])].filter((path) => path.startsWith('checkpoints/') && !small.has(path));
	const lost = new Set<string>();
	const sizeOf = (path: string): number | null =>
		small.get(path)?.length ?? tables.get(path)?.declared.bytes ?? documents.get(path) ?? null;

	async function* rest(path: string, place: FilePlace): AsyncGenerator<Uint8Array> {
		const bytes = small.get(path);
		const table = tables.get(path);
		const disclosed = disclosures.get(path);
		if (bytes) yield bytes.subarray(place.bytes);
		else if (table) yield* restOfTable(plan, table, ports, previous, place);
		else if (disclosed) yield* after(disclosureLines(ports, disclosed, previous), place.bytes);
		else if (previous?.paths.has(path)) yield* after(previous.open(path), place.bytes);
		else if (documents.has(path)) yield* documentOrLost(path, place);
		else failDrop('not_found', path, `${path} is not part of the publication.`);
	}

	/** One document that the hub no longer has is no reason to go without all the rest: it is missing, and said to be. */
	async function* documentOrLost(path: string, place: FilePlace): AsyncGenerator<Uint8Array> {
		try {
			yield* document(ports, path, documents.get(path) ?? 0, place.bytes);
		} catch (error) {
			if (!(error instanceof FeedStopped) || error.stop.code !== 'damaged') throw error;
			lost.add(path);
		}
	}

	async function* whole(path: string): AsyncGenerator<Uint8Array> {
		let place = FILE_START;
		if (stage && stage.bytesOf(path) > 0)
			for await (const chunk of stage.open(path)) {
				place = placeAfter(place, chunk);
				yield chunk;
			}
		// Of disclosures nobody has said where they end.
		if (place.bytes === 0 || place.bytes < (sizeOf(path) ?? 0) || disclosures.has(path)) yield* rest(path, place);
	}

	function open(path: string): AsyncIterable<Uint8Array> {
		const size = sizeOf(path);
		const table = tables.get(path)?.declared.table;
		if (size === null || small.has(path)) return whole(path);
		if (table === undefined) return atMost(size, whole(path), 'document_differs', 'document');
		return atMost(size, whole(path), plan.heads.has(table) ? 'log_differs' : 'table_differs', table);
	}

	return {
		kind: 'folder',
		// Checkpoints seen before stay: each is a head that this workstation believed once, and the new lines must have its root as well.
		paths: new Set([...small.keys(), ...tables.keys(), ...documents.keys(), ...disclosures.keys(), ...kept]),
		lost,
		size: async (path) => sizeOf(path) ?? (previous?.paths.has(path) ? previous.size(path) : 0),
		open,
		readRange: null,
		close: () => Promise.resolve(),
	};
}

/** A long one comes in parts: no answer holds more. @param from byte to begin with */
async function* document(ports: HubPorts, path: string, size: number, from: number): AsyncGenerator<Uint8Array> {
	const address = `/v1/documents/${path.slice('documents/'.length)}`;
	if (size <= WHOLE_BYTES) {
		const bytes = await fetched(ports, address, 'document');
		if (bytes.length > from || size === 0) yield bytes.subarray(from);
		return;
	}
	for (let offset = from; offset < size; ) {
		const bytes = await fetched(ports, `${address}?offset=${offset}&length=${WHOLE_BYTES}`, 'document');
		if (bytes.length === 0) return;
		yield bytes;
		offset += bytes.length;
	}
}

async function* restOfTable(
	plan: PullPlan,
	{ declared, pull }: PulledTable,
	ports: HubPorts,
	previous: DropSource | null,
	place: FilePlace,
): AsyncGenerator<Uint8Array> {
	const { table, file } = declared;
	const before = previous?.paths.has(file) ? previous : null;
	const wholeRest = (): AsyncIterable<Uint8Array> => wholeFile(ports, plan.number, table, declared.bytes ?? 0, place.bytes);
	switch (pull.kind) {
		case 'lines': {
			const beforeBytes = before && pull.from > 0 ? await before.size(file) : 0;
			if (before && place.bytes < beforeBytes) {
				yield* after(before.open(file), place.bytes);
				yield* logLines(ports, table, pull.from, pull.to);
			} else yield* after(logLines(ports, table, place.lines, pull.to), place.behind);
			return;
		}
		case 'same':
			yield* before ? after(before.open(file), place.bytes) : wholeRest();
			return;
		case 'changes': {
			const changes = before ? await fetchChanges(ports, table, pull) : null;
			yield* before && changes ? after(spliced(before.open(file), changes, pull.rowsBefore), place.bytes) : wholeRest();
			return;
		}
		default:
			yield* wholeRest();
	}
}
