/** Documents: which there are, and their bytes. */
import { z } from 'zod';
import type { Database } from '../database/databasePort.ts';
import type { EvidenceParts } from './evidenceParts.ts';
import { PAGE_BYTES, READERS } from './page.ts';
import { refuse, refuseDamaged } from './problems.ts';
import { type Asked, NDJSON, nameOf, numberIn, OCTETS, principalOf, type Reply, type Route, textIn, whole } from './route.ts';

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
			says: { 'Next-Cursor': 'The `cursor` of the next page; absent where there is none' },
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
			summary: 'The bytes of a document; of a long one a part: from `offset` on, fewer than `length` at its end or where a page is full',
			roles: READERS,
			query: z.strictObject({ offset: whole.optional(), length: whole.optional() }),
			gives: OCTETS,
			refuses: ['damaged'],
			isEvidence: true,
			async handle(asked) {
				const sha256 = nameOf(asked, 'sha256', SHA256, 'A document is named by the 64 hex digits of its SHA-256.');
				const { tenant } = principalOf(asked);
				const read = await documents.read(tenant, sha256);
				if (read.ok) return partOf(asked, sha256, read.value);
				// Asked of the database only where there are no bytes: what was handed over once and is gone is not the same as what never was.
				if (read.error === 'damaged' || (await isListed(database, tenant, sha256))) refuseDamaged(`document ${sha256}`, DAMAGED);
				return refuse('not_found', 'There is no such document.');
			},
		},
	];
}

/** All of it, or the part that was asked for. */
function partOf(asked: Asked, sha256: string, whole: Uint8Array): Reply {
	const isPart = asked.query['offset'] !== undefined || asked.query['length'] !== undefined;
	const offset = numberIn(asked, 'offset');
	const body = isPart ? whole.subarray(offset, offset + Math.min(PAGE_BYTES, numberIn(asked, 'length', PAGE_BYTES))) : whole;
	const subject = isPart ? `document ${sha256}, ${body.length} bytes from ${offset}` : `document ${sha256}`;
	return { type: OCTETS, body, isImmutable: true, evidence: { subject, rows: 1 } };
}

async function isListed(database: Database, tenant: string, sha256: string): Promise<boolean> {
	const rows = await database.query('SELECT FROM document WHERE tenant = $1 AND sha256 = $2', [tenant, sha256]);
	return rows.length > 0;
}
