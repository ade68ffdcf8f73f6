import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, concatBytes, toHex, utf8 } from '#kernel';
import { openSealedLog } from '../../../shared/evidence/logKernel.ts';
import { openReferenceLog } from '../../../shared/evidence/logKernelReference.ts';
import type { LineFault, SealedLogReport } from '../../../shared/evidence/logKernelReport.ts';
import { bytesOf, leafHex, sampleLog, sealed } from './sealedLines.ts';

const ENGINES = [
	['reference', openReferenceLog],
	['kernel', openSealedLog],
] as const;

/** Both engines must say the same; the tests then look at what they say. */
function verify(bytes: Uint8Array, hasOrderSeq = true, maxLineBytes?: number): SealedLogReport {
	const options = maxLineBytes === undefined ? { hasOrderSeq } : { hasOrderSeq, maxLineBytes };
	const [expected, found] = ENGINES.map(([, open]) => {
		const log = open(options);
		log.push(bytes);
		return log.finish();
	}) as [SealedLogReport, SealedLogReport];
	expect(plain(found)).toEqual(plain(expected));
	return found;
}

const plain = ({ lines, canonicalLines, leafHashes, faults, faultCount, faultCounts, rootOf }: SealedLogReport) => ({
	lines,
	canonicalLines,
	leafHashes: toHex(leafHashes),
	faults,
	faultCount,
	faultCounts,
	root: toHex(rootOf(lines)),
});

const brief = (faults: readonly LineFault[]) => faults.map(({ line, code, why, suspectLine }) => [line, code, why, suspectLine]);
const verifyLines = (lines: readonly string[], hasOrderSeq = true) => verify(bytesOf(lines), hasOrderSeq);
const swap = (lines: readonly string[], a: number, b: number): string[] =>
	lines.map((line, i) => (i === a ? (lines[b] as string) : i === b ? (lines[a] as string) : line));

describe('a clean log', () => {
	it.each([true, false])('has no fault (with order_seq: %s)', (hasOrderSeq) => {
		const lines = sampleLog(50, 7, hasOrderSeq);
		const report = verifyLines(lines, hasOrderSeq);
		expect(report.faults).toEqual([]);
		expect([report.lines, report.canonicalLines, report.faultCount]).toEqual([50, 50, 0]);
		expect(toHex(report.leafHashes)).toBe(lines.map(leafHex).join(''));
	});

	it('of no lines is the empty tree', () => {
		const report = verify(new Uint8Array());
		expect(plain(report)).toEqual({
			lines: 0,
			canonicalLines: 0,
			leafHashes: '',
			faults: [],
			faultCount: 0,
			faultCounts: { not_canonical: 0, chain_break: 0, sequence_gap: 0, duplicate: 0 },
			root: 'e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855',
		});
	});

	it('may end without a line feed', () => {
		const lines = sampleLog(3, 1);
		expect(plain(verify(utf8(lines.join('\n'))))).toEqual(plain(verifyLines(lines)));
	});

	it('may carry commitments, unknown keys and nested values', () => {
		const report = verifyLines(
			sealed([
				{ order_id: 'A', sd: { customer: 'x'.repeat(43), amount: 'y'.repeat(43) }, zz: [1, { a: null, b: [true, false, [], {}] }] },
				{ order_id: 'A', 'a b': -5, größe: 'ü', '😂': 1, \ufb33: 2, '"': '\\', '\n': '\u0001\t\u007f\u2028' },
			]),
		);
		expect(report.faults).toEqual([]);
	});

	it('takes an absent prev as null', () => {
		expect(verifyLines(['{"order_id":"A","order_seq":1}']).faults).toEqual([]);
	});

	it('takes a null or absent order_seq for a missing one only where the table counts', () => {
		const line = '{"order_id":"A","order_seq":null}';
		expect(verifyLines([line], false).faults).toEqual([]);
		expect(brief(verifyLines([line]).faults)).toEqual([[1, 'sequence_gap', 'seq_missing', 1]]);
	});
});

