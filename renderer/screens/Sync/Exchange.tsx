/** The three columns: what goes, what came, what waits for a person. */
import type { SyncStatus } from '../../vault/feedApi.ts';
import { ExchangeFiles } from './ExchangeFiles.tsx';
import { NeedsYou } from './NeedsYou.tsx';
import { Received } from './Received.tsx';
import styles from './Sync.module.css';
import { ToSend } from './ToSend.tsx';

export function Exchange({ status }: { status: SyncStatus }) {
	return (
		<div className={styles['columns']}>
			<ToSend isConnected={status.url !== null} />
			<Received isConnected={status.url !== null} begun={status.begun} />
			<NeedsYou status={status} />
			<ExchangeFiles />
		</div>
	);
}
