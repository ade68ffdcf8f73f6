/**
 * Small files of a drop that come together: with a question for each, 68,000 documents took six times as long to read and hash. Whoever takes one gets those that follow it by name as well, before they are asked for.
 */
import { compareText } from '#kernel';

export interface SmallFiles {
	/** The file whole; null where it is not small or did not come with the others: then it is to be read by itself. */
	take(path: string): Promise<Uint8Array | null>;
}

interface FileSize {
	readonly path: string;
	readonly size: number;
}

/** Whole files, from the first asked one on; perhaps fewer than asked. */
export type AskFiles = (paths: readonly string[]) => Promise<{ readonly sizes: readonly number[]; readonly bytes: Uint8Array }>;

const SMALL_BYTES = 65_536;
const TOGETHER_BYTES = 1_048_576;
/** Files that came and were not taken: of readers that stopped, or that go another way than by name. */
const KEPT_MAX = 2_048;

/** @param together files in one question, at most */
export function smallFiles(files: Iterable<FileSize>, together: number, ask: AskFiles): SmallFiles {
	const small = [...files].filter(({ size }) => size <= SMALL_BYTES).sort((a, b) => compareText(a.path, b.path));
	const places = new Map(small.map(({ path }, at) => [path, at]));
	const kept = new Map<string, Promise<Uint8Array | null>>();
	/** By the first file of a question, the first file of the one after it. */
	const next = new Map<number, number>();

	const begin = (from: number): void => {
		const to = endOf(small, from, together);
		const paths = small.slice(from, to).map(({ path }) => path);
		const coming = ask(paths).then(
			({ sizes, bytes }) => cut(paths, sizes, bytes),
			() => new Map<string, Uint8Array>(),
		);
		for (const path of paths)
			kept.set(
				path,
				coming.then((came) => came.get(path) ?? null),
			);
		next.set(from, to);
		for (const oldest of kept.keys()) {
			if (kept.size <= KEPT_MAX) break;
			kept.delete(oldest);
		}
	};
	return {
		take: async (path) => {
			const at = places.get(path);
			if (at === undefined) return null;
			if (!kept.has(path)) begin(at);
			const after = next.get(at);
			next.delete(at);
			// The first of a question is taken: the next question goes out, so that nobody waits for it later.
			const ahead = after === undefined ? undefined : small[after];
			if (after !== undefined && ahead && !kept.has(ahead.path)) begin(after);
			const file = kept.get(path);
			kept.delete(path);
			return (await file) ?? null;
		},
	};
}

/** Files of one folder, as many as may come together. @returns the place behind the last */
function endOf(small: readonly FileSize[], from: number, together: number): number {
	const folderOf = ({ path }: FileSize): string => path.slice(0, path.lastIndexOf('/') + 1);
	const folder = folderOf(small[from] as FileSize);
	let bytes = 0;
	let to = from;
	for (let file = small[to]; file !== undefined && to - from < together && folderOf(file) === folder; file = small[++to]) {
		bytes += file.size;
		if (bytes > TOGETHER_BYTES && to > from) break;
	}
	return to;
}

function cut(paths: readonly string[], sizes: readonly number[], bytes: Uint8Array): ReadonlyMap<string, Uint8Array> {
	const files = new Map<string, Uint8Array>();
	let at = 0;
	for (const [i, size] of sizes.entries()) {
		const path = paths[i];
		if (path === undefined || at + size > bytes.length) break;
		files.set(path, bytes.subarray(at, at + size));
		at += size;
	}
	return files;
}
