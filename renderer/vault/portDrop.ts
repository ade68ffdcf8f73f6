/** A drop on the far side of the files port: what the main process reads of it, as a `DropSource`. */
import { DropFailure, type DropSource, dropError } from '#intake';
import { type DropFile, type FilesAnswer, type FilesRequest, filesAnswerSchema, IPC_LIMITS } from '#ipc';
import { smallFiles } from './smallFiles.ts';
import { VaultFailure } from './vaultError.ts';

type Asked<Op extends FilesRequest['op']> = Extract<FilesAnswer, { ok: true; op: Op }>;
type RequestWithoutId = FilesRequest extends infer R ? (R extends { id: number } ? Omit<R, 'id'> : never) : never;

/** The worker's end of the files port: questions with numbers, answers in any order. */
export class FilesPort {
	readonly #port: MessagePort;
	readonly #waiting = new Map<number, { settle(answer: FilesAnswer): void; fail(error: Error): void }>();
	#next = 0;

	constructor(port: MessagePort) {
		this.#port = port;
		port.onmessage = ({ data }: MessageEvent<unknown>) => this.#receive(data);
	}

	async ask<Op extends FilesRequest['op']>(request: Extract<RequestWithoutId, { op: Op }>): Promise<Asked<Op>> {
		const id = this.#next++;
		const answer = await new Promise<FilesAnswer>((settle, fail) => {
			this.#waiting.set(id, { settle, fail });
			this.#port.postMessage({ ...request, id });
		});
		if (answer.ok) return answer as Asked<Op>;
		const { code, message, path } = answer.error;
		if (code === 'unreadable_drop' || code === 'unreadable_file') throw new DropFailure(dropError('not_readable', path ?? '', message));
		throw new VaultFailure('unreadable_file', message);
	}

	/** Another port takes its place: what still waits ends. */
	close(): void {
		this.#port.close();
		for (const { fail } of this.#waiting.values())
			fail(new VaultFailure('unreadable_file', 'The connection to the files ended. Choose the drop again.'));
		this.#waiting.clear();
	}

	#receive(data: unknown): void {
		const answer = filesAnswerSchema.safeParse(data);
		if (!answer.success) return;
		const waiting = this.#waiting.get(answer.data.id);
		this.#waiting.delete(answer.data.id);
		waiting?.settle(answer.data as FilesAnswer);
	}
}

/** Chunks asked for ahead of the reader: the main process reads the next while this one is being parsed. */
const READ_AHEAD = 6;
/** Small enough for its memory to be used again: with pieces of 4 MiB the import of a large drop took a tenth longer. */
const READ_BYTES = 524_288;

/** Opens a drop by its token. Throws `DropFailure` or `VaultFailure`. */
export async function openPortDrop(port: FilesPort, dropToken: string): Promise<DropSource> {
	const { kind, paths } = await port.ask<'open'>({ op: 'open', dropToken });
	const sizes = new Map(paths.map(({ path, size }: DropFile) => [path, size]));
	const sizeOf = (path: string): number => {
		const size = sizes.get(path);
		if (size === undefined) throw new DropFailure(dropError('not_found', path, `${path} is not in the drop. Check the drop.`));
		return size;
	};
	const read = async (path: string, offset: number, length: number): Promise<Uint8Array> =>
		(await port.ask<'read'>({ op: 'read', dropToken, path, offset, length })).bytes;

	const together = smallFiles(paths, IPC_LIMITS.filesTogether, (asked) =>
		port.ask<'read_files'>({ op: 'read_files', dropToken, paths: [...asked] }),
	);

	async function* open(path: string): AsyncGenerator<Uint8Array> {
		const size = sizeOf(path);
		const small = await together.take(path);
		if (small) {
			if (small.length > 0) yield small;
			return;
		}
		const ahead: Promise<Uint8Array>[] = [];
		let asked = 0;
		const askOn = (): void => {
			// The last question goes past the end, where a ZIP checks the file's checksum.
			while (ahead.length < READ_AHEAD && asked <= size) {
				const next = read(path, asked, READ_BYTES);
				next.catch(() => undefined);
				ahead.push(next);
				asked += READ_BYTES;
			}
		};
		for (askOn(); ahead.length > 0; askOn()) {
			const chunk = await (ahead.shift() as Promise<Uint8Array>);
			if (chunk.length > 0) yield chunk;
		}
	}

	return {
		kind,
		paths: new Set(sizes.keys()),
		size: async (path) => sizeOf(path),
		open,
		readRange: kind === 'folder' ? read : null,
		close: async () => {
			await port.ask<'close'>({ op: 'close', dropToken });
		},
	};
}