describe('what is not canonical', () => {
	const at = (text: string | Uint8Array) => verify(typeof text === 'string' ? utf8(`${text}\n`) : concatBytes(text, utf8('\n')), false);

	it.each([
		['blank_line', ''],
		['bom', '\ufeff{"order_id":"A"}'],
		['bom', '\ufeff'],
		['nul', '{"order_id":"A\u0000"}'],
		['not_json', '{"order_id":"A"'],
		['not_json', '{"order_id":"A"}}'],
		['not_json', '{"order_id":"A\u0001"}'],
		['not_json', '{"a":01,"order_id":"A"}'],
		['not_json', '{"a":1e,"order_id":"A"}'],
		['not_json', '{"a":.5,"order_id":"A"}'],
		['not_json', '{"a":+1,"order_id":"A"}'],
		['not_json', '{"a":NaN,"order_id":"A"}'],
		['not_json', '{"a":tru,"order_id":"A"}'],
		['not_json', "{'a':1,'order_id':'A'}"],
		['not_json', '{"a":1,"order_id":"A",}'],
		['not_json', '{"a":"\\x41","order_id":"A"}'],
		['not_json', '{"a" "order_id":"A"}'],
		['not_json', '{,"order_id":"A"}'],
		['not_json', '{"a":[1,],"order_id":"A"}'],
		['not_json', '{"a":-,"order_id":"A"}'],
		['not_object', '[1]'],
		['not_object', 'null'],
		['not_object', '"order_id"'],
		['too_deep', `{"a":${'['.repeat(32)}${']'.repeat(32)},"order_id":"A"}`],
		['carriage_return', '{"order_id":"A"}\r'],
		['whitespace', '{"order_id": "A"}'],
		['whitespace', ' {"order_id":"A"}'],
		['whitespace', '{"order_id":"A"}\t'],
		['whitespace', '{"order_id" :"A"}'],
		['duplicate_key', '{"order_id":"A","order_id":"A"}'],
		['duplicate_key', '{"order_id":"A","x":{"a":1,"b":2,"a":1}}'],
		['duplicate_key', '{"a":1,"b":1,"a":1,"order_id":"A"}'],
		['key_order', '{"order_id":"A","a":1}'],
		['key_order', '{"aa":1,"a":1,"order_id":"A"}'],
		// By code points 😂 (U+1F602) comes behind \ufb33 (U+FB33); by UTF-16 code units, which count, before it.
		['key_order', '{"order_id":"A","\ufb33":1,"😂":2}'],
		['escape', '{"order_id":"\\u0041"}'],
		['escape', '{"order_id":"A","x":"\\/"}'],
		['escape', '{"order_id":"A","x":"\\u000a"}'],
		['escape', '{"order_id":"A","x":"\\u001F"}'],
		['escape', '{"order_id":"A","x":"\\u00e9"}'],
		['escape', '{"order_id":"A","x":"\\u2028"}'],
		['escape', '{"order_id":"A","x":"\\ud83d\\ude02"}'],
		['escape', '{"\\u006frder_id":"A"}'],
		['lone_surrogate', '{"order_id":"A","x":"\\ud800"}'],
		['lone_surrogate', '{"order_id":"A","x":"\\udc00\\ud800"}'],
		['number_form', '{"a":1.0,"order_id":"A"}'],
		['number_form', '{"a":-0,"order_id":"A"}'],
		['number_form', '{"a":1e3,"order_id":"A"}'],
		['number_not_integer', '{"a":1.5,"order_id":"A"}'],
		['number_not_integer', '{"a":1e400,"order_id":"A"}'],
		['number_not_integer', '{"a":1e-7,"order_id":"A"}'],
		['unsafe_integer', '{"a":9007199254740993,"order_id":"A"}'],
		['unsafe_integer', '{"a":9007199254740992,"order_id":"A"}'],
		['unsafe_integer', '{"a":-9007199254740992,"order_id":"A"}'],
		['unsafe_integer', '{"a":123456789012345678901234567890,"order_id":"A"}'],
	])('%s: %j', (why, text) => {
		const { faults, canonicalLines, leafHashes, lines } = at(text);
		expect(faults.filter(({ code }) => code === 'not_canonical')).toEqual([expect.objectContaining({ line: 1, why })]);
		expect([lines, canonicalLines]).toEqual([1, 0]);
		expect(toHex(leafHashes)).toBe(leafHex(text));
	});

	it('a line of half a million brackets is too deep, and no more than that', () => {
		expect(brief(at('['.repeat(500_000)).faults)).toEqual([[1, 'not_canonical', 'too_deep', 1]]);
	});

	it.each([
		['a lone continuation byte', [0x80]],
		['a lead byte alone', [0xc3]],
		['an overlong slash', [0xc0, 0xaf]],
		['an overlong three-byte form', [0xe0, 0x80, 0xaf]],
		['an overlong four-byte form', [0xf0, 0x80, 0x80, 0xaf]],
		['a surrogate', [0xed, 0xa0, 0x80]],
		['a code point beyond U+10FFFF', [0xf4, 0x90, 0x80, 0x80]],
		['a byte that never occurs', [0xff]],
		['a truncated four-byte form', [0xf0, 0x9f, 0x98]],
	])('bad_utf8: %s', (_, bad) => {
		const line = concatBytes(utf8('{"order_id":"A","x":"'), new Uint8Array(bad), utf8('"}'));
		expect(brief(at(line).faults)).toEqual([[1, 'not_canonical', 'bad_utf8', 1]]);
	});

	it.each([
		['{"a":9007199254740991,"order_id":"A"}'],
		['{"a":-9007199254740991,"order_id":"A"}'],
		['{"a":0,"order_id":"A"}'],
		['{"a":[],"order_id":"A"}'],
		['{"":{},"a":{"":""},"order_id":"A"}'],
		['{"order_id":"A","x":"\\b\\t\\n\\f\\r\\"\\\\\\u0000\\u001f"}'],
		['{"order_id":"A","x":"\u007f\u0080\u07ff\u0800\uffff\u{10000}\u{10ffff}\u2028\u2029"}'],
		['{"order_id":"A","x":"\ufeff"}'],
		['{"order_id":"A","😂":2,"\ufb33":1}'],
		['{"A":1,"a":1,"aa":1,"b":1,"order_id":"A"}'],
		['{"__proto__":{"order_id":"B"},"order_id":"A"}'],
		[`{"a":${'['.repeat(31)}${']'.repeat(31)},"order_id":"A"}`],
	])('lawful: %s', (text) => {
		expect(at(text).faults).toEqual([]);
	});

	it('composed and decomposed letters are two texts, both lawful', () => {
		const [composed, decomposed] = ['{"order_id":"A","x":"\u00e9"}', '{"order_id":"A","x":"e\u0301"}'] as const;
		expect(at(composed).faults).toEqual([]);
		expect(at(decomposed).faults).toEqual([]);
		expect(at(composed).leafHashes).not.toEqual(at(decomposed).leafHashes);
	});

	it('a line longer than allowed is hashed all the same', () => {
		const lines = sampleLog(4, 2);
		const long = canonicalize({ order_id: 'SO-0', x: 'y'.repeat(400) });
		const bytes = bytesOf([...lines.slice(0, 2), long, ...lines.slice(2)]);
		const report = verify(bytes, true, 300);
		expect(brief(report.faults)).toEqual([[3, 'not_canonical', 'line_too_long', 3]]);
		expect(toHex(report.leafHashes.subarray(64, 96))).toBe(leafHex(long));
		expect(verify(bytes, true, long.length).faults.some(({ why }) => why === 'line_too_long')).toBe(false);
		expect(verify(bytes, true, long.length - 1).faults.some(({ why }) => why === 'line_too_long')).toBe(true);
	});

	it('a record that is not canonical keeps its place in its order', () => {
		const [first = '', second = ''] = sampleLog(2, 1);
		const loose = `${first.slice(0, -1)} }`;
		const next = second.replace(leafHex(first), leafHex(loose));
		expect(brief(verifyLines([loose, next]).faults)).toEqual([[1, 'not_canonical', 'whitespace', 1]]);
	});

	it('one order has one chain, however its id is spelled', () => {
		const first = '{"order_id":"\\u00e9\\ud83d\\ude02\\u000a","order_seq":1,"prev":null}';
		const second = `{"order_id":"é😂\\n","order_seq":2,"prev":"${leafHex(first)}"}`;
		expect(brief(verifyLines([first, second]).faults)).toEqual([[1, 'not_canonical', 'escape', 1]]);
	});
});

