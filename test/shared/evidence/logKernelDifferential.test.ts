/** The compiled kernel against the plain reference and Node's own SHA-256: same bytes in, same report out. */
import { spawnSync } from 'node:child_process';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import fc from 'fast-check';
import { afterEach, describe, expect, it, vi } from 'vitest';
import { canonicalize, concatBytes, toHex, utf8 } from '#kernel';
import { openFastLog } from '../../../shared/evidence/logKernelFast.ts';
import { openReferenceLog } from '../../../shared/evidence/logKernelReference.ts';
import type { SealedLog, SealedLogOptions, SealedLogReport } from '../../../shared/evidence/logKernelReport.ts';
import { bytesOf, leafHex, sampleLog, sealed } from './sealedLines.ts';

function openKernelLog(options: SealedLogOptions): SealedLog {
	const log = openFastLog(options);
	if (log === null) throw new Error('this Node has no WebAssembly');
	return log;
}

function reportOf(
	open: (options: SealedLogOptions) => SealedLog,
	bytes: Uint8Array,
	hasOrderSeq = true,
	cuts: readonly number[] = [],
): SealedLogReport {
	const log = open({ hasOrderSeq });
	let from = 0;
	for (const to of [...cuts, bytes.length]) {
		log.push(bytes.slice(from, to));
		from = to;
	}
	return log.finish();
}

const plain = (report: SealedLogReport) => ({
	lines: report.lines,
	canonicalLines: report.canonicalLines,
	leafHashes: toHex(report.leafHashes),
	faults: report.faults,
	faultCount: report.faultCount,
	faultCounts: report.faultCounts,
	root: toHex(report.rootOf(report.lines)),
});

function expectAgreement(bytes: Uint8Array, hasOrderSeq = true, cuts: readonly number[] = []): SealedLogReport {
	const report = reportOf(openKernelLog, bytes, hasOrderSeq, cuts);
	expect(plain(report)).toEqual(plain(reportOf(openReferenceLog, bytes, hasOrderSeq)));
	return report;
}

it('the machine code in the repository is what its sources compile to', () => {
	const root = dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url)))));
	const run = spawnSync(process.execPath, [join(root, 'build', 'wasm', 'build.mjs'), '--check'], { encoding: 'utf8' });
	expect(run.stderr).toBe('');
	expect(run.status).toBe(0);
});

describe('leaf hashes', () => {
	const lineOf = (length: number, salt = 0): Uint8Array =>
		Uint8Array.from({ length }, (_, i) => {
			const byte = (i * 151 + length * 7 + salt * 13) & 0xff;
			return byte === 0x0a ? 0x0b : byte;
		});
	const expectHashes = (lines: readonly Uint8Array[]): void => {
		const bytes = concatBytes(...lines.flatMap((line) => [line, utf8('\n')]));
		expect(toHex(reportOf(openKernelLog, bytes).leafHashes)).toBe(lines.map(leafHex).join(''));
	};

	it('every length from 0 to 260, five alike and each alone', () => {
		const lengths = Array.from({ length: 261 }, (_, length) => length);
		expectHashes(lengths.flatMap((length) => [0, 1, 2, 3, 4].map((salt) => lineOf(length, salt))));
		expectHashes(lengths.map((length) => lineOf(length)));
		expectHashes(lengths.toReversed().map((length) => lineOf(length)));
	});

	it('mixed lengths in any order, up to many blocks', () => {
		fc.assert(
			fc.property(fc.array(fc.oneof(fc.nat(260), fc.integer({ min: 3_900, max: 4_200 }), fc.nat(9_000)), { maxLength: 60 }), (lengths) =>
				expectHashes(lengths.map(lineOf)),
			),
			{ numRuns: 40 },
		);
	});
});

describe('the tree', () => {
	it.each([1, 2, 255, 256, 257, 1_023, 1_024, 1_025, 2_600])('of %i lines has the root of the reference at every checkpoint', (count) => {
		const bytes = bytesOf(sampleLog(count, 40));
		const [kernel, reference] = [openKernelLog, openReferenceLog].map((open) => reportOf(open, bytes)) as [
			SealedLogReport,
			SealedLogReport,
		];
		for (let size = 0; size <= count; size += Math.ceil(count / 23)) expect(toHex(kernel.rootOf(size))).toBe(toHex(reference.rootOf(size)));
		expect(toHex(kernel.rootOf(count))).toBe(toHex(reference.rootOf(count)));
		const proof = (report: SealedLogReport) => report.tree.inclusionProof(count >> 1, count).map(toHex);
		expect(proof(kernel)).toEqual(proof(reference));
	});
});

