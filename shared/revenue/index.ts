export * from './aheadOfTransfer.ts';
export * from './allocation.ts';
export * from './amendments.ts';
export * from './calendars.ts';
export * from './freezes.ts';
export * from './intervals.ts';
export * from './modification.ts';
export { type MovementSource, Movements } from './movements.ts';
export * from './obligations.ts';
export * from './progress.ts';
export * from './proration.ts';
export * from './returns.ts';
export * from './revenueBook.ts';
export {
	contractTransfers,
	deliveredMovements,
	shippedMovements,
	type Transfers,
	type TransferTerm,
	transferTermOf,
} from './transfers.ts';