describe('chains', () => {
	// Orders A and B take turns; lines 1, 3, 5, 7, 9 are A's.
	const lines = sampleLog(10, 2);

	it('a changed line shows at its successor, as suspect', () => {
		const altered = lines.with(2, (lines[2] as string).replace('shipped', 'shopped'));
		const { faults } = verifyLines(altered);
		expect(faults).toEqual([
			{
				line: 5,
				code: 'chain_break',
				why: 'prev_mismatch',
				orderId: 'SO-0',
				expected: leafHex(altered[2] as string),
				found: leafHex(lines[2] as string),
				suspectLine: 3,
			},
		]);
	});

	it('two changed lines show twice, also in one order', () => {
		const altered = lines
			.with(0, (lines[0] as string).replace('shipped', 'shopped'))
			.with(6, (lines[6] as string).replace('shipped', 'skipped'));
		expect(brief(verifyLines(altered).faults)).toEqual([
			[3, 'chain_break', 'prev_mismatch', 1],
			[9, 'chain_break', 'prev_mismatch', 7],
		]);
	});

	it('a changed prev makes its own line the suspect', () => {
		const altered = lines.with(4, (lines[4] as string).replace(leafHex(lines[2] as string), 'a'.repeat(64)));
		expect(brief(verifyLines(altered).faults)).toEqual([
			[5, 'chain_break', 'prev_mismatch', 5],
			[7, 'chain_break', 'prev_mismatch', 5],
		]);
	});

	it.each([
		['upper case', (hex: string) => hex.toUpperCase()],
		['too short', (hex: string) => hex.slice(1)],
		['empty', () => ''],
	])('a prev that is no hash (%s) is malformed', (_, change) => {
		const leaf = leafHex(lines[0] as string);
		const { faults } = verifyLines([lines[0] as string, (lines[2] as string).replace(leaf, change(leaf))]);
		expect(brief(faults)).toEqual([[2, 'chain_break', 'prev_malformed', 2]]);
	});

	it.each(['5', '[]', '{}', 'true'])('a prev of another type (%s) is malformed', (value) => {
		const { faults } = verifyLines([lines[0] as string, `{"order_id":"SO-0","order_seq":2,"prev":${value}}`]);
		expect(brief(faults)).toEqual([[2, 'chain_break', 'prev_malformed', 2]]);
		expect(faults[0]?.found).toBe(value);
	});

	it('a missing line shows as a break and a gap at the line behind it', () => {
		const { faults } = verifyLines(lines.toSpliced(4, 1));
		expect(brief(faults)).toEqual([
			[6, 'chain_break', 'prev_of_missing_line', null],
			[6, 'sequence_gap', 'seq_gap', 6],
		]);
		expect([faults[1]?.expected, faults[1]?.found]).toEqual(['3', '4']);
	});

	it('without order_seq, a missing line leaves its predecessor as suspect', () => {
		expect(brief(verifyLines(sampleLog(10, 2, false).toSpliced(4, 1), false).faults)).toEqual([[6, 'chain_break', 'prev_mismatch', 3]]);
	});

	it('missing first lines show as a prev that leads nowhere', () => {
		expect(brief(verifyLines(lines.slice(2)).faults)).toEqual([
			[1, 'chain_break', 'prev_not_null', null],
			[1, 'sequence_gap', 'seq_gap', 1],
			[2, 'chain_break', 'prev_not_null', null],
			[2, 'sequence_gap', 'seq_gap', 2],
		]);
	});

	it('a missing last line is no matter of the chain', () => {
		expect(verifyLines(lines.slice(0, 8)).faults).toEqual([]);
	});

	it('lines of two orders may be exchanged: only the tree tells', () => {
		expect(verifyLines(swap(lines, 4, 5)).faults).toEqual([]);
	});

	it('two exchanged lines of one order are one break', () => {
		const { faults } = verifyLines(swap(lines, 2, 4));
		expect(brief(faults)).toEqual([
			[3, 'chain_break', 'prev_of_later_line', 5],
			[3, 'sequence_gap', 'seq_gap', 3],
			[5, 'sequence_gap', 'seq_out_of_order', 5],
		]);
	});

	it.each([
		['next to itself', 3],
		['behind the next line', 6],
		['at the end', 10],
	])('a line stored twice (%s) is one duplicate', (_, at) => {
		const report = verifyLines(lines.toSpliced(at, 0, lines[2] as string));
		expect(brief(report.faults)).toEqual([[at + 1, 'duplicate', 'line_repeat', 3]]);
		expect(report.faultCounts).toEqual({ not_canonical: 0, chain_break: 0, sequence_gap: 0, duplicate: 1 });
	});

	it('a first line stored twice is one duplicate, also without order_seq', () => {
		const log = sampleLog(6, 2, false);
		expect(brief(verifyLines([...log, log[0] as string], false).faults)).toEqual([[7, 'duplicate', 'line_repeat', 1]]);
	});

	it('a second event on one predecessor is a fork, however often', () => {
		const forged = ['x', 'y'].map((type) => (lines[2] as string).replace('line.shipped', type));
		const { faults } = verifyLines([...lines, ...forged]);
		expect(brief(faults)).toEqual([
			[11, 'chain_break', 'prev_of_earlier_line', 9],
			[11, 'duplicate', 'seq_repeat', 11],
			[12, 'chain_break', 'prev_of_earlier_line', 11],
			[12, 'duplicate', 'seq_repeat', 12],
		]);
	});

	it('an order that begins anew has a prev missing', () => {
		const again = canonicalize({ order_id: 'SO-0', order_seq: 6, prev: null });
		expect(brief(verifyLines([...lines, again]).faults)).toEqual([[11, 'chain_break', 'prev_missing', 11]]);
	});

	it('a line moved to another order is named by both', () => {
		const moved = lines.with(4, (lines[4] as string).replace('SO-0', 'SO-1'));
		expect(brief(verifyLines(moved).faults)).toEqual([
			[5, 'chain_break', 'prev_of_other_order', 5],
			[6, 'duplicate', 'seq_repeat', 6],
			[7, 'chain_break', 'prev_of_missing_line', 5],
			[7, 'sequence_gap', 'seq_gap', 7],
		]);
	});

	it('an unreadable line in between is the suspect of the break behind it', () => {
		const torn = lines.with(4, (lines[4] as string).slice(0, -1));
		expect(brief(verifyLines(torn).faults)).toEqual([
			[5, 'not_canonical', 'not_json', 5],
			[7, 'chain_break', 'prev_of_missing_line', 5],
			[7, 'sequence_gap', 'seq_gap', 7],
		]);
	});

	it('a prev that is the leaf of an unreadable line is said so', () => {
		const torn = (lines[0] as string).slice(0, -1);
		const next = canonicalize({ order_id: 'Z', order_seq: 1, prev: leafHex(torn) });
		expect(brief(verifyLines([torn, next]).faults)).toEqual([
			[1, 'not_canonical', 'not_json', 1],
			[2, 'chain_break', 'prev_of_unreadable_line', 1],
		]);
	});

	it.each(['{"a":1}', '{"order_id":null}', '{"order_id":7}', '{"order_id":""}'])(
		'a record without an order (%s) is in no chain',
		(line) => {
			expect(brief(verifyLines([line]).faults)).toEqual([[1, 'chain_break', 'no_order_id', 1]]);
		},
	);
});

