/**
 * PGlite's folder on disk with working fsync. As it comes, PGlite runs PostgreSQL with fsync off, and its file layer has no fsync at all: a
 * power cut could take commits that were answered. Here the engine asks for it, and the file layer passes it on.
 */
import { fsyncSync } from 'node:fs';
import { PGlite } from '@electric-sql/pglite';
import { NodeFS } from '@electric-sql/pglite/nodefs';

/** The part of the engine's file layer that is mended here. */
interface FileLayer {
	readonly NODEFS?: { readonly stream_ops: { fsync?: (stream: { readonly nfd: number }) => number } };
}

export class DurableFolder extends NodeFS {
	override async init(...args: Parameters<NodeFS['init']>): ReturnType<NodeFS['init']> {
		const { emscriptenOpts } = await super.init(...args);
		const passOnFsync = (layer: unknown): void => {
			const operations = (layer as FileLayer).NODEFS?.stream_ops;
			if (!operations) throw new Error("PGlite's file layer is not where it was: its fsync can't be made to work");
			operations.fsync = ({ nfd }) => {
				fsyncSync(nfd);
				return 0;
			};
		};
		return { emscriptenOpts: { ...emscriptenOpts, preRun: [...(emscriptenOpts.preRun ?? []), passOnFsync] } };
	}
}

/** PostgreSQL's options without "-F" (no fsync); `fsync` is the one method whose system call the file layer knows. */
export const durableOptions = (): string[] => [
	...PGlite.defaultStartParams.filter((option) => option !== '-F'),
	'-c',
	'wal_sync_method=fsync',
];
