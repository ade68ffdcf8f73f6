export * from './packEvidence.ts';
export * from './packFacts.ts';
export * from './packInput.ts';
export { mediaTypeOf } from './packWords.ts';
export * from './redaction.ts';
export * from './replayPack.ts';
export * from './withheldTexts.ts';
