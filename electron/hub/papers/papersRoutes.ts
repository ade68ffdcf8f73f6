/** Work papers over HTTP: pushing, pulling, and what the company's side may see of the findings. */
import { z } from 'zod';
import { pullAnswerSchema, pushAnswerSchema, pushRequestSchema } from '#sync';
import { Refusal, refuse } from '../serving/problems.ts';
import { type Asked, json, nameOf, numberIn, principalOf, type Reply, type Route, whole } from '../serving/route.ts';
import type { Papers } from './papers.ts';

const PUSH_BYTES = 32 << 20;
const PULL_ACTS = 5000;

const readers = ['auditor', 'compliance'] as const;

const engagementSchema = z.object({
	...{ engagement: z.string(), name: z.string(), client: z.string() },
	...{ position: z.int(), members: z.int(), findings: z.int(), conflicts: z.int(), refused: z.int() },
});
const findingsSchema = z.object({
	findings: z.array(
		z.object({
			...{ engagement: z.string(), finding_id: z.string(), label: z.string(), state: z.string() },
			fields: z.record(z.string(), z.unknown()),
			...{ evidence: z.int(), changed_at: z.string(), changed_by: z.string() },
		}),
	),
});

export function papersRoutes(papers: Papers): Route[] {
	return [...actRoutes(papers), ...viewRoutes(papers)];
}

function actRoutes(papers: Papers): Route[] {
	return [
		{
			method: 'POST',
			path: '/v1/engagements/:id/acts',
			summary: 'Acts on the work papers, signed by their authors: each gets its place and what it came to there',
			roles: ['auditor'],
			takes: ['application/json'],
			bodyBytes: PUSH_BYTES,
			request: pushRequestSchema,
			refuses: ['conflict'],
			answer: pushAnswerSchema,
			isEvidence: true,
			handle: (asked) => push(papers, asked),
		},
		{
			method: 'GET',
			path: '/v1/engagements/:id/acts',
			summary: 'What a copy of the work papers with `after` confirmed acts lacks, a page of it',
			roles: [...readers],
			query: z.strictObject({ after: whole, limit: whole.optional() }),
			answer: pullAnswerSchema,
			refuses: ['conflict'],
			isEvidence: true,
			async handle(asked) {
				const limit = Math.min(PULL_ACTS, numberIn(asked, 'limit')) || PULL_ACTS;
				const pulled = await papers.pull(principalOf(asked).tenant, engagementOf(asked), numberIn(asked, 'after'), limit);
				if (!pulled.ok) throw new Refusal(pulled.error);
				return json(pulled.value, { evidence: { subject: `acts of ${engagementOf(asked)}`, rows: pulled.value.order.length } });
			},
		},
	];
}

async function push(papers: Papers, asked: Asked): Promise<Reply> {
	const { tenant, id } = principalOf(asked);
	const engagementId = engagementOf(asked);
	const request = pushRequestSchema.safeParse(bodyOf(asked));
	if (!request.success)
		return refuse('malformed', 'The acts are not in the shape this hub reads.', {
			where: request.error.issues[0]?.path.join('.') ?? 'body',
		});
	if (request.data.engagementId !== engagementId)
		return refuse('malformed', 'Address and body name two engagements.', { where: 'engagementId' });
	const pushed = await papers.push(tenant, id, request.data);
	if (!pushed.ok) throw new Refusal(pushed.error);
	// The answer brings what others did meanwhile: that is reading.
	return json(pushed.value, { evidence: { subject: `acts of ${engagementId}`, rows: pushed.value.pull.order.length } });
}

function viewRoutes(papers: Papers): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/engagements',
			summary: 'The engagements pushed to this hub',
			roles: [...readers],
			answer: z.object({ engagements: z.array(engagementSchema) }),
			isEvidence: true,
			async handle(asked) {
				const engagements = await papers.engagements(principalOf(asked).tenant);
				return json({ engagements }, { evidence: { subject: 'engagements', rows: engagements.length } });
			},
		},
		{
			method: 'GET',
			path: '/v1/engagements/:id/findings',
			summary: 'The findings of an engagement as they stand',
			roles: [...readers],
			answer: findingsSchema,
			isEvidence: true,
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
			answer: findingsSchema,
			isEvidence: true,
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

/** What is no name of an engagement is unknown, and is not looked for. */
export const engagementOf = (asked: Asked): string => nameOf(asked, 'id', /^[0-9a-f]{32}$/, 'An engagement is named by 32 hex digits.');
