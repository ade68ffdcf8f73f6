/** Reasons stand in the signed log under a member's name, so that no screen makes one up. */
import { globSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';

const ASKING =
	/vault\.[a-zA-Z]+\.(removeMember|removeTrustedKey|withdraw|dismiss|setState|setParameter|setTolerance|settleEquivocation)\(([^;]*?)\)/g;

describe('a reason that is put on record', () => {
	const calls = globSync('renderer/screens/**/*.tsx').flatMap((path) =>
		[...readFileSync(path, 'utf8').matchAll(ASKING)].map(([call]) => ({ path, call })),
	);

	it('is asked for in more than one place', () => {
		expect(calls.length).toBeGreaterThan(5);
	});

	it.each(calls)('is the member’s own words: $path $call', ({ call }) => {
		expect(call).not.toMatch(/, '[^']+'\)/);
	});
});
