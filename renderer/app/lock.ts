/** Locking: the vault forgets its keys, then the page itself ends and begins anew. */
import { openVault } from './vault.ts';

/** The vault forgets its keys first; then the page itself is ended and begun anew, so that nothing stays in memory. */
export async function lockNow(): Promise<void> {
	await openVault().session.lock();
	await window.tieout.invoke('window.lockNow', {});
}
