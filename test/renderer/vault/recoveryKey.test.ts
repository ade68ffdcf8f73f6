import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { deflate, inflate } from '../../../renderer/vault/deflate.ts';
import { fromLatin1, toLatin1 } from '../../../renderer/vault/latin1.ts';
import { passphraseFault } from '../../../renderer/vault/passphrase.ts';
import { formatRecoveryKey, parseRecoveryKey } from '../../../renderer/vault/recoveryKey.ts';

const key = fc.uint8Array({ minLength: 32, maxLength: 32 }).map((bytes) => new Uint8Array(bytes));

describe('a recovery key', () => {
	it('is read as it was written, in any case and grouping', () => {
		fc.assert(
			fc.property(key, (bytes) => {
				const text = formatRecoveryKey(bytes);
				expect(parseRecoveryKey(text)).toEqual(bytes);
				expect(parseRecoveryKey(text.toLowerCase().replaceAll('-', ''))).toEqual(bytes);
			}),
		);
	});

	it('with one character wrong is no key, but for one in millions', () => {
		fc.assert(
			fc.property(key, fc.nat({ max: 55 }), fc.constantFrom(...'0123456789ABCDEFGHJKMNPQRSTVWXYZ'), (bytes, at, char) => {
				const text = formatRecoveryKey(bytes).replaceAll('-', '');
				fc.pre(text[at] !== char);
				expect(parseRecoveryKey(text.slice(0, at) + char + text.slice(at + 1))).toBeNull();
			}),
			{ seed: 1 },
		);
	});

	it.each(['', '0000', 'U'.repeat(56), '€'.repeat(56)])('%s is none', (text) => {
		expect(parseRecoveryKey(text)).toBeNull();
	});
});

describe('bytes as text and deflated', () => {
	it('come back as they were', async () => {
		await fc.assert(
			fc.asyncProperty(fc.uint8Array({ maxLength: 20_000 }), async (bytes) => {
				expect(fromLatin1(toLatin1(bytes))).toEqual(new Uint8Array(bytes));
				expect(await inflate(await deflate(new Uint8Array(bytes)), bytes.length)).toEqual(new Uint8Array(bytes));
			}),
			{ numRuns: 40 },
		);
		expect(fromLatin1('\u0100')).toBeNull();
	});
});

describe('a passphrase', () => {
	it.each(['correct horse battery staple', 'Zx9-qqw!lmno', 'vier kurze bunte worte', '一二三四五六七八九十百千'])(
		'%s will do',
		(passphrase) => {
			expect(passphraseFault(passphrase, ['Audit FY 2026'])).toBeNull();
		},
	);
});
