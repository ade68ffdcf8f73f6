/** The sealed tables of a drop, as its verification found them. */
import type { TableName } from '#model';
import type { EvidenceFacts, TableIntegrity } from './evidenceFacts.ts';

export type SealedTable = readonly [name: TableName, integrity: TableIntegrity];

export const sealedTables = (evidence: EvidenceFacts): readonly SealedTable[] =>
	Object.entries(evidence.integrity) as unknown as SealedTable[];

export const NO_SEALED_TABLE = 'no sealed table was supplied';
