/** Signatures and the appendix: words, limits, and how to check all of this without Tieout. */
import { compareText } from '#kernel';
import { type Block, type Cell, type Section, text } from './planBlocks.ts';
import { clipped, hashRun, instant, preparedBy } from './planFormat.ts';
import type { PackInput } from './planInput.ts';

export function planSignatures(input: PackInput, number: string, manifestSha256: string): Section {
	return {
		title: 'Signatures',
		blocks: [
			{ kind: 'heading', level: 1, number, text: 'Signatures', anchor: 'signatures', listed: true },
			text(
				'The preparer’s signature certifies this file: afterwards nothing may be appended but a reviewer’s signature and proofs of time. The fields below stay the same whether or not anybody has signed; who did, and over which bytes, is in the signature panel of the reader.',
				'lead',
			),
			{
				kind: 'facts',
				rows: [
					{ label: 'Pack', value: input.packId },
					{ label: 'Created', value: instant(input.created) },
					{ label: 'Manifest, SHA-256', value: [hashRun(manifestSha256)] },
				],
			},
			{
				kind: 'signatures',
				slots: [
					{
						role: 'Preparer',
						// Printed in full on the cover; the box's height is bounded here.
						words: `${clipped(preparedBy(input.engagement))}. Required.`,
					},
					{ role: 'Reviewer', words: 'A second person, after the preparer. Optional.' },
				],
			},
			{
				kind: 'callout',
				tone: 'info',
				title: 'What a signature here means',
				words:
					'A key holder put a signature on these bytes. It says that they have not changed since, and whose certificate the key belongs to. It does not say that any figure is right, and a valid mark in a reader does not replace the checks of the appendix: most readers accept content that was appended after signing.',
			},
		],
	};
}

const GLOSSARY: readonly (readonly [string, string])[] = [
	[
		'Amount at risk',
		'Money, in the currency’s minor unit, that an exception puts in question. Exceptions may concern the same money; amounts are therefore not added up.',
	],
	[
		'As declared',
		'A table whose rows, bytes, SHA-256 and control totals agree with its producer’s declaration (information produced by the entity, IPE).',
	],
	['As of', 'The instant at which the data was drawn: the “now” of every age and deadline.'],
	['Checkpoint', 'A signed note of a log’s length and root (C2SP tlog-checkpoint).'],
	['Complete', 'Nothing of the declared set is missing.'],
	['Control total', 'A declared sum over a column, compared with the sum found.'],
	['Evidence drop', 'What the company handed over: manifest, tables, checkpoints, documents.'],
	['Exception', 'One subject that breaks a test’s rule, with its records, amount and a sentence.'],
	['Finding', 'A person’s conclusion over exceptions.'],
	['Forked', 'Two signed histories of one log exist.'],
	['Incomplete', 'A test that could not judge all its records yet; it says how many and why.'],
	['Leaf hash', 'SHA-256 of a zero byte and the stored line (RFC 6962). It names an event in chain, log and proof.'],
	['Not testable', 'A test whose table or column was not supplied; it says which.'],
	['Not verifiable', 'Nothing contradicts the records, but no trusted key vouches for them either.'],
	['Occurred, recorded', 'When a fact happened by the source’s word, and when the source stored it.'],
	['Order chain', 'Each sealed line holds the leaf hash of the same order’s line before it.'],
	['Passed', 'A test found no exception, on complete data.'],
	['Population', 'The records a test read; its hash is over the files they came from.'],
	['Sealed table', 'An append-only table with chain and log: order events and revenue events.'],
	['Signed', 'A key holder put a signature on bytes. It says nothing about their content.'],
	['Truncated', 'Lines that a signed checkpoint covered are missing.'],
	['Verified', 'Bytes agree with hashes, chain, log and a checkpoint under a trusted key.'],
];

const HEADS_WORD: readonly [string, string] = [
	'Heads record',
	'The hub’s sealed word, once a day, on how many events each order has and which is its last. It shows that none is left out at the end.',
];

interface VerifyStep {
	readonly words: string;
	readonly lines: readonly string[];
}

