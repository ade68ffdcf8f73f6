/** Logs: heads, proofs, lines and tiles. All of it comes from files: readers never touch the database. */
import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { toBase64 } from '#kernel';
import { consistencyAnswerSchema } from '#sync';
import { type CosignatureRefusal, LOG_TABLES, type LogStore, type LogTable } from '../log/logPort.ts';
import { TilesMissing } from '../log/tileFolder.ts';
import { parseTilePath, TILE_WIDTH } from '../log/tilePath.ts';
import { EVERYBODY, FOLLOWERS, fillPage, READERS } from './page.ts';
import { refuse } from './problems.ts';
import { type Asked, json, NDJSON, numberIn, numberOf, OCTETS, principalOf, type Reply, type Route, TEXT, whole } from './route.ts';

const PAGE_LINES = 20_000;
const COSIGNATURE_BYTES = 4096;

export const rangeQuery = z.strictObject({ from: whole, to: whole });

export function logRoutes({ log }: { readonly log: LogStore }): Route[] {
	return [...headRoutes(log), ...lineRoutes(log)];
}

function headRoutes(log: LogStore): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/logs/:table/checkpoint',
			summary: 'The last signed head of a log (C2SP tlog-checkpoint), with its witnesses’ cosignatures',
			roles: EVERYBODY,
			gives: TEXT,
			handle: (asked) => Promise.resolve({ type: TEXT, body: log.head(principalOf(asked).tenant, logOf(asked)).note }),
		},
		{
			method: 'GET',
			path: '/v1/logs/:table/checkpoint/:size',
			summary: 'The signed head at a size that was signed',
			roles: EVERYBODY,
			gives: TEXT,
			async handle(asked) {
				const note = await log.checkpointAt(principalOf(asked).tenant, logOf(asked), numberOf(asked, 'size'));
				// Witnesses may still add a line to it, so that it is not cached for ever.
				return note === null ? refuse('not_found', 'No head of this size was signed.') : { type: TEXT, body: note };
			},
		},
		{
			method: 'POST',
			path: '/v1/logs/:table/checkpoint/:size/cosignature',
			summary: 'A witness’ signature line for a head (C2SP tlog-cosignature); served below the log’s own from then on',
			roles: ['witness'],
			takes: ['text/plain'],
			bodyBytes: COSIGNATURE_BYTES,
			answer: z.object({ status: z.literal('kept') }),
			async handle(asked) {
				const line = Buffer.from(asked.body).toString('utf8');
				const taken = await log.cosign(principalOf(asked).tenant, logOf(asked), numberOf(asked, 'size'), line);
				if (!taken.ok) refuseCosignature(taken.error);
				return json({ status: 'kept' });
			},
		},
		{
			method: 'GET',
			path: '/v1/logs/:table/consistency',
			summary: 'RFC 6962 consistency proof between two sizes',
			roles: EVERYBODY,
			query: rangeQuery,
			answer: consistencyAnswerSchema,
			refuses: ['damaged'],
			async handle(asked) {
				const [tenant, table] = [principalOf(asked).tenant, logOf(asked)];
				const { from, to } = rangeOf(asked, log.head(tenant, table).size);
				if (from === 0) refuse('malformed', 'From nothing, nothing can be shown.', { where: 'from' });
				return json({ hashes: (await log.consistency(tenant, table, from, to)).map(toBase64) }, { isImmutable: true });
			},
		},
	];
}

function lineRoutes(log: LogStore): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/logs/:table/lines',
			summary: 'Lines of a log from `from` on, exactly as hashed: as many as a page holds, at least one',
			roles: READERS,
			query: rangeQuery,
			gives: NDJSON,
			refuses: ['damaged'],
			says: { 'Log-Range': 'The lines given, as `from`-`to`, `to` exclusive' },
			isEvidence: true,
			async handle(asked) {
				const [tenant, table] = [principalOf(asked).tenant, logOf(asked)];
				const { from, to } = rangeOf(asked, log.head(tenant, table).size);
				const { items } = await fillPage(log.lines(tenant, table, from, to), ({ length }) => length, PAGE_LINES);
				const end = from + items.length;
				return {
					type: NDJSON,
					body: Buffer.concat(items),
					isImmutable: true,
					headers: { 'log-range': `${from}-${end}` },
					evidence: { subject: `${table} ${from} to ${end}`, rows: items.length, range: { table, from, to: end } },
				};
			},
		},
		{
			method: 'GET',
			path: '/v1/logs/:table/tile/*',
			summary: 'Tiles of hashes and bundles of entries in the layout of C2SP tlog-tiles; a witness reads hashes only',
			roles: FOLLOWERS,
			gives: OCTETS,
			refuses: ['damaged'],
			isEvidence: true,
			handle: (asked) => tile(log, asked),
		},
	];
}

async function tile(log: LogStore, asked: Asked): Promise<Reply> {
	const { tenant, role } = principalOf(asked);
	const table = logOf(asked);
	const path = `tile/${asked.params['*'] ?? ''}`;
	const name = parseTilePath(path);
	if (name?.kind === 'entries' && !READERS.includes(role))
		refuse('forbidden', `The role ${role} may read tiles of hashes, not the entries.`);
	const file = name && log.tileFile(tenant, table, path);
	if (!name || !file) return refuse('not_found', 'There is no such tile.');
	const bytes = await readFile(file).catch((error: NodeJS.ErrnoException) => {
		// A partial tile that became full meanwhile is gone; a full one stands for ever.
		if (error.code === 'ENOENT' && name.width < TILE_WIDTH) return refuse('not_found', 'There is no such tile.');
		if (error.code === 'ENOENT') throw new TilesMissing(file);
		throw error;
	});
	const from = name.index * TILE_WIDTH;
	const range = name.kind === 'entries' ? { range: { table, from, to: from + name.width } } : {};
	return {
		type: OCTETS,
		body: bytes,
		isImmutable: true,
		evidence: { subject: `${table} ${path}`, rows: name.kind === 'entries' ? name.width : 0, ...range },
	};
}

function refuseCosignature(refusal: CosignatureRefusal): never {
	switch (refusal) {
		case 'no_checkpoint':
			return refuse('not_found', 'No head of this size was signed.', { where: 'size' });
		case 'unknown_witness':
			return refuse('forbidden', 'The line is of no witness that this tenant lists.', { where: 'body' });
		case 'bad_signature':
			return refuse('malformed', 'The signature is not one over this head.', { where: 'body' });
		case 'malformed':
			return refuse('malformed', 'The body is not one signature line of a note.', { where: 'body' });
	}
}

export function logOf({ params }: Asked): LogTable {
	const table = LOG_TABLES.find((known) => known === params['table']);
	return table ?? refuse('not_found', `There is no such log. Logs are ${LOG_TABLES.join(', ')}.`);
}

export function rangeOf(asked: Asked, size: number): { readonly from: number; readonly to: number } {
	const [from, to] = [numberIn(asked, 'from'), numberIn(asked, 'to')];
	if (from > to) refuse('malformed', 'A range goes from a smaller number to a larger one.', { where: 'from' });
	if (to > size) refuse('not_found', `The log ends at ${size}.`, { where: 'to' });
	return { from, to };
}
