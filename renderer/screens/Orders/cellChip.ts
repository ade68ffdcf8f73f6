/** The condition that a cell of the list stands for: what `.` keeps and `!` leaves out. */
import { type FilterChip, type OrderColumnId, type OrderRow, plainAmount } from '#explore';

const iso = (value: number | null): string => (value === null ? '' : new Date(value).toISOString());

/** @param op `is` keeps rows like it, `is_not` leaves them out */
export function chipOfCell(row: OrderRow, column: OrderColumnId, op: 'is' | 'is_not'): FilterChip | null {
	const none: FilterChip = { column, op: op === 'is' ? 'is_null' : 'is_not_null', values: [] };
	const valued = (value: string | null): FilterChip => (value === null ? none : { column, op, values: [value] });
	switch (column) {
		case 'order_id':
			return valued(row.orderId);
		case 'customer':
			return valued(row.customerId);
		case 'total':
			return row.totalMinor === null || row.currency === null ? none : valued(plainAmount(row.totalMinor, row.currency));
		case 'ordered_at':
		case 'last_event_at': {
			const at = column === 'ordered_at' ? row.orderedAt : row.lastEventAt;
			const day = iso(at).slice(0, 10);
			// A day is kept as a whole; leaving one out would need two conditions at once.
			return at === null ? none : op === 'is' ? { column, op: 'between', values: [day, day] } : null;
		}
		case 'month':
			return valued(row.orderedAt === null ? null : iso(row.orderedAt).slice(0, 7));
		case 'events':
			return valued(numberOrNull(row.events));
		case 'age_hours':
			return valued(numberOrNull(row.ageHours));
		case 'schema_version':
			return valued(numberOrNull(row.schemaVersion));
		case 'exceptions':
			return valued(numberOrNull(row.exceptions));
		case 'holds':
			return valued(numberOrNull(row.holds));
		case 'disputes':
			return valued(numberOrNull(row.disputes));
		default:
			return valued(row[column]);
	}
}

const numberOrNull = (value: number | null): string | null => (value === null ? null : String(value));
