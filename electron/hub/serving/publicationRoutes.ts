/** Consistent cuts of a tenant, and the files of tables they stand on. */
import { z } from 'zod';
import { publicationAnswerSchema } from '#sync';
import type { Publication, Publications } from '../publications/publications.ts';
import type { EvidenceParts } from './evidenceParts.ts';
import type { HubNews } from './news.ts';
import { PAGE_BYTES, READERS } from './page.ts';
import { refuse, refuseDamaged } from './problems.ts';
import { type Asked, json, numberIn, numberOf, OCTETS, principalOf, type Reply, type Route, waitSeconds, whole } from './route.ts';

const DAMAGED =
	'The file of this table is no longer whole, and the table has changed since, so that it can’t be made again. Ask for the newest publication.';

type Parts = Pick<EvidenceParts, 'publications' | 'news'>;

export function publicationRoutes({ publications, news }: Parts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/publication',
			summary: 'The newest consistent cut, made anew where something changed since the last one; waits for a newer one than `after`',
			roles: READERS,
			query: z.strictObject({ after: whole.optional(), wait: waitSeconds.optional() }),
			answer: publicationAnswerSchema,
			refuses: ['damaged'],
			isEvidence: true,
			async handle(asked) {
				const publication = await awaited(publications, news, asked);
				return publication ? answerOf(publication) : refuse('not_found', 'Nothing has been taken in yet, so there is nothing to publish.');
			},
		},
		{
			method: 'GET',
			path: '/v1/publication/:number',
			summary: 'An earlier cut',
			roles: READERS,
			answer: publicationAnswerSchema,
			isEvidence: true,
			async handle(asked) {
				const publication = await publications.at(principalOf(asked).tenant, numberOf(asked, 'number'));
				return publication ? { ...answerOf(publication), isImmutable: true } : refuse('not_found', 'There is no such publication.');
			},
		},
		{
			method: 'GET',
			path: '/v1/publication/:number/tables/:table',
			summary:
				'Bytes of a plain table’s file as it was published: from `offset` on, fewer than `length` at the end or where a page is full',
			roles: READERS,
			query: z.strictObject({ offset: whole, length: whole }),
			gives: OCTETS,
			refuses: ['damaged'],
			isEvidence: true,
			handle: (asked) => tableBytes(publications, asked),
		},
	];
}

const answerOf = ({ number, manifest, note, revisions }: Publication): Reply =>
	json({ number, manifest, note, revisions }, { evidence: { subject: `publication ${number}`, rows: 0 } });

/** A newer one than the asker has, as soon as there is one; the one there is when the wait is over. */
async function awaited(publications: Publications, news: HubNews, asked: Asked): Promise<Publication | null> {
	const { tenant } = principalOf(asked);
	const after = numberIn(asked, 'after', -1);
	const until = performance.now() + numberIn(asked, 'wait') * 1000;
	for (;;) {
		// Read first: what is told while the cut is made must not be missed.
		const { cursor } = await news.after(tenant, 0, 0, asked.signal);
		const publication = await publications.latest(tenant);
		const left = until - performance.now();
		if ((publication && publication.number > after) || left <= 0 || asked.signal.aborted) return publication;
		await news.after(tenant, cursor, Math.min(left, publications.pauseMs(tenant)), asked.signal);
	}
}

async function tableBytes(publications: Publications, asked: Asked): Promise<Reply> {
	const [number, table, offset] = [numberOf(asked, 'number'), asked.params['table'] ?? '', numberIn(asked, 'offset')];
	const length = Math.min(PAGE_BYTES, numberIn(asked, 'length'));
	const read = await publications.tableBytes(principalOf(asked).tenant, number, table, offset, length);
	if (!read.ok && read.error === 'damaged') refuseDamaged(`table ${table} of publication ${number}`, DAMAGED);
	if (!read.ok)
		return refuse(
			'not_found',
			'This table is not part of that publication, or its file is no longer kept. Ask for the newest publication.',
		);
	const bytes = read.value;
	return {
		type: OCTETS,
		body: bytes,
		isImmutable: true,
		evidence: { subject: `${table} of publication ${number}, ${bytes.length} bytes from ${offset}`, rows: countLines(bytes) },
	};
}

function countLines(bytes: Uint8Array): number {
	let lines = 0;
	for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
	return lines;
}
