/** The description of the API in OpenAPI 3.1, made from the routes themselves: what is served and what is described can't differ. */
import { z } from 'zod';
import { PROBLEM_STATUS } from '../types.ts';
import type { Route } from './route.ts';

export function openApi(routes: readonly Route[], version: string): Record<string, unknown> {
	const paths: Record<string, Record<string, unknown>> = {};
	for (const route of routes) {
		const path = route.path.replace(/:(\w+)/g, '{$1}').replace('*', '{path}');
		paths[path] = { ...paths[path], [route.method.toLowerCase()]: operationOf(route) };
	}
	return {
		openapi: '3.1.0',
		info: {
			title: 'Tieout hub',
			version,
			description: 'Takes a company’s order events in, seals them, and serves auditors. The tenant is that of the access token.',
			license: { name: 'Apache-2.0', identifier: 'Apache-2.0' },
		},
		paths,
		components: {
			securitySchemes: { token: { type: 'http', scheme: 'bearer' } },
			schemas: {
				Problem: {
					type: 'object',
					properties: {
						code: { enum: Object.keys(PROBLEM_STATUS) },
						message: { type: 'string' },
						where: { type: 'string' },
					},
					required: ['code', 'message'],
				},
			},
		},
	};
}

function operationOf(route: Route): Record<string, unknown> {
	const { summary, roles, takes, request, answer, gives, method, path } = route;
	return {
		summary,
		operationId: `${method.toLowerCase()}${path.replace(/[^a-zA-Z0-9]+(.?)/g, (_, next: string) => next.toUpperCase())}`,
		...(roles ? { security: [{ token: [] }], 'x-roles': roles } : { security: [] }),
		parameters: [...pathParameters(path), ...queryParameters(route), ...headerParameters(summary)],
		...(takes
			? { requestBody: { required: true, content: Object.fromEntries(takes.map((type) => [type, bodySchema(type, request)])) } }
			: {}),
		responses: {
			200: {
				description: 'Done',
				content: { [gives ?? 'application/json']: answer && !gives ? { schema: z.toJSONSchema(answer, { io: 'input' }) } : {} },
			},
			default: {
				description: 'Refused: a closed code, and a sentence that says what, where and how to mend it',
				content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
			},
		},
	};
}

const bodySchema = (type: string, request: Route['request']): Record<string, unknown> =>
	request && type === 'application/json' ? { schema: z.toJSONSchema(request, { io: 'input', unrepresentable: 'any' }) } : {};

const pathParameters = (path: string): Record<string, unknown>[] =>
	[...path.matchAll(/:(\w+)|\*/g)].map(([, name = 'path']) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters({ query }: Route): Record<string, unknown>[] {
	if (!query) return [];
	const schema = z.toJSONSchema(query, { io: 'input', unrepresentable: 'any' }) as {
		properties?: Record<string, unknown>;
		required?: string[];
	};
	return Object.entries(schema.properties ?? {}).map(([name, type]) => ({
		name,
		in: 'query',
		required: schema.required?.includes(name) ?? false,
		schema: type,
	}));
}

const headerParameters = (summary: string): Record<string, unknown>[] =>
	summary.includes('Idempotency-Key')
		? [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string', minLength: 1, maxLength: 200 } }]
		: [];
