/** A hub that listens, with two tenants, a token for every role of each, and a plain HTTP client. */
import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { type Agent, type IncomingHttpHeaders, request } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { toBase64Url, utf8 } from '#kernel';
import { type Hub, openHub } from '../../../../electron/hub/hub.ts';
import type { HubOptions } from '../../../../electron/hub/hubOptions.ts';
import type { HubRole } from '../../../../electron/hub/principal.ts';
import { customerRow, orderEvent, orderRow } from '../intake/records.ts';

export const ROLES = ['producer', 'portal', 'auditor', 'compliance', 'operator', 'witness'] as const satisfies readonly HubRole[];
/** The tenant that asks, and the one whose data must never show. */
const TENANTS = ['acme', 'zeta'] as const;
export type TenantName = (typeof TENANTS)[number];

export interface Answer {
	readonly status: number;
	readonly headers: IncomingHttpHeaders;
	readonly bytes: Buffer;
	readonly text: string;
	json<T = Record<string, unknown>>(): T;
}

export interface Call {
	readonly method?: string;
	readonly path: string;
	/** Whose token; null: none. */
	readonly as?: HubRole | null;
	readonly tenant?: TenantName;
	/** Instead of that of a role. */
	readonly token?: string;
	readonly headers?: Readonly<Record<string, string>>;
	readonly body?: string | Uint8Array;
	readonly agent?: Agent;
}

export interface ServedHub {
	readonly hub: Hub;
	readonly url: URL;
	readonly folder: string;
	readonly clock: { now: number };
	/** Log lines so far. */
	readonly logged: readonly string[];
	token(role: HubRole, tenant?: TenantName): string;
	call(call: Call): Promise<Answer>;
	/** Closes the hub and opens another one over the same folder; needs a database that stays. */
	reopen(): Promise<ServedHub>;
	close(): Promise<void>;
}

const NO_LIMIT = { burst: 1_000_000, perSecond: 1_000_000 };
const NOON = Date.parse('2026-03-31T12:00:00.000Z');

/** @param options what differs; `database` null keeps it in the folder */
export async function serveHub(
	options: Partial<HubOptions> = {},
	folder = mkdtempSync(join(tmpdir(), 'tieout-hub-served-')),
): Promise<ServedHub> {
	const clock = { now: NOON };
	const logged: string[] = [];
	const hub = await openHub({
		folder,
		database: 'memory:',
		masterKeyFile: null,
		listen: { host: '127.0.0.1', port: 0 },
		tls: null,
		oidc: [],
		rateLimit: NO_LIMIT,
		now: () => clock.now,
		isLogging: false,
		logTo: { write: (line) => void logged.push(line) },
		publicationMinAgeMs: 0,
		...options,
	});
	const tokens = new Map<string, string>();
	for (const tenant of TENANTS) {
		await hub.addTenant({ tenant, company: `${tenant} Ltd`, log: `${tenant}.example/o2c`, entityIds: ['E1'], createdAt: NOON });
		for (const role of ROLES)
			tokens.set(
				`${tenant} ${role}`,
				await hub.issueToken({ tenant, id: `${tenant}-${role}`, name: `Name Of ${role}`, role, expiresAt: null }),
			);
	}
	const url = new URL(hub.url ?? '');
	const token = (role: HubRole, tenant: TenantName = 'acme'): string => tokens.get(`${tenant} ${role}`) ?? '';
	return {
		...{ hub, url, folder, clock, logged, token },
		call: ({ as = 'auditor', tenant = 'acme', ...call }) =>
			callHub(url, { ...call, bearer: call.token ?? (as === null ? null : token(as, tenant)) }),
		async reopen() {
			await hub.close();
			return await serveHub(options, folder);
		},
		async close() {
			await hub.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

export function callHub(
	url: URL,
	{ method = 'GET', path, bearer, headers, body, agent }: Call & { readonly bearer: string | null },
): Promise<Answer> {
	return new Promise((resolve, reject) => {
		const call = request(
			{
				host: url.hostname,
				port: url.port,
				method,
				path,
				agent: agent ?? false,
				headers: {
					...(bearer === null ? {} : { authorization: `Bearer ${bearer}` }),
					...(body === undefined ? {} : { 'content-length': Buffer.byteLength(body) }),
					...headers,
				},
			},
			(response) => {
				const parts: Buffer[] = [];
				response.on('data', (part: Buffer) => parts.push(part));
				response.on('error', reject);
				response.on('end', () => {
					const bytes = Buffer.concat(parts);
					const text = bytes.toString('utf8');
					resolve({ status: response.statusCode ?? 0, headers: response.headers, bytes, text, json: <T>() => JSON.parse(text) as T });
				});
			},
		);
		call.on('error', reject);
		call.end(body);
	});
}

export const NDJSON = 'application/x-ndjson';
let keys = 0;

/** A batch of records for `/v1/ingest`. */
export const ingest = (records: readonly (object | string)[], more: Partial<Call> = {}): Call => ({
	method: 'POST',
	path: '/v1/ingest',
	as: 'producer',
	body: `${records.map((record) => (typeof record === 'string' ? record : JSON.stringify(record))).join('\n')}\n`,
	...more,
	headers: { 'content-type': NDJSON, 'idempotency-key': `batch-${++keys}`, ...more.headers },
});

const sha256Of = (bytes: string | Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/** A traceparent that is a tenant's own. */
export const traceOf = (tenant: TenantName): string => `${(tenant === 'acme' ? 'a' : 'b').repeat(31)}1`;

export interface Filled {
	readonly documentSha256: string;
	readonly deadLetterId: string;
	readonly orderId: string;
	/** Stands in every record, payload and document of the tenant, and in nothing of another. */
	readonly mark: string;
}

/** Puts something of every kind into a tenant. @param events of its order */
export async function fill({ call }: ServedHub, tenant: TenantName, events = 3): Promise<Filled> {
	const mark = `mark-of-${tenant}`;
	const orderId = `order-${mark}`;
	const disclosure = toBase64Url(utf8(JSON.stringify(['salt-of-16-bytes!', 'quantity', mark])));
	const sd = { quantity: toBase64Url(createHash('sha256').update(disclosure).digest()) };
	const secretEvent = orderEvent(orderId, events + 1, { sd });
	const records = [
		orderRow(orderId),
		customerRow(`customer-${mark}`, { name: `Greta ${mark}`, tin: `tin-${mark}` }),
		...Array.from({ length: events }, (_, at) => orderEvent(orderId, at + 1)),
		{ ...secretEvent, disclosures: [disclosure] },
		{ table: 'sales_order', record: { order_id: `broken-${mark}` } },
	];
	const taken = await call(ingest(records, { tenant, headers: { traceparent: `00-${traceOf(tenant)}-00f067aa0ba902b7-01` } }));
	const answer = taken.json<{ accepted: number; dead: { dead_letter_id: string }[] }>();
	if (taken.status !== 200 || answer.accepted !== events + 3 || answer.dead.length !== 1) throw new Error(taken.text);
	const document = `document of ${mark}`;
	const documentSha256 = sha256Of(document);
	const kept = await call({
		method: 'PUT',
		path: `/v1/documents/${documentSha256}`,
		as: 'producer',
		tenant,
		headers: { 'content-type': 'application/octet-stream' },
		body: document,
	});
	if (kept.status !== 200) throw new Error(kept.text);
	return { documentSha256, deadLetterId: answer.dead[0]?.dead_letter_id ?? '', orderId, mark };
}
