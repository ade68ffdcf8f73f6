/** Columns of the lines of a reconciliation. */
import type { ReconcileRow, ReconcileSort } from '#explore';
import { formatCount, formatDuration, formatMinor } from '../../app/format.ts';
import type { GridColumn } from '../../components/DataGrid.tsx';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { CLASSES } from './words.ts';

const money = (minor: bigint | null, currency: string | null): string => (minor === null ? '–' : formatMinor(minor, currency ?? ''));
const DAY_MS = 86_400_000;

/** Whole days from two days on: hours say nothing about an old difference. */
const age = (ms: number): string => (ms >= 2 * DAY_MS ? `${formatCount(Math.floor(ms / DAY_MS))} d` : formatDuration(ms));

type AmountName = 'orderedMinor' | 'invoicedMinor' | 'recognisedMinor' | 'ledgerMinor' | 'amountMinor';

const amountColumn = (id: string, title: string, name: AmountName): GridColumn<ReconcileRow> => ({
	id,
	title,
	width: 105,
	align: 'right',
	cell: (row) => money(row[name], row.currency),
	text: (row) => (row[name] === null ? '' : money(row[name], row.currency)),
});

/** What decides comes first: where, which, how much, how long. */
export const COLUMNS: readonly GridColumn<ReconcileRow>[] = [
	{
		id: 'reason',
		title: 'Where the chain stops',
		width: 218,
		sortable: true,
		cell: ({ class: one, title }) => (
			<VerdictBadge tone={CLASSES[one].tone} glyph={CLASSES[one].glyph}>
				{title}
			</VerdictBadge>
		),
		text: ({ title }) => title,
	},
	{ id: 'order', title: 'Key', width: 136, sortable: true, cell: ({ key }) => key, text: ({ key }) => key },
	{ ...amountColumn('amount', 'At issue', 'amountMinor'), sortable: true },
	{ id: 'currency', title: 'Cur', width: 54, cell: ({ currency }) => currency ?? '–', text: ({ currency }) => currency ?? '' },
	{
		id: 'age',
		title: 'Age',
		width: 84,
		align: 'right',
		sortable: true,
		cell: ({ ageMs }) => (ageMs === null ? '–' : age(ageMs)),
		text: ({ ageMs }) => (ageMs === null ? '' : age(ageMs)),
	},
	amountColumn('orders', 'Orders', 'orderedMinor'),
	amountColumn('billing', 'Billing', 'invoicedMinor'),
	amountColumn('revenue', 'Revenue', 'recognisedMinor'),
	amountColumn('ledger', 'GL', 'ledgerMinor'),
	{ id: 'customer', title: 'Customer', width: 170, cell: ({ customer }) => customer ?? '–', text: ({ customer }) => customer ?? '' },
];

export const SORTS = ['amount', 'reason', 'order', 'age'] as const satisfies readonly ReconcileSort[];
