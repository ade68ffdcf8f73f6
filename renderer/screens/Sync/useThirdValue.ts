/** What a person writes in the place of two values that stand against each other, and the draft of it. */
import { useState } from 'react';
import type { CellValue } from '#findings';
import { useDraft } from '../../app/useDraft.ts';

export interface ThirdValue {
	/** Whether the field stands open: it was opened here, or holds a draft of an earlier sitting. */
	readonly isOpen: boolean;
	/** Opened by its button a moment ago: it takes the focus. A draft that is found takes nothing. */
	readonly isAsked: boolean;
	readonly text: string;
	/** When what stands there was typed in an earlier sitting; null where it was not. */
	readonly restoredAt: string | null;
	open(): void;
	/** Closes the field; what was typed stays as its draft. */
	close(): void;
	type(text: string): void;
	/** Forgets what was typed, and closes. */
	discard(): void;
	/** The conflict is settled, this way or another. */
	settle(): void;
}

/**
 * @param conflictId names the draft
 * @param isWritable whether a third value may be written at all
 * @param sides what the field begins with
 */
export function useThirdValue(conflictId: string, isWritable: boolean, sides: readonly CellValue[]): ThirdValue {
	const { found, keep, settle } = useDraft(isWritable ? `conflict:${conflictId}` : null);
	const [typed, setTyped] = useState<string | null>(null);
	const [chosen, setChosen] = useState<boolean | null>(null);
	return {
		isOpen: chosen ?? found !== null,
		isAsked: chosen === true,
		text: typed ?? found?.fields['text'] ?? sides.map((value) => (typeof value === 'string' ? value : '')).join('\n\n'),
		restoredAt: found?.at ?? null,
		open: () => setChosen(true),
		close: () => setChosen(false),
		type: (text) => {
			setTyped(text);
			keep({ text });
		},
		discard: () => {
			setTyped(null);
			setChosen(false);
			settle();
		},
		settle,
	};
}
