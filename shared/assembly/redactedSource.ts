/** A drop without some of its disclosures: what a reader of a pack gets, and what the pack's tests are run on. */
import { SEALED_TABLES } from '#evidence';
import { type DropSource, disclosuresPath } from '#intake';
import { concatBytes, fromBase64Url, fromUtf8 } from '#kernel';
import type { TableName } from '#model';

const LINE_FEED = 10;

/** Stands for the field of a disclosure that can't be read: it could be any. */
export const UNREADABLE = '';

/** Which fields the disclosures of each sealed table open. */
export async function readDisclosedFields(source: DropSource): Promise<ReadonlyMap<TableName, ReadonlySet<string>>> {
	const fields = new Map<TableName, Set<string>>();
	for (const table of SEALED_TABLES) {
		const path = disclosuresPath(table);
		if (!source.paths.has(path)) continue;
		const own = new Set<string>();
		for await (const line of linesOf(source.open(path))) {
			own.add(disclosedField(line) ?? UNREADABLE);
		}
		fields.set(table, own);
	}
	return fields;
}

/** The same drop, less the disclosures of these fields. A disclosure nobody can read is left out too: it could disclose anything. */
export function withoutDisclosures(source: DropSource, columns: ReadonlyMap<TableName, ReadonlySet<string>>): DropSource {
	const withheld = new Map([...columns].map(([table, fields]) => [disclosuresPath(table), fields] as const));
	return {
		kind: source.kind,
		paths: source.paths,
		size: (path) => source.size(path),
		readRange: source.readRange === null ? null : (...range) => source.readRange?.(...range) ?? Promise.resolve(new Uint8Array()),
		close: () => source.close(),
		open(path) {
			const fields = withheld.get(path);
			return fields ? linesWithout(source.open(path), fields) : source.open(path);
		},
	};
}

async function* linesWithout(chunks: AsyncIterable<Uint8Array>, fields: ReadonlySet<string>): AsyncGenerator<Uint8Array> {
	for await (const line of linesOf(chunks)) {
		const field = disclosedField(line);
		if (field !== null && !fields.has(field)) yield concatBytes(line, Uint8Array.of(LINE_FEED));
	}
}

/** The import has read these files before and refused endless lines. */
async function* linesOf(chunks: AsyncIterable<Uint8Array>): AsyncGenerator<Uint8Array> {
	let carry: Uint8Array = new Uint8Array(0);
	for await (const chunk of chunks) {
		const bytes = carry.length > 0 ? concatBytes(carry, chunk) : chunk;
		let from = 0;
		for (let end = bytes.indexOf(LINE_FEED); end >= 0; end = bytes.indexOf(LINE_FEED, from)) {
			yield bytes.slice(from, end);
			from = end + 1;
		}
		carry = bytes.slice(from);
	}
	if (carry.length > 0) yield carry;
}

/** The field name of a disclosure line, or null. */
function disclosedField(line: Uint8Array): string | null {
	try {
		const { disclosure } = JSON.parse(fromUtf8(line) ?? '') as { disclosure?: unknown };
		const opened: unknown = JSON.parse(fromUtf8(fromBase64Url(String(disclosure)) ?? new Uint8Array()) ?? '');
		return Array.isArray(opened) && typeof opened[1] === 'string' ? opened[1] : null;
	} catch {
		return null;
	}
}
