/** A small engagement to claim things about: members with real keys, and a log that only takes what `decide` allows. */
import { ed25519 } from '@noble/curves/ed25519.js';
import {
	type Act,
	applyAct,
	contentSha256,
	decide,
	emptyWorkbook,
	type LoggedAct,
	type Refusal,
	type Role,
	sealAct,
	type Target,
	type Workbook,
} from '#findings';
import { type Result, sha256, toBase64, utf8 } from '#kernel';

const START = Date.UTC(2026, 10, 29, 9);

export const seedOf = (memberId: string): Uint8Array => sha256(utf8(`seed of ${memberId}`));
export const publicKeyOf = (memberId: string): string => toBase64(ed25519.getPublicKey(seedOf(memberId)));

/** The one copy of the engagement that a book is. */
export const REPLICA = '1'.repeat(32);

export interface Book {
	workbook(): Workbook;
	log(): readonly LoggedAct[];
	/** Several acts are of one moment, as the vault appends them. All or none. */
	act(memberId: string, ...acts: readonly Act[]): Result<Workbook, Refusal>;
	/** Fails the test where it is refused. */
	must(memberId: string, ...acts: readonly Act[]): Workbook;
}

type Sign = (memberId: string, message: Uint8Array) => Uint8Array;

const signWithKey: Sign = (memberId, message) => ed25519.sign(message, seedOf(memberId));
/** For claims about the fold, which reads no signature. */
export const unsigned: Sign = () => new Uint8Array(64);

export function book(sign: Sign = signWithKey): Book {
	let workbook = emptyWorkbook();
	let log: readonly LoggedAct[] = [];
	let at = START;
	const act = (memberId: string, ...acts: readonly Act[]): Result<Workbook, Refusal> => {
		at += 1000;
		let next = workbook;
		const sealed: LoggedAct[] = [];
		for (const one of acts) {
			const decided = decide(next, one, memberId);
			if (!decided.ok) return decided;
			const unsealed = {
				replica: REPLICA,
				seq: next.seq + 1,
				at: new Date(at).toISOString(),
				memberId,
				act: one,
				seen: {},
				prev: next.head,
			};
			const logged = sealAct(unsealed, (message) => sign(memberId, message));
			sealed.push(logged);
			next = applyAct(next, logged);
		}
		workbook = next;
		log = [...log, ...sealed];
		return { ok: true, value: workbook };
	};
	return {
		workbook: () => workbook,
		log: () => log,
		act,
		must: (memberId, ...acts) => {
			const done = act(memberId, ...acts);
			if (!done.ok) throw new Error(`${done.error.code}: ${done.error.message}`);
			return done.value;
		},
	};
}

export const PEOPLE: Readonly<Record<string, Role>> = {
	pat: 'partner',
	pia: 'preparer',
	rob: 'reviewer',
	cleo: 'compliance',
	ro: 'readonly',
};

/** With a partner, a preparer, a reviewer, compliance and one who only reads. */
export function staffedBook(sign: Sign = signWithKey): Book {
	const made = book(sign);
	made.must(
		'pat',
		{
			type: 'engagement.created',
			name: 'Audit FY 2026',
			client: 'Nordwind AG',
			organisation: 'Meridian',
			deadline: '2027-03-31',
			isSample: false,
		},
		{ type: 'member.added', memberId: 'pat', name: 'Pat', role: 'partner', publicKey: publicKeyOf('pat') },
	);
	for (const [memberId, role] of Object.entries(PEOPLE))
		if (memberId !== 'pat') made.must('pat', { type: 'member.added', memberId, name: memberId, role, publicKey: publicKeyOf(memberId) });
	return made;
}

export const KEY = (digit: string): string => digit.repeat(32);
export const SHA = (digit: string): string => digit.repeat(64);

export const judged = (keys: readonly string[], change: Partial<Extract<Act, { type: 'exception.judged' }>> = {}): Act => ({
	type: 'exception.judged',
	keys,
	verdict: 'confirmed',
	cause: null,
	note: '',
	duplicateOf: null,
	predicate: null,
	...change,
});

export const TARGET = (id: string): Target => ({ kind: 'finding', id });

/** The acts that write a finding that can be signed. */
export const writtenFinding = (findingId: string): readonly Act[] => [
	{ type: 'finding.created', findingId, title: 'Revenue in the wrong period', severity: 'high' },
	{ type: 'finding.edited', findingId, field: 'condition', value: 'Booked in December' },
	{ type: 'finding.edited', findingId, field: 'criteria', value: 'ASC 606-10-25-30' },
	{ type: 'finding.edited', findingId, field: 'effect', value: '88,000.00 EUR' },
	{
		type: 'evidence.linked',
		findingId,
		linkId: `${findingId}-e1`,
		link: { kind: 'exception', exceptionKey: KEY('a'), label: 'T16 SO-1' },
	},
];

export function writeFinding(made: Book, memberId = 'pia', findingId = 'f1'): void {
	made.must(memberId, ...writtenFinding(findingId));
}

export const signed = (
	made: Pick<Book, 'workbook'>,
	role: 'prepared' | 'reviewed',
	signoffId: string,
	target: Target = TARGET('f1'),
): Act => ({
	type: 'signoff.given',
	signoffId,
	target,
	role,
	contentSha256: contentSha256(made.workbook(), target) ?? SHA('0'),
});
