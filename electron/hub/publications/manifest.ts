/** The manifest of a publication: that of an evidence drop, so that whoever reads drops reads it. */
import { formatInstant } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { LogStore } from '../log/logPort.ts';
import type { Cut } from './cut.ts';
import type { Publication } from './publicationStore.ts';
import type { Declared, TableTally } from './tableTally.ts';

export interface DeclaredTable extends Declared {
	readonly table: string;
	readonly query: string;
}

export interface ManifestOf {
	readonly number: number;
	readonly last: Publication | null;
	readonly tables: readonly DeclaredTable[];
	readonly cut: Cut;
	/** Of the order events. */
	readonly events: TableTally | undefined;
}

export async function manifestOf(
	{ database, log, version }: { readonly database: Database; readonly log: Pick<LogStore, 'keys'>; readonly version: string },
	tenant: string,
	{ number, last, tables, cut, events }: ManifestOf,
): Promise<string> {
	const [about] = await database.query<{ company: string; log: string; entity_ids: readonly string[] }>(
		'SELECT company, log, entity_ids FROM tenant WHERE tenant = $1',
		[tenant],
	);
	if (!about) throw new Error(`tenant ${tenant} is gone`);
	const key = log.keys(tenant).find(({ to }) => to === null);
	const now = formatInstant(cut.at);
	// A source's clock may run ahead of the hub's: what is recorded already is not in the future of an audit.
	const asOf = events?.last && events.last > now ? events.last : now;
	return JSON.stringify({
		format: 'tieout-drop/1',
		drop_id: `${tenant}-${number}`,
		company: about.company,
		entity_ids: about.entity_ids,
		period_from: (events?.first ?? asOf).slice(0, 7),
		period_to: (events?.last ?? asOf).slice(0, 7),
		as_of: asOf,
		log: about.log,
		log_key: key?.vkey ?? null,
		previous_drop: last ? `${tenant}-${last.number}` : null,
		tables: tables.map(({ table, query, rows, bytes, sha256, control_totals }) => ({
			table,
			file: `data/${table}.ndjson`,
			sha256,
			bytes,
			rows,
			control_totals,
			extracted_at: now,
			extracted_by: `tieout hub ${version}`,
			system: 'hub',
			query,
		})),
		documents: cut.documents,
	});
}
