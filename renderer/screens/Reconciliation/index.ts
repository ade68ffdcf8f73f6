import { GitCompareArrows } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Reconciliation } from './Reconciliation.tsx';

export const reconciliationScreen: ScreenDefinition = {
	id: 'reconciliation',
	title: 'Reconciliation',
	group: 'test',
	icon: GitCompareArrows,
	goKey: 'r',
	Component: Reconciliation,
	help: {
		purpose: 'Orders, shipments, billing, revenue and general ledger on one key, the order line: where each chain stops, and why.',
		steps: [
			'The four columns are the four places where a chain can stop. Choose a reason to see its lines.',
			'Open by terms is no break: the contract or the days allowed say that the two books may differ now. It is never counted as matched.',
			'Stand on a line: the panel lays it over the five books. O opens the order, E its exception, F begins a finding.',
			'Totals shows every book per currency, and where revenue events and revenue accounts do not net (T41).',
			'The tolerance is a setting of the engagement; a partner changes it with a reason.',
		],
		method: [
			{ text: 'Agreement of records kept by different people on one key', source: 'AS 1105.11, ISA 500.A31' },
			{ text: 'Revenue when control passes, by the quantity transferred', source: 'ASC 606-10-25-30, 606-10-55-17' },
			{ text: 'Contract assets and liabilities where invoice and transfer stand apart in time', source: 'ASC 606-10-45-1 to 45-4' },
			{ text: 'Reconciliation of the sub-ledger with the general ledger', source: 'AS 2301.11, audit tests T39 to T41' },
		],
	},
};
