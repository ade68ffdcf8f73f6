/** Said as long as the window runs on a runtime that must not hold a client's data. */
import styles from './Shell.module.css';
import type { AppInfo } from './useAppInfo.ts';

export function RuntimeBanner({ info }: { info: AppInfo }) {
	if (info.runtimeKind === 'supported') return null;
	return (
		<div className={styles['banner']} role="status">
			Test runtime {info.versions.electron}: an old Electron without security fixes.{' '}
			{info.mayOpenReal ? 'For tests only.' : 'Only the sample engagement opens here.'}
		</div>
	);
}
