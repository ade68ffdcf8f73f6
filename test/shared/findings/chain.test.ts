import { ed25519 } from '@noble/curves/ed25519.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { verifyEd25519 } from '#evidence';
import { actHash, actSchema, type LoggedAct, loggedActSchema, sealAct, verifyLog } from '#findings';
import { type Book, judged, KEY, publicKeyOf, REPLICA, seedOf, staffedBook, writeFinding } from './book.ts';

const verify = (log: readonly LoggedAct[]) => verifyLog(log, verifyEd25519);
const codes = (log: readonly LoggedAct[]): string[] => verify(log).problems.map(({ code, seq }) => `${seq} ${code}`);

function written(): Book {
	const made = staffedBook();
	writeFinding(made);
	made.must('pia', judged([KEY('b')]));
	return made;
}

const alter = (log: readonly LoggedAct[], seq: number, change: (logged: LoggedAct) => LoggedAct): LoggedAct[] =>
	log.map((logged) => (logged.seq === seq ? change(logged) : logged));

describe('the log of acts', () => {
	const log = written().log();

	it('is intact as it was written', () => {
		expect(verify(log)).toMatchObject({ isIntact: true, acts: log.length, problems: [] });
	});

	it('an altered act does not have its hash', () => {
		const altered = alter(log, 8, (logged) => ({ ...logged, at: '2020-01-01T00:00:00.000Z' }));
		expect(codes(altered)).toEqual(['8 hash_mismatch']);
	});

	it('an altered act with a new hash is not signed, and the next does not link to it', () => {
		const altered = alter(log, 8, (logged) => {
			const changed = { ...logged, memberId: 'pat' };
			return { ...changed, hash: actHash(changed) };
		});
		expect(codes(altered)).toEqual(['8 bad_signature', '9 broken_link']);
	});

	it('an act taken out leaves a gap', () => {
		expect(codes(log.filter(({ seq }) => seq !== 8))).toEqual(['9 gap', '9 broken_link']);
	});

	it('an act put in by another hand is not the member’s', () => {
		const last = log.at(-1);
		const unsealed = {
			seq: log.length + 1,
			at: '2026-11-29T12:00:00.000Z',
			memberId: 'pia',
			act: judged([KEY('c')]),
			...{ replica: REPLICA, seen: {} },
			prev: last?.hash ?? '',
		};
		const forged = sealAct(unsealed, (message) => ed25519.sign(message, seedOf('mallory')));
		expect(codes([...log, forged])).toEqual([`${log.length + 1} bad_signature`]);
	});

	it('what was cut off at the end shows where the head is known', () => {
		const head = { replica: REPLICA, seq: log.length, hash: log.at(-1)?.hash ?? '' };
		expect(verifyLog(log, verifyEd25519, [head]).isIntact).toBe(true);
		expect(verifyLog(log.slice(0, -1), verifyEd25519, [head]).problems.map(({ code }) => code)).toEqual(['truncated']);
	});

	it('an act after its member was taken out is by no member', () => {
		const made = written();
		made.must('pat', { type: 'member.removed', memberId: 'pia', reason: 'left' });
		const unsealed = {
			seq: made.workbook().seq + 1,
			at: '2026-11-29T12:00:00.000Z',
			memberId: 'pia',
			act: judged([KEY('c')]),
			...{ replica: REPLICA, seen: {} },
			prev: made.workbook().head,
		};
		const late = sealAct(unsealed, (message) => ed25519.sign(message, seedOf('pia')));
		expect(codes([...made.log(), late])).toEqual([`${unsealed.seq} unknown_member`]);
	});

	it('a member can’t put themselves in', () => {
		const unsealed = {
			seq: log.length + 1,
			at: '2026-11-29T12:00:00.000Z',
			memberId: 'mallory',
			act: { type: 'member.added', memberId: 'mallory', name: 'Mallory', role: 'partner', publicKey: publicKeyOf('mallory') } as const,
			...{ replica: REPLICA, seen: {} },
			prev: log.at(-1)?.hash ?? '',
		};
		const forged = sealAct(unsealed, (message) => ed25519.sign(message, seedOf('mallory')));
		expect(codes([...log, forged])).toEqual([`${log.length + 1} unknown_member`]);
	});

	it('any one character changed anywhere is found', () => {
		const text = JSON.stringify(log);
		fc.assert(
			fc.property(fc.nat(text.length - 1), fc.constantFrom('0', 'x', '9', 'Q'), (at, char) => {
				const changed = text.slice(0, at) + char + text.slice(at + 1);
				fc.pre(changed !== text);
				const read = readLog(changed);
				expect(read === null || !verify(read).isIntact).toBe(true);
			}),
			{ numRuns: 60 },
		);
	});
});

function readLog(text: string): LoggedAct[] | null {
	try {
		const parsed = loggedActSchema.array().safeParse(JSON.parse(text));
		return parsed.success ? [...parsed.data] : null;
	} catch {
		return null;
	}
}

describe('acts at the wall', () => {
	it('every act of a written log parses to itself', () => {
		for (const { act } of written().log()) expect(actSchema.parse(act)).toEqual(act);
	});

	it('unknown keys, unknown types, endless texts and lone surrogates are refused', () => {
		const note = { type: 'note.answered', noteId: 'n1', text: 'yes' };
		expect(actSchema.safeParse(note).success).toBe(true);
		expect(actSchema.safeParse({ ...note, extra: 1 }).success).toBe(false);
		expect(actSchema.safeParse({ ...note, type: 'note.burnt' }).success).toBe(false);
		expect(actSchema.safeParse({ ...note, text: 'x'.repeat(4001) }).success).toBe(false);
		expect(actSchema.safeParse({ ...note, text: '\ud800' }).success).toBe(false);
		expect(actSchema.safeParse({ ...judged([]), keys: [] }).success).toBe(false);
	});
});
