import { describe, expect, test } from 'vitest';
import { CHECK_CODES, CHECK_VERDICTS } from '#pack';
import { commonName, keyTimeProblem, noticeTone, PACK_VERDICTS, readReport } from '../../../../renderer/screens/Packs/packs.ts';

const REPORT = {
	format: 'tieout-check/1',
	verdict: 'TAMPERED',
	signer_trust: 'not_judged',
	log_trust: 'trusted',
	codes: [
		{ code: 'digest_mismatch', detail: 'Preparer' },
		{ code: 'a_code_of_a_later_version', detail: 'x' },
	],
	signatures: [{ field: 'Preparer', signer: 'CN=Ada', time: '2026-01-01T00:00:00Z', time_is: 'claimed', covers: 'the whole file' }],
	files: { declared: 2, matching: 1 },
	proofs: { checked: 3, failed: 0 },
	replay: null,
};

describe('a verifier’s report on screen', () => {
	test('every objection has its sentence, also one this version has no words for', () => {
		const report = readReport(JSON.stringify(REPORT));
		expect(report?.codes.map(({ sentence, verdict }) => [sentence, verdict])).toEqual([
			[CHECK_CODES.digest_mismatch.sentence, 'TAMPERED'],
			['An objection this version has no words for.', null],
		]);
	});

	test('what was not judged is never called trusted', () => {
		const report = readReport(JSON.stringify(REPORT));
		expect(report?.signerTrust).toMatch(/^not judged/);
		expect(report?.logTrust).toBe('trusted');
	});

	test('orders that are complete are counted, a table and a day; a pack without heads says nothing of them', () => {
		const records = [{ table: 'order_event', day: '2026-12-01', size: 9, orders: ['SO-1', 'SO-2'] }];
		const report = readReport(JSON.stringify({ ...REPORT, order_heads: { checked: 2, failed: 0, records } }));
		expect(report?.completeOrders).toEqual([{ table: 'order_event', day: '2026-12-01', orders: 2 }]);
		expect(readReport(JSON.stringify(REPORT))?.completeOrders).toEqual([]);
	});

	test('another format is not guessed at', () => {
		expect(readReport(JSON.stringify({ ...REPORT, format: 'tieout-check/2' }))).toBeNull();
	});

	test('only VALID looks like a pass', () => {
		expect(CHECK_VERDICTS.filter((verdict) => PACK_VERDICTS[verdict].tone === 'pass')).toEqual(['VALID']);
	});

	test('only VALID is told as done, and what was tampered with as a failure', () => {
		expect(CHECK_VERDICTS.filter((verdict) => noticeTone(verdict) === 'done')).toEqual(['VALID']);
		expect(CHECK_VERDICTS.filter((verdict) => noticeTone(verdict) === 'failed')).toEqual(['TAMPERED']);
	});
});

describe('a key file', () => {
	test('its holder is the common name, commas in it kept', () => {
		expect(commonName('CN=Ada Okafor, O=Meridian Assurance')).toBe('Ada Okafor');
		expect(commonName('O=Meridian, CN=Okafor\\, Ada')).toBe('Okafor, Ada');
		expect(commonName('O=Meridian')).toBe('O=Meridian');
	});

	test('a certificate outside its time says so', () => {
		expect(keyTimeProblem({ notBefore: 10, notAfter: 20 }, 15)).toBeNull();
		expect(keyTimeProblem({ notBefore: 10, notAfter: 20 }, 5)).toContain('not valid yet');
		expect(keyTimeProblem({ notBefore: 10, notAfter: 20 }, 25)).toContain('expired');
	});
});
