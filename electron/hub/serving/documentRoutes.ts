/** Documents: which there are, and their bytes. */
import { z } from 'zod';
import type { Database } from '../types.ts';
import type { EvidenceParts } from './evidenceParts.ts';
import { READERS } from './page.ts';
import { refuse, refuseDamaged } from './problems.ts';
import { NDJSON, nameOf, numberIn, OCTETS, principalOf, type Route, textIn, whole } from './route.ts';

const PAGE_ROWS = 5000;
const SHA256 = /^[0-9a-f]{64}$/;

const DAMAGED =
	'The hub was handed this document and no longer holds its bytes whole. Whoever sent it can send it again under the same address; all else is as it was.';

type Parts = Pick<EvidenceParts, 'database' | 'documents' | 'publications'>;

export function documentRoutes({ database, documents, publications }: Parts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/documents',
			summary: 'Hashes and sizes of the documents held, or of those a publication counts; Next-Cursor where there are more',
			roles: READERS,
			query: z.strictObject({ publication: whole.optional(), cursor: z.string().regex(SHA256, 'not one that this gave out').optional() }),
			gives: NDJSON,
			isEvidence: true,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const number = numberIn(asked, 'publication', -1);
				const publication = number < 0 ? null : await publications.at(tenant, number);
				if (number >= 0 && !publication) refuse('not_found', 'There is no such publication.', { where: 'publication' });
				const rows = await database.query<{ sha256: string; bytes: bigint }>(
					`SELECT sha256, bytes FROM document WHERE tenant = $1 AND sha256 > $2 AND received_at <= coalesce($3::bigint, received_at)
					 ORDER BY sha256 LIMIT ${PAGE_ROWS}`,
					[tenant, textIn(asked, 'cursor'), publication?.createdAt ?? null],
				);
				return {
					type: NDJSON,
					body: rows.map(({ sha256, bytes }) => `${JSON.stringify({ sha256, bytes: Number(bytes) })}\n`).join(''),
					headers: rows.length < PAGE_ROWS ? {} : { 'next-cursor': rows.at(-1)?.sha256 ?? '' },
					evidence: { subject: 'list of documents', rows: rows.length },
				};
			},
		},
		{
			method: 'GET',
			path: '/v1/documents/:sha256',
			summary: 'The bytes of a document',
			roles: READERS,
			gives: OCTETS,
			isEvidence: true,
			async handle(asked) {
				const sha256 = nameOf(asked, 'sha256', SHA256, 'A document is named by the 64 hex digits of its SHA-256.');
				const { tenant } = principalOf(asked);
				const read = await documents.read(tenant, sha256);
				if (read.ok) return { type: OCTETS, body: read.value, isImmutable: true, evidence: { subject: `document ${sha256}`, rows: 1 } };
				// Asked of the database only where there are no bytes: what was handed over once and is gone is not the same as what never was.
				if (read.error === 'damaged' || (await isListed(database, tenant, sha256))) refuseDamaged(`document ${sha256}`, DAMAGED);
				return refuse('not_found', 'There is no such document.');
			},
		},
	];
}

async function isListed(database: Database, tenant: string, sha256: string): Promise<boolean> {
	const rows = await database.query('SELECT FROM document WHERE tenant = $1 AND sha256 = $2', [tenant, sha256]);
	return rows.length > 0;
}
