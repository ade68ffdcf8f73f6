import {
	type Invoice,
	none,
} from './invoice.ts';

export interface Customer {
	readonly invoice: Invoice;
}

export const nobody = none;
