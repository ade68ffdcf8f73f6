/** What serving keeps: how each feed is doing. */
import type { Migration } from './migration.ts';

export const SERVING: Migration = {
	no: 3,
	name: 'serving',
	statements: [
		`CREATE TABLE feed_state (
			tenant text COLLATE "C" NOT NULL,
			feed text COLLATE "C" NOT NULL,
			channels jsonb NOT NULL,
			is_batch boolean NOT NULL,
			last_received_at bigint NOT NULL,
			last_event_at text,
			PRIMARY KEY (tenant, feed)
		)`,
		'CREATE INDEX trace_event_order ON trace_event (tenant, order_id)',
	],
};
