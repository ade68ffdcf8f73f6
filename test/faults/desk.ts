/** A workstation with the real vault: it ends at any write and is started again over what its disk holds. */
import type { Act } from '#findings';
import { ok } from '#kernel';
import { nodeIntakePorts } from '../../electron/services/nodeIntake.ts';
import type { Answer } from '../../renderer/vault/contract.ts';
import type { EngagementInside } from '../../renderer/vault/engagement.ts';
import { feedApi } from '../../renderer/vault/feedApi.ts';
import type { HubAddress } from '../../renderer/vault/hubLink.ts';
import { loadStored } from '../../renderer/vault/loadedEvidence.ts';
import { papersLinkApi } from '../../renderer/vault/papersLink.ts';
import { vaultCore } from '../../renderer/vault/vaultCore.ts';
import type { TestLine } from '../sync/line.ts';
import { emptyStore, mortality } from './mortalStore.ts';

const PASSPHRASE = 'correct horse battery staple';
const FORM = {
	label: null,
	name: 'Audit',
	client: 'Company',
	organisation: 'Firm',
	memberName: 'A. Okafor',
	deadline: null,
	passphrase: PASSPHRASE,
};
const CHEAP_KEYS = { memoryKiB: 64, iterations: 1, parallelism: 1 };
const QUIET = { signal: new AbortController().signal, progress: () => undefined };

export function must<T>(answer: Answer<T>): T {
	if (!answer.ok) throw new Error(`${answer.error.code}: ${answer.error.message}`);
	return answer.value;
}

type Core = Awaited<ReturnType<typeof vaultCore>>;

export interface Desk {
	/** The engagement that is open; a copy is another one. */
	readonly engagementId: () => string;
	inside(): EngagementInside;
	readonly feed: () => ReturnType<typeof feedApi>;
	exchange(): ReturnType<ReturnType<typeof papersLinkApi>['exchange']>;
	act(...acts: readonly Act[]): Promise<Answer<unknown>>;
	connect(address: HubAddress): Promise<void>;
	/** As on another laptop: restored from a backup. @returns its name */
	copy(): Promise<string>;
	/** Opens the engagement. The process may end at it. */
	open(engagementId: string): Promise<void>;
	/** Ends at one of its next writes. */
	kill(random: () => number): void;
	/** It lives on after all. */
	spare(): void;
	/** Starts it again where it has ended. @returns whether it had */
	revive(): Promise<boolean>;
	clock: number;
	close(): Promise<void>;
}

export async function openDesk(line: TestLine): Promise<Desk> {
	const idb = emptyStore();
	let opened: EngagementInside | null = null;
	let current = '';
	const start = (): Promise<Core> => {
		return vaultCore(
			{
				idb,
				now: () => Date.now() + desk.clock,
				storage: null,
				// Nobody else is there, and those of a process end with it.
				locks: { take: () => Promise.resolve(() => undefined) },
				kdf: { fresh: CHEAP_KEYS, floor: CHEAP_KEYS },
			},
			(_, engagement) => {
				opened = engagement;
				return Promise.resolve();
			},
		);
	};
	const inside = (): EngagementInside => {
		if (!opened) throw new Error('nothing is open');
		return opened;
	};
	const enter = async (): Promise<void> => {
		must(await core.session.unlock(current, PASSPHRASE));
		must(await loadStored(inside(), nodeIntakePorts, QUIET));
	};
	const desk: Desk = {
		clock: 0,
		engagementId: () => current,
		inside,
		feed: () => feedApi(core.context, Promise.resolve(nodeIntakePorts), line.line),
		exchange: () => papersLinkApi(core.context, line.line).exchange(),
		act: (...acts) => inside().act(...acts),
		async connect(address) {
			const { policy } = must(await desk.feed().inspect(address));
			must(await desk.feed().connect(address, policy));
		},
		async copy() {
			const parts: Uint8Array[] = [];
			must(await core.session.backupTo((bytes) => Promise.resolve(ok(void parts.push(bytes.slice())))));
			const file = new Uint8Array(Buffer.concat(parts));
			const read = (offset: number, length: number) => Promise.resolve(ok(file.slice(offset, offset + length)));
			return must(await core.session.restoreFrom(file.length, read)).engagementId;
		},
		async open(engagementId) {
			current = engagementId;
			try {
				must(await core.session.lock());
				await enter();
			} catch (error) {
				if (!mortality.isDead) throw error;
			}
		},
		kill(random) {
			mortality.writesLeft = Math.floor(random() * 25);
		},
		async revive() {
			if (!mortality.isDead) return false;
			await core.close().catch(() => undefined);
			Object.assign(mortality, { writesLeft: null, isDead: false });
			core = await start();
			await enter();
			return true;
		},
		spare() {
			mortality.writesLeft = null;
		},
		close: async () => {
			Object.assign(mortality, { writesLeft: null, isDead: false });
			await core.close();
		},
	};
	let core = await start();
	current = must(await core.session.create(FORM)).engagementId;
	must(await core.session.enter(current));
	return desk;
}
