/** Attacks on checkpoints, documents, plain tables and the manifest. */
import { compareText, fromUtf8, type Json, toHex, utf8 } from '#kernel';
import { type Attack, type AttackChange, type DropCopy, entryOf, readManifest, writeManifest } from './tamper.ts';
import { type Alter, editCheckpoint, fork, ofOtherLog, otherRoot, otherSignature, renameOlder, takeAway } from './tamperCheckpoints.ts';
import { changeAt, declare, linesOf, putLines, textOf } from './tamperLines.ts';

/** Documents that lie under the hash of their bytes. */
const documentsOf = (copy: DropCopy): string[] =>
	[...copy.paths].filter((path) => /^documents\/[0-9a-f]{64}$/.test(path)).sort(compareText);

const SHOWN_BYTES = 120;

const shown = (bytes: Uint8Array): string => {
	const start = bytes.subarray(0, SHOWN_BYTES);
	return `${bytes.length} bytes: ${(fromUtf8(start) ?? '(not text)').replace(/[^\x20-\x7e]/g, '·')}`;
};

const alterDocument: Alter = async (copy) => {
	const [path] = documentsOf(copy);
	if (path === undefined) return null;
	const before = await copy.read(path);
	const at = Math.floor(before.length / 2);
	const after = before.slice();
	after[at] = ((after[at] ?? 0) + 1) % 256;
	copy.write(path, after);
	return [{ path, where: `byte ${at}`, before: aroundByte(before, at), after: aroundByte(after, at) }];
};

const AROUND = 24;

/** The bytes around one, as hex. */
const aroundByte = (bytes: Uint8Array, at: number): string =>
	toHex(bytes.subarray(Math.max(0, at - AROUND), at + AROUND))
		.replace(/../g, '$& ')
		.trim();

const swapDocuments: Alter = async (copy) => {
	const [a, b] = documentsOf(copy);
	if (a === undefined || b === undefined) return null;
	const [first, second] = [await copy.read(a), await copy.read(b)];
	copy.write(a, second);
	copy.write(b, first);
	return [
		{ path: a, where: 'the whole file', before: shown(first), after: shown(second) },
		{ path: b, where: 'the whole file', before: shown(second), after: shown(first) },
	];
};

const removeDocument: Alter = async (copy) => {
	const [path] = documentsOf(copy);
	if (path === undefined) return null;
	const before = shown(await copy.read(path));
	copy.remove(path);
	return [{ path, where: 'the whole file', before, after: '(taken out)' }];
};

