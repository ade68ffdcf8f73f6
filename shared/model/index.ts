export * from './references.ts';
export * from './schema.ts';
export * from './types.ts';
export * from './typeWords.ts';
