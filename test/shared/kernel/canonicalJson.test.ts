import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalFault, canonicalize, fromHex, toHex, utf8 } from '#kernel';

const integers = fc.maxSafeInteger().map((value) => (Object.is(value, -0) ? 0 : value));
const { evidence } = fc.letrec<{ evidence: unknown }>((tie) => ({
	evidence: fc.oneof(
		{ maxDepth: 4 },
		fc.constant(null),
		fc.boolean(),
		integers,
		fc.string({ unit: 'binary' }),
		fc.array(tie('evidence'), { maxLength: 4 }),
		fc.dictionary(fc.string({ unit: 'binary', maxLength: 4 }), tie('evidence'), { maxKeys: 5 }),
	),
}));

describe('RFC 8785', () => {
	// The samples of §3.2.2 to §3.2.4, as the text has them.
	const sample = String.raw`{
		"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
		"string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/",
		"literals": [null, true, false]
	}`;
	const sampleHex = `
		7b 22 6c 69 74 65 72 61 6c 73 22 3a 5b 6e 75 6c 6c 2c 74 72 75 65 2c 66 61 6c 73 65 5d 2c 22 6e 75 6d 62 65 72 73 22 3a
		5b 33 33 33 33 33 33 33 33 33 2e 33 33 33 33 33 33 33 2c 31 65 2b 33 30 2c 34 2e 35 2c 30 2e 30 30 32 2c 31 65 2d 32 37
		5d 2c 22 73 74 72 69 6e 67 22 3a 22 e2 82 ac 24 5c 75 30 30 30 66 5c 6e 41 27 42 5c 22 5c 5c 5c 5c 5c 22 2f 22 7d`;

	it('§3.2.2 to §3.2.4: the sample has the bytes the text prints', () => {
		expect(toHex(utf8(canonicalize(JSON.parse(sample))))).toBe(sampleHex.replace(/\s+/g, ''));
	});

	it('§3.2.3: keys sort by UTF-16 code units', () => {
		const sorted = String.raw`{
			"\u20ac": "Euro Sign",
			"\r": "Carriage Return",
			"\ufb33": "Hebrew Letter Dalet With Dagesh",
			"1": "One",
			"\ud83d\ude00": "Emoji: Grinning Face",
			"\u0080": "Control",
			"\u00f6": "Latin Small Letter O With Diaeresis"
		}`;
		const names = [...canonicalize(JSON.parse(sorted)).matchAll(/:"([^"]+)"/g)].map(([, name]) => name);
		expect(names).toEqual([
			'Carriage Return',
			'One',
			'Control',
			'Latin Small Letter O With Diaeresis',
			'Euro Sign',
			'Emoji: Grinning Face',
			'Hebrew Letter Dalet With Dagesh',
		]);
	});

	// Appendix B, the finite samples: IEEE 754 bits and their text.
	it.each([
		['0000000000000000', '0'],
		['8000000000000000', '0'],
		['0000000000000001', '5e-324'],
		['8000000000000001', '-5e-324'],
		['7fefffffffffffff', '1.7976931348623157e+308'],
		['ffefffffffffffff', '-1.7976931348623157e+308'],
		['4340000000000000', '9007199254740992'],
		['c340000000000000', '-9007199254740992'],
		['4430000000000000', '295147905179352830000'],
		['44b52d02c7e14af5', '9.999999999999997e+22'],
		['44b52d02c7e14af6', '1e+23'],
		['444b1ae4d6e2ef4e', '999999999999999700000'],
		['444b1ae4d6e2ef4f', '999999999999999900000'],
		['444b1ae4d6e2ef50', '1e+21'],
		['3eb0c6f7a0b5ed8c', '9.999999999999997e-7'],
		['3eb0c6f7a0b5ed8d', '0.000001'],
		['41b3de4355555555', '333333333.3333333'],
		['becbf647612f3696', '-0.0000033333333333333333'],
		['43143ff3c1cb0959', '1424953923781206.2'],
	])('appendix B: %s is written %s', (bits, text) => {
		const bytes = fromHex(bits) ?? new Uint8Array();
		expect(canonicalize(new DataView(bytes.buffer).getFloat64(0))).toBe(text);
	});
});

describe('the six official test pairs', () => {
	const folder = new URL('../../../../shared/data/vectors/jcs-rfc8785/testdata/', import.meta.url);
	const names = ['arrays', 'french', 'structures', 'unicode', 'values', 'weird'];
	const here = existsSync(fileURLToPath(folder));

	it.skipIf(!here).each(names)('%s', (name) => {
		const file = (kind: string, ending: string) => readFileSync(new URL(`${kind}/${name}.${ending}`, folder));
		const canonical = utf8(canonicalize(JSON.parse(file('input', 'json').toString('utf8'))));
		expect(toHex(canonical)).toBe(toHex(file('output', 'json')));
		expect(toHex(canonical)).toBe(file('outhex', 'txt').toString('ascii').replace(/\s+/g, ''));
	});

	it.skipIf(!here)('are all there are', () => {
		expect(readdirSync(new URL('input/', folder)).sort()).toEqual(names.map((name) => `${name}.json`));
	});
});

