/** Whether the store of this computer is promised to stay until somebody disposes of it. */
import { create } from 'zustand';

interface KeptStorage {
	/** null: not asked yet. */
	readonly isKept: boolean | null;
	tell(isKept: boolean): void;
}

export const useKeptStorage = create<KeptStorage>((set) => ({ isKept: null, tell: (isKept) => set({ isKept }) }));