const VERIFY_STEPS: readonly VerifyStep[] = [
	{
		words:
			'Signatures. Each must be valid, and the last one must cover the whole file: “Total document signed”. The first is allowed to be followed only by the reviewer’s.',
		lines: ['pdfsig pack.pdf'],
	},
	{
		words: 'Embedded files against the manifest, and the manifest against the cover. The two lists must be the same, with nothing besides.',
		lines: [
			'mkdir files && pdfdetach -saveall -o files pack.pdf && cd files',
			'sha256sum manifest.json',
			'jq -r \'.files[] | .sha256 + "  " + .name\' manifest.json | sha256sum --check --strict',
			"jq -r '.files[].name' manifest.json | sort | diff - <(ls | grep -v '^manifest.json$' | sort)",
		],
	},
	{
		words:
			'The signature itself, without any PDF software: cut the two signed ranges (A, B and C are the numbers of /ByteRange [0 A B C]) and check the signature over them.',
		lines: [
			'pdfsig -dump pack.pdf',
			'{ head -c A pack.pdf; tail -c +$((B+1)) pack.pdf | head -c C; } > signed.bin',
			'openssl cms -verify -cades -binary -inform DER -in pack.pdf.sig0 -content signed.bin -CAfile root.pem -purpose any -out /dev/null',
		],
	},
	{
		words:
			'A record. Its line’s leaf hash must be the one printed in the timeline and lead, with the embedded proof, to the root of a signed checkpoint (RFC 6962, section 2.1).',
		lines: ["{ printf '\\0'; printf '%s' \"$LINE\"; } | sha256sum"],
	},
];

/** Only in packs that have heads: nothing is explained that is not there. */
const HEADS_STEP: VerifyStep = {
	words:
		'All events of an order. Its line [order, number of events, leaf hash of the last] leads (RFC 6962) to the root in the heads record, and the record, by the tlog-proof file (c2sp.org/tlog-proof@v1) beside it, to a signed checkpoint of the hub’s records. From that last leaf hash the field prev leads back to the order’s first event, in exactly as many lines as are counted.',
	lines: [
		"jq -r '.orders[].line' heads__order_event.json",
		"{ printf '\\0'; printf '%s' \"$HEAD_LINE\"; } | sha256sum",
		"{ printf '\\0'; cat heads-record__order_event.json; } | sha256sum",
		`jq -c --arg order "$ORDER" 'select(.order_id == $order) | [.event_id, .prev]' lines__order_event.ndjson`,
	],
};

export function planAppendix({ timelines }: PackInput): Section[] {
	const hasHeads = timelines.some(({ completeness = [] }) => completeness.some(({ events }) => events !== null));
	const steps = hasHeads ? [...VERIFY_STEPS, HEADS_STEP] : VERIFY_STEPS;
	const words = hasHeads ? [...GLOSSARY, HEADS_WORD].sort(([a], [b]) => compareText(a, b)) : GLOSSARY;
	const glossary: Block[] = [
		{ kind: 'heading', level: 1, number: 'A', text: 'Verify and re-perform', anchor: 'verify', listed: true },
		text('Nothing here needs Tieout. The commands are of Poppler, OpenSSL, jq and any Unix shell; no network is used.', 'lead'),
		{ kind: 'heading', level: 2, number: 'A.1', text: 'How to verify this pack', anchor: 'verify-how', listed: true },
	];
	for (const [i, { words, lines }] of steps.entries())
		glossary.push(text([{ text: `${i + 1}.  `, bold: true, tone: 'muted' }, { text: words }]), { kind: 'code', lines });
	glossary.push(
		{ kind: 'heading', level: 2, number: 'A.2', text: 'How to re-perform the tests', anchor: 'reperform', listed: true },
		text(
			'Each test’s result hash is the SHA-256 of its result in canonical JSON (RFC 8785) without the hash itself; the results are embedded as result.json. Whoever applies the rules, with the parameters printed here, to the same drop gets the same exceptions in the same order and so the same hashes. Tieout does it in one step:',
		),
		{ kind: 'code', lines: ['tieout check pack.pdf --replay'] },
		{ kind: 'heading', level: 1, number: 'B', text: 'Glossary', anchor: 'glossary', listed: true },
		{
			kind: 'table',
			tagging: 'cells',
			continued: 'Glossary',
			columns: [{ head: 'Word', bold: true, maxShare: 0.24 }, { head: 'Means, in this pack' }],
			rows: words.map(([word, meaning]): Cell[] => [word, meaning]),
		},
	);
	return [{ title: 'Appendix', blocks: glossary }];
}