describe('any log', () => {
	// Texts that JSON escapes, that UTF-8 widens, and that UTF-16 orders otherwise than code points.
	const text = fc.oneof(
		fc.string({
			unit: fc.constantFrom('a', 'Z', '0', ' ', '"', '\\', '/', '\n', '\u0000', '\u001f', '\u007f', 'é', '中', '😂', '\ufb33', '\u2028'),
		}),
		fc.string({ minLength: 14, maxLength: 70 }),
	);
	const key = fc.oneof(fc.constantFrom('a', 'aa', 'order', 'order_i', 'order_ida', 'prev_', 'z', 'é', '😂'), text);
	const { value } = fc.letrec<{ value: unknown }>((tie) => ({
		value: fc.oneof(
			{ maxDepth: 4 },
			text,
			fc.maxSafeInteger(),
			fc.integer({ min: -12, max: 12 }).map((n) => n || 0),
			fc.constantFrom(null, true, false),
			fc.array(tie('value'), { maxLength: 3 }),
			fc.dictionary(key, tie('value'), { maxKeys: 3, noNullPrototype: true }),
		),
	}));
	const draft = fc
		.tuple(
			fc.constantFrom('A', 'B', 'an order id of more than 16 bytes', 'ü😂"'),
			fc.dictionary(key, value, { maxKeys: 5, noNullPrototype: true }),
		)
		.map(([order_id, extra]) => ({ ...extra, order_id }));
	const log = fc.array(draft, { minLength: 1, maxLength: 12 });

	it('of canonical lines is sound for both', () => {
		fc.assert(
			fc.property(log, fc.boolean(), (drafts, hasOrderSeq) => {
				const report = expectAgreement(bytesOf(sealed(drafts, hasOrderSeq)), hasOrderSeq);
				expect([report.faultCount, report.canonicalLines]).toEqual([0, drafts.length]);
			}),
			{ numRuns: 120 },
		);
	});

	it('with one byte changed is judged alike, and never unseen by the root', () => {
		fc.assert(
			fc.property(log, fc.nat(), fc.integer({ min: 1, max: 255 }), fc.boolean(), (drafts, at, flip, hasOrderSeq) => {
				const bytes = bytesOf(sealed(drafts, hasOrderSeq));
				const root = toHex(reportOf(openKernelLog, bytes, hasOrderSeq).rootOf(drafts.length));
				const changed = bytes.slice();
				changed[at % bytes.length] = (changed[at % bytes.length] as number) ^ flip;
				const report = expectAgreement(changed, hasOrderSeq);
				expect(report.lines !== drafts.length || toHex(report.rootOf(drafts.length)) !== root).toBe(true);
			}),
			{ numRuns: 200 },
		);
	});

	it('with bytes inserted, cut out or overwritten, and chunked anywhere, is judged alike', () => {
		const piece = fc.constantFrom(
			'',
			' ',
			'"',
			'\\u0041',
			'1.0',
			'-0',
			'\r',
			'\n',
			'\u0000',
			'{',
			'}',
			',',
			'01',
			'null',
			'9007199254740993',
			'\ufeff',
			'é',
		);
		fc.assert(
			fc.property(log, fc.nat(), fc.nat(4), piece, fc.array(fc.nat(), { maxLength: 5 }), (drafts, at, cut, inserted, cuts) => {
				const bytes = bytesOf(sealed(drafts));
				const from = at % bytes.length;
				const changed = concatBytes(bytes.subarray(0, from), utf8(inserted), bytes.subarray(from + cut));
				expectAgreement(
					changed,
					true,
					cuts.map((place) => place % (changed.length + 1)).sort((a, b) => a - b),
				);
			}),
			{ numRuns: 150 },
		);
	});

	it('with lines removed, doubled, moved and renumbered is judged alike', () => {
		const lines = sampleLog(24, 3);
		const step = fc.tuple(
			fc.constantFrom('remove', 'double', 'move', 'renumber', 'unlink', 'rename'),
			fc.nat(23),
			fc.nat(23),
			fc.integer({ min: -1, max: 9 }),
		);
		fc.assert(
			fc.property(fc.array(step, { minLength: 1, maxLength: 6 }), (steps) => {
				const bent = [...lines];
				for (const [kind, a, b, n] of steps) {
					const line = bent[a % bent.length] ?? '';
					const at = bent.indexOf(line);
					if (kind === 'remove') bent.splice(at, 1);
					else if (kind === 'double') bent.splice(b, 0, line);
					else if (kind === 'move') bent.splice(b, 0, ...bent.splice(at, 1));
					else if (kind === 'renumber') bent[at] = line.replace(/"order_seq":-?\d+/, `"order_seq":${n}`);
					else if (kind === 'unlink') bent[at] = line.replace(/"prev":"\w+"/, '"prev":null');
					else bent[at] = line.replace(/SO-\d/, `SO-${n & 3}`);
				}
				expectAgreement(bytesOf(bent));
			}),
			{ numRuns: 150 },
		);
	});
});

