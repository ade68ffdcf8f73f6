/** What intake keeps besides the rows themselves: events on their way into a log, events that wait, dead letters' history, traces. */
import type { Migration } from './migration.ts';

export const INTAKE: Migration = {
	no: 2,
	name: 'intake',
	statements: [
		// What is to be sealed is written with the rows of its batch, in one transaction, and taken out once the log has it: `outbox` is
		// null then. `serial` is the order in which batches were decided, so that what a crash left over is sealed in that order.
		`ALTER TABLE etl_batch
			ADD COLUMN serial bigint GENERATED ALWAYS AS IDENTITY,
			ADD COLUMN outbox bytea,
			ADD COLUMN summary jsonb NOT NULL DEFAULT '{}',
			ADD COLUMN traceparent text,
			ADD COLUMN sent_at bigint,
			ADD COLUMN validated_at bigint,
			ADD COLUMN committed_at bigint,
			ADD COLUMN sealed_at bigint`,
		"CREATE INDEX etl_batch_pending ON etl_batch (tenant, serial) WHERE state = 'pending'",
		'ALTER TABLE idempotency ADD COLUMN batch_id text COLLATE "C"',
		'CREATE INDEX idempotency_batch ON idempotency (tenant, batch_id)',
		// Running numbers of what the hub itself is the source of, such as disputes: without gaps, as of any source.
		`CREATE TABLE hub_sequence (
			tenant text COLLATE "C" NOT NULL,
			name text COLLATE "C" NOT NULL,
			value bigint NOT NULL,
			PRIMARY KEY (tenant, name)
		)`,
		`CREATE TABLE waiting_event (
			tenant text COLLATE "C" NOT NULL,
			log_table text COLLATE "C" NOT NULL,
			event_id text COLLATE "C" NOT NULL,
			order_id text COLLATE "C" NOT NULL,
			order_seq bigint NOT NULL,
			event bytea NOT NULL,
			batch_id text COLLATE "C" NOT NULL,
			line bigint NOT NULL,
			received_at bigint NOT NULL,
			PRIMARY KEY (tenant, log_table, event_id)
		)`,
		'CREATE INDEX waiting_event_order ON waiting_event (tenant, log_table, order_id, order_seq)',
		'CREATE INDEX waiting_event_age ON waiting_event (tenant, received_at)',
		// One dead letter a cause and payload: what fails again counts as a further attempt.
		`ALTER TABLE dead_letter
			ADD COLUMN channel text NOT NULL DEFAULT '',
			ADD COLUMN source_system text,
			ADD COLUMN payload_sha256 text COLLATE "C" NOT NULL DEFAULT '',
			ADD COLUMN history jsonb NOT NULL DEFAULT '[]'`,
		// Every scan of a carrier is seen once: the first response that had it is its evidence. Those the model has no status for stay here.
		`CREATE TABLE carrier_scan (
			tenant text COLLATE "C" NOT NULL,
			carrier text COLLATE "C" NOT NULL,
			tracking_no text COLLATE "C" NOT NULL,
			at text COLLATE "C" NOT NULL,
			code text COLLATE "C" NOT NULL,
			status text,
			raw_sha256 text COLLATE "C" NOT NULL,
			seen_at bigint NOT NULL,
			PRIMARY KEY (tenant, carrier, tracking_no, at, code)
		)`,
		// A record's own trace leads to the hops of its batch.
		`CREATE TABLE trace_event (
			tenant text COLLATE "C" NOT NULL,
			trace_id text COLLATE "C" NOT NULL,
			event_id text COLLATE "C" NOT NULL,
			order_id text COLLATE "C" NOT NULL,
			span_id text COLLATE "C",
			batch_id text COLLATE "C" NOT NULL,
			PRIMARY KEY (tenant, trace_id, event_id)
		)`,
	],
};
