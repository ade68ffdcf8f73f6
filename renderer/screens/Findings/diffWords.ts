/** The difference of two texts by words: the longest common sequence, within bounds. */

export interface DiffPart {
	readonly kind: 'same' | 'removed' | 'added';
	readonly text: string;
}

/** Above this, texts are compared as wholes between their common beginning and end. */
const CELLS_MAX = 1_000_000;

const wordsOf = (text: string): string[] => text.match(/\s+|[^\s]+/g) ?? [];

/** Parts in order; those of one kind are joined. */
export function diffWords(before: string, now: string): DiffPart[] {
	const [a, b] = [wordsOf(before), wordsOf(now)];
	let start = 0;
	while (start < a.length && start < b.length && a[start] === b[start]) start++;
	let end = 0;
	while (end < a.length - start && end < b.length - start && a[a.length - 1 - end] === b[b.length - 1 - end]) end++;
	const [left, right] = [a.slice(start, a.length - end), b.slice(start, b.length - end)];
	const middle =
		left.length * right.length > CELLS_MAX
			? [
					{ kind: 'removed' as const, text: left.join('') },
					{ kind: 'added' as const, text: right.join('') },
				]
			: longestCommon(left, right);
	return joined([{ kind: 'same', text: a.slice(0, start).join('') }, ...middle, { kind: 'same', text: a.slice(a.length - end).join('') }]);
}

function longestCommon(a: readonly string[], b: readonly string[]): DiffPart[] {
	const width = b.length + 1;
	const lengths = new Uint32Array((a.length + 1) * width);
	for (let i = a.length - 1; i >= 0; i--)
		for (let j = b.length - 1; j >= 0; j--)
			lengths[i * width + j] =
				a[i] === b[j]
					? (lengths[(i + 1) * width + j + 1] ?? 0) + 1
					: Math.max(lengths[(i + 1) * width + j] ?? 0, lengths[i * width + j + 1] ?? 0);
	const parts: DiffPart[] = [];
	let [i, j] = [0, 0];
	while (i < a.length || j < b.length) {
		if (i < a.length && j < b.length && a[i] === b[j]) {
			parts.push({ kind: 'same', text: a[i] ?? '' });
			i++;
			j++;
		} else if (j >= b.length || (i < a.length && (lengths[(i + 1) * width + j] ?? 0) >= (lengths[i * width + j + 1] ?? 0))) {
			parts.push({ kind: 'removed', text: a[i] ?? '' });
			i++;
		} else {
			parts.push({ kind: 'added', text: b[j] ?? '' });
			j++;
		}
	}
	return parts;
}

function joined(parts: readonly DiffPart[]): DiffPart[] {
	const out: DiffPart[] = [];
	for (const part of parts) {
		const last = out.at(-1);
		if (part.text === '') continue;
		if (last?.kind === part.kind) out[out.length - 1] = { kind: part.kind, text: last.text + part.text };
		else out.push(part);
	}
	return out;
}
