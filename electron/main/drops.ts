/** Drops that a person chose: by channel for the page, by the files port for the vault worker. */
import { basename } from 'node:path';
import { MessageChannelMain, type MessagePortMain } from 'electron';
import { asDropError, type DropError, DropFailure, type DropSource } from '#intake';
import { type FilesAnswer, type FilesRequest, filesRequestSchema, IPC_LIMITS, type IpcAnswer, type IpcError, ipcError } from '#ipc';
import { err, ok } from '#kernel';
import { FILES_PORT_CHANNEL } from '../preload/names.ts';
import { openDrop } from '../services/openDrop.ts';
import { type Handlers, type MainContext, tokenTable } from './context.ts';
import { chooseDrop } from './dialogs.ts';
import { type DropReader, makeDropReader, type WholeFiles } from './dropReader.ts';
import type { HubLine } from './hubLine.ts';
import { note } from './log.ts';

const MAX_OPEN = 16;

interface OpenedDrop {
	readonly kind: DropSource['kind'];
	readonly reader: DropReader;
}

interface ChosenDrop {
	readonly path: string;
	readonly name: string;
	readonly onGone: () => void;
	/** Opened on first use. */
	opened: Promise<IpcAnswer<OpenedDrop>> | null;
}

export interface DropStore {
	readonly handlers: Handlers<'drop.choose' | 'drop.open' | 'drop.read' | 'drop.release' | 'drop.port'>;
	/** A drop that the program made itself. `onGone` is called when its token goes. */
	add(path: string, name: string, onGone: () => void): IpcAnswer<string>;
	clear(): void;
}

/** @param hub answers the worker's questions to a hub, which come by the same port */
export function makeDropStore(context: MainContext, hub: HubLine): DropStore {
	const drops = tokenTable<ChosenDrop>('drop', MAX_OPEN, (drop) => void close(drop).then(drop.onGone));
	let port: MessagePortMain | null = null;
	const opened = async (token: string) => {
		const drop = drops.use(token);
		if (!drop.ok) return drop;
		drop.value.opened ??= openNow(drop.value);
		const found = await drop.value.opened;
		if (!found.ok) drop.value.opened = null;
		return found;
	};
	const list = async (token: string): Promise<IpcAnswer<{ kind: DropSource['kind']; paths: { path: string; size: number }[] }>> => {
		const drop = await opened(token);
		return drop.ok ? await attempt(async () => ({ kind: drop.value.kind, paths: await drop.value.reader.list() })) : drop;
	};
	const read = async (
		token: string,
		path: string,
		offset: number,
		length: number,
	): Promise<IpcAnswer<{ bytes: Uint8Array<ArrayBuffer> }>> => {
		const drop = await opened(token);
		return drop.ok ? await attempt(async () => ({ bytes: await drop.value.reader.read(path, offset, length) }), path) : drop;
	};
	const readFiles = async (token: string, paths: readonly string[]): Promise<IpcAnswer<WholeFiles>> => {
		const drop = await opened(token);
		return drop.ok ? await attempt(() => drop.value.reader.readFiles(paths, IPC_LIMITS.chunkBytes)) : drop;
	};
	const release = async (token: string): Promise<void> => {
		const drop = drops.use(token);
		if (drop.ok) await close(drop.value);
	};
	const answerPort = async (raw: unknown): Promise<FilesAnswer> => {
		const request = filesRequestSchema.safeParse(raw);
		if (!request.success)
			return { id: -1, ok: false, error: ipcError('invalid_request', 'The request is not shaped as the port takes it.') };
		return await answerFiles(request.data, { list, read, readFiles, release, ask: hub.ask });
	};
	return {
		handlers: {
			'drop.choose': async ({ kind }) => {
				const window = context.window();
				const path = window && (await chooseDrop(window, kind));
				if (!path) return ok(null);
				const name = nameOf(path);
				const token = drops.add({ path, name, onGone: () => undefined, opened: null });
				return token.ok ? ok({ dropToken: token.value, name, kind }) : token;
			},
			'drop.open': ({ dropToken }) => list(dropToken),
			'drop.read': ({ dropToken, path, offset, length }) => read(dropToken, path, offset, length),
			'drop.release': ({ dropToken }) => {
				drops.release(dropToken);
				return ok({});
			},
			'drop.port': () => {
				port?.close();
				const { port1, port2 } = new MessageChannelMain();
				port = port1;
				port1.on('message', ({ data }) => {
					answerPort(data)
						.then((answer) => port1.postMessage(answer))
						.catch((error: unknown) => note('files port failed:', String(error)));
				});
				port1.start();
				context.window()?.webContents.postMessage(FILES_PORT_CHANNEL, null, [port2]);
				return ok({});
			},
		},
		add: (path, name, onGone) => drops.add({ path, name, onGone, opened: null }),
		clear() {
			port?.close();
			port = null;
			hub.clear();
			drops.clear();
		},
	};
}

interface FilesWork {
	list(token: string): Promise<IpcAnswer<{ kind: DropSource['kind']; paths: { path: string; size: number }[] }>>;
	read(token: string, path: string, offset: number, length: number): Promise<IpcAnswer<{ bytes: Uint8Array<ArrayBuffer> }>>;
	readFiles(token: string, paths: readonly string[]): Promise<IpcAnswer<WholeFiles>>;
	release(token: string): Promise<void>;
	ask: HubLine['ask'];
}

async function answerFiles(request: FilesRequest, { list, read, readFiles, release, ask }: FilesWork): Promise<FilesAnswer> {
	const { id } = request;
	if (request.op === 'hub') return { id, ok: true, op: 'hub', reply: await ask(request.question) };
	const { dropToken } = request;
	switch (request.op) {
		case 'open': {
			const listed = await list(dropToken);
			return listed.ok ? { id, ok: true, op: 'open', ...listed.value } : { id, ok: false, error: listed.error };
		}
		case 'read': {
			const piece = await read(dropToken, request.path, request.offset, request.length);
			return piece.ok ? { id, ok: true, op: 'read', bytes: piece.value.bytes } : { id, ok: false, error: piece.error };
		}
		case 'read_files': {
			const files = await readFiles(dropToken, request.paths);
			return files.ok ? { id, ok: true, op: 'read_files', ...files.value } : { id, ok: false, error: files.error };
		}
		case 'close':
			await release(dropToken);
			return { id, ok: true, op: 'close' };
	}
}

const nameOf = (path: string): string => basename(path).slice(0, IPC_LIMITS.nameChars) || 'drop';

async function openNow({ path, name }: ChosenDrop): Promise<IpcAnswer<OpenedDrop>> {
	const source = await openDrop(path);
	if (source.ok) return ok({ kind: source.value.kind, reader: makeDropReader(source.value) });
	// The page learns the name, not the place on this machine.
	return err(ofDrop({ ...source.error, message: source.error.message.replaceAll(path, name) }, ''));
}

async function close(drop: ChosenDrop): Promise<void> {
	const opened = await drop.opened;
	drop.opened = null;
	if (opened?.ok) await opened.value.reader.close().catch((error: unknown) => note('a drop could not be closed:', String(error)));
}

const ofDrop = ({ code, message }: DropError, path: string): IpcError => ipcError('unreadable_drop', message, { reason: code, path });

/** Failures of drops as values; a path that the drop does not have is one. */
async function attempt<T>(work: () => Promise<T>, path = ''): Promise<IpcAnswer<T>> {
	try {
		return ok(await work());
	} catch (error) {
		if (error instanceof DropFailure) return err(ofDrop(error.error, path));
		return err(ofDrop(asDropError(error, path), path));
	}
}
