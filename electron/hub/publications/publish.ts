/** Making a publication: one cut of the database and the logs, written, declared, signed. */
import { sha256, utf8 } from '#kernel';
import type { Database } from '../database/databasePort.ts';
import type { HubKeys } from '../keys/hubKeys.ts';
import { LOG_TABLES, type LogStore } from '../log/logPort.ts';
import { type AtRest, type Cut, cutOf, leaveOnce, SEALED } from './cut.ts';
import { type DeclaredTable, manifestOf } from './manifest.ts';
import { addPublication, type Publication } from './publicationStore.ts';
import { TableTally } from './tableTally.ts';
import { writeTables } from './writeTables.ts';

export interface PublishPorts {
	readonly database: Database;
	readonly keys: HubKeys;
	readonly log: Pick<LogStore, 'head' | 'lines' | 'keys' | 'publicationNote'>;
	/** Where the files of tables lie. */
	readonly folder: string;
	readonly version: string;
	/** Milliseconds since 1970. */
	now(): number;
	readonly atRest: AtRest;
}

/** How far a tenant has been published. */
export interface Published {
	newest: Publication | null;
	/** Sizes of the logs at the newest: every batch ends as a line of one, so that nothing changes without them. */
	mark: string | null;
	/** Time of the last cut, whether its publication stands yet or not. */
	cutAt: number;
	readonly tallies: Map<string, TableTally>;
}

const markOf = ({ log }: PublishPorts, tenant: string): string => LOG_TABLES.map((table) => log.head(tenant, table).size).join();

/** Nothing came since the newest publication. */
export const isUnchanged = (ports: PublishPorts, tenant: string, { mark }: Published): boolean => mark === markOf(ports, tenant);

/** A new publication, or the last one where nothing that counts has changed; null where there is nothing yet. */
export async function publish(ports: PublishPorts, tenant: string, state: Published): Promise<Publication | null | 'not_at_rest'> {
	const last = state.newest;
	const rest = await leaveOnce(ports.atRest, tenant);
	if (!rest) return 'not_at_rest';
	try {
		const mark = markOf(ports, tenant);
		const written = await ports.database.transaction(async (tx) => {
			await tx.query('SET TRANSACTION ISOLATION LEVEL REPEATABLE READ');
			const at = Math.max(ports.now(), (last?.createdAt ?? 0) + 1);
			const cut = await cutOf(tx, ports.log, tenant, at);
			state.cutAt = at;
			// From here on the transaction sees what it saw: the tenant's batches go on.
			rest.leave();
			return isEmpty(cut) || (last && isSame(last, cut)) ? null : { cut, tables: await writeTables(ports, tx, tenant, cut, last) };
		});
		const publication = written ? await sign(ports, tenant, state, written.cut, written.tables) : last;
		state.mark = mark;
		return publication;
	} finally {
		rest.leave();
	}
}

const isEmpty = ({ sizes, revisions }: Cut): boolean =>
	Object.values(sizes).every((size) => size === 0) && Object.keys(revisions).length === 0;

/** Documents are named by rows of the table `document`, so that a new one alone does not need a new publication. */
const isSame = ({ sizes, revisions }: Publication, cut: Cut): boolean => same(sizes, cut.sizes) && same(revisions, cut.revisions);

const same = (a: Readonly<Record<string, number>>, b: Readonly<Record<string, number>>): boolean =>
	Object.keys(a).length === Object.keys(b).length && Object.entries(a).every(([name, value]) => b[name] === value);

async function sign(
	ports: PublishPorts,
	tenant: string,
	{ newest: last, tallies }: Published,
	cut: Cut,
	tables: readonly DeclaredTable[],
): Promise<Publication> {
	const sealed: DeclaredTable[] = [];
	for (const table of SEALED) {
		const tally = await tallyLog(ports.log, tenant, table, cut.sizes[table] ?? 0, tallies);
		if (tally.rows > 0) sealed.push({ table, query: `lines 1 to ${tally.rows} of the log`, ...tally.declared() });
	}
	const number = (last?.number ?? 0) + 1;
	const manifest = await manifestOf(ports, tenant, {
		number,
		last,
		tables: [...sealed, ...tables],
		cut,
		events: tallies.get('order_event'),
	});
	const note = ports.log.publicationNote(tenant, number, sha256(utf8(manifest)));
	const publication = { number, manifest, note, createdAt: cut.at, sizes: cut.sizes, revisions: cut.revisions };
	await addPublication(ports.database, tenant, publication);
	return publication;
}

/** A log's tally goes on where the last publication left it. */
async function tallyLog(
	log: PublishPorts['log'],
	tenant: string,
	table: (typeof SEALED)[number],
	size: number,
	tallies: Map<string, TableTally>,
): Promise<TableTally> {
	const tally = tallies.get(table) ?? new TableTally(table);
	tallies.set(table, tally);
	if (tally.rows < size) for await (const line of log.lines(tenant, table, tally.rows, size)) tally.add(line.subarray(0, -1));
	return tally;
}
