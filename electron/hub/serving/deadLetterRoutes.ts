/** What could not be taken: listed, read, sent again, or ended. */
import { z } from 'zod';
import { deadLetterSchema, deadLettersAnswerSchema } from '#sync';
import { type DeadLetterState, listDeadLetters, readDeadLetter } from '../intake/deadLetterStore.ts';
import { type DeadLetterPorts, discardDeadLetter, replayDeadLetter } from '../intake/deadLetters.ts';
import { intakeAnswerSchema, orRefuse } from './intakeAnswer.ts';
import { linesOf } from './intakeRoutes.ts';
import { refuse } from './problems.ts';
import { type Asked, json, NDJSON, nameOf, principalOf, type Route, textIn } from './route.ts';

const PAGE = 500;
const CORRECTION_BYTES = 128 << 10;
const ID = /^[A-Za-z0-9_.:-]{1,64}$/;

const idOf = (asked: Asked): string => nameOf(asked, 'id', ID, 'There is no such dead letter.');

export function deadLetterRoutes(ports: DeadLetterPorts): Route[] {
	const { database, vault } = ports;
	const roles = ['operator', 'compliance', 'producer'] as const;
	return [
		{
			method: 'GET',
			path: '/v1/dead-letters',
			summary: 'What could not be taken: cause, attempts, the revenue concerned; without the payload',
			roles: [...roles, 'auditor'],
			query: z.strictObject({
				state: z.enum(['open', 'replayed', 'discarded']).optional(),
				cursor: z.string().regex(ID, 'not one that this gave out').optional(),
			}),
			answer: deadLettersAnswerSchema,
			isEvidence: true,
			async handle(asked) {
				const state = textIn(asked, 'state');
				const views = await listDeadLetters(
					database,
					principalOf(asked).tenant,
					state === '' ? null : (state as DeadLetterState),
					textIn(asked, 'cursor'),
					PAGE,
				);
				return json(
					{ dead_letters: views, next: views.length < PAGE ? null : (views.at(-1)?.id ?? null) },
					{ evidence: { subject: 'dead letters', rows: views.length } },
				);
			},
		},
		{
			method: 'GET',
			path: '/v1/dead-letters/:id',
			summary: 'One dead letter with its payload, of a long one its beginning',
			roles: [...roles],
			answer: deadLetterSchema.extend({ payload_base64: z.base64(), payload_bytes: z.int() }),
			isEvidence: true,
			async handle(asked) {
				const letter = await readDeadLetter(database, vault, principalOf(asked).tenant, idOf(asked));
				if (!letter) refuse('not_found', 'There is no such dead letter.');
				const payload = Buffer.from(letter.payload.subarray(0, CORRECTION_BYTES));
				return json(
					{ ...letter.view, payload_base64: payload.toString('base64'), payload_bytes: letter.payload.length },
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
			isBodyOptional: true,
			refuses: ['conflict', 'batch_differs'],
			answer: z.object({ dead_letter: deadLetterSchema, answer: intakeAnswerSchema.nullable() }),
			async handle(asked) {
				const { tenant, id: principal } = principalOf(asked);
				const corrected = asked.body.length === 0 ? null : linesOf(asked);
				return json(orRefuse(await replayDeadLetter(ports, { tenant, principal, id: idOf(asked), corrected })));
			},
		},
		{
			method: 'POST',
			path: '/v1/dead-letters/:id/discard',
			summary: 'Ends a dead letter without sending it again; its payload stays',
			roles: ['operator', 'compliance'],
			answer: deadLetterSchema,
			refuses: ['conflict'],
			async handle(asked) {
				const { tenant, id: principal } = principalOf(asked);
				return json(orRefuse(await discardDeadLetter(ports, tenant, principal, idOf(asked))));
			},
		},
	];
}
