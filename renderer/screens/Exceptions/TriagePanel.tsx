// biome-ignore-all lint/a11y/useSemanticElements: buttons that are radios keep the keys of triage, which inputs would swallow
/** One exception: why it was flagged, on what rows, and what is judged of it. */
import { Autocomplete, Button, Select, Textarea } from '@mantine/core';
import { type KeyboardEvent, useRef } from 'react';
import { can, needsNote, type Role, type TriageVerdict, VERDICT_WORDS } from '#findings';
import { ROLE_WORDS } from '../../app/roles.ts';
import { useQuery } from '../../app/useQuery.ts';
import { Ask } from '../../components/Ask.tsx';
import { DraftNotice } from '../../components/DraftNotice.tsx';
import { KeyHint } from '../../components/Frame.tsx';
import { Hash, Instant, Money } from '../../components/Values.tsx';
import { useNav } from '../../state/nav.ts';
import type { ExceptionDetail, ExceptionRow } from '../../vault/exceptionsDetail.ts';
import styles from './Exceptions.module.css';
import { type Draft, VERDICT_KEYS } from './state.ts';
import { subjectOf } from './TriageList.tsx';
import { SeverityMark, TriageBadge } from './words.tsx';

interface TriagePanelProps {
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

export function TriagePanel(props: TriagePanelProps) {
	const { row } = props;
	const detail = useQuery((vault) => vault.exceptions.get(row.key), [row.key], ['workbook', 'results']);
	const ready = detail.state === 'ready' && detail.data.row.key === row.key ? detail.data : null;
	return (
		<div className={styles['panel']}>
			<header className={styles['panelHead']}>
				<h2>
					{row.test} · {subjectOf(row)}
				</h2>
				<span className={styles['muted']}>{row.title}</span>
				<span className={styles['facts']}>
					<SeverityMark severity={row.severity} />
					{row.amountMinor !== null && row.currency !== null ? <Money minor={row.amountMinor} currency={row.currency} /> : null}
					<TriageBadge verdict={row.verdict} />
				</span>
			</header>
			<section aria-label="Why it was flagged" className={styles['why']}>
				<h3>Why</h3>
				<p>{row.reason}</p>
			</section>
			<JudgementForm {...props} detail={ready} />
			<Ask query={detail} lines={4}>
				{(data) => <Grounds detail={data} />}
			</Ask>
		</div>
	);
}

function JudgementForm({
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

/** The rule with its parameters, the cited rows, and what else knows of this exception. */
function Grounds({ detail: { row, rule, findings, siblings } }: { detail: ExceptionDetail }) {
	const go = useNav((nav) => nav.go);
	return (
		<>
			<section aria-label="Rule" className={styles['grounds']}>
				<h3>
					Rule {row.test} v{rule.version}
				</h3>
				<p>{rule.text}</p>
				{rule.parameters.length > 0 ? (
					<dl className={styles['parameters']}>
						{rule.parameters.map(({ name, value, unit, isDefault }) => (
							<div key={name}>
								<dt>{name}</dt>
								<dd>
									{value} {unit}
									{isDefault ? '' : ' · changed from its default'}
								</dd>
							</div>
						))}
					</dl>
				) : null}
				<p className={styles['muted']}>
					{rule.why} {rule.source === '' ? '' : `(${rule.source})`}
				</p>
			</section>
			<section aria-label="Rows it rests on" className={styles['grounds']}>
				<h3>Rows it rests on</h3>
				{row.rows.length === 0 ? (
					<p className={styles['muted']}>It cites no row: it is about something that is not there, or about the drop as a whole.</p>
				) : null}
				<ul className={styles['rows']}>
					{row.rows.map(({ table, key, sha256 }) => (
						<li key={`${table} ${key} ${sha256}`}>
							<span>
								{table} <strong>{key}</strong>
							</span>
							<Hash value={sha256} />
						</li>
					))}
				</ul>
				{row.orderId !== null ? (
					<Button variant="subtle" onClick={() => go('orders', { order: row.orderId ?? '' })} rightSection={<KeyHint keys="o" />}>
						Open order {row.orderId}
					</Button>
				) : null}
			</section>
			{findings.length > 0 ? (
				<section aria-label="Used in" className={styles['grounds']}>
					<h3>Used in</h3>
					{findings.map(({ findingId, label, title }) => (
						<Button key={findingId} variant="subtle" onClick={() => go('findings', { finding: findingId })}>
							{label} {title}
						</Button>
					))}
				</section>
			) : null}
			{siblings.length > 0 ? (
				<section aria-label="Same order" className={styles['grounds']}>
					<h3>Same order</h3>
					<ul className={styles['rows']}>
						{siblings.map(({ key, test, title, verdict }) => (
							<li key={key}>
								<span>
									{test} {title}
								</span>
								<TriageBadge verdict={verdict} />
							</li>
						))}
					</ul>
				</section>
			) : null}
		</>
	);
}
