/** A page with the vault and no window: begins or comes back, says what stands, then edits and imports until it is killed. */
import type { Act } from '#findings';
import type { DropSource } from '#intake';
import type { EngagementInside } from '../../../renderer/vault/engagement.ts';
import { webLocks } from '../../../renderer/vault/engagementLocks.ts';
import { vaultCore } from '../../../renderer/vault/vaultCore.ts';

const CHEAP = { memoryKiB: 64, iterations: 1, parallelism: 1 };
const PASSPHRASE = 'correct horse battery staple';

export interface Standing {
	readonly seq: number;
	readonly counter: number;
	/** Imports that the log knows of. */
	readonly imported: number;
	readonly damages: readonly string[];
	/** Imports that stand, and whether their bytes do. */
	readonly imports: readonly { readonly importId: string; readonly isSound: boolean }[];
	/** Segments of no import. */
	readonly orphans: number;
}

export interface CrashPage {
	open(): Promise<Standing>;
	/** Never ends. `acknowledge` is told what the vault has acknowledged. */
	work(): Promise<void>;
}

/** What the test puts into the page. */
export interface RemovalWitness {
	noteRemoving(importId: string): Promise<void>;
}

let inside: EngagementInside | null = null;

const vault = vaultCore(
	{
		idb: { indexedDB, IDBKeyRange },
		now: () => Date.now(),
		storage: null,
		locks: webLocks(navigator.locks),
		kdf: { fresh: CHEAP, floor: CHEAP },
	},
	(_, engagement) => {
		inside = engagement;
		return Promise.resolve();
	},
);

const opened = (): EngagementInside => {
	if (inside === null) throw new Error('not open');
	return inside;
};

async function open(): Promise<Standing> {
	const { session } = await vault;
	const list = await session.list();
	const [existing] = list.ok ? list.value : [];
	const form = { label: 'x', name: 'n', client: 'c', organisation: 'o', memberName: 'm', deadline: null, passphrase: PASSPHRASE };
	const answer = existing ? await session.unlock(existing.engagementId, PASSPHRASE) : await session.create(form);
	if (!answer.ok) throw new Error(answer.error.message);
	const { store, database, workbook, damages } = opened();
	const imports: { importId: string; isSound: boolean }[] = [];
	for (const { importId } of await store.imports()) imports.push({ importId, isSound: (await store.verifyDrop(importId)).ok });
	const standing = new Set(imports.map(({ importId }) => importId));
	const segments = await database.shelf('segment').ids();
	return {
		seq: workbook().seq,
		counter: Number(workbook().settings.get('counter')?.value ?? 0),
		imported: workbook().imports.size,
		damages: damages().map(({ message }) => message),
		imports,
		orphans: segments.filter((id) => !standing.has(id.slice(0, 32))).length,
	};
}

/** Text that deflates as evidence does. */
function lines(seed: number): Uint8Array {
	let text = '';
	for (let i = 0; text.length < 600_000; i++) text += `{"order_id":"O-${seed}-${i}","amount":${(i * 7_919 + seed) % 100_003}}\n`;
	return new TextEncoder().encode(text);
}

function drop(seed: number): DropSource {
	const files = new Map(Array.from({ length: 4 }, (_, i) => [`data/t${i}.ndjson`, lines(seed + i)]));
	return {
		kind: 'folder',
		paths: new Set(files.keys()),
		size: (path) => Promise.resolve(files.get(path)?.length ?? 0),
		async *open(path) {
			const bytes = files.get(path) ?? new Uint8Array(0);
			for (let at = 0; at < bytes.length; at += 65_536) yield await Promise.resolve(bytes.subarray(at, at + 65_536));
		},
		readRange: null,
		close: () => Promise.resolve(),
	};
}

/** By the console: what the vault has answered `ok` to before the browser was killed. */
const acknowledge = (what: string): void => console.log(`acknowledged ${what}`);

async function edit(from: number): Promise<void> {
	for (let counter = from + 1; ; counter++) {
		const answer = await opened().act({ type: 'setting.changed', key: 'counter', value: String(counter), reason: 'r' });
		if (!answer.ok) throw new Error(answer.error.message);
		acknowledge(`act ${counter}`);
	}
}

const importedAct = (importId: string): Act => ({
	type: 'population.imported',
	importId,
	dropId: 'D',
	manifestSha256: '0'.repeat(64),
	company: 'c',
	asOf: '2026-01-31T00:00:00Z',
	...{ rows: 1, bytes: 1, quarantined: 0, differing: 0 },
});

async function importOver(): Promise<void> {
	for (let seed = Date.now() % 1_000_000; ; seed++) {
		const { store } = opened();
		const importId = crypto.randomUUID().replaceAll('-', '');
		await store.storeDrop(drop(seed), importId).commit({});
		const done = await opened().act(importedAct(importId));
		if (!done.ok) throw new Error(done.error.message);
		acknowledge(`import ${importId}`);
		const all = await store.imports();
		for (const { importId: old } of all.slice(0, Math.max(0, all.length - 3)))
			if (old !== importId) {
				// What the console tells may be lost with the browser, and a removal may be durable by then: this is known before it begins.
				await (globalThis as unknown as RemovalWitness).noteRemoving(old);
				await store.removeImport(old);
			}
	}
}

const page: CrashPage = {
	open,
	work: async () => {
		const counter = Number(opened().workbook().settings.get('counter')?.value ?? 0);
		await Promise.all([edit(counter), importOver()]);
	},
};

Object.assign(globalThis, { crashPage: page });
