/** Evidence in: batches, documents, drops, disputes, and what could not be taken. */
import { createHash } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import type { Result } from '#kernel';
import { isTableName } from '#model';
import { deadLetterSchema, deadLettersAnswerSchema } from '#sync';
import { type DeadLetterState, listDeadLetters, readDeadLetter } from '../intake/deadLetterStore.ts';
import { type DeadLetterPorts, discardDeadLetter, replayDeadLetter } from '../intake/deadLetters.ts';
import { type DisputePorts, disputeSchema, submitDispute } from '../intake/disputes.ts';
import { LANES, laneOfTables } from '../intake/lanes.ts';
import type { HubIntake } from '../intake/openIntake.ts';
import type { HubProblem, Lane } from '../types.ts';
import type { DocumentFiles } from './evidenceRoutes.ts';
import { Refusal, refuse } from './problems.ts';
import { type Asked, json, NDJSON, OCTETS, principalOf, type Route } from './route.ts';

/** A drop at the hub's own door: read, verified, and its rows submitted. */
export type TakeDrop = (tenant: string, principal: string, path: string, receivedAt: number) => Promise<Result<unknown, HubProblem>>;

export interface IntakeRouteParts {
	readonly intake: HubIntake;
	readonly deadLetters: DeadLetterPorts;
	readonly disputes: DisputePorts;
	readonly documents: DocumentFiles;
	/** Notes that a document is there. */
	keepDocument(tenant: string, sha256: string, bytes: number, at: number): Promise<void>;
	readonly takeDrop: TakeDrop | null;
	/** Milliseconds since 1970. */
	now(): number;
}

const BATCH_BYTES = 32 << 20;
const DOCUMENT_BYTES = 16 << 20;
const DROP_BYTES = 512 << 20;
const DISPUTE_BYTES = 64 << 10;
const CORRECTION_BYTES = 128 << 10;

const intakeAnswerSchema = z.object({
	batch_id: z.string(),
	accepted: z.int(),
	duplicates: z.int(),
	waiting: z.int(),
	dead: z.array(z.object({ line: z.int(), code: z.string(), message: z.string(), dead_letter_id: z.string() })),
	positions: z.record(z.string(), z.object({ from: z.int(), to: z.int() })),
	sealed: z.record(z.string(), z.int()),
	replayed: z.boolean(),
});

export function intakeRoutes(parts: IntakeRouteParts): Route[] {
	return [...batchRoutes(parts), ...deadLetterRoutes(parts)];
}

function batchRoutes(parts: IntakeRouteParts): Route[] {
	const { intake, documents, now } = parts;
	return [
		{
			method: 'POST',
			path: '/v1/ingest',
			summary: 'A batch of records, one a line, or one record; answered once it is sealed. Needs Idempotency-Key',
			roles: ['producer'],
			takes: [NDJSON, 'application/json'],
			bodyBytes: BATCH_BYTES,
			answer: intakeAnswerSchema,
			async handle(asked) {
				const { tenant, id } = principalOf(asked);
				const batch = {
					tenant,
					principal: id,
					idempotencyKey: keyOf(asked),
					channel: 'http' as const,
					lane: laneFor(asked),
					bytes: asked.body,
					traceparent: asked.headers['traceparent'] === undefined ? null : asked.traceparent,
					receivedAt: now(),
				};
				return json(orRefuse(await intake.submit(batch)));
			},
		},
		{
			method: 'PUT',
			path: '/v1/documents/:sha256',
			summary: 'The bytes of a document, named by their SHA-256',
			roles: ['producer', 'portal'],
			takes: [OCTETS],
			bodyBytes: DOCUMENT_BYTES,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const sha256 = asked.params['sha256'] ?? '';
				if (createHash('sha256').update(asked.body).digest('hex') !== sha256)
					refuse('malformed', 'The bytes do not have the SHA-256 they are named by.', { where: 'body' });
				await documents.write(tenant, sha256, asked.body);
				await parts.keepDocument(tenant, sha256, asked.body.length, now());
				return json({ sha256, bytes: asked.body.length });
			},
		},
		{
			method: 'POST',
			path: '/v1/drops',
			summary: 'An evidence drop as a ZIP: verified as everywhere, then taken in',
			roles: ['producer'],
			takes: ['application/zip', OCTETS],
			bodyBytes: DROP_BYTES,
			async handle(asked) {
				const { tenant, id } = principalOf(asked);
				const folder = await mkdtemp(join(tmpdir(), 'tieout-drop-'));
				try {
					const file = join(folder, 'drop.zip');
					await writeFile(file, asked.body, { mode: 0o600 });
					return json(orRefuse(await (parts.takeDrop ?? noDrops)(tenant, id, file, now())));
				} finally {
					await rm(folder, { recursive: true, force: true });
				}
			},
		},
		{
			method: 'POST',
			path: '/v1/disputes',
			summary: 'A customer’s objection: dispute, hold and event at once, before the answer. Needs Idempotency-Key',
			roles: ['portal', 'producer'],
			takes: ['application/json'],
			bodyBytes: DISPUTE_BYTES,
			request: disputeSchema,
			answer: intakeAnswerSchema.extend({ dispute_id: z.string(), hold_id: z.string() }),
			async handle(asked) {
				const { tenant, id } = principalOf(asked);
				const request = {
					tenant,
					principal: id,
					idempotencyKey: keyOf(asked),
					bytes: asked.body,
					traceparent: asked.traceparent,
					receivedAt: now(),
				};
				return json(orRefuse(await submitDispute(parts.disputes, request)), { status: 201 });
			},
		},
	];
}

