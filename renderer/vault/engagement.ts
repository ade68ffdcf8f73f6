/** An engagement while it is open: its log, its store, its member, and the evidence in memory. */
import { canonicalize, invariant, ok } from '#kernel';
import type { PapersState } from '#sync';
import { type ActLog, type KnownLog, openActLog } from './actLog.ts';
import type { LogDamage } from './actRecords.ts';
import { confirmations } from './confirmations.ts';
import type { Answer, LoadedEvidence, OpenEngagement, VaultChange, VaultContext } from './contract.ts';
import { type EngagementDatabase, openDatabase } from './database.ts';
import { type Drafts, draftKeeper } from './drafts.ts';
import { type EngagementStore, engagementStore, type FreeSpace, type KeptResults } from './engagementStore.ts';
import { exportGate } from './exportGate.ts';
import type { EngagementHeader, IndexedDbPort, LogHead } from './header.ts';
import { type HeadMemory, headMemory } from './headMemory.ts';
import { type LinkRecords, linkRecords } from './hubLink.ts';
import type { Signer, VaultKeys } from './keys.ts';
import type { Packing } from './packing.ts';
import { type PapersDesk, papersDesk, readingOnly } from './papersDesk.ts';
import { presentKeySet } from './presentKeys.ts';
import { type ReconcileMemory, reconcileMemory } from './reconcileMemory.ts';
import type { RunDifferences } from './runDifference.ts';
import { purgeHalfImports, purgeImport } from './storeDrop.ts';
import { refuse, vaultErrorOf } from './vaultError.ts';

/** What the vault's own parts see of the open engagement: the store as well. */
export interface VaultEngagement extends OpenEngagement {
	readonly store: EngagementStore;
	readonly papers: PapersDesk;
	readonly link: LinkRecords;
	/** What is being typed and is no act yet. */
	readonly drafts: Drafts;
	readonly heads: HeadMemory;
	readonly reconciled: ReconcileMemory;
	/** How the last results differ from those of the run before. */
	differences(): RunDifferences;
	/** Puts evidence in memory, in place of what was there, with the results recorded for it. */
	setEvidence(evidence: LoadedEvidence | null): Promise<void>;
}

/** The context that `vault.ts` gives to every capability. */
export interface CoreContext extends VaultContext {
	open(): Answer<VaultEngagement>;
}

/** The engagement with what only the session may touch. */
export interface EngagementInside extends VaultEngagement {
	readonly keys: VaultKeys;
	readonly database: EngagementDatabase;
	readonly actLog: ActLog;
	signer(): Signer;
	actAs(signer: Signer): void;
	damages(): readonly LogDamage[];
	/** What wrote the head last has been written. */
	settled(): Promise<void>;
	/** Writes what is being typed, closes the store and forgets the keys. */
	close(): Promise<void>;
}

export interface EngagementPorts {
	readonly idb: IndexedDbPort;
	now(): number;
	breathe(): Promise<void>;
	changed(change: VaultChange): void;
	readonly freeSpace: FreeSpace;
	readonly packing: Packing;
	/** Keeps the head of the log in the header. */
	saveHead(engagementId: string, head: LogHead): Promise<void>;
}

const headText = (vaultId: string, head: Omit<LogHead, 'mac'>): string => `tieout/head/2|${vaultId}|${canonicalize(head)}`;

/** The head of a log as the header and backups keep it. */
export async function macHead(keys: VaultKeys, vaultId: string, { self, judged, order }: PapersState): Promise<LogHead> {
	const chains = Object.fromEntries([...judged.ends].map(([replica, { seq, hash }]) => [replica, { seq, hash }]));
	const head = { replica: self.kind === 'replica' ? self.replica : '', chains, confirmed: order.length };
	return { ...head, mac: await keys.mac(headText(vaultId, head)) };
}

/** Opens the store, reads the log, clears what a crash left. Throws what `vaultErrorOf` knows. */
export async function openEngagement(
	header: EngagementHeader,
	keys: VaultKeys,
	signer: Signer,
	ports: EngagementPorts,
): Promise<EngagementInside> {
	const { engagementId, vaultId } = header;
	const database = await openDatabase(ports.idb, engagementId, { vaultId, keys });
	try {
		const standing = await purgeHalfImports(database);
		const { known, damage } = await knownHeads(header, keys);
		let heads: Promise<unknown> = Promise.resolve();
		const actLog = await openActLog(database.shelf('act'), header, known, {
			now: ports.now,
			breathe: ports.breathe,
			onHead: (papers) => {
				heads = heads.then(async () => ports.saveHead(engagementId, await macHead(keys, vaultId, papers))).catch(() => null);
			},
		});
		if (damage.length + actLog.damages().length === 0) await purgeUnknownImports(database, standing, actLog);
		return engagementOf(header, { keys, database, actLog, damage, settled: () => heads.then(() => undefined) }, signer, ports);
	} catch (error) {
		await database.close();
		throw error;
	}
}

