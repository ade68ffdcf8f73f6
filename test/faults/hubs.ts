/** The hub of fault runs: in this process, ended at any write; or in one of its own, ended by SIGKILL. Either comes back at the same address. */
import { type ChildProcess, fork } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { openDatabase } from '../../electron/hub/database/openDatabase.ts';
import type { Hub } from '../../electron/hub/hub.ts';
import { endingDatabase, endingDisk, living } from './endingDisk.ts';
import type { Order } from './hubProcess.ts';
import { addCompany, endDay, openFaultHub, type Tokens } from './hubSetting.ts';

export interface FaultHub {
	readonly url: string;
	/** What is counted where it ends. */
	readonly ends: 'hub crashed at a write' | 'hub killed';
	addCompany(tenant: string, log: string): Promise<Tokens>;
	/** Sets its clock so far from the right time. */
	setClock(ms: number): Promise<void>;
	endDay(tenant: string): Promise<void>;
	/** Ends it: at one of its next writes, or in a moment. */
	kill(random: () => number): void;
	/** Where it has not ended, it does not. */
	spare(): void;
	/** Starts it again where it has ended. @returns whether it had */
	revive(): Promise<boolean>;
	/** Further starts need not look at this company. */
	forget(tenant: string): Promise<void>;
	close(): Promise<void>;
}

const newFolder = (): string => mkdtempSync(join(tmpdir(), 'tieout-faults-'));

/** Its database outlives it, as a server's would. */
export async function hubInside(random: () => number): Promise<FaultHub> {
	const folder = newFolder();
	const database = await openDatabase('memory:');
	let offset = 0;
	const now = (): number => Date.now() + offset;
	let ending = living();
	const open = (port: number): Promise<Hub> => {
		ending = living();
		const beneath = { database: endingDatabase(database, ending, random), disk: endingDisk(ending, random) };
		return openFaultHub({ folder, database: null, beneath, port, now });
	};
	let hub = await open(0);
	const url = hub.url ?? '';
	return {
		url,
		ends: 'hub crashed at a write',
		addCompany: (tenant, log) => addCompany(hub, tenant, log, now()),
		setClock: (ms) => {
			offset = ms;
			return Promise.resolve();
		},
		endDay: (tenant) => endDay(hub, tenant, now),
		kill: (dice) => {
			ending.left = Math.floor(dice() * 40);
		},
		spare: () => {
			ending.left = Number.POSITIVE_INFINITY;
		},
		async revive() {
			if (!ending.isDead) return false;
			await hub.close().catch(() => undefined);
			hub = await open(Number(new URL(url).port));
			return true;
		},
		async forget(tenant) {
			await database.query('DELETE FROM tenant WHERE tenant = $1', [tenant]);
		},
		async close() {
			await hub.close();
			await database.close();
			rmSync(folder, { recursive: true, force: true });
		},
	};
}

interface Child {
	readonly process: ChildProcess;
	readonly url: string;
	ask(order: Order extends infer O ? (O extends Order ? Omit<O, 'id'> : never) : never): Promise<unknown>;
	readonly gone: Promise<void>;
}

async function startChild(folder: string, port: number): Promise<Child> {
	const child = fork(fileURLToPath(new URL('./hubProcess.ts', import.meta.url)), [folder, String(port)], {
		execArgv: ['--disable-warning=ExperimentalWarning'],
		stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
	});
	const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
	const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()));
	const answer = (id: number): Promise<unknown> => new Promise((resolve, reject) => waiting.set(id, { resolve, reject }));
	void gone.then(() => {
		for (const { reject } of waiting.values()) reject(new Error('the hub has ended'));
	});
	child.on('message', ({ id, value, error }: { id: number; value?: unknown; error?: string }) => {
		if (error === undefined) waiting.get(id)?.resolve(value);
		else waiting.get(id)?.reject(new Error(error));
		waiting.delete(id);
	});
	let next = 0;
	const url = String(await answer(-1));
	return {
		...{ process: child, url, gone },
		ask: (order) => {
			const id = next++;
			const answered = answer(id);
			// It may be gone before the order is with it: then the exit says so.
			if (child.connected) child.send({ ...order, id }, () => undefined);
			else waiting.get(id)?.reject(new Error('the hub has ended'));
			return answered;
		},
	};
}

/** On the embedded engine in a folder. */
export async function hubOutside(): Promise<FaultHub> {
	const folder = newFolder();
	let child = await startChild(folder, 0);
	const { url } = child;
	let killing: Promise<void> | null = null;
	return {
		url,
		ends: 'hub killed',
		addCompany: async (tenant, log) => (await child.ask({ op: 'company', tenant, log })) as Tokens,
		setClock: async (ms) => void (await child.ask({ op: 'clock', ms }).catch(() => null)),
		endDay: async (tenant) => void (await child.ask({ op: 'day', tenant })),
		kill: (random) => {
			killing ??= new Promise((resolve) => {
				setTimeout(() => {
					child.process.kill('SIGKILL');
					void child.gone.then(resolve);
				}, random() * 60);
			});
		},
		spare: () => undefined,
		async revive() {
			if (!killing) return false;
			await killing;
			killing = null;
			child = await startChild(folder, Number(new URL(url).port));
			return true;
		},
		forget: () => Promise.resolve(),
		async close() {
			await killing;
			child.process.disconnect();
			await child.gone;
			rmSync(folder, { recursive: true, force: true });
		},
	};
}
