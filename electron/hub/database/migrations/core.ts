/**
 * The tables of the hub. Every one begins with `tenant`, every key holds it, and no statement joins two tenants: so `tenant` can be the
 * distribution column of a cluster. The two big ones are partitioned by tenant and region in one level, because a cluster such as Citus
 * distributes partitioned tables but not partitions of partitions. Rows of no own partition stand in the default one.
 *
 * Instants are milliseconds since 1970 as bigint. Texts that are compared or sorted have the collation "C": order by bytes, never by locale.
 */
import type { Migration } from './migration.ts';

const TENANTS = [
	`CREATE TABLE tenant (
		tenant text COLLATE "C" PRIMARY KEY CHECK (tenant ~ '^[a-z0-9][a-z0-9-]{0,62}$'),
		company text NOT NULL,
		log text NOT NULL,
		entity_ids jsonb NOT NULL,
		created_at bigint NOT NULL
	)`,
	`CREATE TABLE principal (
		tenant text COLLATE "C" NOT NULL,
		id text COLLATE "C" NOT NULL,
		name text NOT NULL,
		role text NOT NULL,
		token_sha256 bytea,
		expires_at bigint,
		PRIMARY KEY (tenant, id)
	)`,
	'CREATE INDEX principal_token ON principal (token_sha256)',
	`CREATE TABLE log_key (
		tenant text COLLATE "C" NOT NULL,
		key_no integer NOT NULL,
		vkey text NOT NULL,
		sealed_private bytea NOT NULL,
		from_size jsonb NOT NULL,
		retired jsonb,
		PRIMARY KEY (tenant, key_no)
	)`,
	`CREATE TABLE witness (
		tenant text COLLATE "C" NOT NULL,
		name text COLLATE "C" NOT NULL,
		vkey text NOT NULL,
		added_at bigint NOT NULL,
		PRIMARY KEY (tenant, name)
	)`,
];

const SEALED = [
	// `n` is the place in the order's chain, from 1. The unique key ends with `region` only because a partition key must be part of it.
	`CREATE TABLE sealed_line (
		tenant text COLLATE "C" NOT NULL,
		region text COLLATE "C" NOT NULL,
		log_table text COLLATE "C" NOT NULL,
		idx bigint NOT NULL,
		order_id text COLLATE "C" NOT NULL,
		n bigint NOT NULL,
		leaf bytea NOT NULL,
		line text NOT NULL,
		batch_id text COLLATE "C" NOT NULL,
		received_at bigint NOT NULL,
		PRIMARY KEY (tenant, log_table, idx, region)
	) PARTITION BY RANGE (tenant, region)`,
	'CREATE INDEX sealed_line_order ON sealed_line (tenant, log_table, order_id, idx)',
	'CREATE TABLE sealed_line_rest PARTITION OF sealed_line DEFAULT',
	// Rows are updated in place on their page: no index holds what changes.
	`CREATE TABLE order_head (
		tenant text COLLATE "C" NOT NULL,
		log_table text COLLATE "C" NOT NULL,
		order_id text COLLATE "C" NOT NULL,
		n bigint NOT NULL,
		idx bigint NOT NULL,
		leaf bytea NOT NULL,
		PRIMARY KEY (tenant, log_table, order_id)
	) WITH (fillfactor = 70)`,
	`CREATE TABLE event_key (
		tenant text COLLATE "C" NOT NULL,
		log_table text COLLATE "C" NOT NULL,
		event_id text COLLATE "C" NOT NULL,
		idx bigint NOT NULL,
		PRIMARY KEY (tenant, log_table, event_id)
	)`,
	`CREATE TABLE disclosure (
		tenant text COLLATE "C" NOT NULL,
		log_table text COLLATE "C" NOT NULL,
		idx bigint NOT NULL,
		no integer NOT NULL,
		secret bytea NOT NULL,
		PRIMARY KEY (tenant, log_table, idx, no)
	)`,
	`CREATE TABLE checkpoint (
		tenant text COLLATE "C" NOT NULL,
		log_table text COLLATE "C" NOT NULL,
		size bigint NOT NULL,
		root bytea NOT NULL,
		sealed_at bigint NOT NULL,
		PRIMARY KEY (tenant, log_table, size)
	)`,
	`CREATE TABLE cosignature (
		tenant text COLLATE "C" NOT NULL,
		log_table text COLLATE "C" NOT NULL,
		size bigint NOT NULL,
		key_name text COLLATE "C" NOT NULL,
		line text NOT NULL,
		received_at bigint NOT NULL,
		PRIMARY KEY (tenant, log_table, size, key_name)
	)`,
];