describe('the table of orders', () => {
	it('grows with tens of thousands of orders, of short ids and long', () => {
		const idOf = (i: number) => (i % 3 === 0 ? `${i}` : `an order of the year 2026, number ${i}, of the long kind`);
		const lines = sealed(Array.from({ length: 50_000 }, (_, i) => ({ order_id: idOf(i % 30_000) })));
		const report = reportOf(openKernelLog, bytesOf(lines));
		expect([report.faultCount, report.canonicalLines]).toEqual([0, 50_000]);
		const broken = lines.with(7, (lines[7] as string).replace('"order_seq":1', '"order_seq":2'));
		expect(reportOf(openKernelLog, bytesOf(broken)).faults.map(({ line, why }) => [line, why])).toEqual([
			[8, 'seq_gap'],
			[30_008, 'prev_mismatch'],
			[30_008, 'seq_repeat'],
		]);
	});

	it('holds ids that somebody who has read its source made to collide', () => {
		// All these ids of 16 bytes have one hash: `mixed` of build/wasm/orders.as, solved for the first eight bytes.
		const mask = (1n << 64n) - 1n;
		let inverse = 1n;
		for (let i = 0; i < 6; i++) inverse = (inverse * (2n - 0x9e3779b97f4a7c15n * inverse)) & mask;
		const bytesOfWord = (word: bigint) => Array.from({ length: 8 }, (_, i) => Number((word >> BigInt(8 * i)) & 0xffn));
		const ids: string[] = [];
		for (let i = 0; ids.length < 90; i++) {
			const end = i.toString(36).padStart(8, '0');
			const high = [...utf8(end)].reduceRight((word, byte) => (word << 8n) | BigInt(byte), 0n);
			const turned = ((high << 29n) | (high >> 35n)) & mask;
			const low = (((0x1234567890abcdefn ^ ((turned * 0xff51afd7ed558ccdn) & mask)) * inverse) & mask) ^ 16n;
			const begin = bytesOfWord(low);
			if (begin.every((byte) => byte >= 0x20 && byte < 0x7f && byte !== 0x22 && byte !== 0x5c))
				ids.push(String.fromCharCode(...begin) + end);
		}
		const others = Array.from({ length: 20_000 }, (_, i) => `other ${i}`);
		const drafts = [...ids, ...ids, ...others, ...ids].map((order_id) => ({ order_id }));
		const lines = sealed(drafts);
		expect(reportOf(openKernelLog, bytesOf(lines)).faultCount).toBe(0);
		const broken = lines.with(85, (lines[85] as string).replace('"order_seq":1', '"order_seq":7'));
		expectAgreement(bytesOf([...broken.slice(0, 180), ...broken.slice(-90)]));
	});
});

describe('numbers and ids at their limits', () => {
	it.each([4_294_967_294, 4_294_967_295, 4_294_967_296, 4_294_967_297, 9_007_199_254_740_991])('order_seq %i', (seq) => {
		const first = canonicalize({ order_id: 'A', order_seq: seq, prev: null });
		const second = canonicalize({ order_id: 'A', order_seq: Math.min(seq + 1, Number.MAX_SAFE_INTEGER), prev: leafHex(first) });
		expect(expectAgreement(bytesOf([first, second])).faults[0]?.why).toBe('seq_gap');
	});

	it('more keys than the scanner keeps, and longer ones', () => {
		const wide = (from: number) => Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${from + i}`.padEnd(2 + (i % 40), 'x'), i]));
		const drafts = [0, 50, 100, 0, 100].map((from) => ({ ...wide(from), order_id: 'A' }));
		expect(expectAgreement(bytesOf(sealed(drafts))).faultCount).toBe(0);
		const bent = sealed(drafts).map((line) => line.replace(/"(k1\d*x*)":(\d+),"(k1\d*x*)":(\d+)/, '"$3":$4,"$1":$2'));
		expect(expectAgreement(bytesOf(bent)).faults.filter(({ why }) => why === 'key_order').length).toBeGreaterThan(2);
	});
});

describe('without WebAssembly', () => {
	afterEach(() => {
		vi.unstubAllGlobals();
		vi.resetModules();
	});

	it.each([
		['there is none', undefined],
		[
			'it may not compile',
			{
				Module: class {
					constructor() {
						throw new Error('refused by the content security policy');
					}
				},
			},
		],
	])('where %s, the reference does the work', async (_, stand) => {
		const bytes = bytesOf(sampleLog(300, 7));
		const expected = plain(reportOf(openKernelLog, bytes));
		vi.resetModules();
		vi.stubGlobal('WebAssembly', stand);
		const { openSealedLog } = await import('../../../shared/evidence/logKernel.ts');
		const { openFastLog: openFast } = await import('../../../shared/evidence/logKernelFast.ts');
		expect(openFast({ hasOrderSeq: true })).toBeNull();
		expect(plain(reportOf(openSealedLog, bytes))).toEqual(expected);
	});
});
