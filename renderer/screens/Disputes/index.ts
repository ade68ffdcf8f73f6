import { Scale } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Disputes } from './Disputes.tsx';

export const disputesScreen: ScreenDefinition = {
	id: 'disputes',
	title: 'Disputes & holds',
	group: 'conclude',
	icon: Scale,
	goKey: 'q',
	Component: Disputes,
	help: {
		purpose:
			'For each dispute: whether a hold stopped its revenue, for how long nothing did, on what evidence it was released, and by whom.',
		steps: [
			'Choose a view: open, escalation missed, released without evidence, revenue posted while disputed, not held.',
			'Stand on a dispute to read its dossier. The bar shows its span, the holds on it, and the gaps; revenue posted in a gap is marked.',
			'A release needs evidence at or above its threshold and two people other than who asked for it.',
			'O opens the order, F begins a finding with the dispute’s exceptions as its evidence.',
			'The tab Holds lists every hold, those without a dispute too.',
		],
		method: [
			{ text: 'Revenue only as far as a significant reversal is not probable', source: 'ASC 606-10-32-11 to 32-13' },
			{ text: 'Revenue on a held or disputed order', source: 'audit test T18' },
			{ text: 'Reversal of the disputed part, release on evidence with dual approval', source: 'audit tests T34, T35, T60' },
			{ text: 'Escalation, root cause, hold within an hour', source: 'audit tests T63, T64, T65; COSO 2013, principle 17' },
		],
	},
};
