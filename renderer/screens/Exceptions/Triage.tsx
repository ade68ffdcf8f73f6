/** The list and its panel, with the keys that judge. */
import { useCallback, useEffect, useMemo, useState } from 'react';
import { can, needsNote, VERDICT_WORDS } from '#findings';
import { type Command, useCommands } from '../../app/commands.ts';
import { formatCount, plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import { ROLE_WORDS, useRole } from '../../app/roles.ts';
import { useDraft } from '../../app/useDraft.ts';
import { useVault } from '../../app/vault.ts';
import { KeyHint } from '../../components/Frame.tsx';
import { SplitView } from '../../components/SplitView.tsx';
import { Loading } from '../../components/States.tsx';
import { useNav } from '../../state/nav.ts';
import { useSelectionTotals } from '../../state/status.ts';
import type { DraftFields, Draft as KeptDraft } from '../../vault/draftsApi.ts';
import type { ExceptionCounts } from '../../vault/exceptionsApi.ts';
import type { ExceptionRow } from '../../vault/exceptionsDetail.ts';
import { useDialogs } from './dialogs.ts';
import styles from './Exceptions.module.css';
import { NewFinding } from './NewFinding.tsx';
import { type Draft, minutesLeft, useTriage, VERDICT_KEYS } from './state.ts';
import { subjectOf, TriageList } from './TriageList.tsx';
import { TriagePanel } from './TriagePanel.tsx';
import { useWindow } from './useWindow.ts';

const draftOf = (row: ExceptionRow): Draft => ({
	key: row.key,
	verdict: row.verdict,
	cause: row.judgement?.cause ?? null,
	note: row.judgement?.note ?? '',
	duplicateOf: row.judgement?.duplicateOf ?? null,
	isTouched: false,
});

const focusOn = (part: string): void => document.querySelector<HTMLElement>(`[data-triage-${part}]`)?.focus();

export function Triage({ listId, count, counts }: { listId: string; count: number; counts: ExceptionCounts | null }) {
	const at = Math.min(
		useTriage((triage) => triage.at),
		count - 1,
	);
	const { stand } = useTriage.getState();
	const dialogs = useDialogs();
	const role = useRole();
	const [first, setFirst] = useState(0);
	const rows = useWindow(listId, first, count);
	const row = rows.rowAt(at);
	const held = useTriage((triage) => triage.draft);
	const draft = row ? (held?.key === row.key ? held : draftOf(row)) : null;
	const judging = useJudging(row, draft, at, count);
	useTriageCommands({ row, draft, at, count, ...judging });
	useSelectionTotals(
		useMemo(
			() =>
				row
					? {
							count: 1,
							sums: row.amountMinor !== null && row.currency !== null ? [{ currency: row.currency, minor: row.amountMinor }] : [],
						}
					: null,
			[row],
		),
	);
	// Whoever comes here by key can go on by key: the list takes the focus that the title had.
	useEffect(() => {
		const timer = setTimeout(() => {
			const active = document.activeElement;
			if (active === null || active === document.body || active.hasAttribute('data-screen-title')) focusOn('list');
		}, 60);
		return () => clearTimeout(timer);
	}, []);
	return (
		<div className={styles['triage']}>
			<SplitView
				storageKey="exceptions.panel"
				sideLabel="Exception in hand"
				initial={384}
				main={<TriageList count={count} at={at} rows={rows} onScroll={setFirst} onStand={stand} />}
				side={
					row && draft ? (
						<TriagePanel
							row={row}
							draft={draft}
							role={role}
							fault={judging.fault}
							restoredAt={judging.restoredAt}
							onDiscard={judging.discard}
							onDraft={judging.change}
							onSave={(goOn) => void judging.save(goOn)}
							onCopy={() => void judging.copyPrevious()}
							onFinding={() => dialogs.open('finding')}
						/>
					) : (
						<Loading lines={8} />
					)
				}
			/>
			<Progress count={count} counts={counts} />
			{dialogs.shown === 'finding' && row ? (
				<NewFinding
					title={`${row.title}: ${subjectOf(row)}`}
					severity={row.severity}
					exceptionKeys={[row.key]}
					onClose={() => {
						dialogs.close();
						focusOn('list');
					}}
				/>
			) : null}
		</div>
	);
}

/** The draft of the row in hand: changing it, saving it, copying the last one into it. */
function useJudging(row: ExceptionRow | undefined, draft: Draft | null, at: number, count: number) {
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

interface Keyed extends ReturnType<typeof useJudging> {
	readonly row: ExceptionRow | undefined;
	readonly draft: Draft | null;
	readonly at: number;
	readonly count: number;
}

function useTriageCommands({ row, draft, at, count, change, save, copyPrevious }: Keyed): void {
	const role = useRole();
	const go = useNav((nav) => nav.go);
	const openDialog = useDialogs((dialogs) => dialogs.open);
	useCommands(() => {
		const group = 'Triage';
		const off = !row
			? 'No exception is in hand.'
			: row.tiedTo !== null
				? `It is evidence of ${row.tiedTo}, which is signed.`
				: can(role, 'exception.judged')
					? null
					: `The role ${ROLE_WORDS[role]} may not judge exceptions.`;
		const { stand } = useTriage.getState();
		const list = (id: string, title: string, keys: string, run: Command['run'], disabled: string | null = null): Command => ({
			id: `triage.${id}`,
			title,
			group,
			keys,
			when: 'list',
			disabled,
			run,
		});
		return [
			list('next', 'Next exception', 'j', () => stand(Math.min(count - 1, at + 1))),
			list('back', 'Exception before', 'k', () => stand(Math.max(0, at - 1))),
			...VERDICT_KEYS.map(([verdict, key]) =>
				list(verdict, VERDICT_WORDS[verdict], key, () => change({ verdict, duplicateOf: null }), off),
			),
			list('note', 'Write the note', 'n', () => focusOn('note'), off),
			list('cause', 'Write the cause', 'c', () => focusOn('cause'), off),
			list(
				'order',
				'Open the order',
				'o',
				() => go('orders', { order: row?.orderId ?? '' }),
				row?.orderId ? null : 'It is about no order.',
			),
			list(
				'finding',
				'New finding from it',
				'f',
				() => openDialog('finding'),
				row && can(role, 'finding.created') ? null : 'Your role writes no findings.',
			),
			list('save', 'Save and next', 'Enter', () => save(true), off !== null && draft?.isTouched ? off : null),
			list('stay', 'Save and stay', 'Shift+Enter', () => save(false), off),
			{ id: 'triage.saveTyped', title: 'Save and next, while typing', group, keys: '$mod+Enter', disabled: off, run: () => save(true) },
			{ id: 'triage.copy', title: 'Copy the last judgement', group, keys: '$mod+d', disabled: off, run: copyPrevious },
		];
	}, [row, draft, at, count, change, save, copyPrevious, role, go, openDialog]);
}

/** How far this queue is, what was judged last, and the way back. */
function Progress({ count, counts }: { count: number; counts: ExceptionCounts | null }) {
	const saved = useTriage((triage) => triage.saved);
	const done = counts?.done ?? 0;
	const minutes = minutesLeft(saved, count - done);
	return (
		<div className={styles['progress']}>
			<progress aria-label="Judged of this list" value={done} max={Math.max(1, count)} />
			<span role="status">
				<strong>
					{formatCount(done)} of {formatCount(count)}
				</strong>{' '}
				judged
				{counts?.last ? (
					<>
						{' · last: '}
						{counts.last}
						{' · Undo '}
						<KeyHint keys="$mod+z" />
					</>
				) : null}
			</span>
			<span className={styles['muted']}>
				{minutes === null ? '' : `${formatCount(count - done)} left, about ${plural(minutes, 'minute')} at your pace`}
			</span>
		</div>
	);
}
