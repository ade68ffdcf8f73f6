/** Where the person is: a screen and its parameters, with a way back. Screens read their own parameters and nothing else. */
import { create } from 'zustand';
import type { ScreenId } from '../app/screen.ts';

interface Place {
	readonly screen: ScreenId;
	readonly params: Readonly<Record<string, string>>;
}

interface Nav extends Place {
	readonly past: readonly Place[];
	go(screen: ScreenId, params?: Readonly<Record<string, string>>): void;
	/** Changes parameters of the place without a new step back. */
	set(params: Readonly<Record<string, string>>): void;
	back(): void;
	reset(): void;
}

const START: Place = { screen: 'home', params: {} };
const PAST_MAX = 50;

export const useNav = create<Nav>((set) => ({
	...START,
	past: [],
	go: (screen, params = {}) =>
		set((now) => ({ screen, params, past: [...now.past, { screen: now.screen, params: now.params }].slice(-PAST_MAX) })),
	set: (params) => set((now) => ({ params: { ...now.params, ...params } })),
	back: () =>
		set((now) => {
			const last = now.past.at(-1);
			return last ? { ...last, past: now.past.slice(0, -1) } : now;
		}),
	reset: () => set({ ...START, past: [] }),
}));
