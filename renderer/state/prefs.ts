/** Preferences of this person on this machine. They say nothing about a client, so they may lie in clear. */
import { create } from 'zustand';
import { persist } from 'zustand/middleware';

interface Prefs {
	readonly railCollapsed: boolean;
	/** Keys without a modifier, such as J or G O, can be turned off (WCAG 2.1.4). */
	readonly singleKeys: boolean;
	readonly zoomPercent: number;
	readonly tourDone: boolean;
	/** Of a hub: left alone, looked at for news, or looked at and news brought in. */
	readonly syncQuietly: 'off' | 'look' | 'bring';
	readonly panelWidths: Readonly<Record<string, number>>;
	/** Ids of columns, by list: those that were dragged. */
	readonly columnOrders: Readonly<Record<string, readonly string[]>>;
	change(prefs: Partial<Omit<Prefs, 'change'>>): void;
}

export const ZOOM_STEPS = [100, 110, 125, 150, 175, 200, 250] as const;

export const usePrefs = create<Prefs>()(
	persist(
		(set) => ({
			railCollapsed: false,
			singleKeys: true,
			zoomPercent: 100,
			tourDone: false,
			syncQuietly: 'look',
			panelWidths: {},
			columnOrders: {},
			change: (prefs) => set(prefs),
		}),
		{ name: 'tieout-prefs' },
	),
);