describe('canonicalize', () => {
	it('the canonical form says the same, and is a fixed point', () => {
		fc.assert(
			fc.property(evidence, (value) => {
				const text = canonicalize(value);
				expect(JSON.parse(text)).toEqual(JSON.parse(JSON.stringify(value)));
				expect(canonicalize(JSON.parse(text))).toBe(text);
			}),
		);
	});

	it('the order in which keys were set does not show', () => {
		fc.assert(
			fc.property(fc.dictionary(fc.string(), integers), (value) => {
				expect(canonicalize(Object.fromEntries(Object.entries(value).reverse()))).toBe(canonicalize(value));
			}),
		);
	});

	it('a key named __proto__ is a key like any other', () => {
		expect(canonicalize(JSON.parse('{"b":1,"__proto__":{"x":2}}'))).toBe('{"__proto__":{"x":2},"b":1}');
	});

	const nested = (levels: number): unknown => (levels === 0 ? 1 : [nested(levels - 1)]);
	const sparse: unknown[] = [];
	sparse[1] = 1;

	it.each([
		['undefined', undefined],
		['undefined in an object', { a: undefined }],
		['NaN', Number.NaN],
		['infinity', Number.POSITIVE_INFINITY],
		['a bigint', 1n],
		['a symbol', Symbol('s')],
		['a function', () => 1],
		['a hole in an array', sparse],
		['a Date', new Date(0)],
		['a Map', new Map()],
		['typed bytes', new Uint8Array(1)],
		['a lone surrogate', '\ud800'],
		['a lone surrogate as key', { '\udc00': 1 }],
		['33 levels', nested(33)],
	])('%s has no canonical form and throws', (_, value) => {
		expect(() => canonicalize(value)).toThrow(TypeError);
	});

	it('32 levels are lawful', () => expect(canonicalize(nested(32))).toBe(`${'['.repeat(32)}1${']'.repeat(32)}`));
});

describe('canonicalFault', () => {
	it('what canonicalize writes has no fault', () => {
		fc.assert(fc.property(evidence, (value) => canonicalFault(utf8(canonicalize(value))) === null));
	});

	it.each([
		['not_utf8', new Uint8Array([0x22, 0xff, 0x22])],
		['not_json', utf8('{"a":1')],
		['not_json', utf8('')],
		['not_json', utf8('\ufeff{}')],
		['not_json', utf8("{'a':1}")],
		['not_json', utf8('"\u0000"')],
		['number_not_integer', utf8('{"a":1.5}')],
		['number_not_integer', utf8('[1e400]')],
		['number_not_integer', utf8('{"a":[{"b":9007199254740992}]}')],
		['not_canonical', utf8('{"a":1.0}')],
		['not_canonical', utf8('[-0]')],
		['not_canonical', utf8('[1e2]')],
		['not_canonical', utf8('{"b":1,"a":2}')],
		['not_canonical', utf8('{"a":1,"a":1}')],
		['not_canonical', utf8('{"a": 1}')],
		['not_canonical', utf8('{"a":1} ')],
		['not_canonical', utf8('["\\u0041"]')],
		['not_canonical', utf8('["\\/"]')],
		['not_canonical', utf8('["\\ud800"]')],
		['not_canonical', utf8(`${'['.repeat(40)}${']'.repeat(40)}`)],
	])('%s is found (%#)', (fault, bytes) => {
		expect(canonicalFault(bytes)).toBe(fault);
	});

	it('a line of two hundred thousand brackets is a fault, not a crash', () => {
		const deep = 200_000;
		expect(canonicalFault(utf8(`${'['.repeat(deep)}${']'.repeat(deep)}`))).toBe('not_canonical');
		expect(canonicalFault(utf8('{"a":'.repeat(deep)))).toBe('not_json');
	});

	it('any one byte changed in a canonical line never leaves the same value canonical', () => {
		const line = utf8(canonicalize({ amount_minor: 1200, note: 'é "quoted"', order_id: 'SO-1', prev: null }));
		let unfaulted = 0;
		for (let at = 0; at < line.length; at++) {
			for (let bit = 0; bit < 8; bit++) {
				const changed = line.slice();
				changed[at] = (changed[at] ?? 0) ^ (1 << bit);
				if (canonicalFault(changed) !== null) continue;
				unfaulted++;
				expect(JSON.parse(Buffer.from(changed).toString('utf8'))).not.toEqual(JSON.parse(Buffer.from(line).toString('utf8')));
			}
		}
		expect(unfaulted).toBeGreaterThan(0);
	});
});
