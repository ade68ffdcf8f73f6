/** What was pulled, read and verified whole, against what was promised for it: the last gate before the pin moves. */
import { type HeadsRecord, headsTree } from '#evidence';
import { type ImportedDrop, orderHeads } from '#intake';
import { err, ok, type Result, toBase64, toHex } from '#kernel';
import type { TableName } from '#model';
import type { FeedPin, PullPlan } from './pullPlan.ts';
import { distrust, type SyncStop } from './syncStop.ts';

type Pulled = Pick<ImportedDrop, 'evidence' | 'sealed' | 'population' | 'documents' | 'disclosures'>;
type Heads = Readonly<Record<string, HeadsRecord>>;

/** @param heads by table, the newest heads record; without one, nothing is said about hidden ends */
export function judgePulled(plan: PullPlan, drop: Pulled, heads: Heads): Result<void, SyncStop> {
	const standing = judgeStanding(plan.next, heads);
	if (!standing.ok) return standing;
	for (const [table, { head }] of plan.heads) {
		const log = drop.sealed.get(table as TableName);
		if (!log || log.report.lines !== head.size || toBase64(log.report.rootOf(head.size)) !== head.root)
			return err(distrust('log_differs', table, `The lines of ${table} do not have the root that is signed for ${head.size} of them.`));
		if (log.verification.verdict !== 'verified')
			return err(
				distrust(
					'log_differs',
					table,
					`The log ${table} is ${log.verification.verdict}: ${log.verification.problems[0]?.detail ?? 'no reason was given'}`,
				),
			);
		const hidden = heads[table] ? hiddenTail(table as TableName, drop, heads[table]) : null;
		if (hidden) return err(hidden);
	}
	const differing = drop.evidence.ipe.find(
		({ table, verdict }) => verdict !== 'as_declared' && !plan.heads.has(table) && !(table === 'documents' && isButForLost(plan, drop)),
	);
	if (differing)
		return err(
			distrust('table_differs', differing.table, `${differing.table} is not as the signed manifest declares it (${differing.verdict}).`),
		);
	return judgeAttached(drop);
}

/** Whether documents are as declared but for those that the hub said it no longer has: these are listed with their sizes, and are missing. */
function isButForLost({ manifest, documents: listed }: PullPlan, { documents: { lost, count, bytes } }: Pulled): boolean {
	const isLost = new Set(lost);
	const missing = listed.filter(({ sha256 }) => isLost.has(sha256));
	const missingBytes = missing.reduce((sum, { bytes: each }) => sum + each, 0);
	return lost.length > 0 && manifest.documents?.count === count + missing.length && manifest.documents.bytes === bytes + missingBytes;
}

/** What no manifest declares one by one, and what names or commitments hold all the same. */
function judgeAttached({ documents, disclosures }: Pulled): Result<void, SyncStop> {
	const [altered] = documents.altered;
	if (altered !== undefined)
		return err(
			distrust('document_differs', 'document', `The document ${altered.slice(0, 16)}… was given with other bytes than its hash names.`),
		);
	for (const [table, { problems }] of disclosures) {
		// A salt used twice is its source's carelessness; all else was checked at the hub's door.
		const problem = problems.find(({ code }) => code !== 'salt_reuse');
		if (problem) return err(distrust('disclosure_differs', table, problem.detail));
	}
	return ok(undefined);
}

/** Whether heads that are pinned, or would be, reach as far as the hub's own records say. Less of a log than that is an old cut shown as new. */
export function judgeStanding({ heads: standing }: Pick<FeedPin, 'heads'>, heads: Heads): Result<void, SyncStop> {
	for (const [table, { day, size }] of Object.entries(heads)) {
		const given = standing[table]?.size ?? 0;
		if (given < size)
			return err(distrust('tail_hidden', table, `The heads record of ${day} counts ${size} lines of ${table}; only ${given} were given.`));
	}
	return ok(undefined);
}

function hiddenTail(table: TableName, drop: Pulled, record: HeadsRecord): SyncStop | null {
	if (!drop.sealed.has(table)) return null;
	const heads = orderHeads(drop, table, record.size);
	const root = toHex(headsTree(heads).tree.rootOf(heads.length));
	return heads.length === record.orders && root === record.root
		? null
		: distrust(
				'tail_hidden',
				table,
				`The last events of the orders in ${table} are not those of the heads record of ${record.day} (${heads.length} orders, ${record.orders} recorded): the end of some order's history is missing or another one.`,
			);
}