/** Edits one line of a table that has no log. */
const editPlain =
	(isDeclared: boolean): Alter =>
	async (copy, site) => {
		const lines = await linesOf(copy, site.file);
		const at = lines.findIndex((line, i) => i >= lines.length / 2 && /_minor":[1-8]/.test(textOf(line)));
		const before = lines[at];
		if (before === undefined) return null;
		const after = utf8(textOf(before).replace(/(_minor":)([1-8])/, (_, key: string, digit: string) => `${key}${Number(digit) + 1}`));
		putLines(copy, site.file, lines.with(at, after));
		if (isDeclared) await declare(copy, site);
		return [changeAt(site.file, at, before, after)];
	};

/** Edits what the manifest declares of a table. */
const editDeclaration =
	(key: string, change: (value: Json) => Json | null): Alter =>
	async (copy, { table }) => {
		const manifest = await readManifest(copy);
		const entry = entryOf(manifest, table);
		const before = entry?.[key];
		const after = before === undefined || before === null ? null : change(before);
		if (!entry || before === undefined || after === null) return null;
		entry[key] = after;
		writeManifest(copy, manifest);
		return [
			{ path: 'manifest.json', where: `${table}.${key}`, before: JSON.stringify(before), after: JSON.stringify(after) },
		] satisfies AttackChange[];
	};

function otherTotal(totals: Json): Json | null {
	if (typeof totals !== 'object' || totals === null || Array.isArray(totals)) return null;
	const [first] = Object.entries(totals);
	if (!first) return null;
	const [column, value] = first;
	return { ...totals, [column]: typeof value === 'number' ? value + 100 : String(Number(value) + 1) };
}

const seal = (one: Omit<Attack, 'family' | 'means' | 'target'> & { readonly means?: string }): Attack => ({
	family: 'seals',
	means: 'Write access to the checkpoints.',
	target: 'order_event',
	...one,
});

const document = (one: Omit<Attack, 'family' | 'means' | 'target'>): Attack => ({
	family: 'documents',
	means: 'Write access to the documents.',
	target: 'documents',
	...one,
});

const declaration = (one: Omit<Attack, 'family' | 'target'>): Attack => ({ family: 'declaration', target: 'plain', ...one });

export const SEAL_ATTACKS: readonly Attack[] = [
	seal({
		id: 'forge_root',
		title: 'Change the root in a checkpoint, keep its signature',
		motive: 'Make the signed head fit other lines.',
		expected: ['signatures'],
		tests: ['T74'],
		alter: editCheckpoint(otherRoot),
	}),
	seal({
		id: 'forge_size',
		title: 'Change the size in a checkpoint, keep its signature',
		motive: 'Hide that lines are missing behind it.',
		expected: ['signatures'],
		tests: ['T74'],
		alter: editCheckpoint((text) => text.replace(/^(.*\n)(\d+)\n/, (_, head: string, size: string) => `${head}${Number(size) - 1}\n`)),
	}),
	seal({
		id: 'damage_signature',
		title: 'Damage a signature',
		motive: 'None: an accident, or a checkpoint somebody wants out of the way.',
		expected: ['signatures'],
		tests: ['T74'],
		alter: editCheckpoint(otherSignature),
	}),
	seal({
		id: 'fork',
		title: 'Sign two histories of one size',
		motive: 'One history for the auditor, another for the bank.',
		means: 'Holds the log’s key (on the copy: the lab’s, which stands in for it).',
		expected: ['forks'],
		tests: ['T69'],
		holdsKey: true,
		alter: fork,
	}),
	seal({
		id: 'older_as_newer',
		title: 'Put an older checkpoint under the name of the newest',
		motive: 'Let the end of the log stand without a seal.',
		expected: ['consistency'],
		tests: ['T68'],
		alter: renameOlder,
	}),
	seal({
		id: 'other_log',
		title: 'Offer a checkpoint of another log of the same key',
		motive: 'Pass one company’s seal off as another’s.',
		means: 'Holds the log’s key (on the copy: the lab’s, which stands in for it).',
		expected: ['consistency'],
		tests: ['T68'],
		holdsKey: true,
		alter: ofOtherLog,
	}),
	seal({
		id: 'no_checkpoints',
		title: 'Take all checkpoints away',
		motive: 'Without a seal nothing can be held against the lines.',
		expected: ['roots', 'signatures'],
		tests: [],
		alter: takeAway,
	}),
	document({
		id: 'alter_document',
		title: 'Change one byte of a document',
		motive: 'Another date on a proof of delivery.',
		expected: ['documents'],
		tests: ['T73'],
		alter: alterDocument,
	}),
	document({
		id: 'swap_documents',
		title: 'Exchange two documents',
		motive: 'The proof of one order under the name of another.',
		expected: ['documents'],
		tests: ['T73'],
		alter: swapDocuments,
	}),
	document({
		id: 'remove_document',
		title: 'Take a document away',
		motive: 'A proof of delivery that nobody can read any more.',
		expected: ['documents'],
		tests: ['T73'],
		alter: removeDocument,
	}),
	declaration({
		id: 'declared_hash',
		title: 'Declare another hash of a table',
		motive: 'None: a manifest of another extraction.',
		means: 'Write access to the manifest.',
		expected: ['file_hash'],
		tests: ['T66'],
		alter: editDeclaration('sha256', (value) =>
			typeof value === 'string' ? `${value.startsWith('0') ? '1' : '0'}${value.slice(1)}` : null,
		),
	}),
	declaration({
		id: 'declared_rows',
		title: 'Declare a row more than the table has',
		motive: 'A row that was taken out after extraction looks the same.',
		means: 'Write access to the manifest.',
		expected: ['declared_counts'],
		tests: ['T77'],
		alter: editDeclaration('rows', (value) => (typeof value === 'number' ? value + 1 : null)),
	}),
	declaration({
		id: 'declared_total',
		title: 'Declare another control total',
		motive: 'Let the table tie to another report.',
		means: 'Write access to the manifest.',
		expected: ['declared_counts'],
		tests: ['T77'],
		alter: editDeclaration('control_totals', otherTotal),
	}),
	declaration({
		id: 'plain_value',
		title: 'Change an amount in a table that has no log',
		motive: 'A payment that looks larger than it was.',
		means: 'Write access to the table.',
		expected: ['file_hash'],
		tests: ['T66'],
		alter: editPlain(false),
	}),
	{
		id: 'plain_and_manifest',
		family: 'beyond',
		title: 'Change an amount in a table that has no log, and the manifest with it',
		motive: 'As above, by somebody who makes hash, rows and totals agree.',
		means: 'Write access to table and manifest.',
		expected: [],
		tests: [],
		beyond:
			'A table without a log is only as good as its manifest, and whoever rewrites both leaves nothing behind. What catches it lies outside: the manifest’s hash as it was handed over, the tests that compare tables with each other, and the bank.',
		target: 'plain',
		alter: editPlain(true),
	},
];