function deadLetterRoutes({ deadLetters }: IntakeRouteParts): Route[] {
	const { database, vault } = deadLetters;
	const roles = ['operator', 'compliance', 'producer'] as const;
	return [
		{
			method: 'GET',
			path: '/v1/dead-letters',
			summary: 'What could not be taken: cause, attempts, the revenue concerned; without the payload',
			roles: [...roles, 'auditor'],
			query: z.strictObject({ state: z.enum(['open', 'replayed', 'discarded']).optional(), cursor: z.string().max(64).optional() }),
			answer: deadLettersAnswerSchema,
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const state = (asked.query['state'] ?? null) as DeadLetterState | null;
				const views = await listDeadLetters(database, tenant, state, asked.query['cursor'] ?? '', PAGE);
				return json(
					{ dead_letters: views, next: views.length < PAGE ? null : (views.at(-1)?.id ?? null) },
					{ evidence: { subject: 'dead letters', rows: views.length } },
				);
			},
		},
		{
			method: 'GET',
			path: '/v1/dead-letters/:id',
			summary: 'One dead letter with its payload',
			roles: [...roles],
			async handle(asked) {
				const letter = await readDeadLetter(database, vault, principalOf(asked).tenant, asked.params['id'] ?? '');
				if (!letter) refuse('not_found', 'There is no such dead letter.');
				const payload = Buffer.from(letter.payload.subarray(0, CORRECTION_BYTES));
				return json(
					{ ...letter.view, payload_base64: payload.toString('base64') },
					{ evidence: { subject: `dead letter ${letter.view.id}`, rows: 1 } },
				);
			},
		},
		{
			method: 'POST',
			path: '/v1/dead-letters/:id/replay',
			summary: 'Sends a dead letter again: as it was with an empty body, or what the body holds in its place',
			roles: [...roles],
			takes: [NDJSON, 'application/json'],
			bodyBytes: CORRECTION_BYTES,
			answer: z.object({ dead_letter: deadLetterSchema, answer: intakeAnswerSchema.nullable() }),
			async handle(asked) {
				const { tenant, id: principal } = principalOf(asked);
				const corrected = asked.body.length === 0 ? null : asked.body;
				return json(orRefuse(await replayDeadLetter(deadLetters, { tenant, principal, id: asked.params['id'] ?? '', corrected })));
			},
		},
		{
			method: 'POST',
			path: '/v1/dead-letters/:id/discard',
			summary: 'Ends a dead letter without sending it again; its payload stays',
			roles: ['operator', 'compliance'],
			answer: deadLetterSchema,
			async handle(asked) {
				const { tenant, id: principal } = principalOf(asked);
				return json(orRefuse(await discardDeadLetter(deadLetters, tenant, principal, asked.params['id'] ?? '')));
			},
		},
	];
}

const noDrops: TakeDrop = () =>
	Promise.resolve({ ok: false, error: { code: 'unavailable', message: 'This hub takes no drops. Send the records as batches.' } });
const PAGE = 500;

function keyOf({ headers }: Asked): string {
	const key = headers['idempotency-key'] ?? '';
	return key === ''
		? refuse('malformed', 'Name the sending by an Idempotency-Key, so that it can be sent again safely.', { where: 'Idempotency-Key' })
		: key;
}

/** As the sender says, else the highest lane of the tables named in the first lines. */
function laneFor({ headers, body }: Asked): Lane {
	const said = LANES.find((lane) => lane === headers['tieout-lane']);
	if (said) return said;
	const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 1 << 16)).toString('latin1');
	return laneOfTables([...start.matchAll(/"table":"([a-z_]{1,64})"/g)].map(([, table = '']) => table).filter(isTableName));
}

function orRefuse<T>(result: Result<T, HubProblem>): T {
	if (result.ok) return result.value;
	throw new Refusal(result.error);
}
