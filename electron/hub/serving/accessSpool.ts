/**
 * Readings on their way into the access log. A reading is durable in a file before the answer leaves, so that nothing is read without a trace
 * and readers need no database; files are brought into the database behind the readers' backs, and again at the next start if need be.
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import type { Database } from '../database/databasePort.ts';
import { addReadings, type KeptReading, keptReading, type Reading } from './accessLog.ts';

export interface AccessSpool {
	/** Resolves once the reading is on the disk. */
	note(reading: Reading): Promise<void>;
	/** Brings everything noted so far into the database; rejects where it does not answer, and loses nothing then. */
	drain(): Promise<void>;
	close(): Promise<void>;
}

export interface SpoolPorts {
	readonly database: Database;
	readonly folder: string;
	/** Milliseconds from a reading to its place in the database, while that answers. */
	readonly delayMs?: number;
}

interface Waiting {
	readonly line: string;
	readonly resolve: () => void;
	readonly reject: (error: unknown) => void;
}

const DELAY_MS = 250;
const RETRY_MS = 2000;
const SUFFIX = '.ndjson';

export async function openAccessSpool(ports: SpoolPorts): Promise<AccessSpool> {
	await mkdir(ports.folder, { recursive: true, mode: 0o700 });
	const spool = new FileSpool(ports, (await segmentsOf(ports.folder)).at(-1) ?? 0);
	// What the last process left over.
	await spool.drain().catch(() => spool.drainLater(RETRY_MS));
	return spool;
}

async function segmentsOf(folder: string): Promise<number[]> {
	const names = await readdir(folder);
	return names.flatMap((name) => (/^\d{1,15}\.ndjson$/.test(name) ? [Number.parseInt(name, 10)] : [])).sort((a, b) => a - b);
}

class FileSpool implements AccessSpool {
	readonly #ports: SpoolPorts;
	readonly #process = randomBytes(6).toString('hex');
	#count = 0;
	#segment: number;
	#file: FileHandle | null = null;
	#waiting: Waiting[] = [];
	/** Writing and changing files, one after the other. */
	#turn: Promise<unknown> = Promise.resolve();
	#draining: Promise<void> | null = null;
	#timer: NodeJS.Timeout | null = null;
	#isClosed = false;

	constructor(ports: SpoolPorts, lastSegment: number) {
		this.#ports = ports;
		this.#segment = lastSegment;
	}

	note(reading: Reading): Promise<void> {
		const line = `${JSON.stringify(keptReading(`${this.#process}-${++this.#count}`, reading))}\n`;
		return new Promise((resolve, reject) => {
			this.#waiting.push({ line, resolve, reject });
			// Those who come while the disk is busy are written together.
			if (this.#waiting.length === 1) void this.#inTurn(() => this.#write());
		});
	}

	#inTurn<T>(work: () => Promise<T>): Promise<T> {
		const next = this.#turn.then(work, work);
		this.#turn = next.catch(() => undefined);
		return next;
	}

	async #write(): Promise<void> {
		const group = this.#waiting;
		this.#waiting = [];
		try {
			this.#file ??= await open(join(this.#ports.folder, `${++this.#segment}${SUFFIX}`), 'wx', 0o600);
			await this.#file.appendFile(group.map(({ line }) => line).join(''));
			await this.#file.datasync();
			for (const { resolve } of group) resolve();
		} catch (error) {
			// The file may end in a torn line: what comes next goes into another.
			await this.#shut().catch(() => undefined);
			for (const { reject } of group) reject(error);
		}
		this.drainLater(this.#ports.delayMs ?? DELAY_MS);
	}

	async #shut(): Promise<void> {
		const file = this.#file;
		this.#file = null;
		await file?.close();
	}

	drainLater(ms: number): void {
		if (this.#timer !== null || this.#isClosed) return;
		this.#timer = setTimeout(() => {
			this.#timer = null;
			this.drain().catch(() => this.drainLater(RETRY_MS));
		}, ms);
		this.#timer.unref();
	}

	async drain(): Promise<void> {
		// Whoever asks now may have noted something that the one under way does not bring.
		while (this.#draining !== null) await this.#draining.catch(() => undefined);
		this.#draining = this.#bring().finally(() => {
			this.#draining = null;
		});
		await this.#draining;
	}

	async #bring(): Promise<void> {
		const { database, folder } = this.#ports;
		// From here on readings go into another file than those that are brought.
		const last = await this.#inTurn(async () => {
			await this.#shut();
			return this.#segment;
		});
		for (const segment of await segmentsOf(folder)) {
			if (segment > last) continue;
			const file = join(folder, `${segment}${SUFFIX}`);
			const byTenant = Map.groupBy(readLines(await readFile(file, 'utf8')), ({ tenant }) => tenant);
			if (byTenant.size > 0)
				await database.transaction(async (tx) => {
					for (const [tenant, readings] of byTenant) await addReadings(tx, tenant, readings);
				});
			await rm(file);
		}
	}

	async close(): Promise<void> {
		this.#isClosed = true;
		if (this.#timer) clearTimeout(this.#timer);
		await this.drain().catch(() => undefined);
		await this.#inTurn(() => this.#shut());
	}
}

/** A torn last line is of an answer that never left. */
function readLines(text: string): KeptReading[] {
	return text.split('\n').flatMap((line) => {
		try {
			return line === '' ? [] : [JSON.parse(line) as KeptReading];
		} catch {
			return [];
		}
	});
}
