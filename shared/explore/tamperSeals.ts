/** Attacks on checkpoints, documents, plain tables and the manifest. */
import type { Attack } from './tamper.ts';
import { editCheckpoint, fork, ofOtherLog, otherRoot, otherSignature, renameOlder, takeAway } from './tamperCheckpoints.ts';
import { alterDocument, editDeclaration, editPlain, otherTotal, removeDocument, swapDocuments } from './tamperDocuments.ts';

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
