/** Words, tones and sentences of what a drop is worth: declared against found. Each verdict stands for itself; there is no sum of them. */
import type { IpeDifference, IpeVerdict } from '#evidence';
import { parseVerifierKey } from '#evidence';
import { formatBytes, formatCount } from '../../app/format.ts';
import type { Tone } from '../../components/VerdictBadge.tsx';
import type { DocumentState } from '../../vault/evidenceDocuments.ts';
import type { EvidenceSummary } from '../../vault/evidenceViews.ts';

export const IPE_VERDICTS: Readonly<Record<IpeVerdict, { readonly tone: Tone; readonly word: string; readonly means: string }>> = {
	as_declared: {
		tone: 'pass',
		word: 'As declared',
		means: 'Bytes, rows, hash and every control total that could be summed equal the manifest.',
	},
	differs: { tone: 'fail', word: 'Differs', means: 'What was handed over is not what the manifest declares. The differences are listed.' },
	not_declared: { tone: 'warn', word: 'Not declared', means: 'The manifest says nothing of this file, so completeness can’t be tested.' },
	missing: { tone: 'fail', word: 'Missing', means: 'The manifest declares a file that is not in the drop.' },
};

export const DOCUMENT_STATES: Readonly<Record<DocumentState, { readonly tone: Tone; readonly word: string; readonly means: string }>> = {
	present: { tone: 'pass', word: 'Present', means: 'Lies under the hash of its bytes and a row cites it' },
	missing: { tone: 'fail', word: 'Missing', means: 'A row cites it and it is not in the drop' },
	altered: { tone: 'fail', word: 'Altered', means: 'Its bytes do not have the hash that it lies under' },
	uncited: { tone: 'warn', word: 'Uncited', means: 'In the drop, cited by no row' },
	misnamed: { tone: 'warn', word: 'Misnamed', means: 'Its name is no hash, so no row can cite it' },
};

/** Why “uncited” and “none missing” may say nothing: one table cites documents. Null where it is there and whole. */
export function citingWords({ tables }: Pick<EvidenceSummary, 'tables'>): string | null {
	const own = tables.find(({ table }) => table === 'document');
	if (!own || own.verdict === 'missing')
		return 'The table document was not supplied: which documents are cited, and whether one of those is missing, can’t be told.';
	return own.quarantined === 0
		? null
		: `${formatCount(own.quarantined)} ${own.quarantined === 1 ? 'line' : 'lines'} of the table document set aside: what they cite is called uncited, and can’t be missed.`;
}

const WHATS: Readonly<Record<IpeDifference['what'], string>> = {
	sha256: 'SHA-256',
	rows: 'Rows',
	bytes: 'Bytes',
	control_total: 'Control total',
};

export const whatWords = (what: IpeDifference['what']): string => WHATS[what];

/** Counts as people group them; everything else as it stands. */
export function differenceValue({ what }: IpeDifference, value: string): string {
	if ((what === 'rows' || what === 'bytes') && /^\d+$/.test(value))
		return what === 'rows' ? formatCount(BigInt(value)) : formatBytes(Number(value));
	return value;
}

export type KeyVerdict =
	| { readonly kind: 'empty' }
	| { readonly kind: 'unreadable' }
	/** The very key that the drop claims: to be compared with what was told from outside. */
	| { readonly kind: 'claimed'; readonly name: string }
	| { readonly kind: 'other'; readonly name: string }
	| { readonly kind: 'alone'; readonly name: string };

/** What a pasted key is, against the one the drop itself claims. */
export function judgeKey(text: string, claimed: string | null): KeyVerdict {
	const pasted = text.trim();
	if (pasted === '') return { kind: 'empty' };
	const key = parseVerifierKey(pasted);
	if (!key.ok) return { kind: 'unreadable' };
	const { name } = key.value;
	if (claimed === null) return { kind: 'alone', name };
	return { kind: claimed.trim() === pasted ? 'claimed' : 'other', name };
}

export const KEY_SENTENCES: Readonly<Record<KeyVerdict['kind'], string>> = {
	empty: 'Without a key from outside the drop, integrity will say “not verifiable”, never “verified”. You can add one later, under Keys.',
	unreadable: 'This is no verifier key. It reads name+hash+key on one line, as the operator of the log publishes it.',
	claimed: 'Equal to the key the drop claims. That proves something only if you have it from elsewhere: say from where.',
	other: 'Not the key the drop claims. Checkpoints signed with the claimed key will count as not verifiable.',
	alone: 'The drop claims no key of its own. Checkpoints are judged by this one.',
};

/** One sentence on a finished import: facts and the next step. */
export function importSentence(outcome: { readonly rows: number; readonly quarantined: number; readonly differing: number }): string {
	const parts = [`${formatCount(outcome.rows)} rows imported`];
	parts.push(
		outcome.differing === 0
			? 'every table is as declared'
			: `${formatCount(outcome.differing)} ${outcome.differing === 1 ? 'file is' : 'files are'} not as declared`,
	);
	parts.push(
		outcome.quarantined === 0
			? 'no line was set aside'
			: `${formatCount(outcome.quarantined)} ${outcome.quarantined === 1 ? 'line was' : 'lines were'} set aside`,
	);
	return `${parts.join('; ')}.`;
}
