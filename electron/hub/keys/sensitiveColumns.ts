/** Columns that are never stored in clear. Sealed tables have none: they carry commitments instead (`sd`), so their lines stand as they are. */
import type { TableName } from '#model';

export const SENSITIVE_COLUMNS: Partial<Readonly<Record<TableName, readonly string[]>>> = {
	customer: ['name', 'tin'],
	user_account: ['name'],
	// The customer's own words, beside the columns of the model.
	dispute: ['statement'],
};
