/** Columns of the lines of a reconciliation. */
import type { BookSupply, ReconcileBook, ReconcileRow, ReconcileSort } from '#explore';
import { formatCount, formatDuration, formatMinor } from '../../app/format.ts';
import type { GridColumn } from '../../components/DataGrid.tsx';
import textStyles from '../../components/Text.module.css';
import { VerdictBadge } from '../../components/VerdictBadge.tsx';
import { CLASSES, lackWords } from './words.ts';

type Books = Readonly<Record<ReconcileBook, BookSupply>>;

const money = (minor: bigint, currency: string | null): string => formatMinor(minor, currency ?? '');
const DAY_MS = 86_400_000;

/** Whole days from two days on: hours say nothing about an old difference. */
const age = (ms: number): string => (ms >= 2 * DAY_MS ? `${formatCount(Math.floor(ms / DAY_MS))} d` : formatDuration(ms));

type AmountName = 'orderedMinor' | 'invoicedMinor' | 'recognisedMinor' | 'ledgerMinor';

/** An order line has an amount in every book there is; a row that belongs to no line has none in the other books. */
function bookColumn(id: string, title: string, name: AmountName, { missing }: BookSupply): GridColumn<ReconcileRow> {
	const isLacking = ({ table }: ReconcileRow): boolean => missing.length > 0 && table === 'sales_order_line';
	return {
		id,
		title,
		width: 105,
		align: 'right',
		cell: (row) => {
			const minor = row[name];
			if (minor !== null) return money(minor, row.currency);
			return isLacking(row) ? (
				<span className={textStyles['muted']} title={lackWords(missing)}>
					not supplied
				</span>
			) : (
				'–'
			);
		},
		text: (row) => {
			const minor = row[name];
			return minor !== null ? money(minor, row.currency) : isLacking(row) ? 'not supplied' : '';
		},
		money: ({ [name]: minor, currency }) => (minor === null ? null : { minor, currency }),
	};
}

export const KEEP_AS = 'reconciliation';

/** What decides comes first: where, which, how much, how long. */
export const columnsOf = (books: Books): readonly GridColumn<ReconcileRow>[] => [
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
	{
		id: 'amount',
		title: 'At issue',
		width: 105,
		align: 'right',
		sortable: true,
		cell: ({ amountMinor, currency }) => (amountMinor === null ? '–' : money(amountMinor, currency)),
		text: ({ amountMinor, currency }) => (amountMinor === null ? '' : money(amountMinor, currency)),
		money: ({ amountMinor, currency }) => (amountMinor === null ? null : { minor: amountMinor, currency }),
	},
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
	bookColumn('orders', 'Orders', 'orderedMinor', books.ordered),
	bookColumn('billing', 'Billing', 'invoicedMinor', books.invoicedNet),
	bookColumn('revenue', 'Revenue', 'recognisedMinor', books.recognised),
	bookColumn('ledger', 'GL', 'ledgerMinor', books.ledger),
	{ id: 'customer', title: 'Customer', width: 170, cell: ({ customer }) => customer ?? '–', text: ({ customer }) => customer ?? '' },
];

export const SORTS = ['amount', 'reason', 'order', 'age'] as const satisfies readonly ReconcileSort[];
