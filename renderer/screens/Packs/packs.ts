/** Words of packs: what a verdict means, what a code objects to, what stands in every pack. */
import { CHECK_CODES, type CheckCode, type CheckVerdict } from '#pack';
import type { Notice } from '../../app/notify.ts';
import type { Tone } from '../../components/VerdictBadge.tsx';

export interface CheckedPack {
	readonly verdict: CheckVerdict;
	readonly signerTrust: string;
	readonly logTrust: string;
	readonly codes: readonly {
		readonly code: string;
		readonly detail: string;
		readonly sentence: string;
		readonly verdict: CheckVerdict | null;
	}[];
	readonly signatures: readonly {
		readonly field: string;
		readonly signer: string;
		readonly time: string | null;
		readonly timeIs: string;
		readonly covers: string;
	}[];
	readonly files: { readonly declared: number; readonly matching: number };
	readonly proofs: { readonly checked: number; readonly failed: number };
	/** Orders shown to have all their events in the pack, a heads record; empty where it shows none. */
	readonly completeOrders: readonly { readonly table: string; readonly day: string; readonly orders: number }[];
	readonly replay: { readonly tests: number; readonly matching: number } | null;
}

export const PACK_VERDICTS: Readonly<Record<CheckVerdict, { readonly tone: Tone; readonly means: string }>> = {
	VALID: {
		tone: 'pass',
		means: 'Every byte is accounted for, every signature covers what it must, every file and proof is what the pack says.',
	},
	INCOMPLETE: { tone: 'warn', means: 'Nothing contradicts itself, but something that the check needs is not in the file.' },
	UNTRUSTED: { tone: 'warn', means: 'The file is unchanged since it was signed; who signed, or whose log it is, is not trusted here.' },
	TAMPERED: { tone: 'fail', means: 'The file is not what was signed, or holds what a pack never has. Rely on nothing in it.' },
};

/** How a verdict is told in passing: only VALID as something that is done. */
export function noticeTone(verdict: CheckVerdict): Notice['tone'] {
	const { tone } = PACK_VERDICTS[verdict];
	return tone === 'pass' ? 'done' : tone === 'fail' ? 'failed' : 'warn';
}

const isCode = (code: string): code is CheckCode => Object.hasOwn(CHECK_CODES, code);

type Wire = {
	readonly verdict: CheckVerdict;
	readonly signer_trust: string;
	readonly log_trust: string;
	readonly codes: readonly { readonly code: string; readonly detail: string }[];
	readonly signatures: readonly {
		readonly field: string;
		readonly signer: string;
		readonly time: string | null;
		readonly time_is: string;
		readonly covers: string;
	}[];
	readonly files: { readonly declared: number; readonly matching: number };
	readonly proofs: { readonly checked: number; readonly failed: number };
	readonly order_heads?: {
		readonly records: readonly { readonly table: string; readonly day: string; readonly orders: readonly string[] }[];
	};
	readonly replay: { readonly tests: number; readonly matching: number } | null;
};

/** The report of `check.pack` (`tieout-check/1`), as the screen shows it; null where it is another format. */
export function readReport(json: string): CheckedPack | null {
	const wire = JSON.parse(json) as Wire & { readonly format?: string };
	if (wire.format !== 'tieout-check/1') return null;
	return {
		verdict: wire.verdict,
		signerTrust: trustWords(wire.signer_trust, 'who signed', 'Give a trust file with the certificates you trust.'),
		logTrust: trustWords(wire.log_trust, 'whose log it is', 'Add the log’s key under Data & IPE, Keys.'),
		codes: wire.codes.map(({ code, detail }) => ({
			code,
			detail,
			sentence: isCode(code) ? CHECK_CODES[code].sentence : 'An objection this version has no words for.',
			verdict: isCode(code) ? CHECK_CODES[code].verdict : null,
		})),
		signatures: wire.signatures.map(({ time_is: timeIs, ...signature }) => ({ ...signature, timeIs })),
		files: wire.files,
		proofs: wire.proofs,
		completeOrders: (wire.order_heads?.records ?? []).map(({ table, day, orders }) => ({ table, day, orders: orders.length })),
		replay: wire.replay,
	};
}

function trustWords(trust: string, what: string, mend: string): string {
	switch (trust) {
		case 'trusted':
			return 'trusted';
		case 'untrusted':
			return 'not trusted';
		default:
			return `not judged: ${what} can’t be told here. ${mend}`;
	}
}

/** What every pack has, whatever is chosen. */
export const ALWAYS_IN: readonly (readonly [title: string, words: string])[] = [
	['Cover and scope', 'client, period, as-of, the drop with its hash'],
	['Method and limits', 'rules in words, parameters, what was not tested'],
	['Population and IPE', 'each table with its passport and differences'],
	['Integrity', 'logs, checkpoints, documents, each with its own verdict'],
	['Results', 'every test that was run, with its exceptions'],
	['Timelines', 'of the orders that exceptions and findings name'],
	['Data and proofs', 'cited lines, inclusion proofs, results and manifest as attachments'],
];

/** The common name of a subject such as "CN=Ada Okafor, O=Meridian"; the subject itself where it has none. */
export function commonName(subject: string): string {
	return /(?:^|,\s*)CN=((?:\\.|[^,\\])*)/i.exec(subject)?.[1]?.replace(/\\(.)/g, '$1').trim() || subject;
}

/** Whether a key file's certificate is valid at a time; null: it is. */
export function keyTimeProblem(
	{ notBefore, notAfter }: { readonly notBefore: number; readonly notAfter: number },
	now: number,
): string | null {
	if (now < notBefore) return 'Its certificate is not valid yet.';
	return now > notAfter ? 'Its certificate has expired, so the pack would be UNTRUSTED.' : null;
}
