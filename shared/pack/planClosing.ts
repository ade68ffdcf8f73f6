/** Signatures and the appendix: words, limits, and how to check all of this without Tieout. */
import { compareText } from '#kernel';
import { type Block, type Cell, keptText, type Section, text } from './planBlocks.ts';
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
		'Money that an exception puts in question, in the currency printed with it. Exceptions may concern the same money, and currencies differ; amounts are therefore not added up.',
	],
	['Altered', 'Lines of a sealed table, their chain or their root are not what was sealed.'],
	[
		'As declared',
		'A table whose rows, bytes, SHA-256 and control totals agree with its producer’s declaration (information produced by the entity, IPE).',
	],
	['As of', 'The instant whose state the data gives, by the drop’s manifest: the “now” of every age and deadline.'],
	['Checkpoint', 'A signed note of a log’s length and root (C2SP tlog-checkpoint).'],
	['Complete', 'Nothing of the declared set is missing.'],
	['Control total', 'A declared sum over a column, compared with the sum found.'],
	['Dr, Cr', 'Debit and credit of a journal line.'],
	['Evidence drop', 'What the company handed over: manifest, tables, checkpoints, documents.'],
	['Exception', 'One subject that breaks a test’s rule, with its records, amount and a sentence.'],
	['Finding', 'A person’s conclusion over exceptions.'],
	['Forked', 'Two signed histories of one log exist.'],
	['Incomplete', 'A test that found no exception so far and could not judge all its records; it says why.'],
	['Leaf hash', 'SHA-256 of a zero byte and the stored line (RFC 6962). It names an event in chain, log and proof.'],
	['Link broken', 'An event’s line, or what names it as its predecessor, is among the problems of the integrity verification.'],
	['Not sealed', 'A record of a table without chain and log.'],
	['Not testable', 'A test that lacks a table, a column or a parameter, or that this version does not have; it says which.'],
	['Not verifiable', 'Nothing contradicts the records, but no trusted key vouches for them either.'],
	['Occurred, recorded', 'When a fact happened by the source’s word, and when the source stored it.'],
	['Order chain', 'Each sealed line holds the leaf hash of the same order’s line before it.'],
	['Passed', 'A test found no exception, on complete data.'],
	['Population', 'The records a test read; its hash is over the files they came from.'],
	['Result hash', 'SHA-256 of a test’s result, by which a repetition is compared with it.'],
	['Sealed table', 'An append-only table with chain and log: order events and revenue events.'],
	['Signed', 'A key holder put a signature on bytes. It says nothing about their content.'],
	['Truncated', 'Lines that a signed checkpoint covered are missing.'],
	['U+… in brackets', 'A character that the fonts of this pack do not have, by its Unicode number.'],
	['Verified', 'Bytes agree with hashes, chain, log and a checkpoint under a trusted key.'],
	['Withheld', 'Left out of this pack on purpose; what was left out and why stands under Scope and method.'],
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
			'Signatures. Each must be valid, and the last one must cover the whole file: “Total document signed”. The first may be followed only by the reviewer’s and by proofs of time. “Certificate issuer unknown” is not a fault of the file: whose key it is, step 3 tells.',
		lines: ['pdfsig pack.pdf'],
	},
	{
		words: 'Embedded files against the manifest, and the manifest against the cover. The two lists must be the same, with nothing besides.',
		lines: [
			'mkdir files && pdfdetach -saveall -o files pack.pdf && cd files',
			'sha256sum manifest.json',
			'jq -r \'.files[] | .sha256 + " *" + .name\' manifest.json | sha256sum --check --strict',
			"jq -r '.files[].name' manifest.json | sort | diff - <(ls | grep -v '^manifest.json$' | sort)",
		],
	},
	{
		words:
			'The signature itself, by OpenSSL: cut the two signed ranges (A, B and C are the numbers of /ByteRange [0\u00a0A\u00a0B\u00a0C]) and check the signature over them. root.pem is the certificate of the signer’s authority, or the signer’s own where that is self-signed. Take it from the signer, by another way than this file; the last line prints the fingerprint to compare with them.',
		lines: [
			'cd ..',
			'pdfsig -dump pack.pdf',
			"grep -a -o '/ByteRange *\\[[^]]*' pack.pdf",
			'{ head -c A pack.pdf; tail -c +$((B+1)) pack.pdf | head -c C; } > signed.bin',
			'openssl cms -verify -cades -binary -inform DER -in pack.pdf.sig0 -content signed.bin \\',
			'  -CAfile root.pem -purpose any -out /dev/null',
			'openssl x509 -in root.pem -noout -subject -fingerprint -sha256',
		],
	},
	{
		words:
			'A record. lines.json says at which line of its file it stands. An event’s leaf hash must be the one printed in its timeline and lead, with the embedded proof, to the root of a signed checkpoint (RFC 6962, section 2.1).',
		lines: [
			'cd files',
			`LINE=$(grep -F '"event_id":"EVENT"' lines__order_event.ndjson)`,
			"{ printf '\\0'; printf '%s' \"$LINE\"; } | sha256sum",
		],
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
		text('No check of this pack needs Tieout. The commands are of Poppler, OpenSSL, jq and the Bash shell; no network is used.', 'lead'),
		{ kind: 'heading', level: 2, number: 'A.1', text: 'How to verify this pack', anchor: 'verify-how', listed: true },
	];
	for (const [i, { words, lines }] of steps.entries())
		glossary.push(keptText([{ text: `${i + 1}.  `, bold: true, tone: 'muted' }, { text: words }]), { kind: 'code', lines });
	glossary.push(
		{ kind: 'heading', level: 2, number: 'A.2', text: 'How to re-perform the tests', anchor: 'reperform', listed: true },
		keptText(
			'Each test’s result hash is the SHA-256 of its result in canonical JSON (RFC 8785) without the hash itself; the results are embedded as result.json. Whoever applies the rules, with the parameters printed here, to the same drop gets the same exceptions in the same order and so the same hashes. Where this pack carries the whole drop, Tieout does it in one step:',
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
