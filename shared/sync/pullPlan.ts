/** What a pull will bring, decided before a line is fetched: the publication, its heads against the pins, and what of each table is new. */
import { type DeclaredTable, type Manifest, parseManifest, SEALED_TABLES, type VerifyEd25519 } from '#evidence';
import { err, fromUtf8, ok, type Result, sha256, toBase64, utf8 } from '#kernel';
import { type DisclosurePull, planDisclosures } from './feedDisclosures.ts';
import { askHub, askHubFor, type HubPorts } from './hubCalls.ts';
import { type JudgedHead, judgeContinuation, judgeNote, type PinnedHead } from './judgeHead.ts';
import { judgeManifest, revisionOf } from './judgeManifest.ts';
import { type ListedDocument, listDocuments } from './listDocuments.ts';
import { consistencyAnswerSchema, type PublicationAnswer, publicationAnswerSchema } from './protocol.ts';
import { distrust, forked, type SyncStop } from './syncStop.ts';
import type { TrustPolicy } from './trustPolicy.ts';

/** What the last pull left behind: it moves only together with the evidence it stands for. */
export interface FeedPin {
	readonly publication: PinnedHead;
	/** By sealed table. */
	readonly heads: Readonly<Record<string, PinnedHead>>;
	/** By plain table. */
	readonly revisions: Readonly<Record<string, number>>;
	/** By feed, the signed notes of the heads: one half of the proof, should another history turn up. Absent in pins made before they were kept. */
	readonly notes?: Readonly<Record<string, string>>;
	/** Lines of each plain table's file. */
	readonly rows: Readonly<Record<string, number>>;
}

/** What of a table's file is fetched; the rest is copied from the import before. */
export type TablePull =
	| { readonly kind: 'same' }
	/** Lines of the log from `from` on. */
	| { readonly kind: 'lines'; readonly from: number; readonly to: number }
	/** Rows changed since that revision, up to the publication's. */
	| { readonly kind: 'changes'; readonly since: number; readonly until: number; readonly rowsBefore: number }
	| { readonly kind: 'whole' };

export interface PulledTable {
	readonly declared: DeclaredTable;
	readonly pull: TablePull;
}

export interface PullPlan {
	readonly number: number;
	readonly manifestText: string;
	readonly manifest: Manifest;
	/** By sealed table. */
	readonly heads: ReadonlyMap<string, JudgedHead>;
	readonly tables: readonly PulledTable[];
	readonly documents: readonly ListedDocument[];
	/** By sealed table. */
	readonly disclosures: ReadonlyMap<string, DisclosurePull>;
	/** What to pin once the evidence stands. */
	readonly next: FeedPin;
}

export interface PullAsk {
	readonly ports: HubPorts;
	readonly policy: TrustPolicy;
	readonly pinned: FeedPin | null;
	/** Whether the evidence of the pinned publication is at hand to copy from. */
	readonly hasPrevious: boolean;
	/** Plans what is pinned already as well: documents that were missing of it can be had now. */
	readonly again?: boolean;
	/** A publication to be gone on with instead of the newest, where the hub has it still; null: the newest. */
	readonly goOnWith?: number | null;
	readonly verify?: VerifyEd25519;
}

const PUBLICATION = 'publication';
const isSealed = (table: string): boolean => (SEALED_TABLES as readonly string[]).includes(table);

/** The plan, or null where nothing is new. Nothing of it is believed before its signatures and proofs were. */
export async function planPull(ask: PullAsk): Promise<Result<PullPlan | null, SyncStop>> {
	const { ports, policy, pinned, verify } = ask;
	const published = await publicationOf(ask);
	if (!published.ok) return published;
	const note = judgePublication(published.value, policy, pinned, verify);
	if (!note.ok) return note;
	if (pinned && ask.hasPrevious && !ask.again && published.value.number === pinned.publication.size) return ok(null);
	const manifest = parseManifest(utf8(published.value.manifest));
	if (!manifest.ok) return err(distrust('manifest_differs', PUBLICATION, `The signed manifest can't be read: ${manifest.error.message}`));
	const heads = await judgeHeads(manifest.value, ask);
	if (!heads.ok) return heads;
	const goesOn = judgeManifest(manifest.value, policy.log, pinned);
	if (!goesOn.ok) return goesOn;
	const documents = await listDocuments(ports, published.value.number, manifest.value.documents?.count ?? 0);
	if (!documents.ok) return documents;
	const tables = manifest.value.tables.map((declared) => ({ declared, pull: pullOf(declared, ask) }));
	const disclosures = await planAllDisclosures(ports, tables);
	if (!disclosures.ok) return disclosures;
	const { number } = published.value;
	const plain = manifest.value.tables.filter(({ table }) => !isSealed(table));
	return ok({
		number,
		manifestText: published.value.manifest,
		manifest: manifest.value,
		heads: heads.value,
		tables,
		documents: documents.value,
		disclosures: disclosures.value,
		next: {
			publication: note.value.head,
			notes: { [PUBLICATION]: note.value.note, ...Object.fromEntries([...heads.value].map(([table, judged]) => [table, judged.note])) },
			heads: Object.fromEntries([...heads.value].map(([table, { head }]) => [table, head])),
			revisions: Object.fromEntries(
				plain.flatMap((declared) => {
					const revision = revisionOf(declared);
					return revision === undefined ? [] : [[declared.table, revision] as const];
				}),
			),
			rows: Object.fromEntries(plain.map(({ table, rows }) => [table, rows])),
		},
	});
}

