/** The top bar: which engagement, for whom, as whom; the palette; the state of the network; the lock. */
import { Button } from '@mantine/core';
import { Lock, Search } from 'lucide-react';
import { KeyHint } from '../components/Frame.tsx';
import { lockNow } from './lock.ts';
import { spotlight } from './Palette.tsx';
import { ROLE_WORDS } from './roles.ts';
import styles from './Shell.module.css';
import { SyncPill } from './SyncPill.tsx';
import { useSummary } from './useSummary.ts';

export function TopBar() {
	const summary = useSummary();
	return (
		<header className={styles['topBar']} data-region>
			<span className={styles['brand']}>Tieout</span>
			<span className={styles['engagement']} title={summary?.client}>
				{summary ? `${summary.name} · ${summary.client}` : ''}
			</span>
			<span className={styles['muted']}>{summary?.period ?? ''}</span>
			<div className={styles['search']}>
				<button type="button" onClick={() => spotlight.open()}>
					<span>
						<Search size={14} aria-hidden="true" /> Search or command…
					</span>
					<KeyHint keys="$mod+k" />
				</button>
			</div>
			<span className={styles['muted']}>{summary ? `${ROLE_WORDS[summary.role]} · ${summary.memberName}` : ''}</span>
			<SyncPill />
			<Button variant="default" leftSection={<Lock size={14} aria-hidden="true" />} onClick={() => void lockNow()}>
				Lock
			</Button>
		</header>
	);
}
