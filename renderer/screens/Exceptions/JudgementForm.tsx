// biome-ignore-all lint/a11y/useSemanticElements: buttons that are radios keep the keys of triage, which inputs would swallow
/** The judgement of an exception, as it is typed. */
import { Autocomplete, Button, Select, Textarea } from '@mantine/core';
import { type KeyboardEvent, useRef } from 'react';
import { can, needsNote, type Role, type TriageVerdict, VERDICT_WORDS } from '#findings';
import { ROLE_WORDS } from '../../app/roles.ts';
import { useQuery } from '../../app/useQuery.ts';
import { DraftNotice } from '../../components/DraftNotice.tsx';
import { KeyHint } from '../../components/Frame.tsx';
import { Instant } from '../../components/Values.tsx';
import type { ExceptionDetail, ExceptionRow } from '../../vault/exceptionsDetail.ts';
import styles from './Exceptions.module.css';
import { type Draft, VERDICT_KEYS } from './state.ts';

export interface TriagePanelProps {
	readonly row: ExceptionRow;
	readonly draft: Draft;
	readonly role: Role;
	/** Why the draft can't be saved; null: it can. */
	readonly fault: string | null;
	/** When what stands here was written in an earlier sitting; null where it was not. */
	readonly restoredAt: string | null;
	readonly onDiscard: () => void;
	readonly onDraft: (change: Partial<Draft>) => void;
	readonly onSave: (goOn: boolean) => void;
	readonly onCopy: () => void;
	readonly onFinding: () => void;
}

const backToList = (): void => document.querySelector<HTMLElement>('[data-triage-list]')?.focus();

export function JudgementForm({
	row,
	draft,
	role,
	fault,
	detail,
	restoredAt,
	onDiscard,
	onDraft,
	onSave,
	onCopy,
	onFinding,
}: TriagePanelProps & { detail: ExceptionDetail | null }) {
	const causes = useQuery((vault) => vault.exceptions.causes(), [], ['workbook']);
	const blocked =
		row.tiedTo !== null
			? `Evidence of ${row.tiedTo}, which is signed: withdraw that sign-off first.`
			: can(role, 'exception.judged')
				? null
				: `The role ${ROLE_WORDS[role]} may not judge exceptions.`;
	const onKeys = (event: KeyboardEvent): void => {
		if (event.key !== 'Escape') return;
		event.stopPropagation();
		backToList();
	};
	return (
		<section aria-label="Judgement" className={styles['form']}>
			<Verdicts draft={draft} isOff={blocked !== null} onDraft={onDraft} />
			{draft.verdict === 'duplicate' ? (
				<Select
					label="Duplicate of"
					placeholder="A judged exception"
					data={(detail?.originals ?? []).map(({ key, label }) => ({ value: key, label }))}
					value={draft.duplicateOf}
					searchable
					disabled={blocked !== null}
					nothingFoundMessage="None is judged yet"
					data-triage-original
					onChange={(value) => onDraft({ duplicateOf: value })}
					onKeyDown={onKeys}
				/>
			) : null}
			<Autocomplete
				label={<Labelled words="Cause" keys="c" />}
				aria-label="Cause"
				data={causes.state === 'ready' ? [...causes.data] : []}
				value={draft.cause ?? ''}
				maxLength={300}
				disabled={blocked !== null}
				data-triage-cause
				onChange={(value) => onDraft({ cause: value === '' ? null : value })}
				onKeyDown={onKeys}
			/>
			<Textarea
				label={<Labelled words={needsNote(draft.verdict) ? 'Note (needed)' : 'Note'} keys="n" />}
				aria-label={needsNote(draft.verdict) ? 'Note (needed)' : 'Note'}
				value={draft.note}
				autosize
				minRows={2}
				maxRows={8}
				maxLength={4000}
				disabled={blocked !== null}
				error={fault}
				data-triage-note
				onChange={({ currentTarget }) => onDraft({ note: currentTarget.value })}
				onKeyDown={onKeys}
			/>
			<DraftNotice at={restoredAt} onDiscard={onDiscard} />
			{blocked === null ? null : (
				<p className={styles['blocked']} role="note">
					▲ {blocked}
				</p>
			)}
			<div className={styles['buttons']}>
				<Button disabled={blocked !== null || !draft.isTouched} onClick={() => onSave(true)} rightSection={<KeyHint keys="Enter" />}>
					Save &amp; next
				</Button>
				<Button variant="default" disabled={blocked !== null} onClick={onCopy} rightSection={<KeyHint keys="$mod+d" />}>
					Copy previous
				</Button>
				<Button variant="default" disabled={!can(role, 'finding.created')} onClick={onFinding} rightSection={<KeyHint keys="f" />}>
					New finding
				</Button>
			</div>
			{row.judgement ? (
				<p className={styles['muted']}>
					{VERDICT_WORDS[row.verdict]} by {row.judgedBy}, <Instant at={row.judgement.stamp.at} />
					{row.isChanged ? ' · Δ the test gives another result since' : ''}
				</p>
			) : null}
		</section>
	);
}

function Labelled({ words, keys }: { words: string; keys: string }) {
	return (
		<>
			{words} <KeyHint keys={keys} />
		</>
	);
}

function Verdicts({ draft, isOff, onDraft }: { draft: Draft; isOff: boolean; onDraft: (change: Partial<Draft>) => void }) {
	const group = useRef<HTMLDivElement>(null);
	const choose = (verdict: TriageVerdict): void => onDraft({ verdict, duplicateOf: null });
	const step = (by: number): void => {
		const at = VERDICT_KEYS.findIndex(([verdict]) => verdict === draft.verdict);
		const next = (at + by + VERDICT_KEYS.length) % VERDICT_KEYS.length;
		const verdict = VERDICT_KEYS[next]?.[0];
		if (verdict) choose(verdict);
		group.current?.querySelectorAll<HTMLElement>('[role=radio]')[next]?.focus();
	};
	const hasChoice = VERDICT_KEYS.some(([verdict]) => verdict === draft.verdict);
	return (
		<div ref={group} role="radiogroup" aria-label="Verdict" className={styles['verdicts']} data-keys="list">
			{VERDICT_KEYS.map(([verdict, key], at) => (
				<button
					key={verdict}
					type="button"
					role="radio"
					aria-checked={draft.verdict === verdict}
					aria-disabled={isOff}
					tabIndex={draft.verdict === verdict || (!hasChoice && at === 0) ? 0 : -1}
					onClick={() => {
						if (!isOff) choose(verdict);
					}}
					onKeyDown={(event) => {
						const by =
							event.key === 'ArrowDown' || event.key === 'ArrowRight' ? 1 : event.key === 'ArrowUp' || event.key === 'ArrowLeft' ? -1 : 0;
						if (by === 0 || isOff) return;
						event.preventDefault();
						step(by);
					}}
				>
					<KeyHint keys={key} /> {VERDICT_WORDS[verdict]}
				</button>
			))}
		</div>
	);
}
