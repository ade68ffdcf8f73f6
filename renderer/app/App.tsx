/** Locked or open: the two states of the window, under what the runtime has to say for itself. */
import { useEffect } from 'react';
import { Loading } from '../components/States.tsx';
import { Unlock } from '../screens/Unlock/Unlock.tsx';
import { idleMinutes } from '../state/idle.ts';
import { usePrefs } from '../state/prefs.ts';
import styles from './App.module.css';
import { Cover } from './Cover.tsx';
import { watchJobs } from './jobNotices.ts';
import { lockNow, useEnding } from './lock.ts';
import { RuntimeBanner } from './RuntimeBanner.tsx';
import { Shell } from './Shell.tsx';
import { useAppInfo } from './useAppInfo.ts';
import { useQuery } from './useQuery.ts';
import { openVault } from './vault.ts';

export function App() {
	const info = useAppInfo();
	const session = useQuery((vault) => vault.session.state(), []);
	const zoomPercent = usePrefs((prefs) => prefs.zoomPercent);
	useEffect(() => {
		document.documentElement.style.setProperty('zoom', String(zoomPercent / 100));
		document.documentElement.style.setProperty('--zoom', String(zoomPercent / 100));
	}, [zoomPercent]);
	useEffect(() => window.tieout.on('lock', () => void lockNow()), []);
	useEffect(() => watchJobs(), []);
	useEffect(() => {
		void window.tieout.invoke('settings.idleMinutes', { minutes: idleMinutes() });
	}, []);
	const isRestricted = info !== null && !info.mayOpenReal;
	useEffect(() => {
		if (isRestricted) void openVault().session.restrictToSample();
	}, [isRestricted]);
	const isOpen = session.state === 'ready' && session.data.isOpen;
	// Nobody shall begin to type a passphrase into a page that is about to end: the locked window stands in the new one.
	const isEnding = useEnding((page) => page.why !== null);
	useEffect(() => {
		if (session.state === 'ready') document.documentElement.dataset['ready'] = isEnding ? 'ending' : isOpen ? 'open' : 'locked';
	}, [session.state, isOpen, isEnding]);
	return (
		<div className={styles['app']}>
			{info ? <RuntimeBanner info={info} /> : null}
			<div className={styles['body']}>
				{session.state === 'loading' || !info ? <Loading /> : isOpen ? <Shell /> : isEnding ? null : <Unlock info={info} />}
			</div>
			<Cover />
		</div>
	);
}
