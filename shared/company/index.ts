export * from './answers.ts';
export { type NoteItem, pdfString, writeNote } from './deliveryNote.ts';
export * from './dropFlaws.ts';
export * from './generateCompany.ts';
export { createRandom, type Random } from './random.ts';
export * from './sampleFacts.ts';
export type { CompanyRow, Wire } from './wire.ts';
export { businessDay, isWeekend, monthOf, STOCK_TAKING_DAYS, startWithinMonth, timeText } from './workTime.ts';
