/** Work papers over HTTP: pushing, pulling, and what the company's side may see of the findings. */
import { z } from 'zod';
import { pullAnswerSchema, pushAnswerSchema, pushRequestSchema } from '#sync';
import { Refusal, refuse } from '../serving/problems.ts';
import { type Asked, json, principalOf, type Route } from '../serving/route.ts';
import type { Papers } from './papers.ts';

const PUSH_BYTES = 32 << 20;
/** Of a pull: as many as surely fit into an answer the workstation takes. */
const PULL_ACTS = 2000;

const readers = ['auditor', 'compliance'] as const;
const whole = z.coerce.number().int().min(0);

export function papersRoutes(papers: Papers): Route[] {
	return [
		{
			method: 'POST',
			path: '/v1/engagements/:id/acts',
			summary: 'Acts on the work papers, signed by their authors: each gets its place and what it came to there',
			roles: ['auditor'],
			takes: ['application/json'],
			bodyBytes: PUSH_BYTES,
			request: pushRequestSchema,
			answer: pushAnswerSchema,
			async handle(asked) {
				const { tenant, id } = principalOf(asked);
				const request = pushRequestSchema.safeParse(bodyOf(asked));
				if (!request.success)
					return refuse('malformed', 'The acts are not in the shape this hub reads.', {
						where: request.error.issues[0]?.path.join('.') ?? 'body',
					});
				if (request.data.engagementId !== asked.params['id'])
					return refuse('malformed', 'Address and body name two engagements.', { where: 'engagementId' });
				const pushed = await papers.push(tenant, id, request.data);
				if (!pushed.ok) throw new Refusal(pushed.error);
				return json(pushed.value);
			},
		},
		{
			method: 'GET',
			path: '/v1/engagements/:id/acts',
			summary: 'What a copy of the work papers with `after` confirmed acts lacks',
			roles: [...readers],
			query: z.strictObject({ after: whole, limit: whole.optional() }),
			answer: pullAnswerSchema,
			async handle(asked) {
				const limit = Math.min(PULL_ACTS, Number(asked.query['limit'] ?? PULL_ACTS)) || PULL_ACTS;
				const pulled = await papers.pull(principalOf(asked).tenant, engagementOf(asked), Number(asked.query['after']), limit);
				if (!pulled.ok) throw new Refusal(pulled.error);
				return json(pulled.value, { evidence: { subject: `acts of ${engagementOf(asked)}`, rows: pulled.value.order.length } });
			},
		},
		{
			method: 'GET',
			path: '/v1/engagements',
			summary: 'The engagements pushed to this hub',
			roles: [...readers],
			async handle(asked) {
				return json({ engagements: await papers.engagements(principalOf(asked).tenant) });
			},
		},
		{
			method: 'GET',
			path: '/v1/engagements/:id/findings',
			summary: 'The findings of an engagement as they stand',
			roles: [...readers],
			async handle(asked) {
				const findings = await papers.findings(principalOf(asked).tenant, engagementOf(asked));
				if (!findings) refuse('not_found', 'This engagement was never pushed to this hub.');
				return json({ findings }, { evidence: { subject: `findings of ${engagementOf(asked)}`, rows: findings.length } });
			},
		},
		{
			method: 'GET',
			path: '/v1/findings',
			summary: 'The findings of all engagements',
			roles: [...readers],
			async handle(asked) {
				const { tenant } = principalOf(asked);
				const views = await papers.engagements(tenant);
				const findings = await Promise.all(views.map(({ engagement }) => papers.findings(tenant, engagement)));
				const all = findings.flatMap((each) => each ?? []);
				return json({ findings: all }, { evidence: { subject: 'findings', rows: all.length } });
			},
		},
	];
}

function bodyOf({ body }: Asked): unknown {
	try {
		return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(body));
	} catch {
		return refuse('malformed', 'The body is not JSON in UTF-8.', { where: 'body' });
	}
}

function engagementOf({ params }: Asked): string {
	const id = params['id'] ?? '';
	return /^[0-9a-f]{32}$/.test(id) ? id : refuse('not_found', 'An engagement is named by 32 hex digits.', { where: 'id' });
}