describe('sequence', () => {
	/** Lines of one order with these numbers, correctly chained, so that only the count is judged. */
	const counted = (...seqs: readonly unknown[]): string[] => {
		let prev: string | null = null;
		return seqs.map((order_seq, i) => {
			const line = canonicalize({ event_id: i, order_id: 'A', order_seq, prev });
			prev = leafHex(line);
			return line;
		});
	};
	const judged = (...seqs: readonly unknown[]) =>
		verifyLines(counted(...seqs)).faults.map(({ line, code, why, expected, found }) => [line, code, why, expected, found]);

	it.each([
		[[1, 2, 3], []],
		[[2, 3], [[1, 'sequence_gap', 'seq_gap', '1', '2']]],
		[[1, 3, 4], [[2, 'sequence_gap', 'seq_gap', '2', '3']]],
		[[1, 2, 2, 3], [[3, 'duplicate', 'seq_repeat', '3', '2']]],
		[
			[1, 2, 3, 2, 3, 4],
			[
				[4, 'duplicate', 'seq_repeat', '4', '2'],
				[5, 'duplicate', 'seq_repeat', '4', '3'],
			],
		],
		[
			[1, 3, 2, 4],
			[
				[2, 'sequence_gap', 'seq_gap', '2', '3'],
				[3, 'sequence_gap', 'seq_out_of_order', '4', '2'],
			],
		],
		// One number changed to a high one: the lines behind it go on counting and are not accused one by one.
		[
			[1, 9, 3, 4, 5],
			[
				[2, 'sequence_gap', 'seq_gap', '2', '9'],
				[3, 'sequence_gap', 'seq_out_of_order', '10', '3'],
			],
		],
		[
			[1, 5, 2, 2],
			[
				[2, 'sequence_gap', 'seq_gap', '2', '5'],
				[3, 'sequence_gap', 'seq_out_of_order', '6', '2'],
				[4, 'duplicate', 'seq_repeat', '6', '2'],
			],
		],
		[
			[1, 5, 9, 6, 4, 10],
			[
				[2, 'sequence_gap', 'seq_gap', '2', '5'],
				[3, 'sequence_gap', 'seq_gap', '6', '9'],
				[4, 'sequence_gap', 'seq_out_of_order', '10', '6'],
				[5, 'sequence_gap', 'seq_out_of_order', '10', '4'],
			],
		],
		[[0, 1], [[1, 'sequence_gap', 'seq_below_one', '1', '0']]],
		[[1, -3, 2], [[2, 'sequence_gap', 'seq_below_one', '2', '-3']]],
		[[1, '2', 3], [[2, 'sequence_gap', 'seq_missing', '2', '2']]],
		[[1, null, 3], [[2, 'sequence_gap', 'seq_missing', '2', null]]],
		[[1, [2], 3], [[2, 'sequence_gap', 'seq_missing', '2', '[2]']]],
		[[Number.MAX_SAFE_INTEGER], [[1, 'sequence_gap', 'seq_gap', '1', '9007199254740991']]],
	] as const)('%j', (seqs, faults) => {
		expect(judged(...seqs)).toEqual(faults);
	});

	it('a number that is no integer is not canonical and missing', () => {
		expect(brief(verifyLines(['{"order_id":"A","order_seq":1.5}']).faults)).toEqual([
			[1, 'not_canonical', 'number_not_integer', 1],
			[1, 'sequence_gap', 'seq_missing', 1],
		]);
	});
});

