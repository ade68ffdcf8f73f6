/** Disclosures of committed fields: kept apart from the lines that commit to them. */
import type { Database } from '../database/databasePort.ts';
import type { LogReader, LogTable } from '../log/logPort.ts';
import type { EvidenceParts } from './evidenceParts.ts';
import { logOf, rangeOf, rangeQuery } from './logRoutes.ts';
import { fillPage, READERS } from './page.ts';
import { type Asked, NDJSON, principalOf, type Reply, type Route } from './route.ts';

type Parts = Pick<EvidenceParts, 'database' | 'keys'> & { readonly log: LogReader };

export function disclosureRoutes(parts: Parts): Route[] {
	return [
		{
			method: 'GET',
			path: '/v1/disclosures/:table',
			summary: 'Disclosures of committed fields (RFC 9901 construction) of lines `from` to `to`; Next-From says where the next page begins',
			roles: READERS,
			query: rangeQuery,
			gives: NDJSON,
			says: { 'Next-From': 'Where the next page begins; `to` where there is none' },
			isEvidence: true,
			handle: (asked) => disclosures(parts, asked),
		},
	];
}

const CHUNK = 500;
const PAGE_DISCLOSURES = 20_000;

async function disclosures({ database, keys, log }: Parts, asked: Asked): Promise<Reply> {
	const { tenant } = principalOf(asked);
	const table = logOf(asked);
	const { from, to } = rangeOf(asked, log.head(tenant, table).size);
	const lines = disclosedLines(database, tenant, table, from, to, (secret) => Buffer.from(keys.decrypt(tenant, secret)).toString('utf8'));
	const { items, isCut } = await fillPage(lines, ({ text }) => Buffer.byteLength(text), PAGE_DISCLOSURES);
	// A line's disclosures stay together, so that the next page begins with another line.
	const next = isCut ? (items.at(-1)?.index ?? from) + 1 : to;
	return {
		type: NDJSON,
		body: items.map(({ text }) => text).join(''),
		headers: { 'next-from': String(next) },
		evidence: {
			subject: `disclosures of ${table} ${from} to ${next}`,
			rows: items.reduce((rows, { count }) => rows + count, 0),
		},
	};
}

interface DisclosedLine {
	readonly index: number;
	readonly text: string;
	readonly count: number;
}

/** All disclosures of a line at once, line after line; little of them is held. */
async function* disclosedLines(
	database: Database,
	tenant: string,
	table: LogTable,
	from: number,
	to: number,
	open: (secret: Uint8Array) => string,
): AsyncGenerator<DisclosedLine> {
	let held: DisclosedLine[] = [];
	for (let [idx, no] = [from, -1]; ; ) {
		const rows = await database.query<{ idx: bigint; no: number; secret: Uint8Array }>(
			`SELECT idx, no, secret FROM disclosure
			 WHERE tenant = $1 AND log_table = $2 AND idx < $3 AND (idx, no) > ($4::bigint, $5::integer) ORDER BY idx, no LIMIT ${CHUNK}`,
			[tenant, table, to, idx, no],
		);
		for (const row of rows) {
			const index = Number(row.idx);
			const text = `${JSON.stringify({ disclosure: open(row.secret), line: index + 1 })}\n`;
			const [last] = held;
			if (last && last.index !== index) yield last;
			held = [last?.index === index ? { index, text: last.text + text, count: last.count + 1 } : { index, text, count: 1 }];
			[idx, no] = [index, row.no];
		}
		if (rows.length < CHUNK) break;
	}
	yield* held;
}