const TABLES = [
	`CREATE TABLE table_row (
		tenant text COLLATE "C" NOT NULL,
		region text COLLATE "C" NOT NULL,
		table_name text COLLATE "C" NOT NULL,
		pk text COLLATE "C" NOT NULL,
		position bigint NOT NULL,
		revision bigint NOT NULL,
		line text NOT NULL,
		secret bytea,
		blind text[] NOT NULL DEFAULT '{}',
		deleted boolean NOT NULL DEFAULT false,
		PRIMARY KEY (tenant, table_name, pk, region)
	) PARTITION BY RANGE (tenant, region)`,
	'CREATE INDEX table_row_revision ON table_row (tenant, table_name, revision, position)',
	'CREATE INDEX table_row_position ON table_row (tenant, table_name, position)',
	'CREATE INDEX table_row_blind ON table_row USING gin (blind)',
	'CREATE TABLE table_row_rest PARTITION OF table_row DEFAULT',
	`CREATE TABLE table_state (
		tenant text COLLATE "C" NOT NULL,
		table_name text COLLATE "C" NOT NULL,
		revision bigint NOT NULL,
		rows bigint NOT NULL,
		bytes bigint NOT NULL,
		next_position bigint NOT NULL,
		PRIMARY KEY (tenant, table_name)
	)`,
	`CREATE TABLE document (
		tenant text COLLATE "C" NOT NULL,
		sha256 text COLLATE "C" NOT NULL,
		bytes bigint NOT NULL,
		received_at bigint NOT NULL,
		PRIMARY KEY (tenant, sha256)
	)`,
	`CREATE TABLE publication (
		tenant text COLLATE "C" NOT NULL,
		number bigint NOT NULL,
		manifest text NOT NULL,
		note text NOT NULL,
		created_at bigint NOT NULL,
		sizes jsonb NOT NULL,
		revisions jsonb NOT NULL,
		PRIMARY KEY (tenant, number)
	)`,
];

const INTAKE = [
	`CREATE TABLE etl_batch (
		tenant text COLLATE "C" NOT NULL,
		batch_id text COLLATE "C" NOT NULL,
		principal text NOT NULL,
		channel text NOT NULL,
		lane text NOT NULL,
		source_system text COLLATE "C",
		batch_no bigint,
		rows bigint NOT NULL,
		sums jsonb NOT NULL,
		sha256_source text,
		sha256_payload text NOT NULL,
		state text NOT NULL,
		received_at bigint NOT NULL,
		PRIMARY KEY (tenant, batch_id)
	)`,
	'CREATE INDEX etl_batch_source ON etl_batch (tenant, source_system, batch_no)',
	`CREATE TABLE idempotency (
		tenant text COLLATE "C" NOT NULL,
		principal text COLLATE "C" NOT NULL,
		key text COLLATE "C" NOT NULL,
		body_sha256 bytea NOT NULL,
		answer jsonb,
		created_at bigint NOT NULL,
		PRIMARY KEY (tenant, principal, key)
	)`,
	`CREATE TABLE dead_letter (
		tenant text COLLATE "C" NOT NULL,
		dead_letter_id text COLLATE "C" NOT NULL,
		batch_id text COLLATE "C" NOT NULL,
		line bigint NOT NULL,
		table_name text,
		code text NOT NULL,
		message text NOT NULL,
		secret bytea NOT NULL,
		attempts integer NOT NULL,
		revenue_minor bigint,
		currency text,
		state text COLLATE "C" NOT NULL,
		created_at bigint NOT NULL,
		updated_at bigint NOT NULL,
		PRIMARY KEY (tenant, dead_letter_id)
	)`,
	'CREATE INDEX dead_letter_state ON dead_letter (tenant, state, created_at)',
	`CREATE TABLE carrier_raw (
		tenant text COLLATE "C" NOT NULL,
		sha256 text COLLATE "C" NOT NULL,
		carrier text NOT NULL,
		tracking_no text NOT NULL,
		body bytea NOT NULL,
		fetched_at bigint NOT NULL,
		PRIMARY KEY (tenant, sha256)
	)`,
];

const PAPERS = [
	`CREATE TABLE paper_engagement (
		tenant text COLLATE "C" NOT NULL,
		engagement_id text COLLATE "C" NOT NULL,
		created_at bigint NOT NULL,
		PRIMARY KEY (tenant, engagement_id)
	)`,
	`CREATE TABLE paper_act (
		tenant text COLLATE "C" NOT NULL,
		engagement_id text COLLATE "C" NOT NULL,
		act_id text COLLATE "C" NOT NULL,
		act text NOT NULL,
		received_at bigint NOT NULL,
		principal text NOT NULL,
		PRIMARY KEY (tenant, engagement_id, act_id)
	)`,
	`CREATE TABLE paper_order (
		tenant text COLLATE "C" NOT NULL,
		engagement_id text COLLATE "C" NOT NULL,
		position bigint NOT NULL,
		act_id text COLLATE "C" NOT NULL,
		PRIMARY KEY (tenant, engagement_id, position)
	)`,
];

const OPERATION = [
	`CREATE TABLE access_log (
		tenant text COLLATE "C" NOT NULL,
		position bigint GENERATED ALWAYS AS IDENTITY,
		at bigint NOT NULL,
		principal text NOT NULL,
		role text NOT NULL,
		route text NOT NULL,
		subject text NOT NULL,
		rows bigint NOT NULL,
		trace_id text,
		PRIMARY KEY (tenant, position)
	)`,
	`CREATE TABLE trace_span (
		tenant text COLLATE "C" NOT NULL,
		trace_id text COLLATE "C" NOT NULL,
		span_id text COLLATE "C" NOT NULL,
		parent text,
		hop text NOT NULL,
		at bigint NOT NULL,
		ms double precision NOT NULL,
		PRIMARY KEY (tenant, trace_id, span_id)
	)`,
];

export const CORE: Migration = {
	no: 1,
	name: 'core',
	statements: [...TENANTS, ...SEALED, ...TABLES, ...INTAKE, ...PAPERS, ...OPERATION],
};
