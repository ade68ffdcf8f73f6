/** What a page of evidence may hold, who may read it: shared by the routes that give it out. */
import type { HubRole } from '../principal.ts';

/** Who may read evidence itself. */
export const READERS: readonly HubRole[] = ['auditor', 'compliance'];
/** Who may follow a log by its heads, proofs and tiles of hashes, which hold nothing of a record. */
export const FOLLOWERS: readonly HubRole[] = ['auditor', 'compliance', 'witness'];
export const EVERYBODY: readonly HubRole[] = ['producer', 'portal', 'auditor', 'compliance', 'operator', 'witness'];

/** The workstation takes answers of four mebibytes. */
export const PAGE_BYTES = 3 << 20;

/** Items until a page is full, at least one; `isCut` where some were left for the next page. */
export async function fillPage<T>(
	items: AsyncIterable<T> | Iterable<T>,
	bytesOf: (item: T) => number,
	itemsMax: number,
): Promise<{ readonly items: readonly T[]; readonly isCut: boolean }> {
	const page: T[] = [];
	let bytes = 0;
	for await (const item of items) {
		const more = bytesOf(item);
		if (page.length > 0 && (bytes + more > PAGE_BYTES || page.length >= itemsMax)) return { items: page, isCut: true };
		page.push(item);
		bytes += more;
	}
	return { items: page, isCut: false };
}
