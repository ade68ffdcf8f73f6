import { describe, expect, it } from 'vitest';
import { FIRST_READING, isTrustedByClaimAlone } from '#evidence';
import { LOG_SIGNER, signer } from '../../electron/services/dropWriter.ts';

const CLAIMED = LOG_SIGNER.vkey;
const OTHER = signer('other.example/o2c', 'another').vkey;
const taken = { vkey: CLAIMED, origin: FIRST_READING };
const given = { vkey: CLAIMED, origin: 'letter of the CFO' };

describe('a log is trusted by its own claim alone', () => {
	it('where the key it claims was taken from the drop', () => {
		expect(isTrustedByClaimAlone([taken], CLAIMED)).toBe(true);
		expect(isTrustedByClaimAlone([taken], ` ${CLAIMED} `)).toBe(true);
	});

	it('also where another log’s key was given from outside', () => {
		expect(isTrustedByClaimAlone([taken, { vkey: OTHER, origin: 'letter' }], CLAIMED)).toBe(true);
	});

	it('not where its key was given, nor where no key is trusted', () => {
		expect(isTrustedByClaimAlone([given], CLAIMED)).toBe(false);
		expect(isTrustedByClaimAlone([], CLAIMED)).toBe(false);
		expect(isTrustedByClaimAlone([{ vkey: OTHER, origin: FIRST_READING }, given], CLAIMED)).toBe(false);
	});
});
