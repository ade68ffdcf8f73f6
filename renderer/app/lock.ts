/** Locking: the vault forgets its keys, then the page itself ends and begins anew. */
import { create } from 'zustand';
import { openVault } from './vault.ts';

/** Whether this page is about to end: what is typed into it from now on would be lost. */
export const useEnding = create<{ readonly isEnding: boolean }>(() => ({ isEnding: false }));

/** The vault forgets its keys first; then the page itself is ended and begun anew, so that nothing stays in memory. */
export async function lockNow(): Promise<void> {
	useEnding.setState({ isEnding: true });
	await openVault().session.lock();
	const ends = await window.tieout.invoke('window.lockNow', {});
	if (!ends.ok) useEnding.setState({ isEnding: false });
}
