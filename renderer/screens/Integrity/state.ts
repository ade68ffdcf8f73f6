/** Which face of the screen is open, and which line is to be proved. */
import { create } from 'zustand';

export type IntegrityTab = 'facts' | 'proof' | 'lab';

interface IntegrityState {
	readonly tab: IntegrityTab;
	readonly table: string;
	/** What was typed: a line number, or the key of an event. */
	readonly subject: string;
	set(change: Partial<Pick<IntegrityState, 'tab' | 'table' | 'subject'>>): void;
}

export const useIntegrity = create<IntegrityState>((set) => ({
	tab: 'facts',
	table: 'order_event',
	subject: '1',
	set: (change) => set(change),
}));
