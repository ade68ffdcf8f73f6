import { describe, expect, it } from 'vitest';
import { type LineFault, openSealedLog, parseVerifierKey, type SealedLogReport, type SealedTableEvidence, verifySealed } from '#evidence';
import { fileOf, LOG, LOG_SIGNER, rootOf, sealLines } from '../../electron/services/dropWriter.ts';

const LINES = sealLines(
	Array.from({ length: 12 }, (_, i) => ({ order_id: `SO-${i % 3}`, order_seq: 1 + Math.floor(i / 3), event_id: `EV-${i}` })),
);
const key = parseVerifierKey(LOG_SIGNER.vkey);
if (!key.ok) throw new Error(key.error);

function reportOf(lines: readonly string[]): SealedLogReport {
	const log = openSealedLog({ hasOrderSeq: true });
	log.push(new Uint8Array(fileOf(lines)));
	return log.finish();
}

const checkpoint = (size: number, path = `checkpoints/order_event/${size}.txt`, lines = LINES) => ({
	path,
	bytes: new Uint8Array(LOG_SIGNER.checkpoint(`${LOG}/order_event`, size, rootOf(lines.slice(0, size)))),
});

const evidence = (change: Partial<SealedTableEvidence> = {}): SealedTableEvidence => ({
	table: 'order_event',
	report: reportOf(LINES),
	endsWithLineFeed: true,
	checkpoints: [checkpoint(6), checkpoint(12)],
	log: LOG,
	claimedKey: null,
	trustedKeys: [key.value],
	previousHeads: [],
	orders: { orderIdOf: () => null, lastOfOrders: () => [], malformed: () => [] },
	...change,
});

describe('a sealed table', () => {
	it('without problems under a trusted key is verified, and its head can be remembered', () => {
		expect(verifySealed(evidence())).toMatchObject({
			verdict: 'verified',
			problems: [],
			trust: 'trusted',
			sealedLines: 12,
			unsealedLines: 0,
			head: { size: 12 },
		});
	});

	it('does not care in which order its checkpoints come', () => {
		expect(verifySealed(evidence({ checkpoints: [checkpoint(12), checkpoint(0), checkpoint(6)] })).verdict).toBe('verified');
	});

	it('of a log the manifest does not name takes checkpoints of any log of that table', () => {
		expect(verifySealed(evidence({ log: null })).verdict).toBe('verified');
	});

	it('is never verified while a problem stands, however small', () => {
		const found = verifySealed(
			evidence({ checkpoints: [checkpoint(12), { path: 'checkpoints/order_event/note.txt', bytes: new Uint8Array() }] }),
		);
		expect(found).toMatchObject({ verdict: 'not_verifiable', sealedLines: 12 });
	});

	it('signed by another key than the trusted one is not verifiable, and says who signed', () => {
		const found = verifySealed(evidence({ trustedKeys: [{ ...key.value, name: 'someone' }] }));
		expect(found).toMatchObject({ verdict: 'not_verifiable', trust: 'untrusted' });
		expect(found.problems[0]?.detail).toContain(`2 checkpoints (checkpoints/order_event/6.txt …) are signed by ${LOG}+`);
	});

	it('signed by the key the manifest claims says that this is only a claim', () => {
		const found = verifySealed(evidence({ trustedKeys: [], claimedKey: key.value }));
		expect(found).toMatchObject({ verdict: 'not_verifiable', trust: 'not_judged', head: null });
		expect(found.problems).toMatchObject([{ code: 'untrusted_key', detail: expect.stringContaining('the key the drop itself claims') }]);
	});

	it("whose signature the machine's verifier denies is not verifiable", () => {
		const found = verifySealed(evidence({ verify: () => false }));
		expect(found.problems.map(({ code }) => code)).toEqual(['bad_signature', 'bad_signature']);
		expect(found.verdict).toBe('not_verifiable');
	});

	it('says how many faults it does not list', () => {
		const fault: LineFault = {
			code: 'not_canonical',
			why: 'whitespace',
			line: 3,
			orderId: null,
			expected: null,
			found: null,
			suspectLine: 3,
		};
		const report = {
			...reportOf(LINES),
			faults: [fault],
			faultCounts: { not_canonical: 5, chain_break: 0, sequence_gap: 0, duplicate: 0 },
		};
		const { problems, verdict } = verifySealed(evidence({ report }));
		expect(verdict).toBe('altered');
		expect(problems.map(({ code, line }) => [code, line])).toEqual([
			['not_canonical', 3],
			['not_canonical', null],
		]);
		expect(problems[1]?.detail).toMatch(/^4 further faults/);
	});

	it('names every line that was changed where the recorded hashes give the signed root', () => {
		const changed = LINES.map((line, i) => (i === 1 || i === 5 ? line.replace('EV', 'EW') : line));
		const found = verifySealed(evidence({ report: reportOf(changed) }));
		expect(found.problems.map(({ code, line }) => `${code}@${line}`)).toEqual(['chain_break@2', 'chain_break@6', 'root_mismatch@2']);
		expect(found.problems[2]?.detail).toContain('so lines 2, 6 are the only ones changed');
	});

	it('quotes hostile text so that it can not steer a terminal', () => {
		const lines = sealLines([1, 2].map((order_seq) => ({ order_id: '\u001b[2J\u009b\u202e', order_seq, event_id: `EV-${order_seq}` })));
		const changed = lines.map((line, i) => (i === 0 ? line.replace('EV', 'EW') : line));
		const [problem] = verifySealed(
			evidence({ report: reportOf(changed), checkpoints: [checkpoint(2, '\u001b]0;x\u0007', lines)] }),
		).problems;
		expect(problem?.order_id).toBe('\u001b[2J\u009b\u202e');
		expect(problem?.detail).toContain('(order \ufffd[2J\ufffd\ufffd)');
	});

	it('tells of many hostile checkpoints in the time of many, not of their square', () => {
		const many = Array.from({ length: 3000 }, (_, i) =>
			checkpoint(6, `checkpoints/order_event/6-${i}.txt`, i % 2 === 0 ? LINES : [...LINES].reverse()),
		);
		const found = verifySealed(evidence({ checkpoints: many, verify: () => true }));
		expect(found.verdict).toBe('forked');
		expect(found.problems.every(({ code }) => code === 'inconsistent')).toBe(true);
	});
});
