/** A shelf in memory, for parts of the vault that only need a place to keep records in. */
import { compareText } from '#kernel';
import type { Shelf, StoredRecord } from '../../../renderer/vault/shelf.ts';

export function memoryShelf(): Shelf {
	const records = new Map<string, StoredRecord>();
	const refused = (): never => {
		throw new Error('records in memory are not sealed');
	};
	return {
		insert: (given) => {
			for (const record of given) records.set(record.id, record);
			return Promise.resolve();
		},
		put: (record) => {
			records.set(record.id, record);
			return Promise.resolve();
		},
		get: (ids) => Promise.resolve(ids.flatMap((id) => records.get(id) ?? [])),
		ids: () => Promise.resolve([...records.keys()].sort(compareText)),
		purge: (ids) => {
			for (const id of ids) records.delete(id);
			return Promise.resolve();
		},
		rawGet: refused,
		rawPut: refused,
	};
}
