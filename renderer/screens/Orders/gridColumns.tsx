/** The columns of the order grid: what stands in a cell, and what a copy of it says. */
import type { Severity } from '#audit';
import { CHAIN_STATUSES, type ChainStatus, type OrderColumnId, type OrderRow, orderColumnTitle, plainAmount } from '#explore';
import { formatCount, formatDuration, formatMinor } from '../../app/format.ts';
import type { GridColumn } from '../../components/DataGrid.tsx';
import { Instant } from '../../components/Values.tsx';
import { type Tone, VerdictBadge } from '../../components/VerdictBadge.tsx';
import styles from './Orders.module.css';
import { isSelected, useSelection } from './selection.ts';

const CHAIN_TONES: Readonly<Record<ChainStatus, Tone>> = {
	altered: 'fail',
	missing: 'fail',
	out_of_order: 'fail',
	unproven: 'neutral',
	no_events: 'neutral',
	verified: 'pass',
};

const CHAIN_WORDS = new Map(CHAIN_STATUSES);
const CHAIN_GLYPHS: Readonly<Partial<Record<ChainStatus, string>>> = { unproven: '?', no_events: '–' };

function ChainBadge({ status }: { status: ChainStatus }) {
	const glyph = CHAIN_GLYPHS[status];
	return (
		<VerdictBadge tone={CHAIN_TONES[status]} {...(glyph === undefined ? {} : { glyph })}>
			{CHAIN_WORDS.get(status) ?? status}
		</VerdictBadge>
	);
}

const SEVERITY_TONES: Readonly<Record<Severity, Tone>> = { critical: 'fail', high: 'fail', medium: 'warn', low: 'info' };

const EMPTY = <span className={styles['null']}>–</span>;

const text = (value: string | null) => value ?? EMPTY;
const count = (value: number | null) => (value === null ? EMPTY : formatCount(value));
const instant = (value: number | null) => (value === null ? EMPTY : <Instant at={value} />);
const open = (value: number | null) =>
	value === null ? (
		EMPTY
	) : value === 0 ? (
		<span className={styles['null']}>0</span>
	) : (
		<VerdictBadge tone="hold">{formatCount(value)}</VerdictBadge>
	);

function Exceptions({ row: { exceptions, severity } }: { row: OrderRow }) {
	if (exceptions === null) return <span className={styles['null']}>not run</span>;
	if (exceptions === 0 || severity === null) return <span className={styles['null']}>0</span>;
	return (
		<VerdictBadge tone={SEVERITY_TONES[severity]} title={`${formatCount(exceptions)}, worst ${severity}`}>
			{formatCount(exceptions)} {severity}
		</VerdictBadge>
	);
}

/** Age as a number with a bar behind it: full at a quarter of a year. */
function Age({ hours }: { hours: number | null }) {
	if (hours === null) return EMPTY;
	const percent = Math.min(100, Math.max(0, (100 * hours) / AGE_FULL_HOURS));
	return (
		<span className={styles['age']} title={formatDuration(hours * 3_600_000)}>
			<span className={styles['ageBar']} style={{ width: `${percent}%` }} />
			<span>{formatCount(hours)}</span>
		</span>
	);
}

const AGE_FULL_HOURS = 90 * 24;

type Shown = Pick<GridColumn<OrderRow>, 'cell' | 'text'> & Partial<GridColumn<OrderRow>>;

const iso = (value: number | null): string => (value === null ? '' : new Date(value).toISOString());
const number = (value: number | null): string => (value === null ? '' : String(value));

const SHOWN: Readonly<Record<OrderColumnId, Shown>> = {
	order_id: {
		width: 112,
		pinned: true,
		className: styles['orderId'],
		cell: ({ orderId }) => orderId,
		text: ({ orderId }) => orderId,
	},
	customer: {
		width: 168,
		cell: ({ customer, customerId }) => <span title={customerId ?? ''}>{text(customer)}</span>,
		text: (row) => row.customer ?? '',
	},
	entity: { width: 90, cell: ({ entity }) => text(entity), text: (row) => row.entity ?? '' },
	region: { width: 100, cell: ({ region }) => text(region), text: (row) => row.region ?? '' },
	state: { width: 112, cell: ({ state }) => text(state), text: (row) => row.state ?? '' },
	ordered_at: { width: 184, cell: ({ orderedAt }) => instant(orderedAt), text: (row) => iso(row.orderedAt) },
	month: {
		width: 90,
		cell: ({ orderedAt }) => text(orderedAt === null ? null : iso(orderedAt).slice(0, 7)),
		text: (row) => iso(row.orderedAt).slice(0, 7),
	},
	total: {
		width: 116,
		align: 'right',
		cell: ({ totalMinor, currency }) => (totalMinor === null || currency === null ? EMPTY : formatMinor(totalMinor, currency)),
		text: ({ totalMinor, currency }) => (totalMinor === null || currency === null ? '' : plainAmount(totalMinor, currency)),
	},
	currency: {
		width: 76,
		className: styles['code'],
		cell: ({ currency }) => text(currency),
		text: (row) => row.currency ?? '',
	},
	events: { width: 80, align: 'right', cell: ({ events }) => count(events), text: (row) => number(row.events) },
	last_event_at: { width: 184, cell: ({ lastEventAt }) => instant(lastEventAt), text: (row) => iso(row.lastEventAt) },
	age_hours: { width: 84, align: 'right', cell: ({ ageHours }) => <Age hours={ageHours} />, text: (row) => number(row.ageHours) },
	schema_version: { width: 120, align: 'right', cell: (row) => count(row.schemaVersion), text: (row) => number(row.schemaVersion) },
	chain: { width: 128, cell: ({ chain }) => <ChainBadge status={chain} />, text: ({ chain }) => CHAIN_WORDS.get(chain) ?? chain },
	exceptions: { width: 112, align: 'right', cell: (row) => <Exceptions row={row} />, text: (row) => number(row.exceptions) },
	severity: { width: 120, cell: ({ severity }) => text(severity), text: (row) => row.severity ?? '' },
	holds: { width: 104, align: 'right', cell: ({ holds }) => open(holds), text: (row) => number(row.holds) },
	disputes: { width: 116, align: 'right', cell: ({ disputes }) => open(disputes), text: (row) => number(row.disputes) },
};

const SELECT_COLUMN = 'select';

function SelectBox({ orderId }: { orderId: string }) {
	const checked = useSelection((selection) => isSelected(selection, orderId));
	const toggle = useSelection((selection) => selection.toggle);
	return <input type="checkbox" tabIndex={-1} aria-label={`Select ${orderId}`} checked={checked} onChange={() => toggle(orderId)} />;
}

/** The grid's columns of a view, with the box for selecting in front. */
export const gridColumnsOf = (columns: readonly OrderColumnId[]): GridColumn<OrderRow>[] => [
	{ id: SELECT_COLUMN, title: '', width: 44, pinned: true, cell: ({ orderId }) => <SelectBox orderId={orderId} /> },
	...columns.map((id) => ({ id, title: orderColumnTitle(id), sortable: true, ...SHOWN[id] })),
];
