/** Documents: which there are, and their bytes. */
import { z } from 'zod';
import type { EvidenceParts } from './evidenceParts.ts';
import { READERS } from './page.ts';
import { refuse } from './problems.ts';
import { NDJSON, nameOf, numberIn, OCTETS, principalOf, type Route, textIn, whole } from './route.ts';

const PAGE_ROWS = 5000;
const SHA256 = /^[0-9a-f]{64}$/;

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
				const bytes = await documents.read(principalOf(asked).tenant, sha256);
				if (!bytes) refuse('not_found', 'There is no such document.');
				return { type: OCTETS, body: bytes, isImmutable: true, evidence: { subject: `document ${sha256}`, rows: 1 } };
			},
		},
	];
}
