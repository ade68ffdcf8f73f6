/** One section of a finding: text that saves itself, with the tags of its evidence at hand. */
import { Menu, Textarea } from '@mantine/core';
import { type KeyboardEvent, useRef, useState } from 'react';
import { FIELD_WORDS, type FindingField } from '#findings';
import { useDraft } from '../../app/useDraft.ts';
import { DraftNotice } from '../../components/DraftNotice.tsx';
import { KeyHint } from '../../components/Frame.tsx';
import type { FindingView } from '../../vault/findingsApi.ts';
import styles from './Findings.module.css';
import { useAutosave } from './useAutosave.ts';
import { useSaveField } from './useSaveField.ts';

interface SectionProps {
	readonly finding: FindingView;
	readonly field: FindingField;
	readonly hint: string;
	readonly keys: string;
	readonly onEvidence: () => void;
}

export function Section({ finding, field, hint, keys, onEvidence }: SectionProps) {
	const draft = useDraft(finding.editBlocked === null ? `finding:${finding.findingId}:${field}` : null);
	const { text, isDirty, restoredAt, type, flush, keep, discard } = useAutosave(finding.fields[field], useSaveField(finding, field), draft);
	const area = useRef<HTMLTextAreaElement>(null);
	const [hasTags, setTags] = useState(false);
	const change = finding.signoff.prepared.changes.find((one) => one.field === FIELD_WORDS[field]);
	const insert = (tag: string): void => {
		const at = area.current?.selectionStart ?? text.length;
		type(`${text.slice(0, at)}[${tag}]${text.slice(at)}`);
		requestAnimationFrame(() => {
			area.current?.focus();
			area.current?.setSelectionRange(at + tag.length + 2, at + tag.length + 2);
		});
	};
	const onKeyDown = (event: KeyboardEvent): void => {
		if (!(event.ctrlKey || event.metaKey)) return;
		if (event.key === 'Enter') {
			event.preventDefault();
			keep();
		}
		if (event.key.toLowerCase() === 'e' && finding.editBlocked === null) {
			event.preventDefault();
			if (finding.evidence.length === 0) onEvidence();
			else setTags(true);
		}
	};
	return (
		<div className={styles['section']}>
			<Textarea
				ref={area}
				label={
					<>
						{FIELD_WORDS[field]} <KeyHint keys={keys} />
						<span className={styles['saving']}>
							{isDirty ? 'saving …' : change ? <span className={styles['warn']}>Δ changed since sign-off</span> : ''}
						</span>
					</>
				}
				aria-label={FIELD_WORDS[field]}
				placeholder={hint}
				value={text}
				autosize
				minRows={2}
				maxRows={14}
				maxLength={20_000}
				readOnly={finding.editBlocked !== null}
				data-section={field}
				// While something typed is not saved, undo is the field's own; afterwards it is the log's.
				data-undo={isDirty ? undefined : 'log'}
				onChange={({ currentTarget }) => type(currentTarget.value)}
				onBlur={flush}
				onKeyDown={onKeyDown}
			/>
			<DraftNotice at={restoredAt} onKeep={keep} onDiscard={discard} />
			<div className={styles['tags']}>
				<Menu opened={hasTags} onChange={setTags} position="bottom-end" withinPortal>
					<Menu.Target>
						<button type="button" disabled={finding.editBlocked !== null || finding.evidence.length === 0}>
							<span className="visuallyHidden">Insert a tag of evidence into {FIELD_WORDS[field]}</span>
							<span aria-hidden="true">
								[E] <KeyHint keys="$mod+e" />
							</span>
						</button>
					</Menu.Target>
					<Menu.Dropdown>
						{finding.evidence.map(({ tag, link }) => (
							<Menu.Item key={tag} onClick={() => insert(tag)}>
								{tag} {link.label}
							</Menu.Item>
						))}
					</Menu.Dropdown>
				</Menu>
			</div>
		</div>
	);
}
