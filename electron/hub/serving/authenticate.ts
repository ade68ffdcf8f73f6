/** Who asks: by a static token, or by one of an identity provider. */
import { decodeJwt } from 'jose';
import type { Database, Principal } from '../types.ts';
import type { OidcIssuer } from './oidc.ts';
import { refuse } from './problems.ts';
import { principalOfToken } from './tokens.ts';

export interface Authenticator {
	/** Throws `Refusal` `unauthenticated`; never says whether a token exists for somebody else. */
	principal(authorization: string | undefined): Promise<Principal>;
}

const TOKEN_CHARS_MAX = 8192;

export function authenticator(database: Database, issuers: readonly OidcIssuer[], now: () => number): Authenticator {
	const byIssuer = new Map(issuers.map((issuer) => [issuer.issuer, issuer]));
	const known = async (token: string): Promise<Principal | 'expired' | null> => {
		const fixed = await principalOfToken(database, token, now());
		if (fixed) return fixed;
		const issuer = byIssuer.get(issuerOf(token) ?? '');
		return issuer ? await issuer.verify(token, now()) : null;
	};
	return {
		async principal(authorization) {
			const [, token = ''] = /^Bearer ([\x21-\x7e]+)$/.exec(authorization ?? '') ?? [];
			if (token === '' || token.length > TOKEN_CHARS_MAX)
				refuse('unauthenticated', 'This needs an access token: Authorization: Bearer TOKEN.', { where: 'Authorization' });
			const principal = await known(token);
			if (principal === 'expired')
				refuse('unauthenticated', 'The access token has expired. Ask for a new one.', { where: 'Authorization' });
			if (!principal) refuse('unauthenticated', 'The access token is not known here.', { where: 'Authorization' });
			return principal;
		},
	};
}

/** What a token claims to come from: only for finding the keys that then judge it. */
function issuerOf(token: string): string | null {
	if (token.split('.').length !== 3) return null;
	try {
		return decodeJwt(token).iss ?? null;
	} catch {
		return null;
	}
}
