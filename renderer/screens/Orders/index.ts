import { ListOrdered } from 'lucide-react';
import type { ScreenDefinition } from '../../app/screen.ts';
import { Orders } from './Orders.tsx';

export const ordersScreen: ScreenDefinition = {
	id: 'orders',
	title: 'Orders',
	group: 'examine',
	icon: ListOrdered,
	goKey: 'o',
	Component: Orders,
	help: {
		purpose: 'Every order of the population, as a list, as a map of how orders moved, and as counts: three faces of one filter.',
		steps: [
			'Narrow the list: click a value on the left, press / to search, or add a condition with Ctrl+F. The conditions stand as chips and hold on all three tabs.',
			'Stand on a cell: . filters by it, ! excludes it, Shift+F summarises its column beside the list, and goes along with the cell you stand on.',
			'The panel follows the row you stand on: J and K go through its events, P shows an event’s proof, E its exceptions, F starts a finding with it.',
			'On the map, click a state or a transition to keep the orders that went there. Red transitions are those the state table forbids.',
			'Save what you look at as a view; [ and ] go through the saved ones. Export says filter, as-of, row count and hash.',
		],
		method: [
			{
				text: 'The whole population is looked at, no sample is drawn; criteria of a selection are documented',
				source: 'AS 1105.22–.27, ISA 500.A52',
			},
			{
				text: 'Chain verdicts: an event is verified only under a checkpoint of a trusted key',
				source: 'RFC 6962 2.1, C2SP tlog-checkpoint',
			},
			{ text: 'Transitions are judged by the company’s own state table as it stood when they happened', source: 'AS 2201.34' },
			{ text: 'Stale orders, by hours since the last event', source: 'audit test T58' },
		],
	},
};
