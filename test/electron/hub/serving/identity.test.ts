import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type CryptoKey, exportJWK, generateKeyPair, SignJWT } from 'jose';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { authenticator, REMEMBERED_MS } from '../../../../electron/hub/serving/authenticate.ts';
import { type OidcConfig, oidcIssuer } from '../../../../electron/hub/serving/oidc.ts';
import { rateLimiter } from '../../../../electron/hub/serving/rateLimit.ts';
import { issueToken, withdrawToken } from '../../../../electron/hub/serving/tokens.ts';
import { type Answer, type ServedHub, serveHub } from './servedHub.ts';

const ISSUER = 'https://login.example/realms/audit';
const AUDIENCE = 'tieout-hub';
const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-identity-'));
const jwks = join(folder, 'jwks.json');

let served: ServedHub;
let key: CryptoKey;
let otherKey: CryptoKey;

beforeAll(async () => {
	const [own, other] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')]);
	[key, otherKey] = [own.privateKey, other.privateKey];
	writeFileSync(jwks, JSON.stringify({ keys: [{ ...(await exportJWK(own.publicKey)), kid: 'k1', alg: 'ES256' }] }));
	served = await serveHub({ oidc: [config] });
});
afterAll(async () => {
	await served.close();
	rmSync(folder, { recursive: true, force: true });
});

const config: OidcConfig = {
	issuer: ISSUER,
	audience: AUDIENCE,
	jwks,
	tenant_claim: 'tieout_tenant',
	role_claim: 'tieout_role',
	tenants: ['acme', 'gone'],
};

interface Claims {
	readonly [claim: string]: unknown;
}

const good: Claims = { tieout_tenant: 'acme', tieout_role: 'auditor', sub: 'ada@login.example', iss: ISSUER, aud: AUDIENCE };

function signed(claims: Claims = {}, by = key, header: object = {}): Promise<string> {
	const seconds = Math.floor(served.clock.now / 1000);
	return new SignJWT({ ...good, iat: seconds, exp: seconds + 300, ...claims })
		.setProtectedHeader({ alg: 'ES256', kid: 'k1', ...header })
		.sign(by);
}

const ask = (token: string, path = '/v1/publication/9'): Promise<Answer> => served.call({ path, token });
const part = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url');

describe('a token of an identity provider', () => {
	it('opens what its role may do, in the tenant it names', async () => {
		expect((await ask(await signed())).status).toBe(404);
		expect((await ask(await signed({ tieout_role: 'producer' }))).status).toBe(403);
		expect((await ask(await signed({ aud: ['other', AUDIENCE] }), '/v1/tenant')).json()).toMatchObject({ tenant: 'acme' });
	});

	it('is refused where anything about it is not right, and never says more than that', async () => {
		const late = { exp: Math.floor(served.clock.now / 1000) - 60 };
		const cases: Readonly<Record<string, string>> = {
			'another issuer': await signed({ iss: 'https://evil.example' }),
			'another audience': await signed({ aud: 'other' }),
			'no audience': await signed({ aud: undefined }),
			'another key': await signed({}, otherKey),
			'an unknown key': await signed({}, key, { kid: 'k2' }),
			'a tenant it may not speak for': await signed({ tieout_tenant: 'zeta' }),
			'a tenant that is gone': await signed({ tieout_tenant: 'gone' }),
			'no tenant': await signed({ tieout_tenant: undefined }),
			'a role there is not': await signed({ tieout_role: 'admin' }),
			'no subject': await signed({ sub: undefined }),
			'no end': await signed({ exp: undefined }),
			'not yet': await signed({ nbf: Math.floor(served.clock.now / 1000) + 600 }),
			'no signature': `${part({ alg: 'none' })}.${part({ ...good, exp: 9e9 })}.`,
			'a shared secret': await new SignJWT({ ...good, exp: 9e9 }).setProtectedHeader({ alg: 'HS256', kid: 'k1' }).sign(Buffer.alloc(32, 1)),
			'altered claims': (await signed()).replace(/\.[^.]+\./, `.${part({ ...good, tieout_role: 'operator', exp: 9e9 })}.`),
			'three dots': 'a.b.c',
			'no token': 'tieout_',
		};
		for (const [name, token] of Object.entries(cases)) {
			const { status, text } = await ask(token);
			expect([status, text], name).toEqual([
				401,
				'{"code":"unauthenticated","message":"The access token is not known here.","where":"Authorization"}',
			]);
		}
		const expired = await ask(await signed(late));
		expect([expired.status, expired.text]).toMatchObject([401, expect.stringMatching(/expired/)]);
	});

	it('ends when it says so, also where it was looked at a moment ago', async () => {
		const token = await signed();
		expect((await ask(token, '/v1/tenant')).status).toBe(200);
		served.clock.now += 331_000;
		expect((await ask(token, '/v1/tenant')).json()).toMatchObject({ message: expect.stringMatching(/expired/) });
	});

	it('names its holder in the access log so that no two are the same, whatever they are called', async () => {
		await served.hub.keepDocument('acme', '0'.repeat(64), new Uint8Array());
		const names = ['ada', 'a\u0000da', 'a\u0001da', 'ä', 'x'.repeat(200), `${'x'.repeat(200)}y`];
		for (const sub of names) expect((await ask(await signed({ sub }), '/v1/documents')).status).toBe(200);
		const { entries } = (await served.call({ path: '/v1/access-log', as: 'compliance' })).json<{ entries: { principal: string }[] }>();
		const noted = new Set(entries.map(({ principal }) => principal));
		expect(noted.size).toBe(names.length);
		expect([...noted].every((name) => /^oidc:login\.example:[\x21-\x7e]+$/.test(name))).toBe(true);
	});

	it('is no reason to start with keys that do not read', () => {
		expect(() => oidcIssuer({ ...config, jwks: join(folder, 'absent.json') })).toThrow(/do not read/);
	});
});

