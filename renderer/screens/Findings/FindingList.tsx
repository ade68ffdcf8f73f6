/** All findings with their state and what is open on each. */
import { type KeyboardEvent, useRef } from 'react';
import { rowByKey } from '../../components/listKeys.ts';
import type { FindingRow } from '../../vault/findingsApi.ts';
import { SeverityMark } from '../Exceptions/words.tsx';
import styles from './Findings.module.css';
import { StateBadge } from './words.tsx';

interface FindingListProps {
	readonly rows: readonly FindingRow[];
	readonly activeId: string;
	readonly onChoose: (findingId: string) => void;
}

export function FindingList({ rows, activeId, onChoose }: FindingListProps) {
	const list = useRef<HTMLUListElement>(null);
	const at = rows.findIndex(({ findingId }) => findingId === activeId);
	const onKeyDown = (event: KeyboardEvent): void => {
		if (event.ctrlKey || event.altKey || event.metaKey) return;
		const to = rowByKey(event.key, at, rows.length);
		const row = to === null ? undefined : rows[Math.min(rows.length - 1, Math.max(0, to))];
		if (!row) return;
		event.preventDefault();
		onChoose(row.findingId);
		list.current?.querySelectorAll<HTMLElement>('button')[rows.indexOf(row)]?.focus();
	};
	return (
		// biome-ignore lint/a11y/noStaticElementInteractions: the buttons of the list have the focus; their keys are heard here once
		<div data-keys="list" onKeyDown={onKeyDown}>
			<ul ref={list} className={styles['findings']} aria-label="Findings">
				{rows.map((row) => (
					<li key={row.findingId}>
						<button
							type="button"
							aria-current={row.findingId === activeId}
							tabIndex={row.findingId === activeId ? 0 : -1}
							onClick={() => onChoose(row.findingId)}
						>
							<span className={styles['findingTitle']}>
								<strong>{row.label}</strong> {row.title}
							</span>
							<span className={styles['findingFacts']}>
								<StateBadge state={row.state} />
								<SeverityMark severity={row.severity} />
								<span>{row.evidence} evidence</span>
								{row.openNotes > 0 ? (
									<span>
										{row.openNotes} open {row.openNotes === 1 ? 'note' : 'notes'}
									</span>
								) : null}
								{row.prepared === 'changed_since' || row.reviewed === 'changed_since' ? (
									<span className={styles['warn']}>Δ changed since sign-off</span>
								) : null}
							</span>
						</button>
					</li>
				))}
			</ul>
		</div>
	);
}
