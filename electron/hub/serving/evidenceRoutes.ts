/** Evidence out: who the hub is, publications, logs, tables, documents. Every answer that holds evidence says so for the access log. */
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';
import { z } from 'zod';
import { toBase64 } from '#kernel';
import { isTableName } from '#model';
import { consistencyAnswerSchema, publicationAnswerSchema, tenantAnswerSchema } from '#sync';
import type { HubKeys } from '../keys/hubKeys.ts';
import type { Publications } from '../publications/publications.ts';
import {
	type CosignatureRefusal,
	type Database,
	type HubRole,
	LOG_TABLES,
	type LogReader,
	type LogStore,
	type LogTable,
} from '../types.ts';
import { refuse } from './problems.ts';
import { type Asked, json, NDJSON, OCTETS, principalOf, type Route, TEXT } from './route.ts';

export interface EvidenceParts {
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: LogStore;
	readonly publications: Publications;
	readonly documents: DocumentFiles;
}

/** Bytes of documents, by tenant and hash. */
export interface DocumentFiles {
	/** Null where there is none. */
	read(tenant: string, sha256: string): Promise<Uint8Array | null>;
	write(tenant: string, sha256: string, bytes: Uint8Array): Promise<void>;
}

const READERS: readonly HubRole[] = ['auditor', 'compliance', 'witness'];
const EVERYBODY: readonly HubRole[] = ['producer', 'portal', 'auditor', 'compliance', 'operator', 'witness'];

/** What a page of lines may hold; the workstation takes answers of four mebibytes. */
const PAGE_BYTES = 3 << 20;
const PAGE_LINES = 20_000;
const PAGE_ROWS = 5_000;
const WAIT_S_MAX = 25;

const whole = z.coerce.number().int().min(0).max(Number.MAX_SAFE_INTEGER);
const rangeQuery = z.strictObject({ from: whole, to: whole });

export function evidenceRoutes(parts: EvidenceParts): Route[] {
	return [...aboutRoutes(parts), ...publicationRoutes(parts), ...logRoutes(parts), ...tableRoutes(parts), ...documentRoutes(parts)];
}

function aboutRoutes({ database, log }: EvidenceParts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/tenant',
			summary: 'Who the hub says it is: company, log, keys with their windows, witnesses',
			roles: EVERYBODY,
			answer: tenantAnswerSchema,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const [about] = await database.query<{ company: string; log: string; entity_ids: readonly string[] }>(
					'SELECT company, log, entity_ids FROM tenant WHERE tenant = $1',
					[tenant],
				);
				if (!about) refuse('not_found', 'There is no such tenant any more.');
				const witnesses = await database.query<{ vkey: string }>('SELECT vkey FROM witness WHERE tenant = $1 ORDER BY name', [tenant]);
				return json({
					tenant,
					company: about.company,
					log: about.log,
					log_keys: log.keys(tenant).map(({ vkey, from, to }) => ({ vkey, from, until: to ?? {} })),
					witnesses: witnesses.map(({ vkey }) => vkey),
					entity_ids: about.entity_ids,
				});
			},
		},
	];
}