/**
 * An import whose files stand but whose act was never written was broken off between the two. Never judged by a log that is damaged; an act that
 * was refused at its place keeps its files.
 */
async function purgeUnknownImports(database: EngagementDatabase, standing: readonly string[], actLog: ActLog): Promise<void> {
	const written = new Set(actLog.log().flatMap(({ act }) => (act.type === 'population.imported' ? [act.importId] : [])));
	for (const importId of standing) if (!written.has(importId)) await purgeImport(database, importId);
}

/**
 * The head in the header, where it bears the vault's own mark and is of this copy; else that is damage. A copy that was just restored has the
 * head of the one that was backed up.
 */
async function knownHeads(header: EngagementHeader, keys: VaultKeys): Promise<{ known: KnownLog; damage: readonly LogDamage[] }> {
	const nothing: KnownLog = { chains: [], confirmed: 0 };
	const { head, vaultId, replica, restored } = header;
	if (head === null) return { known: nothing, damage: [] };
	const { mac, ...unmarked } = head;
	const isOurs = head.replica === replica || restored !== null;
	if (isOurs && (await keys.isMac(headText(vaultId, unmarked), mac))) {
		const chains = Object.entries(head.chains).map(([chain, { seq, hash }]) => ({ replica: chain, seq, hash }));
		return { known: { chains, confirmed: head.confirmed }, damage: [] };
	}
	return {
		known: nothing,
		damage: [
			{ seq: head.confirmed, message: 'The list of engagements was changed outside this program: it names another end of the log.' },
		],
	};
}

interface Parts {
	readonly keys: VaultKeys;
	readonly database: EngagementDatabase;
	readonly actLog: ActLog;
	readonly damage: readonly LogDamage[];
	settled(): Promise<void>;
}

/** Tells of changes, and where the trusted keys became others: of the evidence too, since what is known of its logs is not the same then. */
function tellingOfKeys(actLog: ActLog, told: EngagementPorts['changed']): EngagementPorts['changed'] {
	let before = presentKeySet(actLog.workbook());
	return (change) => {
		told(change);
		const now = presentKeySet(actLog.workbook());
		if (now === before) return;
		before = now;
		told({ kind: 'evidence' });
	};
}

function engagementOf(header: EngagementHeader, parts: Parts, first: Signer, given: EngagementPorts): EngagementInside {
	const { keys, database, actLog, damage } = parts;
	const ports: EngagementPorts = { ...given, changed: tellingOfKeys(actLog, given.changed) };
	const store = engagementStore(database, ports);
	const drafts = draftKeeper(database.shelf('draft'), { now: ports.now, mac: keys.mac });
	let signer = first;
	let evidence: LoadedEvidence | null = null;
	let results: KeptResults | null = null;
	return {
		engagementId: header.engagementId,
		replica: header.replica,
		get memberId() {
			return signer.memberId;
		},
		member: () => {
			const member = actLog.workbook().members.get(signer.memberId);
			invariant(member, 'the open slot is a member’s');
			return member;
		},
		workbook: actLog.workbook,
		confirmations: confirmations(ports.now),
		exports: exportGate(),
		log: actLog.log,
		papers: papersDesk(actLog, damage, () => signer, ports),
		act: async (...acts) => {
			if (damage[0]) return readingOnly(damage[0]);
			const answer = await actLog.append(acts, signer);
			if (answer.ok) ports.changed({ kind: 'workbook', seq: actLog.workbook().seq });
			return answer;
		},
		evidence: () => evidence,
		results: () => results?.result ?? null,
		differences: () => results?.differences ?? {},
		saveResults: async (result, differences = {}) => {
			if (evidence === null)
				return refuse('no_evidence', 'No evidence is loaded, so that a result has nothing to stand on. Import a drop first.');
			try {
				await store.saveResults(evidence.importId, { result, differences });
			} catch (error) {
				return { ok: false, error: vaultErrorOf(error) };
			}
			results = { result, differences };
			ports.changed({ kind: 'results' });
			return ok(undefined);
		},
		store,
		link: linkRecords(database.shelf('draft')),
		drafts,
		heads: headMemory(database.shelf('draft')),
		reconciled: reconcileMemory(database.shelf('draft')),
		setEvidence: async (next) => {
			// Results that do not open are made anew by running the tests.
			const kept = next === null ? null : await store.loadResults(next.importId).catch(() => null);
			evidence = next;
			results = kept;
			ports.changed({ kind: 'evidence' });
			ports.changed({ kind: 'results' });
		},
		keys,
		database,
		actLog,
		signer: () => signer,
		actAs: (next) => {
			signer = next;
		},
		damages: () => [...damage, ...actLog.damages()],
		settled: parts.settled,
		close: async () => {
			evidence = null;
			results = null;
			await drafts.flush();
			await parts.settled();
			await database.close();
			keys.wipe();
			signer.seed.fill(0);
		},
	};
}
