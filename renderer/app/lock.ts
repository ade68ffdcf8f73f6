/** Locking: the screen is blank at once, the vault forgets its keys, then the page itself ends and begins anew. */
import { create } from 'zustand';
import { openVault } from './vault.ts';

/** Why this page is about to end; null: it is not. What is typed into it from now on would be lost. */
export const useEnding = create<{ readonly why: 'lock' | 'disposal' | null }>(() => ({ why: null }));

/** Blanks the window, before React or anything else has done a step. Null shows it again. */
export function cover(why: 'lock' | 'disposal' | null): void {
	// What stands under it stays: text being typed there still goes to its draft.
	document.documentElement.toggleAttribute('data-covered', why !== null);
	useEnding.setState({ why });
}

/**
 * Whoever locks in haste sees nothing any more at once. The main process ends the page in five seconds, whatever becomes of the vault; as a
 * rule the vault forgets its keys first, and the page's process is ended and begun anew then, so that nothing stays in memory.
 */
export async function lockNow(): Promise<void> {
	if (useEnding.getState().why === null) cover('lock');
	void window.tieout.invoke('window.lockSoon', {});
	await openVault().session.lock();
	const ends = await window.tieout.invoke('window.lockNow', {});
	if (!ends.ok) cover(null);
}
