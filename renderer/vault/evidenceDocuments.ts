/** Documents of a drop: which are there, which are cited, and where. */
import { compareText } from '#kernel';
import type { LoadedEvidence } from './contract.ts';

export type DocumentState = 'present' | 'missing' | 'altered' | 'uncited' | 'misnamed';

export interface DocumentEntry {
	readonly state: DocumentState;
	/** Its name in the drop: the hash it must have, or the path of a misnamed file. */
	readonly name: string;
	readonly fileName: string | null;
	readonly kind: string | null;
	readonly documentId: string | null;
	readonly orderId: string | null;
	readonly bytes: number | null;
}

/** Every document that lies in the drop or is cited by it: what is wrong first, then by name. */
export async function documentsOf({ drop, source }: LoadedEvidence): Promise<readonly DocumentEntry[]> {
	const { missing, altered, uncited, misnamed } = drop.documents;
	const states = new Map<string, DocumentState>();
	for (const path of source.paths) if (path.startsWith('documents/')) states.set(path.slice('documents/'.length), 'present');
	for (const name of uncited) states.set(name, 'uncited');
	for (const name of altered) states.set(name, 'altered');
	for (const name of missing) states.set(name, 'missing');
	for (const path of misnamed) states.set(path.replace(/^documents\//, ''), 'misnamed');
	const cited = citations(drop);
	const entries: DocumentEntry[] = [];
	for (const [name, state] of states) {
		const path = `documents/${name}`;
		const own = cited.get(name);
		entries.push({
			state,
			name,
			fileName: own?.fileName ?? null,
			kind: own?.kind ?? null,
			documentId: own?.documentId ?? null,
			orderId: own?.orderId ?? null,
			bytes: source.paths.has(path) ? await source.size(path) : null,
		});
	}
	return entries.sort((a, b) => RANK[a.state] - RANK[b.state] || compareText(a.name, b.name));
}

const RANK: Readonly<Record<DocumentState, number>> = { altered: 0, missing: 1, misnamed: 2, uncited: 3, present: 4 };

type Citation = Pick<DocumentEntry, 'fileName' | 'kind' | 'documentId' | 'orderId'>;

/** By hash, the first row that cites it. */
function citations({ population }: LoadedEvidence['drop']): ReadonlyMap<string, Citation> {
	const found = new Map<string, Citation>();
	if (!population.has('document')) return found;
	const table = population.table('document');
	if (!table.has('sha256')) return found;
	const textOf = (column: string, row: number): string | null => (table.has(column) ? table.text(column, row) : null);
	for (let row = 0; row < table.rows; row++) {
		const sha256 = table.text('sha256', row);
		if (sha256 !== null && !found.has(sha256))
			found.set(sha256, {
				fileName: textOf('file_name', row),
				kind: textOf('kind', row),
				documentId: textOf('document_id', row),
				orderId: textOf('order_id', row),
			});
	}
	return found;
}
