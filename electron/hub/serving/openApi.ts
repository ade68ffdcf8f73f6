/** The description of the API in OpenAPI 3.1, made from the routes and the data model: what is served and what is described can't differ. */
import { z } from 'zod';
import { PROBLEM_STATUS } from '../types.ts';
import { recordSchemas, submittedSchema } from './recordSchemas.ts';
import type { Route } from './route.ts';

type Json = Record<string, unknown>;

export function openApi(routes: readonly Route[], version: string): Json {
	const paths: Record<string, Json> = {};
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
				...recordSchemas(),
				Submitted: submittedSchema(),
			},
		},
	};
}

function operationOf(route: Route): Json {
	const { summary, roles, takes, answer, gives, method, path } = route;
	return {
		summary,
		operationId: `${method.toLowerCase()}${path.replace(/[^a-zA-Z0-9]+(.?)/g, (_, next: string) => next.toUpperCase())}`,
		...(roles ? { security: [{ token: [] }], 'x-roles': roles } : { security: [] }),
		...(route.isEvidence ? { 'x-evidence': true } : {}),
		parameters: [...pathParameters(path), ...queryParameters(route), ...headerParameters(route)],
		...(takes
			? {
					requestBody: {
						required: !route.isBodyOptional,
						content: Object.fromEntries(takes.map((type) => [type, bodySchema(type, route)])),
						...(route.bodyBytes === undefined ? {} : { 'x-bytes-max': route.bodyBytes }),
					},
				}
			: {}),
		responses: {
			200: {
				description: 'Done',
				content: { [gives ?? 'application/json']: answer && !gives ? { schema: schemaOf(answer) } : {} },
			},
			default: {
				description: 'Refused: a closed code, and a sentence that says what, where and how to mend it',
				content: { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } },
			},
		},
	};
}

/** References of a schema are into itself (`#/$defs/…`): in the document that place is another, so nothing is left to refer to. */
function schemaOf(schema: z.ZodType): Json {
	const { $schema: _, ...json } = z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any', reused: 'inline' }) as Json;
	return json;
}

function bodySchema(type: string, { request, path }: Route): Json {
	if (path === '/v1/ingest') {
		if (type === 'application/json') return { schema: { $ref: '#/components/schemas/Submitted' } };
		return {
			schema: { type: 'string', description: 'One record a line, each as Submitted' },
			'x-line': { $ref: '#/components/schemas/Submitted' },
		};
	}
	return request && type === 'application/json' ? { schema: schemaOf(request) } : {};
}

const pathParameters = (path: string): Json[] =>
	[...path.matchAll(/:(\w+)|\*/g)].map(([, name = 'path']) => ({ name, in: 'path', required: true, schema: { type: 'string' } }));

function queryParameters({ query }: Route): Json[] {
	if (!query) return [];
	const schema = schemaOf(query) as { properties?: Record<string, Json>; required?: string[] };
	return Object.entries(schema.properties ?? {}).map(([name, type]) => ({
		name,
		in: 'query',
		required: schema.required?.includes(name) ?? false,
		schema: type['isWhole'] === true ? { type: 'integer', minimum: 0 } : type,
	}));
}

const headerParameters = ({ isNamed }: Route): Json[] =>
	isNamed ? [{ name: 'Idempotency-Key', in: 'header', required: true, schema: { type: 'string', minLength: 1, maxLength: 200 } }] : [];
