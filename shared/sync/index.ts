export * from './actOn.ts';
export * from './compactRange.ts';
export * from './equivocation.ts';
export { type ExchangeContent, exchangeContent } from './exchangeContent.ts';
export {
	EXCHANGE_MAX,
	type ExchangeCrypto,
	type ExchangeError,
	type ExchangeErrorCode,
	type ExchangeKdf,
	type OpenedExchange,
	openExchange,
	writeExchange,
} from './exchangeFile.ts';
export * from './exchangeMerge.ts';
export * from './feedSource.ts';
export { type FeedStage, type StageKeys, stageKeys } from './feedStage.ts';
export { FeedStopped } from './feedStopped.ts';
export * from './hubCalls.ts';
export * from './hubPapers.ts';
export * from './hubRecords.ts';
export * from './hubTransport.ts';
export * from './judgeHead.ts';
export * from './judgePulled.ts';
export * from './merge.ts';
export * from './mergeReject.ts';
export { type CheckpointSigner, checkpointOf, papersOrigin } from './orderLog.ts';
export { type OrderRecord, orderLeaf } from './orderRecord.ts';
export * from './papersProtocol.ts';
export {
	confirmByAppointment,
	emptyPapers,
	isSequencer,
	mergedLog,
	type PapersState,
	vectorOf,
} from './papersState.ts';
export * from './protocol.ts';
export * from './pullPlan.ts';
export * from './restorePapers.ts';
export * from './syncStop.ts';
export * from './trustPolicy.ts';
export * from './witness.ts';
