/** The hub as people start it: a process of its own, of which no more is known than what it prints. */
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type PublicationAnswer, publicationAnswerSchema } from '#sync';

const MAIN = fileURLToPath(new URL('../../electron/hub/main.ts', import.meta.url));

export interface HubProcess {
	readonly pid: number;
	/** What stands behind a label in its output, such as `URL` or `Token of ada (auditor):`. */
	told(label: string): string;
	/** As Ctrl+C does. Throws where the hub does not end well. */
	stop(): Promise<void>;
	/** As a power cut does. */
	kill(): Promise<void>;
}

const running = new Set<ChildProcess>();

/** Starts `npm run hub -- ARGUMENTS` without npm. Resolves once it listens. */
export async function startHub(args: readonly string[], env: Readonly<Record<string, string>> = {}): Promise<HubProcess> {
	const child = spawn(process.execPath, ['--disable-warning=ExperimentalWarning', MAIN, ...args], {
		env: { ...process.env, ...env },
		stdio: ['ignore', 'pipe', 'pipe'],
	});
	running.add(child);
	let said = '';
	let complaint = '';
	const ended = once(child, 'close').then(() => void running.delete(child));
	child.stderr.on('data', (text: Buffer) => {
		complaint = `${complaint}${text}`.slice(-4000);
	});
	await new Promise<void>((resolve, reject) => {
		child.stdout.on('data', (text: Buffer) => {
			said += text;
			if (/^Listening on /m.test(said)) resolve();
		});
		void ended.then(() => reject(new Error(`the hub ended before it listened: ${complaint}`)));
	});
	const end = async (signal: 'SIGTERM' | 'SIGKILL'): Promise<void> => {
		child.kill(signal);
		await ended;
	};
	return {
		pid: child.pid ?? 0,
		told(label) {
			const line = said.split('\n').find((each) => each.startsWith(label));
			if (line === undefined) throw new Error(`the hub said nothing of ${label}`);
			return line.slice(label.length).trim();
		},
		async stop() {
			await end('SIGTERM');
			if (child.exitCode !== 0) throw new Error(`the hub ended with ${child.exitCode ?? child.signalCode}: ${complaint}`);
		},
		kill: () => end('SIGKILL'),
	};
}

/** Ends what a failed test left running. */
export async function endAllHubs(): Promise<void> {
	await Promise.all(
		[...running].map(async (child) => {
			child.kill('SIGKILL');
			await once(child, 'close');
		}),
	);
}

/** What an endpoint answers to the holder of a token. */
export async function ask(url: string, token: string, path: string): Promise<unknown> {
	const text = await askText(url, token, path);
	return JSON.parse(text);
}

export async function askText(url: string, token: string, path: string): Promise<string> {
	const answer = await fetch(new URL(path, url), { headers: { authorization: `Bearer ${token}` } });
	const text = await answer.text();
	if (!answer.ok) throw new Error(`${path}: ${answer.status} ${text.slice(0, 300)}`);
	return text;
}

/** The newest publication with this many events in it: one that was made a moment ago is given out for a while. */
export async function publicationWith(url: string, token: string, events: number): Promise<PublicationAnswer> {
	for (;;) {
		const publication = publicationAnswerSchema.parse(await ask(url, token, '/v1/publication'));
		const { tables } = JSON.parse(publication.manifest) as { tables: readonly { readonly table: string; readonly rows: number }[] };
		if (tables.find(({ table }) => table === 'order_event')?.rows === events) return publication;
		await sleep(500);
	}
}
