/** Judging what is in hand: one exception, those that are chosen, or all that match; and the draft of it. */
import { useCallback, useEffect, useState } from 'react';
import { needsNote, VERDICT_WORDS } from '#findings';
import { notify } from '../../app/notify.ts';
import { useDraft } from '../../app/useDraft.ts';
import { useVault } from '../../app/vault.ts';
import type { DraftFields, Draft as KeptDraft } from '../../vault/draftsApi.ts';
import type { ExceptionRow } from '../../vault/exceptionsDetail.ts';
import { type Draft, useTriage, VERDICT_KEYS } from './state.ts';

export const draftOf = (row: ExceptionRow): Draft => ({
	key: row.key,
	verdict: row.verdict,
	cause: row.judgement?.cause ?? null,
	note: row.judgement?.note ?? '',
	duplicateOf: row.judgement?.duplicateOf ?? null,
	isTouched: false,
});

export const focusOn = (part: string): void => document.querySelector<HTMLElement>(`[data-triage-${part}]`)?.focus();

/** The draft of the row in hand: changing it, saving it, copying the last one into it. */
export function useJudging(row: ExceptionRow | undefined, draft: Draft | null, at: number, count: number) {
	const vault = useVault();
	const [fault, setFault] = useState<string | null>(null);
	const key = row?.key;
	// biome-ignore lint/correctness/useExhaustiveDependencies: a fault is of the row it was found on
	useEffect(() => setFault(null), [key]);
	const { found, keep, settle } = useDraft(key === undefined || row?.tiedTo !== null ? null : `exception:${key}`);
	useRestored(row, found, settle);
	const change = useCallback(
		(next: Partial<Draft>): void => {
			if (!draft) return;
			setFault(null);
			const changed = { ...draft, ...next, isTouched: true };
			useTriage.getState().set({ draft: changed });
			// A verdict alone is one key again; what was written is not.
			if ('note' in next || 'cause' in next) keep(asTyped(changed));
		},
		[draft, keep],
	);
	const discard = useCallback((): void => {
		useTriage.getState().set({ draft: null });
		settle();
	}, [settle]);
	const save = useCallback(
		async (goOn: boolean): Promise<void> => {
			const { stand, set, saved } = useTriage.getState();
			const next = (): void => {
				if (goOn) stand(Math.min(count - 1, at + 1));
				focusOn('list');
			};
			if (!row || !draft) return;
			if (!draft.isTouched) return next();
			if (needsNote(draft.verdict) && draft.note.trim() === '') {
				setFault(`“${VERDICT_WORDS[draft.verdict]}” needs a note that says why.`);
				focusOn('note');
				return;
			}
			if (draft.verdict === 'duplicate' && draft.duplicateOf === null) {
				setFault('Choose the exception that this one repeats.');
				focusOn('original');
				return;
			}
			const { verdict, cause, note, duplicateOf } = draft;
			const done = await vault.exceptions.judge([row.key], { verdict, cause, note, duplicateOf });
			if (!done.ok) {
				setFault(done.error.message);
				return;
			}
			set({ draft: null, saved: [...saved, Date.now()] });
			settle();
			next();
		},
		[vault, row, draft, at, count, settle],
	);
	const copyPrevious = useCallback(async (): Promise<void> => {
		const last = await vault.exceptions.previous();
		if (!last.ok) notify({ tone: 'failed', message: last.error.message });
		else if (last.value === null) notify({ tone: 'warn', message: 'You have judged nothing yet that could be copied.' });
		else change(last.value);
	}, [vault, change]);
	return { fault, change, save, copyPrevious, discard, restoredAt: draft?.isTouched ? (found?.at ?? null) : null };
}

const asTyped = ({ verdict, cause, note }: Draft): DraftFields => ({ verdict, cause: cause ?? '', note });

/** Puts what was written here before the last lock into the panel, unless something is being judged already. */
function useRestored(row: ExceptionRow | undefined, found: KeptDraft | null, settle: () => void): void {
	useEffect(() => {
		const { draft, set } = useTriage.getState();
		if (!row || !found || draft?.key === row.key) return;
		const { verdict, cause = '', note = '' } = found.fields;
		const now = draftOf(row);
		const restored: Draft = {
			...now,
			verdict: VERDICT_KEYS.find(([one]) => one === verdict)?.[0] ?? now.verdict,
			cause: cause === '' ? null : cause,
			note,
			isTouched: true,
		};
		// A draft that says what is judged is one whose act was written.
		if (restored.note === now.note && restored.cause === now.cause) settle();
		else set({ draft: restored });
	}, [row, found, settle]);
}

export interface Keyed extends ReturnType<typeof useJudging> {
	readonly row: ExceptionRow | undefined;
	readonly draft: Draft | null;
	readonly at: number;
	readonly count: number;
}
