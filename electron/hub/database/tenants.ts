/** Tenants and their share of the big tables: a partition each region, so that one tenant's rows lie apart and can be placed apart. */
import { createHash } from 'node:crypto';
import type { Database, Queryable } from './databasePort.ts';
import { LAYOUT_LOCK } from './migrate.ts';

const PARTITIONED = ['sealed_line', 'table_row'] as const;

/** Regions come from data: whatever a source sends beyond this many stands in the default partition. */
const MAX_REGIONS = 64;
const MAX_REGION_CHARS = 64;

export interface NewTenant {
	/** Lower-case letters, digits and "-": it names folders and partitions too. */
	readonly tenant: string;
	readonly company: string;
	/** Name of its log, such as `acme.example/o2c`: key name and first part of every origin. */
	readonly log: string;
	readonly entityIds: readonly string[];
	/** Milliseconds since 1970. */
	readonly createdAt: number;
}

export const isTenantName = (text: string): boolean => /^[a-z0-9][a-z0-9-]{0,62}$/.test(text);

/** Adds a tenant, with partitions for rows without a region; a tenant that is there already is left as it is. @returns whether it is new */
export async function createTenant(database: Database, { tenant, company, log, entityIds, createdAt }: NewTenant): Promise<boolean> {
	const inserted = await database.query(
		`INSERT INTO tenant (tenant, company, log, entity_ids, created_at) VALUES ($1, $2, $3, $4, $5)
		 ON CONFLICT (tenant) DO NOTHING RETURNING tenant`,
		[tenant, company, log, JSON.stringify(entityIds), createdAt],
	);
	await ensureRegions(database, tenant, ['']);
	return inserted.length > 0;
}

/**
 * Gives each region of a tenant its partitions; must be done before the first row of that region is written. Regions that are there already cost
 * nothing but the question, so callers remember what they asked for.
 */
export async function ensureRegions(database: Database, tenant: string, regions: readonly string[]): Promise<void> {
	const wanted = [...new Set(regions)].filter((region) => region.length <= MAX_REGION_CHARS);
	await database.transaction(async (tx) => {
		await tx.query(`SELECT pg_advisory_xact_lock(${LAYOUT_LOCK})`);
		for (const table of PARTITIONED) await addPartitions(tx, table, tenant, wanted);
	});
}

async function addPartitions(tx: Queryable, table: string, tenant: string, regions: readonly string[]): Promise<void> {
	const prefix = `${table}_${digestOf(tenant)}_`;
	const found = await tx.query<{ name: string }>(
		`SELECT c.relname::text AS name FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid
		 WHERE i.inhparent = $1::regclass AND left(c.relname::text, length($2)) = $2`,
		[table, prefix],
	);
	const names = new Set(found.map(({ name }) => name));
	for (const region of regions) {
		const name = prefix + digestOf(region);
		if (names.has(name) || names.size >= MAX_REGIONS) continue;
		// Rows that came before the partition stand in the default one, and PostgreSQL would refuse to part with them.
		const [strays] = await tx.query<{ some: boolean }>(
			`SELECT EXISTS (SELECT FROM ${table}_rest WHERE tenant = $1 AND region = $2) AS some`,
			[tenant, region],
		);
		if (strays?.some) continue;
		// Between a text and that text with U+0001 behind it lies no other: the range holds exactly this region. The engine quotes the values.
		const [statement] = await tx.query<{ sql: string }>(
			`SELECT format('CREATE TABLE %I PARTITION OF %I FOR VALUES FROM (%L, %L) TO (%L, %L)', $1::text, $2::text, $3::text, $4::text, $3::text, $4::text || chr(1)) AS sql`,
			[name, table, tenant, region],
		);
		if (statement) await tx.query(statement.sql);
		names.add(name);
	}
}

/** Names of partitions: tenants and regions are too long and too free to be part of a name. */
const digestOf = (text: string): string => createHash('sha256').update(text).digest('hex').slice(0, 12);
