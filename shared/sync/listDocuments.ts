/** The documents of a publication, as a hub lists them page by page. */
import { err, fromUtf8, ok, type Result } from '#kernel';
import { askHub, type HubPorts, protocol } from './hubCalls.ts';
import { documentLineSchema } from './protocol.ts';
import { distrust, type SyncStop } from './syncStop.ts';

export interface ListedDocument {
	readonly sha256: string;
	readonly bytes: number;
}

/** @param declared how many the signed manifest counts */
export async function listDocuments(
	ports: HubPorts,
	publication: number,
	declared: number,
): Promise<Result<readonly ListedDocument[], SyncStop>> {
	const documents: ListedDocument[] = [];
	for (let cursor = ''; ; ) {
		const request = {
			method: 'GET',
			path: `/v1/documents?publication=${publication}${cursor && `&cursor=${encodeURIComponent(cursor)}`}`,
		} as const;
		const page = await askHub(ports, request, 'document');
		if (!page.ok) return page;
		for (const line of (fromUtf8(page.value.bytes) ?? '\u0000').split('\n')) {
			if (line === '') continue;
			const parsed = documentLineSchema.safeParse(parsedJson(line));
			if (!parsed.success) return err(protocol('document', request, 'a line that names no document'));
			documents.push(parsed.data);
		}
		const [before, next] = [cursor, page.value.headers['next-cursor'] ?? ''];
		if (documents.length > declared)
			return err(
				distrust('table_differs', 'documents', `The hub lists more documents than the ${declared} that the signed manifest counts.`),
			);
		if (next === '') return ok(documents);
		if (next === before || page.value.bytes.length === 0) return err(protocol('document', request, 'pages of documents that do not go on'));
		cursor = next;
	}
}

function parsedJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return undefined;
	}
}