describe('a static token', () => {
	it('is kept as a hash alone', async () => {
		const token = await served.hub.issueToken({ tenant: 'acme', id: 'kept', name: 'Kept', role: 'auditor', expiresAt: null });
		const rows = await served.hub.database.query<{ row: string }>('SELECT principal::text AS row FROM principal');
		expect(rows.map(({ row }) => row).join()).not.toContain(token.slice(7));
	});

	it('that is withdrawn or given anew stops at once', async () => {
		const who = { tenant: 'acme', id: 'brief', name: 'Brief', role: 'auditor', expiresAt: null } as const;
		const first = await served.hub.issueToken(who);
		expect((await ask(first, '/v1/tenant')).status).toBe(200);
		const second = await served.hub.issueToken(who);
		expect([(await ask(first, '/v1/tenant')).status, (await ask(second, '/v1/tenant')).status]).toEqual([401, 200]);
		await served.hub.withdrawToken('acme', 'brief');
		expect((await ask(second, '/v1/tenant')).status).toBe(401);
	});

	it('that another process withdraws stops within a minute', async () => {
		const clock = { elapsed: 0 };
		const { database } = served.hub;
		const guesses = rateLimiter({ burst: 10, perSecond: 1 }, () => clock.elapsed);
		const identity = authenticator({ database, issuers: [], guesses, now: () => served.clock.now, elapsed: () => clock.elapsed });
		const token = await issueToken(database, { tenant: 'acme', id: 'far', name: 'Far', role: 'auditor', expiresAt: null });
		const known = () => identity.principal(`Bearer ${token}`, 'here');
		expect(await known()).toMatchObject({ id: 'far' });
		await withdrawToken(database, 'acme', 'far');
		clock.elapsed += REMEMBERED_MS - 1;
		expect(await known()).toMatchObject({ id: 'far' });
		clock.elapsed += 1;
		await expect(known()).rejects.toMatchObject({ problem: { code: 'unauthenticated' } });
	});

	it('can’t be guessed: from a network that tries many, unknown ones are not even looked up; known ones go on', async () => {
		const known = served.token('auditor');
		expect((await ask(known, '/v1/tenant')).status).toBe(200);
		const answers: Answer[] = [];
		for (let at = 0; at < 40; at++) answers.push(await ask(`tieout_${String(at).padStart(43, 'A')}`, '/v1/tenant'));
		const limited = answers.filter(({ status }) => status === 429);
		expect(limited.length).toBeGreaterThan(2);
		expect(limited.at(-1)?.headers['retry-after']).toMatch(/^\d+$/);
		expect((await ask(known, '/v1/tenant')).status).toBe(200);
	});
});
