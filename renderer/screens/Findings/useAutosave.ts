/** Text that saves itself: one act a pause in typing, and one when the field is left. Never one a key. */
import { useCallback, useEffect, useRef, useState } from 'react';

const IDLE_MS = 1000;

export interface Autosaved {
	readonly text: string;
	/** What is typed is not in the vault yet. */
	readonly isDirty: boolean;
	type(text: string): void;
	/** Saves now what is typed. */
	flush(): void;
}

/**
 * @param stored what the vault has
 * @param save puts it there; false: it was refused, and what is typed stays
 */
export function useAutosave(stored: string, save: (text: string) => Promise<boolean>): Autosaved {
	const [text, setText] = useState(stored);
	const [isDirty, setDirty] = useState(false);
	const latest = useRef({ text, isDirty, save });
	latest.current = { text: latest.current.text, isDirty: latest.current.isDirty, save };
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

	const flush = useCallback((): void => {
		clearTimeout(timer.current);
		const { text: typed, isDirty: isOpen, save: put } = latest.current;
		if (!isOpen) return;
		latest.current.isDirty = false;
		void put(typed).then((isSaved) => {
			// More may have been typed meanwhile; then that goes on being open.
			if (latest.current.isDirty) return;
			latest.current.isDirty = !isSaved;
			setDirty(!isSaved);
		});
	}, []);
	const type = useCallback(
		(next: string): void => {
			latest.current.text = next;
			latest.current.isDirty = true;
			setText(next);
			setDirty(true);
			clearTimeout(timer.current);
			timer.current = setTimeout(flush, IDLE_MS);
		},
		[flush],
	);
	// What the vault has goes before what stands here, unless something is being typed: undo, another member, another finding.
	useEffect(() => {
		if (latest.current.isDirty) return;
		latest.current.text = stored;
		setText(stored);
	}, [stored]);
	useEffect(() => flush, [flush]);
	return { text, isDirty, type, flush };
}