function publicationRoutes({ publications }: EvidenceParts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/publication',
			summary: 'The newest consistent cut, made anew where something changed since the last one; waits for a newer one than `after`',
			roles: READERS,
			query: z.strictObject({ after: whole.optional(), wait: z.coerce.number().int().min(0).max(WAIT_S_MAX).optional() }),
			answer: publicationAnswerSchema,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const after = Number(asked.query['after'] ?? -1);
				for (let left = Number(asked.query['wait'] ?? 0); ; left--) {
					const publication = await publications.latest(tenant);
					if (publication && (publication.number > after || left <= 0 || asked.signal.aborted))
						return json(publication, { evidence: { subject: `publication ${publication.number}`, rows: 0 } });
					if (left <= 0) refuse('not_found', 'Nothing has been taken in yet, so there is nothing to publish.');
					await new Promise((resolve) => setTimeout(resolve, 1000));
				}
			},
		},
		{
			method: 'GET',
			path: '/v1/publication/:number',
			summary: 'An earlier cut',
			roles: READERS,
			answer: publicationAnswerSchema,
			async handle(asked) {
				const publication = await publications.at(principalOf(asked).tenant, numberOf(asked, 'number'));
				if (!publication) refuse('not_found', 'There is no such publication.');
				return json(publication, { isImmutable: true, evidence: { subject: `publication ${publication.number}`, rows: 0 } });
			},
		},
		{
			method: 'GET',
			path: '/v1/publication/:number/tables/:table',
			summary: 'Bytes of a plain table’s file as it was published',
			roles: READERS,
			query: z.strictObject({ offset: whole, length: whole }),
			gives: OCTETS,
			async handle(asked) {
				const [number, table] = [numberOf(asked, 'number'), asked.params['table'] ?? ''];
				const length = Math.min(PAGE_BYTES, Number(asked.query['length']));
				const bytes = await publications.tableBytes(principalOf(asked).tenant, number, table, Number(asked.query['offset']), length);
				if (!bytes)
					refuse('not_found', 'This table is not part of that publication, or its file is no longer kept. Ask for the newest publication.');
				return {
					type: OCTETS,
					body: bytes,
					isImmutable: true,
					evidence: {
						subject: `${table} of publication ${number}, ${bytes.length} bytes from ${asked.query['offset']}`,
						rows: countLines(bytes),
					},
				};
			},
		},
	];
}

