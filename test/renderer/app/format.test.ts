/** Figures as people read them. */
import { afterEach, describe, expect, it, vi } from 'vitest';
import { formatBytes, formatCount, formatDuration, formatMinor, formatSpan, plural, shortHash } from '../../../renderer/app/format.ts';

const digits = (text: string): string => text.replace(/[^\d−]/g, '');

describe('figures', () => {
	it('money is exact at any size and in the currency’s own decimals', () => {
		expect(digits(formatMinor(12_345_678_901_234_567_890n, 'USD'))).toBe('12345678901234567890');
		expect(formatMinor(1234n, 'JPY')).toMatch(/^1\D?234$/);
		expect(formatMinor(5n, 'KWD')).toMatch(/^0.005$/);
	});

	it('a negative amount has a minus sign, not a hyphen', () => {
		expect(formatMinor(-5n, 'EUR')).toMatch(/^−0.05$/);
	});

	it('spans show their two largest units', () => {
		expect(formatDuration(187_200_000)).toBe('2 d 4 h');
		expect(formatDuration(0)).toBe('0 s');
		expect(formatDuration(-61_000)).toBe('−1 min 1 s');
	});

	it('a span of a machine is in milliseconds below ten seconds, in larger units from there', () => {
		expect(digits(formatSpan(9999.4))).toBe('9999');
		expect(formatSpan(9999.4)).toMatch(/ ms$/);
		expect(formatSpan(61_000)).toBe('1 min 1 s');
	});

	it('a span of many days has its thousands set apart as any count has', () => {
		expect(formatDuration(1234 * 86_400_000)).toBe(`${formatCount(1234)} d`);
	});

	it('sizes have three digits', () => {
		expect(formatBytes(999)).toBe('999 B');
		expect(formatBytes(1500)).toMatch(/^1.5 kB$/);
	});

	it('one order, two orders', () => {
		expect([plural(1, 'order'), plural(2, 'order')]).toEqual(['1 order', '2 orders']);
	});

	it('hashes keep both ends', () => {
		expect(shortHash(`${'9f2c'.padEnd(60, '0')}41be`)).toBe('9f2c…41be');
	});
});

describe('the date of an instant', () => {
	const { DateTimeFormat } = Intl;
	afterEach(() => {
		Intl.DateTimeFormat = DateTimeFormat;
		vi.resetModules();
	});

	it.each(['ko-KR', 'en-US', 'de-DE', 'ja-JP', 'hu-HU'])('has year, month and day in %s', async (locale) => {
		Intl.DateTimeFormat = class extends DateTimeFormat {
			constructor(_: undefined, options?: Intl.DateTimeFormatOptions) {
				super(locale, options);
			}
		} as unknown as typeof DateTimeFormat;
		vi.resetModules();
		const { formatDateLocal } = await import('../../../renderer/app/format.ts');
		const parts = formatDateLocal(Date.UTC(2026, 10, 17, 12)).match(/\d+/g);
		expect(parts?.toSorted()).toEqual(['11', '17', '2026']);
	});
});
