export * from './evidenceFacts.ts';
export * from './types.ts';