function logRoutes(parts: EvidenceParts): Route[] {
	const { log } = parts;
	return [
		{
			method: 'GET',
			path: '/v1/logs/:table/checkpoint',
			summary: 'The last signed head of a log (C2SP tlog-checkpoint), with its witnesses’ cosignatures',
			roles: EVERYBODY,
			gives: TEXT,
			handle(asked) {
				const { note } = log.head(principalOf(asked).tenant, logOf(asked));
				return Promise.resolve({ type: TEXT, body: note });
			},
		},
		{
			method: 'GET',
			path: '/v1/logs/:table/checkpoint/:size',
			summary: 'The signed head at a size that was signed',
			roles: EVERYBODY,
			gives: TEXT,
			async handle(asked) {
				const note = await log.checkpointAt(principalOf(asked).tenant, logOf(asked), numberOf(asked, 'size'));
				if (note === null) refuse('not_found', 'No head of this size was signed.');
				return { type: TEXT, body: note };
			},
		},
		{
			method: 'POST',
			path: '/v1/logs/:table/checkpoint/:size/cosignature',
			summary: 'A witness’ signature line for a head (C2SP tlog-cosignature); served below the log’s own from then on',
			roles: ['witness'],
			takes: ['text/plain'],
			bodyBytes: 4096,
			async handle(asked) {
				const line = new TextDecoder().decode(asked.body);
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
			async handle(asked) {
				const [tenant, table] = [principalOf(asked).tenant, logOf(asked)];
				const { from, to } = rangeOf(asked, log.head(tenant, table).size);
				if (from === 0) refuse('malformed', 'From nothing, nothing can be shown.', { where: 'from' });
				return json({ hashes: (await log.consistency(tenant, table, from, to)).map(toBase64) }, { isImmutable: true });
			},
		},
		{
			method: 'GET',
			path: '/v1/logs/:table/lines',
			summary: 'Lines of a log from `from` on, exactly as hashed: as many as a page holds, at least one',
			roles: READERS,
			query: rangeQuery,
			gives: NDJSON,
			async handle(asked) {
				const [tenant, table] = [principalOf(asked).tenant, logOf(asked)];
				const { from, to } = rangeOf(asked, log.head(tenant, table).size);
				const lines = await pageOf(log, tenant, table, from, to);
				return {
					type: NDJSON,
					body: Buffer.concat(lines),
					isImmutable: true,
					headers: { 'log-range': `${from}-${from + lines.length}` },
					evidence: { subject: `${table} ${from} to ${from + lines.length}`, rows: lines.length },
				};
			},
		},
		{
			method: 'GET',
			path: '/v1/logs/:table/tile/*',
			summary: 'Tiles and entry bundles in the layout of C2SP tlog-tiles',
			roles: READERS,
			gives: OCTETS,
			async handle(asked) {
				const path = `tile/${asked.params['*'] ?? ''}`;
				const file = log.tileFile(principalOf(asked).tenant, logOf(asked), path);
				const found = file === null ? null : await stat(file).catch(() => null);
				if (file === null || !found?.isFile() || found.size > PAGE_BYTES * 8) refuse('not_found', 'There is no such tile.');
				const parts: Buffer[] = [];
				for await (const part of createReadStream(file) as AsyncIterable<Buffer>) parts.push(part);
				return { type: OCTETS, body: Buffer.concat(parts), isImmutable: true, evidence: { subject: `${logOf(asked)} ${path}`, rows: 256 } };
			},
		},
		{
			method: 'GET',
			path: '/v1/disclosures/:table',
			summary: 'Disclosures of committed fields (RFC 9901 construction) of lines `from` to `to`',
			roles: READERS,
			query: rangeQuery,
			gives: NDJSON,
			handle: (asked) => disclosures(parts, asked),
		},
	];
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

async function pageOf(log: LogReader, tenant: string, table: LogTable, from: number, to: number): Promise<Uint8Array[]> {
	const lines: Uint8Array[] = [];
	let bytes = 0;
	for await (const line of log.lines(tenant, table, from, Math.min(to, from + PAGE_LINES))) {
		if (lines.length > 0 && bytes + line.length > PAGE_BYTES) break;
		lines.push(line);
		bytes += line.length;
	}
	return lines;
}

async function disclosures({ database, keys }: EvidenceParts, asked: Asked) {
	const { tenant } = principalOf(asked);
	const table = logOf(asked);
	const { from, to } = { from: Number(asked.query['from']), to: Number(asked.query['to']) };
	const rows = await database.query<{ idx: bigint; secret: Uint8Array }>(
		'SELECT idx, secret FROM disclosure WHERE tenant = $1 AND log_table = $2 AND idx >= $3 AND idx < $4 ORDER BY idx, no LIMIT $5',
		[tenant, table, from, to, PAGE_ROWS],
	);
	const lines = rows.map(({ idx, secret }) =>
		JSON.stringify({ disclosure: Buffer.from(keys.decrypt(tenant, secret)).toString('utf8'), line: Number(idx) + 1 }),
	);
	const next = rows.length < PAGE_ROWS ? to : Number(rows.at(-1)?.idx ?? to);
	return {
		type: NDJSON,
		body: lines.map((line) => `${line}\n`).join(''),
		headers: { 'next-from': String(next) },
		evidence: { subject: `disclosures of ${table} ${from} to ${next}`, rows: rows.length },
	};
}

function tableRoutes({ database, keys }: EvidenceParts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/tables/:table/changes',
			summary: 'Rows of a plain table changed after revision `since`, as of revision `until`',
			roles: READERS,
			query: z.strictObject({ since: whole, until: whole, cursor: z.string().max(40).optional() }),
			gives: NDJSON,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const table = asked.params['table'] ?? '';
				if (!isTableName(table)) refuse('not_found', 'There is no such table.');
				const { since, until, cursor = '' } = asked.query;
				const [later] = await database.query<{ some: boolean }>(
					'SELECT EXISTS (SELECT FROM table_row WHERE tenant = $1 AND table_name = $2 AND revision > $3 AND position < $4) AS some',
					[tenant, table, until, Number.MAX_SAFE_INTEGER],
				);
				if (later?.some)
					refuse('conflict', 'The table has changed since that revision. Ask for the newest publication, or fetch the file whole.');
				const rows = await database.query<{ position: bigint; pk: string; line: string; secret: Uint8Array | null; deleted: boolean }>(
					`SELECT position, pk, line, secret, deleted FROM table_row
					 WHERE tenant = $1 AND table_name = $2 AND revision > $3 AND revision <= $4 AND position > $5 ORDER BY position LIMIT $6`,
					[tenant, table, since, until, cursor === '' ? -1 : Number(cursor), PAGE_ROWS],
				);
				const page = fitting(
					rows.map(({ position, pk, line, secret, deleted }) => {
						const place = { p: Number(position), k: pk };
						return [
							place.p,
							`${JSON.stringify(deleted ? { ...place, gone: true } : { ...place, l: keys.reveal(tenant, table, { line, secret }) })}\n`,
						] as const;
					}),
				);
				const isLast = page.length === rows.length && rows.length < PAGE_ROWS;
				return {
					type: NDJSON,
					body: page.map(([, text]) => text).join(''),
					headers: isLast ? {} : { 'next-cursor': String(page.at(-1)?.[0] ?? '') },
					evidence: { subject: `${table} revisions ${since} to ${until}`, rows: page.length },
				};
			},
		},
	];
}

