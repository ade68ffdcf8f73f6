import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readStrictJson } from '#evidence';
import { utf8 } from '#kernel';

const read = (text: string) => readStrictJson(utf8(text));

describe('strict JSON', () => {
	it('reads what JSON.parse reads, where nothing is hidden', () => {
		const value = fc.letrec<{ tree: unknown }>((tie) => ({
			tree: fc.oneof(
				{ maxDepth: 3 },
				fc.string(),
				fc.maxSafeInteger(),
				fc.boolean(),
				fc.constant(null),
				fc.array(tie('tree')),
				fc.dictionary(fc.string(), tie('tree')),
			),
		})).tree;
		fc.assert(
			fc.property(value, fc.boolean(), (tree, spaced) => {
				const text = JSON.stringify(tree, null, spaced ? 2 : 0);
				const json = read(text);
				// -0 is written 0, so no number here has two spellings.
				expect(json.ok && json.value).toEqual(JSON.parse(text));
			}),
		);
	});

	it.each([
		['not_json', ''],
		['not_json', '{"a":1,}'],
		['not_json', '{"a":01}'],
		['not_json', '\ufeff{}'],
		['duplicate_key', '{"a":1,"a":1}'],
		['duplicate_key', '[{"b":{"a":1,"c":["a"],"\\u0061":2}}]'],
		['unsafe_number', '1.0'],
		['unsafe_number', '[1e2]'],
		['unsafe_number', '{"a":-9007199254740992}'],
		['unsafe_number', '-0.5'],
		['too_deep', `${'['.repeat(33)}${']'.repeat(33)}`],
		['too_deep', '{"a":'.repeat(200_000)],
	])('%s: %s', (code, text) => {
		const json = read(text);
		expect(json.ok ? 'read' : json.error.code).toBe(code);
	});

	it('lets a key stand once in each of several objects, and brackets in strings', () => {
		expect(read('[{"a":1},{"a":1},{"x":{"a":1},"a":"{[{[,:\\""}]').ok).toBe(true);
	});

	it('names the line of what it found', () => {
		const json = read('{\n"a":1,\n\n"a":2}');
		expect(json.ok ? null : json.error).toEqual({ code: 'duplicate_key', what: 'a', line: 4 });
	});

	it('is linear: a megabyte of quotes, commas or digits is read or refused at once', () => {
		for (const text of ['"'.repeat(1 << 20), `[${'1,'.repeat(1 << 18)}1]`, `"${'\\"'.repeat(1 << 18)}"`, '9'.repeat(1 << 20)]) {
			const json = read(text);
			expect(json.ok || json.error.code).toBeTruthy();
		}
	});
});
