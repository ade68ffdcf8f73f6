/** Bearer tokens of an identity provider (OpenID Connect): signed, for this hub, in time, with a tenant and a role. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, decodeJwt, errors, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { HubRole } from '../principal.ts';
import { StartRefusal } from '../startRefusal.ts';
import type { Known } from './known.ts';
import { refuse } from './problems.ts';

const ROLES = ['producer', 'portal', 'auditor', 'compliance', 'operator', 'witness'] as const satisfies readonly HubRole[];

export const oidcConfigSchema = z.strictObject({
	issuer: z.url(),
	audience: z.string().min(1),
	/** Where the provider's keys are: an https URL, or a file for sites without a network. */
	jwks: z.string().min(1),
	tenant_claim: z.string().default('tieout_tenant'),
	role_claim: z.string().default('tieout_role'),
	/** Tenants this provider may speak for. */
	tenants: z.array(z.string()).min(1),
});
export type OidcConfig = Readonly<z.infer<typeof oidcConfigSchema>>;

/** Asymmetric ones only: with a shared secret, whoever checks tokens could also make them. */
const ALGORITHMS = ['EdDSA', 'ES256', 'ES384', 'PS256', 'RS256'];
const CLOCK_TOLERANCE_S = 30;

export interface OidcIssuer {
	readonly issuer: string;
	/**
	 * Who the token stands for, in time or not; null for nobody. Throws `Refusal` `unavailable` where the provider's keys can't be had.
	 * @param now milliseconds since 1970
	 */
	verify(token: string, now: number): Promise<Known | null>;
}

/** Throws `StartRefusal` where a file of keys does not read. */
export function oidcIssuer(config: OidcConfig): OidcIssuer {
	const keys: JWTVerifyGetKey = config.jwks.startsWith('https://') ? createRemoteJWKSet(new URL(config.jwks)) : localKeys(config.jwks);
	const host = new URL(config.issuer).host;
	return {
		issuer: config.issuer,
		async verify(token, now) {
			try {
				const { payload } = await jwtVerify(token, keys, {
					issuer: config.issuer,
					audience: config.audience,
					algorithms: ALGORITHMS,
					clockTolerance: CLOCK_TOLERANCE_S,
					currentDate: new Date(now),
					requiredClaims: ['sub', 'exp'],
				});
				return knownOf(config, host, payload);
			} catch (error) {
				// The signature was right, so its owner may be told why it is refused.
				if (error instanceof errors.JWTExpired && error.reason === 'check_failed') return knownOf(config, host, error.payload);
				if (error instanceof errors.JWKSTimeout || error instanceof TypeError || isFetchFailure(error))
					refuse('unavailable', 'The keys of the identity provider can’t be had at the moment. Try again.', { retryAfter: 5 });
				if (error instanceof errors.JOSEError) return null;
				throw error;
			}
		},
	};
}

/** The set could not be fetched, or is none: no fault of the token. */
const isFetchFailure = (error: unknown): boolean =>
	error instanceof errors.JWKSInvalid || (error instanceof Error && error.constructor === errors.JOSEError);

function localKeys(file: string): JWTVerifyGetKey {
	try {
		return createLocalJWKSet(JSON.parse(readFileSync(file, 'utf8')) as JSONWebKeySet);
	} catch (error) {
		throw new StartRefusal(`The keys of an identity provider in ${file} do not read: give a JSON Web Key Set.`, {
			code: 'oidc_file',
			cause: error,
		});
	}
}

function knownOf(config: OidcConfig, host: string, payload: Record<string, unknown>): Known | null {
	const tenant = payload[config.tenant_claim];
	const role = ROLES.find((known) => known === payload[config.role_claim]);
	if (typeof tenant !== 'string' || !config.tenants.includes(tenant) || !role) return null;
	const expiresAt = (Number(payload['exp']) + CLOCK_TOLERANCE_S) * 1000;
	return { principal: { tenant, id: idOf(host, String(payload['sub'])), role }, expiresAt };
}

const SUBJECT_CHARS = 80;

/** Whatever a provider calls its people: printable, and no two the same. Two providers may have the same names. */
function idOf(host: string, subject: string): string {
	const isPlain = subject.length <= SUBJECT_CHARS && /^[\x21-\x7e]+$/.test(subject);
	return `oidc:${host}:${isPlain ? subject : `sha256-${createHash('sha256').update(subject).digest('base64url')}`}`;
}

/** What a token claims to come from: only for finding the keys that then judge it. */
export function issuerOf(token: string): string | null {
	if (token.split('.').length !== 3) return null;
	try {
		return decodeJwt(token).iss ?? null;
	} catch {
		return null;
	}
}
