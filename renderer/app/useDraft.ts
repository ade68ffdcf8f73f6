/** The draft of a place: what its member was typing there when the window locked or ended. */
import { useCallback, useEffect, useRef, useState } from 'react';
import type { Draft, DraftFields } from '../vault/draftsApi.ts';
import { useVault } from './vault.ts';

export interface HeldDraft {
	/** Of an earlier sitting, until it is settled; null where there is none, and once something is typed here. */
	readonly found: Draft | null;
	/** Keeps what is typed, soon. */
	keep(fields: DraftFields): void;
	/** What was typed stands in the log, or is discarded. */
	settle(): void;
}

/** @param place e.g. "finding:…:cause"; null: none yet */
export function useDraft(place: string | null): HeldDraft {
	const vault = useVault();
	const [found, setFound] = useState<{ readonly place: string; readonly draft: Draft } | null>(null);
	const typedAt = useRef<string | null>(null);
	/** Whether the vault holds one, as far as is known here: what never was need not be dropped. */
	const isHeld = useRef(false);
	useEffect(() => {
		if (place === null) return;
		let isGone = false;
		void vault.drafts.find(place).then((answer) => {
			// What is typed before the answer comes goes before it. A draft that does not open is none.
			if (isGone || typedAt.current === place || !answer.ok || answer.value === null) return;
			isHeld.current = true;
			setFound({ place, draft: answer.value });
		});
		return () => {
			isGone = true;
			typedAt.current = null;
			isHeld.current = false;
		};
	}, [vault, place]);
	const keep = useCallback(
		(fields: DraftFields): void => {
			if (place === null) return;
			typedAt.current = place;
			isHeld.current = true;
			void vault.drafts.keep(place, fields);
		},
		[vault, place],
	);
	const settle = useCallback((): void => {
		if (place === null) return;
		typedAt.current = place;
		setFound(null);
		if (isHeld.current) void vault.drafts.drop(place);
		isHeld.current = false;
	}, [vault, place]);
	return { found: found !== null && found.place === place ? found.draft : null, keep, settle };
}

export interface DraftText {
	readonly text: string;
	/** When what stands here was typed in an earlier sitting; null where it was not. */
	readonly restoredAt: string | null;
	type(text: string): void;
	/** Empties the field and forgets the draft. */
	discard(): void;
	/** Once the act stands in the log. */
	settle(): void;
}

/** The text of a form that is sent by a button, begun by its draft. */
export function useDraftText(place: string): DraftText {
	const { found, keep, settle } = useDraft(place);
	const [typed, setTyped] = useState<string | null>(null);
	return {
		text: typed ?? found?.fields['text'] ?? '',
		restoredAt: found?.at ?? null,
		type: (text) => {
			setTyped(text);
			keep({ text });
		},
		discard: () => {
			setTyped('');
			settle();
		},
		settle,
	};
}
