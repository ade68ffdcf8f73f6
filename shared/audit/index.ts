export * from './catalogue.ts';
export * from './engine.ts';
export * from './evidenceFacts.ts';
export { NOT_IN_THIS_VERSION } from './notYet.ts';
export * from './parameters.ts';
export * from './result.ts';
export * from './types.ts';
