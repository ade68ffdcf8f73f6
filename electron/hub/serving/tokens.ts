/** Static access tokens for small set-ups: 256 random bits, shown once, kept as a hash. */
import { createHash, randomBytes } from 'node:crypto';
import type { Database } from '../database/databasePort.ts';
import type { HubRole } from '../principal.ts';
import type { Known } from './known.ts';

const PREFIX = 'tieout_';

export interface NewToken {
	readonly tenant: string;
	/** Names the principal in logs: lower-case letters, digits, "-" and ".". */
	readonly id: string;
	readonly name: string;
	readonly role: HubRole;
	/** Milliseconds since 1970; null: until it is withdrawn. */
	readonly expiresAt: number | null;
}

const hashOf = (token: string): Uint8Array => createHash('sha256').update(token, 'utf8').digest();

/** Makes a token for a principal; an earlier one of the same principal ends with it. @returns the token, which stands nowhere else */
export async function issueToken(database: Database, { tenant, id, name, role, expiresAt }: NewToken): Promise<string> {
	const token = `${PREFIX}${randomBytes(32).toString('base64url')}`;
	await database.query(
		`INSERT INTO principal (tenant, id, name, role, token_sha256, expires_at) VALUES ($1, $2, $3, $4, $5, $6)
		 ON CONFLICT (tenant, id) DO UPDATE SET name = excluded.name, role = excluded.role, token_sha256 = excluded.token_sha256,
			expires_at = excluded.expires_at`,
		[tenant, id, name, role, hashOf(token), expiresAt],
	);
	return token;
}

/** Its token opens nothing any more. */
export async function withdrawToken(database: Database, tenant: string, id: string): Promise<void> {
	await database.query('UPDATE principal SET token_sha256 = NULL WHERE tenant = $1 AND id = $2', [tenant, id]);
}

/** Who holds the token, in time or not; null for nobody. The lookup is by the token's hash, so its time says nothing about tokens that are near. */
export async function principalOfToken(database: Database, token: string): Promise<Known | null> {
	if (!token.startsWith(PREFIX)) return null;
	const [found] = await database.query<{ tenant: string; id: string; role: HubRole; expires_at: bigint | null }>(
		'SELECT tenant, id, role, expires_at FROM principal WHERE token_sha256 = $1',
		[hashOf(token)],
	);
	if (!found) return null;
	const { tenant, id, role, expires_at } = found;
	return { principal: { tenant, id, role }, expiresAt: expires_at === null ? null : Number(expires_at) };
}
