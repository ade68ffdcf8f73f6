/** Evidence in: batches, documents, drops, disputes. */
import { createHash, randomBytes } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { z } from 'zod';
import type { Result } from '#kernel';
import { isTableName } from '#model';
import { type DisputePorts, disputeSchema, submitDispute } from '../intake/disputes.ts';
import type { HubIntake } from '../intake/hubIntake.ts';
import type { Lane } from '../intake/intakePort.ts';
import { LANES, laneOfTables } from '../intake/lanes.ts';
import type { HubProblem } from '../problem.ts';
import type { DocumentFiles } from './documentFiles.ts';
import { intakeAnswerSchema, orRefuse } from './intakeAnswer.ts';
import { refuse } from './problems.ts';
import { type Asked, json, NDJSON, nameOf, OCTETS, principalOf, type Reply, type Route } from './route.ts';

export interface IntakeRouteParts {
	readonly intake: HubIntake;
	readonly disputes: DisputePorts;
	readonly documents: DocumentFiles;
	/** Notes that a document is there. */
	keepDocument(tenant: string, sha256: string, bytes: number): Promise<void>;
	/** Reads a drop, verifies it, and submits its rows. */
	takeDrop(tenant: string, principal: string, path: string, receivedAt: number): Promise<Result<unknown, HubProblem>>;
	/** Where a drop lies while it is read. */
	readonly dropFolder: string;
	/** Milliseconds since 1970. */
	now(): number;
}

const dropAnswerSchema = z.object({
	drop_id: z.string(),
	manifest_sha256: z.string(),
	sealed: z.record(z.string(), z.string()),
	...{ batches: z.int(), accepted: z.int(), duplicates: z.int(), waiting: z.int() },
	dead: z.array(z.object({ table: z.string(), line: z.int(), code: z.string(), message: z.string(), dead_letter_id: z.string() })),
	...{ dead_count: z.int(), documents: z.int() },
	notices: z.array(z.string()),
});

const BATCH_BYTES = 32 << 20;
const DOCUMENT_BYTES = 16 << 20;
const DROP_BYTES = 512 << 20;
const DISPUTE_BYTES = 64 << 10;

export function intakeRoutes(parts: IntakeRouteParts): Route[] {
	const { intake, documents, now } = parts;
	return [
		{
			method: 'POST',
			path: '/v1/ingest',
			summary: 'A batch of records, one a line, or one record; answered once it is sealed',
			roles: ['producer'],
			takes: [NDJSON, 'application/json'],
			bodyBytes: BATCH_BYTES,
			isNamed: true,
			refuses: ['batch_differs'],
			reads: { 'Tieout-Lane': 'revenue, order or telemetry: which queue the batch waits in; by its tables where it is not given' },
			answer: intakeAnswerSchema,
			async handle(asked) {
				const { tenant, id } = principalOf(asked);
				const batch = {
					tenant,
					principal: id,
					idempotencyKey: keyOf(asked),
					channel: 'http' as const,
					lane: laneFor(asked),
					bytes: linesOf(asked),
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
			answer: z.object({ sha256: z.string(), bytes: z.int() }),
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const sha256 = nameOf(asked, 'sha256', /^[0-9a-f]{64}$/, 'A document is named by the 64 hex digits of its SHA-256.');
				if (createHash('sha256').update(asked.body).digest('hex') !== sha256)
					refuse('malformed', 'The bytes do not have the SHA-256 they are named by.', { where: 'body' });
				await documents.write(tenant, sha256, asked.body);
				await parts.keepDocument(tenant, sha256, asked.body.length);
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
			isLarge: true,
			answer: dropAnswerSchema,
			refuses: ['batch_differs'],
			handle: (asked) => takeDrop(parts, asked),
		},
		{
			method: 'POST',
			path: '/v1/disputes',
			summary: 'A customer’s objection: dispute, hold and event at once, before the answer',
			roles: ['portal', 'producer'],
			takes: ['application/json'],
			bodyBytes: DISPUTE_BYTES,
			isNamed: true,
			isCreating: true,
			refuses: ['not_found'],
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
				const answer = orRefuse(await submitDispute(parts.disputes, request));
				return json(answer, { status: answer.replayed ? 200 : 201 });
			},
		},
	];
}

/** Straight to the disk, as large as it is; it lies there only while it is read. */
async function takeDrop(parts: IntakeRouteParts, asked: Asked): Promise<Reply> {
	const { tenant, id } = principalOf(asked);
	const { dropFolder, now } = parts;
	await mkdir(dropFolder, { recursive: true, mode: 0o700 });
	const file = join(dropFolder, `${randomBytes(8).toString('hex')}.zip`);
	try {
		await pipeline(Readable.from(asked.pieces), createWriteStream(file, { flags: 'wx', mode: 0o600 }));
		return json(orRefuse(await parts.takeDrop(tenant, id, file, now())));
	} finally {
		await rm(file, { force: true });
	}
}

function keyOf({ headers }: Asked): string {
	const key = headers['idempotency-key'] ?? '';
	return key === ''
		? refuse('malformed', 'Name the sending by an Idempotency-Key, so that it can be sent again safely.', { where: 'Idempotency-Key' })
		: key;
}

/** One record may be written over several lines. In JSON a line break stands between tokens only, so that a space says the same. */
export function linesOf({ headers, body }: Asked): Uint8Array {
	return /^application\/json\b/i.test(headers['content-type'] ?? '')
		? body.map((byte) => (byte === 0x0a || byte === 0x0d ? 0x20 : byte))
		: body;
}

/** As the sender says, else the highest lane of the tables named in the first lines. */
function laneFor({ headers, body }: Asked): Lane {
	const said = LANES.find((lane) => lane === headers['tieout-lane']);
	if (said) return said;
	const start = Buffer.from(body.buffer, body.byteOffset, Math.min(body.length, 1 << 16)).toString('latin1');
	return laneOfTables([...start.matchAll(/"table":"([a-z_]{1,64})"/g)].map(([, table = '']) => table).filter(isTableName));
}
