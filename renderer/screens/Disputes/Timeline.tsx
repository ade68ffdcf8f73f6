/** What happened, in order, over all tables that know of it. */

import type { ReactNode } from 'react';
import type { DossierEntry } from '#explore';
import { formatDuration } from '../../app/format.ts';
import textStyles from '../../components/Text.module.css';
import { Instant, Money } from '../../components/Values.tsx';
import { HoldMark } from '../../components/VerdictBadge.tsx';
import styles from './Disputes.module.css';

const GLYPHS: Readonly<Record<DossierEntry['kind'], ReactNode>> = {
	dispute: '◆',
	hold: <HoldMark />,
	order: '●',
	revenue: '▲',
	approval: '✎',
	document: '▤',
};
const DAY_MS = 86_400_000;

export function DossierTimeline({ entries }: { entries: readonly DossierEntry[] }) {
	return (
		<ol className={styles['timeline']}>
			{entries.map((entry, at) => {
				const before = entries[at - 1];
				const gap = before ? entry.at - before.at : 0;
				return (
					<li key={`${entry.table}/${entry.key}/${entry.title}`} data-kind={entry.kind} data-adverse={entry.isAdverse}>
						{gap >= DAY_MS ? <div className={styles['pause']}>{formatDuration(gap)}</div> : null}
						<span className={styles['glyph']} aria-hidden="true">
							{entry.isAdverse ? '✕' : GLYPHS[entry.kind]}
						</span>
						<Instant at={entry.at} />
						<span className={styles['what']}>
							{entry.title}
							{entry.amountMinor === null || entry.currency === null ? null : (
								<>
									{' '}
									<Money minor={entry.amountMinor} currency={entry.currency} />
								</>
							)}
							<span className={textStyles['muted']}>
								{entry.who === null ? '' : ` ${entry.who} ·`} {entry.table} {entry.key}
							</span>
						</span>
					</li>
				);
			})}
		</ol>
	);
}
