/** Who and what the journeys through an engagement are about: the same in the browser and in Electron. */
import type { Page } from 'playwright-core';

export interface JourneyWindow {
	readonly page: Page;
	/** What the next dialog of the main process answers. */
	answerDialog(dialog: 'open' | 'save', path: string): Promise<void>;
}

export interface Person {
	readonly name: string;
	readonly passphrase: string;
}

export const PARTNER: Person = { name: 'Rosalind Achterberg', passphrase: 'seven quiet herons over the weir' };
export const REVIEWER: Person = { name: 'Tobias Lindqvist', passphrase: 'nine copper lanterns in the fog' };

export const ENGAGEMENT = {
	name: 'Journey audit FY 2026',
	client: 'Zephyrine Trading',
	organisation: 'Quillfeather Assurance',
	label: 'Journey',
};

export const FINDING_TEXT = {
	condition: 'Goods left the warehouse without the approval that the order needed: unapprovedcanary.',
	criteria: 'Every order above the limit is approved before it ships (policy 4.2, COSO principle 10).',
	cause: 'The release button was open to everybody in the warehouse.',
	effect: 'Revenue was recorded for orders that nobody had approved.',
} as const;
