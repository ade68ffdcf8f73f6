/** Text that saves itself: one act a pause in typing, and one when the field is left. Never one a key. What waits is kept as a draft. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { HeldDraft } from '../../app/useDraft.ts';

const IDLE_MS = 1000;

/** Every text that stands on screen: saves what is typed in it and says whether all of it is saved. */
const open = new Set<() => Promise<boolean>>();

/** Saves all that is being typed now. @returns whether everything on screen is in the log */
export const saveTyped = async (): Promise<boolean> => (await Promise.all([...open].map((save) => save()))).every(Boolean);

export interface Autosaved {
	readonly text: string;
	/** What is typed is not in the vault yet. */
	readonly isDirty: boolean;
	/** When what stands here was typed in an earlier sitting that ended before it was saved; null where it was not. */
	readonly restoredAt: string | null;
	type(text: string): void;
	/** Saves now what is typed. */
	flush(): void;
	/** Saves what stands here, a restored draft too. */
	keep(): void;
	/** Back to what the vault has. */
	discard(): void;
}

/**
 * @param stored what the vault has
 * @param save puts it there; false: it was refused, and what is typed stays
 * @param draft of this field
 */
export function useAutosave(stored: string, save: (text: string) => Promise<boolean>, draft: HeldDraft): Autosaved {
	const [text, setText] = useState(stored);
	const [isDirty, setDirty] = useState(false);
	const [restoredAt, setRestored] = useState<string | null>(null);
	const latest = useRef({ text, isDirty, isRestored: false, save, draft });
	latest.current = { ...latest.current, save, draft };
	const timer = useRef<ReturnType<typeof setTimeout> | undefined>(undefined);

	const saving = useRef<Promise<boolean>>(Promise.resolve(true));
	const flush = useCallback((): void => {
		clearTimeout(timer.current);
		const { text: typed, isDirty: isOpen, save: put } = latest.current;
		if (!isOpen) return;
		latest.current.isDirty = false;
		saving.current = put(typed).then((isSaved) => {
			// More may have been typed meanwhile; then that goes on being open.
			if (latest.current.isDirty) return false;
			latest.current.isDirty = !isSaved;
			setDirty(!isSaved);
			if (!isSaved) return false;
			latest.current.isRestored = false;
			setRestored(null);
			latest.current.draft.settle();
			return true;
		});
	}, []);
	const type = useCallback(
		(next: string): void => {
			latest.current.text = next;
			latest.current.isDirty = true;
			setText(next);
			setDirty(true);
			latest.current.draft.keep({ text: next });
			clearTimeout(timer.current);
			timer.current = setTimeout(flush, IDLE_MS);
		},
		[flush],
	);
	const keep = useCallback((): void => {
		if (latest.current.isRestored) latest.current.isDirty = true;
		flush();
	}, [flush]);
	const show = useCallback((next: string, at: string | null): void => {
		latest.current.text = next;
		latest.current.isRestored = at !== null;
		setText(next);
		setRestored(at);
	}, []);
	const discard = useCallback((): void => {
		clearTimeout(timer.current);
		latest.current.isDirty = false;
		setDirty(false);
		show(stored, null);
		latest.current.draft.settle();
	}, [show, stored]);
	// What the vault has goes before what stands here, unless something is being typed: undo, another member, another finding.
	useEffect(() => {
		if (!latest.current.isDirty && !latest.current.isRestored) show(stored, null);
	}, [stored, show]);
	// A draft that says what the vault has is one whose act was written.
	useEffect(() => {
		if (draft.found === null || latest.current.isDirty) return;
		const { fields, at } = draft.found;
		if (fields['text'] === undefined || fields['text'] === stored) latest.current.draft.settle();
		else show(fields['text'], at);
	}, [draft.found, stored, show]);
	useEffect(() => {
		const save = (): Promise<boolean> => {
			flush();
			return saving.current;
		};
		open.add(save);
		return () => {
			open.delete(save);
			flush();
		};
	}, [flush]);
	return { text, isDirty, restoredAt, type, flush, keep, discard };
}