/** As many as a page may hold, at least one. */
function fitting<T extends readonly [number, string]>(rows: readonly T[]): readonly T[] {
	let bytes = 0;
	const end = rows.findIndex(([, text], at) => {
		bytes += text.length;
		return at > 0 && bytes > PAGE_BYTES;
	});
	return end < 0 ? rows : rows.slice(0, end);
}

function documentRoutes({ database, documents }: EvidenceParts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/documents',
			summary: 'Hashes and sizes of the documents held',
			roles: READERS,
			query: z.strictObject({ publication: whole.optional(), cursor: z.string().max(64).optional() }),
			gives: NDJSON,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const rows = await database.query<{ sha256: string; bytes: bigint }>(
					`SELECT sha256, bytes FROM document WHERE tenant = $1 AND sha256 > $2 AND received_at <= coalesce(
						(SELECT created_at FROM publication WHERE tenant = $1 AND number = $4), received_at)
					 ORDER BY sha256 LIMIT $3`,
					[tenant, asked.query['cursor'] ?? '', PAGE_ROWS, asked.query['publication'] ?? null],
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
			async handle(asked) {
				const sha256 = asked.params['sha256'] ?? '';
				const bytes = /^[0-9a-f]{64}$/.test(sha256) ? await documents.read(principalOf(asked).tenant, sha256) : null;
				if (!bytes) refuse('not_found', 'There is no such document.');
				return { type: OCTETS, body: bytes, isImmutable: true, evidence: { subject: `document ${sha256}`, rows: 1 } };
			},
		},
	];
}

function logOf({ params }: Asked): LogTable {
	const table = LOG_TABLES.find((known) => known === params['table']);
	return table ?? refuse('not_found', `There is no such log. Logs are ${LOG_TABLES.join(', ')}.`);
}

function numberOf({ params }: Asked, name: string): number {
	const text = params[name] ?? '';
	return /^(0|[1-9]\d{0,15})$/.test(text) ? Number(text) : refuse('malformed', 'This is no whole number.', { where: name });
}

function rangeOf({ query }: Asked, size: number): { from: number; to: number } {
	const [from, to] = [Number(query['from']), Number(query['to'])];
	if (from > to) refuse('malformed', 'A range goes from a smaller number to a larger one.', { where: 'from' });
	if (to > size) refuse('not_found', `The log ends at ${size}.`, { where: 'to' });
	return { from, to };
}

function countLines(bytes: Uint8Array): number {
	let lines = 0;
	for (let at = bytes.indexOf(0x0a); at >= 0; at = bytes.indexOf(0x0a, at + 1)) lines++;
	return lines;
}
