/** Bearer tokens of an identity provider (OpenID Connect): signed, for this hub, in time, with a tenant and a role. */
import { readFileSync } from 'node:fs';
import { createLocalJWKSet, createRemoteJWKSet, errors, type JSONWebKeySet, type JWTVerifyGetKey, jwtVerify } from 'jose';
import { z } from 'zod';
import type { HubRole, Principal } from '../types.ts';

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
	verify(token: string, now: number): Promise<Principal | 'expired' | null>;
}

export function oidcIssuer(config: OidcConfig): OidcIssuer {
	const keys: JWTVerifyGetKey = config.jwks.startsWith('https://')
		? createRemoteJWKSet(new URL(config.jwks))
		: createLocalJWKSet(JSON.parse(readFileSync(config.jwks, 'utf8')) as JSONWebKeySet);
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
				const tenant = payload[config.tenant_claim];
				const role = ROLES.find((known) => known === payload[config.role_claim]);
				if (typeof tenant !== 'string' || !config.tenants.includes(tenant) || !role) return null;
				return { tenant, id: `oidc:${String(payload.sub).slice(0, 120)}`, role };
			} catch (error) {
				if (error instanceof errors.JWTExpired) return 'expired';
				if (error instanceof errors.JOSEError) return null;
				throw error;
			}
		},
	};
}
