/** Settings: the engagement, who works on it, how it is kept, and how this window behaves. */

import { useSummaryQuery } from '../../app/useSummary.ts';
import { Ask } from '../../components/Ask.tsx';
import { ScreenHeader } from '../../components/Frame.tsx';
import { ControlSettings } from './ControlSettings.tsx';
import { EngagementSettings } from './EngagementSettings.tsx';
import { KeepingSettings } from './KeepingSettings.tsx';
import { MemberSettings } from './MemberSettings.tsx';
import { PassphraseSettings } from './PassphraseSettings.tsx';
import { RecoverySettings } from './RecoverySettings.tsx';
import styles from './Settings.module.css';
import { WindowSettings } from './WindowSettings.tsx';

export function Settings() {
	const query = useSummaryQuery();
	return (
		<>
			<ScreenHeader title="Settings" />
			<Ask query={query}>
				{(summary) => (
					<div className={styles['page']}>
						<div>
							<EngagementSettings summary={summary} />
							<MemberSettings summary={summary} />
							<ControlSettings />
						</div>
						<div>
							<WindowSettings />
							<PassphraseSettings />
							<RecoverySettings summary={summary} />
							<KeepingSettings summary={summary} />
						</div>
					</div>
				)}
			</Ask>
		</>
	);
}
