import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { type DisclosureProblemCode, DisclosureSet } from '#evidence';
import { type Json, utf8 } from '#kernel';

const encode = (salt: string, name: string, value: Json): string => Buffer.from(JSON.stringify([salt, name, value])).toString('base64url');
const digest = (disclosure: string): string => createHash('sha256').update(disclosure).digest('base64url');
const entry = (line: number, disclosure: string): string => `${JSON.stringify({ disclosure, line })}\n`;

const NAME = encode('c2FsdC1mb3ItbmFtZQ', 'name', 'Grace');
const CITY = encode('c2FsdC1mb3ItY2l0eQ', 'city', 'Arlington');
const COMMITMENTS = { name: digest(NAME), city: digest(CITY) };

function read(...chunks: readonly string[]): DisclosureSet {
	const set = new DisclosureSet();
	for (const chunk of chunks) expect(set.push(utf8(chunk)).ok).toBe(true);
	set.finish();
	return set;
}

/** What line 7, which commits to a name and a city, gives with these disclosures, and what is wrong with them. */
function line7(...entries: readonly string[]) {
	const set = read(entries.join(''));
	const values = set.valuesOf(7, COMMITMENTS);
	return { values: values && Object.fromEntries(values), codes: set.report().problems.map(({ code }) => code), set };
}

describe('disclosures', () => {
	it('give the values whose digests the line commits to', () => {
		const { values, codes, set } = line7(entry(7, NAME), entry(7, CITY));
		expect(values).toEqual({ name: 'Grace', city: 'Arlington' });
		expect(codes).toEqual([]);
		expect(set.report().disclosed).toBe(2);
	});

	it('may be withheld, all or some of them', () => {
		expect(line7()).toMatchObject({ values: null, codes: [] });
		expect(line7(entry(7, CITY))).toMatchObject({ values: { city: 'Arlington' }, codes: [] });
	});

	it('are found in any order of lines, and however the file is cut', () => {
		const text = entry(9, encode('eDk', 'name', 'x')) + entry(7, CITY) + entry(8, encode('eDg', 'name', 'y')) + entry(7, NAME);
		for (let cut = 0; cut < text.length; cut += 7)
			expect(Object.fromEntries(read(text.slice(0, cut), text.slice(cut)).valuesOf(7, COMMITMENTS) ?? [])).toEqual({
				name: 'Grace',
				city: 'Arlington',
			});
	});

	it('of the RFC 9901 example have the digest the RFC gives', () => {
		const given = 'WyJfMjZiYzRMVC1hYzZxMktJNmNCVzVlcyIsICJmYW1pbHlfbmFtZSIsICJNw7ZiaXVzIl0';
		expect(digest(given)).toBe('X9yH0Ajrdm1Oij4tWso9UzzKJvPoDxwmuEcO3XAdRC0');
	});

	const WRONG: readonly (readonly [DisclosureProblemCode, string, readonly string[]])[] = [
		['digest_mismatch', 'a value that was changed', [entry(7, encode('c2FsdC1mb3ItbmFtZQ', 'name', 'Gracf'))]],
		['digest_mismatch', 'a field without a commitment', [entry(7, encode('c2FsdA', 'age', 7))]],
		['no_commitment', 'a line that is not there', [entry(70, NAME)]],
		['repeated', 'one value twice', [entry(7, NAME), entry(7, NAME)]],
		['malformed', 'a line that is no record', ['hello\n']],
		['malformed', 'a line number below one', [entry(0, NAME)]],
		['malformed', 'a key named twice', [`{"line":7,"line":7,"disclosure":"${NAME}"}\n`]],
		['malformed', 'white space inside the disclosure', [entry(7, Buffer.from('["c2FsdA", "name", "Grace"]').toString('base64url'))]],
		['malformed', 'two parts instead of three', [entry(7, Buffer.from('["c2FsdA","name"]').toString('base64url'))]],
		['malformed', 'an empty salt', [entry(7, encode('', 'name', 'Grace'))]],
		['malformed', 'a line of a hundred thousand bytes', [entry(7, 'A'.repeat(100_000))]],
	];
	for (const [code, what, entries] of WRONG)
		it(`with ${what}: ${code}`, () => {
			expect(line7(...entries).codes).toContain(code);
		});

	it('with one salt for two fields: salt_reuse, though both values are the sealed ones', () => {
		const [name, city] = [encode('c2FsdA', 'name', 'Grace'), encode('c2FsdA', 'city', 'Arlington')];
		const set = read(entry(7, name) + entry(7, city));
		expect(set.valuesOf(7, { name: digest(name), city: digest(city) })?.size).toBe(2);
		expect(set.report().problems).toMatchObject([{ code: 'salt_reuse', fileLine: 2, line: 7, field: 'city' }]);
	});

	it('moved to another field: moved_field', () => {
		const set = read(entry(7, NAME));
		expect(set.valuesOf(7, { city: digest(NAME) })?.size).toBe(0);
		expect(set.report().problems).toMatchObject([{ code: 'moved_field', line: 7, field: 'name' }]);
	});

	it('on an endless line are refused before it is held', () => {
		const set = new DisclosureSet();
		expect(set.push(utf8(`${entry(7, NAME)}${'A'.repeat(60_000)}`)).ok).toBe(true);
		expect(set.push(utf8('A'.repeat(60_000)))).toEqual({ ok: false, error: { line: 2 } });
	});

	it('for a line whose commitments are no object are all wrong', () => {
		for (const commitments of [null, 'x', 3, [COMMITMENTS.name]] as Json[])
			expect(read(entry(7, NAME)).valuesOf(7, commitments)?.size).toBe(0);
	});
});
