/** Which dialog of the screen is open. */
import { create } from 'zustand';

type Dialog = 'bulk' | 'finding';

interface Dialogs {
	readonly shown: Dialog | null;
	open(dialog: Dialog): void;
	close(): void;
}

export const useDialogs = create<Dialogs>((set) => ({
	shown: null,
	open: (shown) => set({ shown }),
	close: () => set({ shown: null }),
}));
