/** The description of the API in OpenAPI 3.1, made from the routes and the data model: what is served and what is described can't differ. */
import { z } from 'zod';
import { TABLE_NAMES, TABLES } from '#model';
import { LOG_TABLES } from '../log/logPort.ts';
import { PROBLEM_STATUS, type ProblemCode } from '../problem.ts';
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
			responses: refusals(),
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
	const { summary, roles, takes, method, path } = route;
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
			...Object.fromEntries((route.isCreating ? [200, 201] : [200]).map((status) => [status, done(route)])),
			...(isCacheable(route) ? { 304: { description: 'As it was when the asker got the tag of If-None-Match' } } : {}),
			...Object.fromEntries(refusedStatuses(route).map((status) => [status, { $ref: `#/components/responses/Refused${status}` }])),
			default: { $ref: '#/components/responses/Refused' },
		},
	};
}

const isCacheable = ({ method, isEndless }: Route): boolean => method === 'GET' && !isEndless;

const done = ({ answer, gives, says = {} }: Route): Json => ({
	description: 'Done',
	headers: Object.fromEntries(
		Object.entries({ traceparent: 'W3C trace context: as it came, or begun', ...says }).map(([name, description]) => [
			name,
			{ description, schema: { type: 'string' } },
		]),
	),
	content: { [gives ?? 'application/json']: answer && !gives ? { schema: schemaOf(answer) } : {} },
});

const ANY: readonly ProblemCode[] = ['malformed', 'address_too_long', 'headers_too_large', 'rate_limited', 'failed', 'unavailable'];

/** What the server may refuse by the kind of the route, and what the route refuses itself. */
function refusedStatuses({ roles, takes, isNamed, isEvidence, path, refuses = [] }: Route): number[] {
	const codes: ProblemCode[] = [...ANY, ...refuses];
	if (roles) codes.push('unauthenticated', 'forbidden');
	if (takes) codes.push('timed_out', 'too_large', 'unsupported');
	if (isNamed) codes.push('idempotency_conflict');
	if (isEvidence || /[:*]/.test(path)) codes.push('not_found');
	return [...new Set(codes.map((code) => PROBLEM_STATUS[code]))].sort((a, b) => a - b);
}

/** One for any refusal, and one a status. */
function refusals(): Json {
	const content = { 'application/json': { schema: { $ref: '#/components/schemas/Problem' } } };
	const codesOf = Map.groupBy(Object.entries(PROBLEM_STATUS), ([, status]) => status);
	return {
		Refused: { description: 'Refused: a closed code, and a sentence that says what, where and how to mend it', content },
		...Object.fromEntries(
			[...codesOf].map(([status, codes]) => [
				`Refused${status}`,
				{
					description: `Refused: ${codes.map(([code]) => code).join(' or ')}`,
					...(RETRIED.has(status) ? { headers: { 'Retry-After': { description: 'Seconds to wait', schema: { type: 'integer' } } } } : {}),
					content,
				},
			]),
		),
	};
}

const RETRIED: ReadonlySet<number> = new Set([PROBLEM_STATUS.rate_limited, PROBLEM_STATUS.unavailable]);

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
	[...path.matchAll(/:(\w+)|\*/g)].map(([, name = 'path']) => ({ name, in: 'path', required: true, schema: partSchema(name, path) }));

const PLAIN_TABLES = TABLE_NAMES.filter((name) => !TABLES[name].sealed);

function partSchema(name: string, path: string): Json {
	switch (name) {
		case 'number':
		case 'size':
			return { type: 'integer', minimum: 0 };
		case 'sha256':
			return { type: 'string', pattern: '^[0-9a-f]{64}$' };
		case 'table':
			return { enum: path.includes('/tables/') ? PLAIN_TABLES : LOG_TABLES };
		default:
			return { type: 'string' };
	}
}

function queryParameters({ query }: Route): Json[] {
	if (!query) return [];
	const schema = schemaOf(query) as { properties?: Record<string, Json>; required?: string[] };
	return Object.entries(schema.properties ?? {}).map(([name, type]) => ({
		name,
		in: 'query',
		required: schema.required?.includes(name) ?? false,
		schema: type['isWhole'] === true ? wholeSchema(type) : type,
	}));
}

const wholeSchema = ({ most }: Json): Json => ({ type: 'integer', minimum: 0, ...(most === undefined ? {} : { maximum: most }) });

const headerParameters = ({ isNamed, reads = {} }: Route): Json[] => [
	...(isNamed
		? [
				{
					name: 'Idempotency-Key',
					in: 'header',
					required: true,
					schema: { type: 'string', minLength: 1, maxLength: 200, pattern: '^[ -~]*$' },
				},
			]
		: []),
	...Object.entries(reads).map(([name, description]) => ({ name, in: 'header', required: false, description, schema: { type: 'string' } })),
];
