/** What a screen is: its place in the rail, its keys, its help. */
import type { LucideIcon } from 'lucide-react';
import type { ComponentType } from 'react';

export type ScreenId =
	| 'home'
	| 'data'
	| 'orders'
	| 'procedures'
	| 'integrity'
	| 'reconciliation'
	| 'exceptions'
	| 'findings'
	| 'disputes'
	| 'packs'
	| 'sync'
	| 'activity'
	| 'settings';

/** In the order of the work. */
export type ScreenGroup = 'prepare' | 'examine' | 'test' | 'conclude' | 'deliver' | 'system';

interface ScreenHelp {
	readonly purpose: string;
	readonly steps: readonly string[];
	/** What the screen rests on, with its paragraph. */
	readonly method: readonly { readonly text: string; readonly source: string }[];
}

export interface ScreenDefinition {
	readonly id: ScreenId;
	readonly title: string;
	readonly group: ScreenGroup;
	readonly icon: LucideIcon;
	/** The letter after G. */
	readonly goKey: string;
	readonly Component: ComponentType;
	readonly help: ScreenHelp;
}