describe('bounds', () => {
	it('texts of a hostile line are clipped in faults', () => {
		const { faults } = verifyLines([canonicalize({ order_id: 'i'.repeat(5_000), order_seq: 1, prev: 'p'.repeat(5_000) })]);
		expect(faults.map(({ orderId, found }) => [orderId?.length, found?.length])).toEqual([[201, 201]]);
	});

	it('faults beyond the number kept are counted', () => {
		const log = openSealedLog({ hasOrderSeq: true });
		const blanks = new Uint8Array(50_000).fill(0x0a);
		for (let i = 0; i < 3; i++) log.push(blanks);
		const report = log.finish();
		expect([report.lines, report.faults.length, report.faultCount, report.faultCounts.not_canonical]).toEqual([
			150_000, 100_000, 150_000, 150_000,
		]);
		expect(report.faults.at(-1)?.line).toBe(100_000);
	});
});

describe('chunks', () => {
	it('cut anywhere, they give one report', () => {
		const lines = sampleLog(40, 3);
		const bytes = concatBytes(bytesOf(lines.with(7, 'x').with(20, '')), utf8('{"order_id":"last"'));
		const whole = plain(verify(bytes));
		fc.assert(
			fc.property(fc.array(fc.nat(bytes.length), { maxLength: 12 }), (cuts) => {
				for (const [, open] of ENGINES) {
					const log = open({ hasOrderSeq: true });
					let from = 0;
					for (const to of [...cuts.sort((a, b) => a - b), bytes.length]) {
						log.push(bytes.slice(from, to));
						from = to;
					}
					expect(plain(log.finish())).toEqual(whole);
				}
			}),
			{ numRuns: 25 },
		);
	});

	it('single bytes do as well', () => {
		const bytes = bytesOf(sampleLog(6, 2));
		for (const [, open] of ENGINES) {
			const log = open({ hasOrderSeq: true, maxLineBytes: 100 });
			for (const byte of bytes) log.push(new Uint8Array([byte]));
			expect(plain(log.finish())).toEqual(plain(verify(bytes, true, 100)));
		}
	});
});
