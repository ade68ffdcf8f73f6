export { type Codes, type Integers, NO_CODE, NO_DAY, NO_FLAG } from './column.ts';
export { Dictionary } from './dictionary.ts';
export { describeLineFault, type LineFault, type LineFaultCode, type QuarantinedLine } from './lineFault.ts';
export { Population, PopulationBuilder } from './population.ts';
export { PairIndex, RowIndex } from './rowIndex.ts';
export { populationOf, type SnapshotPart, snapshotOf } from './snapshot.ts';
export { LINES_PER_MARK, PopulationTable } from './table.ts';
export { type DisclosedValues, type LineTooLong, MAX_LINE_BYTES, TableBuilder } from './tableBuilder.ts';
