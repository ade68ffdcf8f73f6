/** What each way of stopping means, and what a person does about it. */
import { isDistrust, type SyncStop } from '#sync';

export interface StopWords {
	readonly title: string;
	/** The cause. */
	readonly meaning: string;
	/** What is not lost, and what may be worked with. */
	readonly safe: string;
	readonly steps: readonly string[];
	/** Whether a step leads to Connection. */
	readonly isOfConnection: boolean;
}

const KEEP = 'Do not go on from this hub, and do not disconnect: what was pinned is the proof.';
const COPY = 'Copy the technical details and send them to whoever answers for the log, by another way than the hub.';
const EXPLAIN = 'Note their explanation in a finding. A log that contradicts itself is one.';
const ASK: readonly string[] = [KEEP, COPY, EXPLAIN];

const WORDS: Readonly<Record<SyncStop['code'], readonly [title: string, meaning: string, steps?: readonly string[]]>> = {
	unreachable: [
		'The hub can’t be reached',
		'No connection came about, or it broke.',
		['Work on. Synchronise when there is a network again.'],
	],
	timed_out: ['The hub did not answer in time', 'The network is slow, or the hub is busy.', ['Work on, and try again later.']],
	busy: ['The hub is busy', 'It asks to be left alone for a while.', ['Work on, and try again later.']],
	cancelled: ['Cancelled', 'Somebody stopped it here.', ['Synchronise again when it suits you.']],
	certificate: [
		'The hub’s certificate is not trusted',
		'Its certificate comes from no authority that this machine knows, or it is another hub.',
		['Ask the company for its certificate authority (PEM) and enter it under Connection.'],
	],
	unauthenticated: [
		'The access token is not accepted',
		'The hub does not know the token, or it has expired, maybe in the middle of a synchronisation. A clock that is wrong, here or there, lets tokens expire early.',
		['Ask the company for a new token and enter it under Connection.', 'Synchronise again: it goes on from where it stopped.'],
	],
	forbidden: [
		'The access token does not open this',
		'The token is of another role than an auditor’s.',
		['Ask the company for an auditor’s token and enter it under Connection.'],
	],
	protocol: [
		'The hub answers in another way than agreed on',
		'Hub and workstation are of versions that do not fit, or the address is not a hub’s.',
		[
			'Check the address under Connection, and compare the versions with the company.',
			'Where an answer was larger than allowed: somebody on the way may answer in the hub’s place. Ask the company’s network operator.',
		],
	],
	damaged: [
		'The hub has lost something',
		'What it stores is no longer whole, and it says so. That is no contradiction: what was received before stands.',
		['Tell the company which part it is, so that its operator restores it, then synchronise again.'],
	],
	bad_note: ['A signed head can’t be read', 'What should be a signed note is none.', ASK],
	wrong_origin: ['A head of another log', 'The hub answered with something of another company or another log.', ASK],
	unknown_key: [
		'Signed by an unknown key',
		'The head is signed by no key that was confirmed for this engagement: the company may have changed its key, or somebody else signs.',
		[
			'Ask the company, by another way than the hub, whether it has changed its key.',
			'If it has: confirm the new fingerprint with them under Connection.',
			`If it has not: ${KEEP.charAt(0).toLowerCase()}${KEEP.slice(1)}`,
			COPY,
		],
	],
	bad_signature: ['A forged signature', 'The head names a trusted key, but that key did not sign it.', ASK],
	key_window: ['Signed by a retired key', 'The key signed beyond the size at which it was retired.', ASK],
	rollback: ['The log was rolled back', 'The hub shows fewer lines, or an older publication, than were seen here before.', ASK],
	fork: [
		'Two histories',
		'For one size the hub signed two different roots: somebody is shown another history.',
		[
			KEEP,
			'Save the proof below and send it to whoever answers for the log, by another way than the hub. It holds both signatures, so that nobody can deny either.',
			'When they have explained it, a partner settles which history is believed, and gives the reason.',
			EXPLAIN,
		],
	],
	inconsistent: ['Not a continuation', 'The hub can’t show that its log continues the one seen here before.', ASK],
	quorum: ['Too few witnesses', 'Fewer witnesses vouch for the head than the policy of this engagement asks for.', ASK],
	manifest_differs: ['Not the manifest that was signed', 'The publication’s manifest is another one than the signed digest names.', ASK],
	table_differs: ['A table differs from its manifest', 'The bytes of a table are not those that the signed manifest declares.', ASK],
	document_differs: ['A document differs from its hash', 'Other bytes were given than those that the document’s hash names.', ASK],
	disclosure_differs: ['A disclosure differs from its seal', 'A disclosed value is not the one that its sealed line commits to.', ASK],
	log_differs: [
		'Lines without the signed root',
		'The lines of a log do not have the root that was signed, or break an order’s chain.',
		ASK,
	],
	tail_hidden: ['The end of a history is missing', 'The day’s heads record counts more events of some order than the hub gives out.', ASK],
};

const OF_CONNECTION: ReadonlySet<SyncStop['code']> = new Set(['certificate', 'unauthenticated', 'forbidden', 'protocol', 'unknown_key']);

const SAFE_LATER =
	'Nothing is lost: what was verified before can be worked with. What came of a new publication is kept apart and is no evidence yet; the next synchronisation goes on from it.';
const SAFE_VERIFIED =
	'What was verified before stands unchanged and can be worked with, signed and packed. Nothing of what the hub gave now was taken in.';

export function stopWords({ code }: Pick<SyncStop, 'code'>): StopWords {
	const [title, meaning, steps = []] = WORDS[code];
	return { title, meaning, safe: isDistrust({ code }) ? SAFE_VERIFIED : SAFE_LATER, steps, isOfConnection: OF_CONNECTION.has(code) };
}

/** What is copied for the company: facts, no evidence, no token. */
export function technicalDetails(
	stop: SyncStop,
	status: {
		readonly url: string | null;
		readonly policy: { readonly log: string; readonly fingerprint: string } | null;
		readonly publication: number | null;
		readonly heads: object;
		readonly lastAt: number | null;
	},
): string {
	const { url, policy, publication, heads, lastAt } = status;
	return JSON.stringify(
		{
			...{ code: stop.code, kind: isDistrust(stop) ? 'distrust' : 'connection', feed: stop.feed, message: stop.message },
			...{ at: lastAt === null ? null : new Date(lastAt).toISOString(), hub: url, log: policy?.log ?? null },
			...{ policy_fingerprint: policy?.fingerprint ?? null, pinned_publication: publication, pinned_heads: heads },
		},
		null,
		2,
	);
}
