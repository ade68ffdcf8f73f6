/** A workstation: the real vault over a store in memory, its line, and what it has taken in. */
import type { SyncStop } from '#sync';
import { nodeIntakePorts } from '../../electron/services/nodeIntake.ts';
import type { Answer } from '../../renderer/vault/contract.ts';
import { feedApi } from '../../renderer/vault/feedApi.ts';
import type { HubAddress } from '../../renderer/vault/hubLink.ts';
import { loadStored } from '../../renderer/vault/loadedEvidence.ts';
import { papersLinkApi } from '../../renderer/vault/papersLink.ts';
import { proceduresApi } from '../../renderer/vault/proceduresApi.ts';
import { createOpen, openTestVault, PASSPHRASE, type TestVault } from '../renderer/vault/testVault.ts';
import { openTestLine, type TestLine } from './line.ts';

export function must<T>(answer: Answer<T>): T {
	if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
	return answer.value;
}

export interface Station extends TestLine {
	readonly vault: TestVault;
	readonly feed: ReturnType<typeof feedApi>;
	readonly papers: ReturnType<typeof papersLinkApi>;
	readonly engagementId: string;
	/** Takes the hub for what it says it is, as if the fingerprint had been compared. */
	connect(address: HubAddress): Promise<void>;
	/** As a person would after switching the machine off and on. */
	reopen(): Promise<void>;
	/** Runs every audit test. @returns a digest of each result */
	runTests(): Promise<readonly (readonly [test: string, digest: string])[]>;
	/** Why the last pull stopped. */
	lastStop(): Promise<SyncStop | null>;
	/** All that stands for what was taken in: the pins, the evidence in memory, the files in the store. */
	holding(): Promise<unknown>;
}

export async function openStation(): Promise<Station> {
	const vault = await openTestVault();
	const { engagementId } = await createOpen(vault);
	const line = openTestLine();
	const ports = Promise.resolve(nodeIntakePorts);
	const feed = feedApi(vault.context, ports, line.line);
	const procedures = proceduresApi(vault.context, ports);
	return Object.assign(line, {
		vault,
		feed,
		engagementId,
		papers: papersLinkApi(vault.context, line.line),
		connect: async (address: HubAddress) => {
			const { policy } = must(await feed.inspect(address));
			must(await feed.connect(address, policy));
		},
		reopen: async () => {
			must(await vault.session.lock());
			must(await vault.session.unlock(engagementId, PASSPHRASE));
			must(await loadStored(vault.inside(), nodeIntakePorts, { signal: new AbortController().signal, progress: () => undefined }));
		},
		runTests: async () => {
			must(await procedures.run('all'));
			return (vault.inside().results()?.tests ?? []).map(({ test, result_sha256 }) => [test, result_sha256] as const);
		},
		lastStop: async () => must(await feed.status()).lastStop,
		holding: async () => {
			const { publication, heads } = must(await feed.status());
			const { store } = vault.inside();
			const imports = await store.imports();
			const drop = vault.inside().evidence()?.drop;
			return { publication, heads, imports, manifest: drop?.manifestSha256 ?? null, tables: drop?.evidence.tables ?? null };
		},
	});
}

/** How the evidence in memory was judged, sealed tables and plain ones. */
export function verdictsOf({ vault }: Station) {
	const evidence = vault.inside().evidence()?.drop.evidence;
	const sealed = Object.fromEntries(Object.entries(evidence?.integrity ?? {}).map(([table, { verdict }]) => [table, verdict]));
	const plain = [...new Set((evidence?.ipe ?? []).map(({ verdict }) => verdict))];
	return { sealed, plain };
}