async function publicationOf({ ports, goOnWith = null }: PullAsk): Promise<Result<PublicationAnswer, SyncStop>> {
	const newest = (): Promise<Result<PublicationAnswer, SyncStop>> =>
		askHubFor(ports, { method: 'GET', path: '/v1/publication' }, PUBLICATION, publicationAnswerSchema);
	if (goOnWith === null) return newest();
	const path = `/v1/publication/${goOnWith}`;
	const earlier = await askHubFor(ports, { method: 'GET', path }, PUBLICATION, publicationAnswerSchema);
	return earlier.ok || earlier.error.status !== 404 ? earlier : newest();
}

/** A publication is a log of its own: its number is the size, the SHA-256 of its manifest the root. */
function judgePublication(
	{ number, manifest, note }: PublicationAnswer,
	policy: TrustPolicy,
	pin: FeedPin | null,
	verify?: VerifyEd25519,
): Result<JudgedHead, SyncStop> {
	const pinned = pin?.publication;
	const judged = judgeNote(note, PUBLICATION, { ...policy, quorum: 0 }, verify);
	if (!judged.ok) return judged;
	const { size, root } = judged.value.head;
	if (size !== number || root !== toBase64(sha256(utf8(manifest))))
		return err(distrust('manifest_differs', PUBLICATION, `Publication ${number} is not the manifest that was signed.`));
	if (pinned && size < pinned.size)
		return err(distrust('rollback', PUBLICATION, `The hub publishes ${size} after this workstation has seen publication ${pinned.size}.`));
	if (pinned && size === pinned.size && root !== pinned.root)
		return err(forked(PUBLICATION, `There are two publications ${size}, both signed.`, pin?.notes?.[PUBLICATION], note));
	return judged;
}

async function judgeHeads(
	manifest: Manifest,
	{ ports, policy, pinned, verify }: PullAsk,
): Promise<Result<ReadonlyMap<string, JudgedHead>, SyncStop>> {
	const heads = new Map<string, JudgedHead>();
	for (const table of SEALED_TABLES) {
		const rows = manifest.tables.find((declared) => declared.table === table)?.rows ?? 0;
		const before = pinned?.heads[table] ?? null;
		if (rows === 0 && !before) continue;
		const note = await askHub(ports, { method: 'GET', path: `/v1/logs/${table}/checkpoint/${rows}` }, table);
		if (!note.ok) return note;
		const judged = judgeNote(fromUtf8(note.value.bytes) ?? '', table, policy, verify);
		if (!judged.ok) return judged;
		if (judged.value.head.size !== rows)
			return err(
				distrust(
					'rollback',
					table,
					`The manifest declares ${rows} lines of ${table}; the signed head offered for them counts ${judged.value.head.size}.`,
				),
			);
		const proof = await continuationProof(ports, table, before, rows);
		if (!proof.ok) return proof;
		const continues = judgeContinuation(judged.value, table, before, proof.value);
		if (!continues.ok) {
			const { code } = continues.error;
			const seen = pinned?.notes?.[table];
			return err(
				code === 'fork' && seen !== undefined
					? { ...continues.error, equivocation: { feed: table, seen, shown: judged.value.note } }
					: continues.error,
			);
		}
		heads.set(table, judged.value);
	}
	return ok(heads);
}

async function continuationProof(
	ports: HubPorts,
	table: string,
	before: PinnedHead | null,
	size: number,
): Promise<Result<readonly string[], SyncStop>> {
	if (!before || before.size === 0 || before.size >= size) return ok([]);
	const path = `/v1/logs/${table}/consistency?from=${before.size}&to=${size}`;
	const answer = await askHubFor(ports, { method: 'GET', path }, table, consistencyAnswerSchema);
	return answer.ok ? ok(answer.value.hashes) : answer;
}

/** Where the file stands already, only what is new of it. */
function pullOf(declared: DeclaredTable, { pinned, hasPrevious }: PullAsk): TablePull {
	const { table, rows } = declared;
	if (isSealed(table)) return { kind: 'lines', from: hasPrevious ? (pinned?.heads[table]?.size ?? 0) : 0, to: rows };
	const since = hasPrevious ? pinned?.revisions[table] : undefined;
	const until = revisionOf(declared);
	if (since === undefined || until === undefined || until < since) return { kind: 'whole' };
	return until === since ? { kind: 'same' } : { kind: 'changes', since, until, rowsBefore: pinned?.rows[table] ?? 0 };
}

async function planAllDisclosures(ports: HubPorts, tables: readonly PulledTable[]): Promise<Result<PullPlan['disclosures'], SyncStop>> {
	const pulls = new Map<string, DisclosurePull>();
	for (const { declared, pull } of tables) {
		if (pull.kind !== 'lines' || pull.to === 0) continue;
		const planned = await planDisclosures(ports, declared.table, pull.from, pull.to);
		if (!planned.ok) return planned;
		pulls.set(declared.table, planned.value);
	}
	return ok(pulls);
}
