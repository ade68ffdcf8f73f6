/** Where a publication cuts: sizes of logs and revisions of tables between two batches, never within one. */
import type { Queryable } from '../database/databasePort.ts';
import type { LogStore } from '../log/logPort.ts';

export const SEALED = ['order_event', 'revenue_event'] as const;

export interface Cut {
	/** Milliseconds since 1970; later than the publication before. */
	readonly at: number;
	readonly sizes: Readonly<Record<string, number>>;
	readonly revisions: Readonly<Record<string, number>>;
	readonly documents: { readonly count: number; readonly bytes: number };
}

/**
 * Runs `work` while nothing of the tenant is being decided or sealed; null, and `work` not run, where what a failure left over can't be sealed
 * at the moment.
 */
export type AtRest = <T>(tenant: string, work: () => Promise<T>) => Promise<T | null>;

/** Comes to rest, and stays there until `leave` is called. */
export function leaveOnce(atRest: AtRest, tenant: string): Promise<{ leave(): void } | null> {
	return new Promise((resolve, reject) => {
		const rest = Promise.withResolvers<true>();
		atRest(tenant, () => {
			resolve({ leave: () => rest.resolve(true) });
			return rest.promise;
		}).then((rested) => (rested === null ? resolve(null) : undefined), reject);
	});
}

/** Must run at rest, as the first reading of its transaction. */
export async function cutOf(tx: Queryable, log: Pick<LogStore, 'head'>, tenant: string, at: number): Promise<Cut> {
	const states = await tx.query<{ table_name: string; revision: bigint }>(
		'SELECT table_name, revision FROM table_state WHERE tenant = $1 ORDER BY table_name',
		[tenant],
	);
	const [documents] = await tx.query<{ count: bigint; bytes: bigint }>(
		'SELECT count(*) AS count, coalesce(sum(bytes), 0)::bigint AS bytes FROM document WHERE tenant = $1 AND received_at <= $2',
		[tenant, at],
	);
	return {
		at,
		sizes: Object.fromEntries(SEALED.map((table) => [table, log.head(tenant, table).size])),
		revisions: Object.fromEntries(states.map(({ table_name, revision }) => [table_name, Number(revision)])),
		documents: { count: Number(documents?.count ?? 0), bytes: Number(documents?.bytes ?? 0) },
	};
}
