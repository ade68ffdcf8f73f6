/** The checks before a pack, each by itself with its next step. What blocks stands first. */

import { Button } from '@mantine/core';
import layoutStyles from '../../components/Layout.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { useNav } from '../../state/nav.ts';
import type { PackCheck } from '../../vault/packsApi.ts';
import styles from './Packs.module.css';

const WORDS: Readonly<Record<PackCheck['tone'], string>> = { pass: 'In order', warn: 'Attention', fail: 'Adverse', neutral: 'Note' };

const SCREEN_WORDS: Readonly<Record<NonNullable<PackCheck['screen']>, string>> = {
	data: 'Data & IPE',
	integrity: 'Integrity',
	procedures: 'Procedures',
	exceptions: 'Exceptions',
	findings: 'Findings',
	settings: 'Settings',
	packs: 'Packs',
};

export function Checks({ checks }: { checks: readonly PackCheck[] }) {
	const go = useNav((nav) => nav.go);
	const inOrder = [...checks.filter(({ blocks }) => blocks), ...checks.filter(({ blocks }) => !blocks)];
	return (
		<ul className={styles['list']}>
			{inOrder.map(({ id, tone, title, sentence, blocks, screen, params }) => (
				<li key={id} className={styles['check']}>
					<div className={layoutStyles['row']}>
						<VerdictBadge tone={tone}>{blocks ? 'Blocks' : WORDS[tone]}</VerdictBadge>
						<strong>{title}</strong>
					</div>
					<div>{sentence}</div>
					{screen !== null && screen !== 'packs' && tone !== 'pass' ? (
						<Button variant="subtle" size="compact-xs" className={styles['there'] ?? ''} onClick={() => go(screen, params)}>
							Go to {SCREEN_WORDS[screen]}
						</Button>
					) : null}
				</li>
			))}
		</ul>
	);
}
