export * from './answers.ts';
export * from './dropFlaws.ts';
export * from './generateCompany.ts';
export * from './sampleFacts.ts';
export type { CompanyRow, Wire } from './wire.ts';
