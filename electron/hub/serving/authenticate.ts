/**
 * Who asks: by a static token, or by one of an identity provider. Whoever was known a moment ago is not looked up again, so that readers do not
 * touch the database: a token that is withdrawn stops at once where this process withdraws it, and within a minute anywhere else.
 */
import { createHash } from 'node:crypto';
import type { Database } from '../database/databasePort.ts';
import type { Principal } from '../principal.ts';
import type { Known } from './known.ts';
import { issuerOf, type OidcIssuer } from './oidc.ts';
import { refuse } from './problems.ts';
import type { RateLimiter } from './rateLimit.ts';
import { principalOfToken } from './tokens.ts';

export interface Authenticator {
	/**
	 * Throws `Refusal` `unauthenticated`; never says whether a token exists for somebody else.
	 * @param network that asks: too many unknown tokens from one are not even looked up
	 */
	principal(authorization: string | undefined, network: string): Promise<Principal>;
	/** What is remembered of a principal no longer counts. */
	forget(tenant: string, id: string): void;
}

export interface AuthenticatorPorts {
	readonly database: Database;
	readonly issuers: readonly OidcIssuer[];
	/** Of unknown tokens, by network. */
	readonly guesses: RateLimiter;
	/** Milliseconds since 1970. */
	now(): number;
	/** Milliseconds, never going back. */
	elapsed(): number;
}

const TOKEN_CHARS_MAX = 8192;
/** So long is remembered who a token stands for. */
export const REMEMBERED_MS = 60_000;
const REMEMBERED = 10_000;

export function authenticator({ database, issuers, guesses, now, elapsed }: AuthenticatorPorts): Authenticator {
	const byIssuer = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
	const remembered = new Map<string, Known & { readonly since: number }>();
	const lookUp = async (token: string): Promise<Known | null> => {
		const fixed = await principalOfToken(database, token);
		if (fixed) return fixed;
		const known = await byIssuer.get(issuerOf(token) ?? '')?.verify(token, now());
		if (!known) return null;
		const there = await database.query('SELECT FROM tenant WHERE tenant = $1', [known.principal.tenant]);
		return there.length > 0 ? known : null;
	};
	const remember = (name: string, known: Known): void => {
		remembered.delete(name);
		remembered.set(name, { ...known, since: elapsed() });
		const [oldest] = remembered.keys();
		if (remembered.size > REMEMBERED && oldest !== undefined) remembered.delete(oldest);
	};
	return {
		async principal(authorization, network) {
			const [, token = ''] = /^Bearer ([\x21-\x7e]+)$/i.exec(authorization ?? '') ?? [];
			if (token === '' || token.length > TOKEN_CHARS_MAX)
				refuse('unauthenticated', 'This needs an access token: Authorization: Bearer TOKEN.', { where: 'Authorization' });
			// Tokens are remembered by their hash: nothing that opens the hub lies about in memory.
			const name = createHash('sha256').update(token, 'utf8').digest('base64');
			const before = remembered.get(name);
			if (before && elapsed() - before.since < REMEMBERED_MS) return inTime(before, now());
			// Whoever was known here before does not suffer from others of the same network who guess.
			const retryAfter = before ? 0 : guesses.look(network);
			if (retryAfter > 0) refuse('rate_limited', 'Too many unknown access tokens came from here. Wait, then go on.', { retryAfter });
			const known = await lookUp(token);
			if (known) remember(name, known);
			else {
				remembered.delete(name);
				guesses.take(network);
				refuse('unauthenticated', 'The access token is not known here.', { where: 'Authorization' });
			}
			return inTime(known, now());
		},
		forget(tenant, id) {
			for (const [name, { principal }] of remembered) if (principal.tenant === tenant && principal.id === id) remembered.delete(name);
		},
	};
}

function inTime({ principal, expiresAt }: Known, now: number): Principal {
	return expiresAt === null || expiresAt > now
		? principal
		: refuse('unauthenticated', 'The access token has expired. Ask for a new one.', { where: 'Authorization' });
}
