/** The stored lines of an order, with what is known of each hash. */
import { type EvidenceFacts, testById } from '#audit';
import { BY_CLAIM_ALONE, isTrustedByClaimAlone, leafHash } from '#evidence';
import { type OrderDossier, orderDossier, provenLines, type StaleLimits } from '#explore';
import type { Workbook } from '#findings';
import { type CollectedLine, collectRows } from '#intake';
import { fromUtf8, ok, sha256Hex, toHex } from '#kernel';
import type { TableName } from '#model';
import type { HashStatus } from '#pack';
import type { Population } from '#population';
import type { Answer, LoadedEvidence } from './contract.ts';
import { presentFacts } from './presentKeys.ts';
import { guarded, refuse } from './vaultError.ts';

/** A line as it was handed over, hashed now. */
export interface RawLine {
	readonly table: TableName;
	readonly key: string;
	/** 1-based, in its file. */
	readonly line: number;
	readonly text: string;
	/** SHA-256 of the line, without its line feed: how results cite it. */
	readonly sha256: string;
	/** Of lines of sealed tables: the leaf hash, recomputed now. */
	readonly leaf: string | null;
	/** The `prev` the line itself states; null where it states none. */
	readonly prev: string | null;
	/** Whether `prev` is the recomputed leaf hash of the order's line before; null for tables that are not sealed. */
	readonly isLinked: boolean | null;
	readonly status: HashStatus;
}

/** The limits of T58 as this engagement has set them. */
export function staleLimits(workbook: Workbook): StaleLimits {
	const own = workbook.parameters.get('T58');
	const value = (name: string): number | string | undefined =>
		own?.get(name)?.value ?? testById('T58')?.parameters.find((parameter) => parameter.name === name)?.default;
	return { hours: Number(value('hours') ?? 72), stateHours: String(value('state_hours') ?? '') };
}

/** How the bytes of a row of a sealed table stand, by what the verification found. */
export function hashStatusOf(population: Population, evidence: EvidenceFacts): (row: number) => HashStatus {
	const facts = evidence.integrity.order_event;
	if (!facts) return () => 'unsealed';
	const events = population.table('order_event');
	const broken = new Set(facts.problems.flatMap(({ line }) => (line === null ? [] : [line])));
	const proven = provenLines(evidence);
	return (row) => {
		const line = events.lineOf(row);
		return broken.has(line) ? 'link_broken' : line <= proven ? 'verified' : 'not_verifiable';
	};
}

export function hashNote({ evidence: found, manifest }: LoadedEvidence['drop'], workbook: Workbook): string | null {
	const evidence = presentFacts(found, workbook);
	const facts = evidence.integrity.order_event;
	if (facts && evidence !== found)
		return 'The trusted keys are others than those the logs were verified under, so nothing is verified. Verify again under Integrity.';
	if (!facts) return 'The order events are not sealed: nothing can be said of their bytes.';
	if (facts.verdict === 'forked')
		return 'The log is forked: two histories of it are signed. “Verified” speaks of the one that this drop holds. See Integrity.';
	if (provenLines(evidence) > 0)
		return isTrustedByClaimAlone([...workbook.trustedKeys.values()], manifest.claimedLogKey) ? BY_CLAIM_ALONE : null;
	const trust = evidence.keyTrust?.order_event;
	if (trust !== 'trusted')
		return 'No trusted key: the log’s key is only the company’s claim. Add the key from outside the drop under Data & IPE.';
	return `No event is proven: the log is ${facts.verdict.replaceAll('_', ' ')}. See Integrity.`;
}

const HASHED_MAX = 500;

/** Leaf hashes of events, recomputed from the stored lines; none where single lines can't be reached. */
export async function leavesOf({ source, drop }: LoadedEvidence, events: readonly number[]): Promise<ReadonlyMap<number, string>> {
	if (events.length === 0 || events.length > HASHED_MAX || !source.readRange) return new Map();
	const lines = await collectRows(source, drop, new Map([['order_event', events]]));
	if (!lines.ok) return new Map();
	return new Map([...(lines.value.get('order_event') ?? [])].map(([row, { bytes }]) => [row, toHex(leafHash(bytes))]));
}

/** Rows of an order by table: its events first, in chain order, then all else that names it. */
function rowsOfOrder(dossier: OrderDossier): Map<TableName, number[]> {
	const wanted = new Map<TableName, number[]>();
	const want = (table: TableName, row: number): void => {
		const known = wanted.get(table);
		if (known) known.push(row);
		else wanted.set(table, [row]);
	};
	for (const row of dossier.events) want('order_event', row);
	const { order, contract, lines, obligations, shipments, invoices, invoiceLines, payments, revenue } = dossier;
	const { journals, documents, approvals, holds, disputes } = dossier;
	const lists = [lines, obligations, shipments, invoices, invoiceLines, payments, revenue, journals, documents, approvals, holds, disputes];
	for (const one of [order, contract, ...lists.flat()]) if (one) want(one.table, one.row);
	return wanted;
}

/** The stored lines of an order. */
export function rawLines(loaded: LoadedEvidence, workbook: Workbook, orderId: string): Promise<Answer<readonly RawLine[]>> {
	return guarded(async () => {
		const { source, drop } = loaded;
		const { population } = drop;
		const evidence = presentFacts(drop.evidence, workbook);
		const wanted = rowsOfOrder(orderDossier(population, orderId, staleLimits(workbook)));
		const collected = await collectRows(source, drop, wanted);
		if (!collected.ok) return refuse(collected.error.code === 'cancelled' ? 'cancelled' : 'unreadable_file', collected.error.message);
		const statusOf = population.has('order_event') ? hashStatusOf(population, evidence) : () => 'unsealed' as const;
		const raw: RawLine[] = [];
		for (const [table, rows] of wanted) {
			const isSealed = table === 'order_event' || table === 'revenue_event';
			let before: string | null = null;
			for (const row of rows) {
				const stored = collected.value.get(table)?.get(row);
				if (!stored) continue;
				const status = table === 'order_event' ? statusOf(row) : isSealed ? 'not_verifiable' : 'unsealed';
				const line = hashedLine(table, population.table(table).keyText(row), stored, before, status);
				raw.push(line);
				before = line.leaf;
			}
		}
		return ok(raw);
	});
}

/** @param before the leaf hash of the order's line before; null for tables that are not sealed, and for the first line */
function hashedLine(table: TableName, key: string, { line, bytes }: CollectedLine, before: string | null, status: HashStatus): RawLine {
	const isSealed = table === 'order_event' || table === 'revenue_event';
	const text = fromUtf8(bytes);
	const prev = isSealed ? prevOf(text) : null;
	return {
		table,
		key,
		line,
		text: text ?? '(not valid UTF-8)',
		sha256: sha256Hex(bytes),
		leaf: isSealed ? toHex(leafHash(bytes)) : null,
		prev,
		isLinked: isSealed ? prev === before : null,
		status,
	};
}

function prevOf(text: string | null): string | null {
	try {
		const record: unknown = JSON.parse(text ?? '');
		const prev = typeof record === 'object' && record !== null && 'prev' in record ? record.prev : null;
		return typeof prev === 'string' ? prev : null;
	} catch {
		return null;
	}
}
