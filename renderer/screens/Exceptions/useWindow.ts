/** A window of rows out of a long list in the vault. The rows in view stay on screen while newer ones are fetched. */
import { useEffect, useRef, useState } from 'react';
import { useVault } from '../../app/vault.ts';
import { useChanges } from '../../state/changes.ts';
import type { ExceptionRow } from '../../vault/exceptionsDetail.ts';

const BLOCK = 60;

export interface RowWindow {
	rowAt(index: number): ExceptionRow | undefined;
}

interface Held {
	readonly listId: string;
	readonly from: number;
	readonly rows: readonly ExceptionRow[];
}

const NOTHING: Held = { listId: '', from: 0, rows: [] };

/** @param first first row in view */
export function useWindow(listId: string, first: number, count: number): RowWindow {
	const vault = useVault();
	const [held, setHeld] = useState<Held>(NOTHING);
	const asked = useRef(0);
	const revision = useChanges(({ revisions }) => revisions.workbook);
	const from = Math.max(0, (Math.floor(first / BLOCK) - 1) * BLOCK);
	const to = Math.min(count, from + 3 * BLOCK);
	// biome-ignore lint/correctness/useExhaustiveDependencies: another revision of the work papers asks for the same rows anew
	useEffect(() => {
		const mine = ++asked.current;
		void vault.exceptions.page(listId, from, to).then((answer) => {
			if (mine === asked.current && answer.ok) setHeld({ listId, from, rows: answer.value });
		});
	}, [vault, listId, from, to, revision]);
	return { rowAt: (index) => (held.listId === listId ? held.rows[index - held.from] : undefined) };
}
