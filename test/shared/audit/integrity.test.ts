import { describe, expect, test } from 'vitest';
import { type CheckpointFact, type EvidenceFacts, type IntegrityProblem, type IntegrityVerdict, runTest, testById } from '#audit';
import { event, order } from './orderRecords.ts';
import { facts, populate, type Row, type Tables } from './populate.ts';

const audit = (id: string, evidence: Partial<EvidenceFacts>, tables: Tables = {}) => {
	const test = testById(id);
	if (!test) throw new Error(`there is a test ${id}`);
	return runTest(test, populate({ tables }), facts(evidence));
};

const problem = (code: IntegrityProblem['code'], line: number | null, overrides: Partial<IntegrityProblem> = {}): IntegrityProblem => ({
	code,
	line,
	order_id: null,
	detail: `${code} found.`,
	...overrides,
});

const sealed = (verdict: IntegrityVerdict, ...problems: IntegrityProblem[]): Partial<EvidenceFacts> => ({
	integrity: { order_event: { rows: 3, verdict, problems } },
});

const checkpoint = (size: number | null, overrides: Partial<CheckpointFact> = {}): CheckpointFact => ({
	size,
	signature: 'trusted',
	root: 'matches',
	stated: `root of ${size}`,
	...overrides,
});

const keys = (run: ReturnType<typeof audit>) => run.exceptions.map((exception) => exception.keys);

describe('T66, batch checksum mismatch', () => {
	test('a file with another hash is one, with both hashes; other differences are not', () => {
		const ipe = [
			{ table: 'payment', verdict: 'differs', differences: [{ what: 'sha256', declared: 'aa', found: 'bb' }] },
			{ table: 'invoice', verdict: 'differs', differences: [{ what: 'rows', declared: '1', found: '2' }] },
			{ table: 'shipment', verdict: 'as_declared', differences: [] },
		] as const;
		const run = audit('T66', { ipe });
		expect(keys(run)).toEqual([{ table: 'payment' }]);
		expect(run.exceptions[0]?.reason).toBe(
			'The file of payment has the SHA-256 bb, but its manifest declares aa: it was changed after it was extracted.',
		);
		expect(run.tested).toBe(3);
	});

	test('a file without a declared hash stays open', () => {
		const run = audit('T66', { ipe: [{ table: 'payment', verdict: 'not_declared', differences: [] }] });
		expect(run).toMatchObject({ verdict: 'incomplete', why: '1 files whose hash was not declared' });
	});
});

describe('T67, chain break', () => {
	const events = [event('O1', { event_id: 'A' }), event('O1', { event_id: 'B' }), event('O1', { event_id: 'C' })];
	const tables = { order_event: events, sales_order: [order('O1')] };

	test('a sealed table without problems of its lines passes, whatever its checkpoints are', () => {
		expect(audit('T67', sealed('not_verifiable', problem('untrusted_key', null)), tables)).toMatchObject({ verdict: 'pass', tested: 3 });
	});

	test('each kind of line problem is one, named by the row at the line', () => {
		const run = audit('T67', sealed('altered', problem('chain_break', 2), problem('not_canonical', 3), problem('sequence_gap', 1)), tables);
		expect(keys(run)).toEqual([{ event_id: 'A' }, { event_id: 'B' }, { event_id: 'C' }]);
		expect(run.exceptions[1]).toMatchObject({ orderId: 'O1', amountMinor: 120_000n, reason: 'chain_break found.' });
		expect(run.exceptions[1]?.rows).toEqual([{ table: 'order_event', row: 1 }]);
	});

	test('a line that was set aside is named by table and line, its order by what the verification read', () => {
		const broken: Row[] = [events[0] as Row, { ...events[1], recorded_at: 'x' }, events[2] as Row];
		const evidence = sealed('altered', problem('duplicate', 2, { order_id: 'O1' }), problem('chain_break', 3));
		const run = audit('T67', evidence, { ...tables, order_event: broken });
		expect(keys(run)).toEqual([{ event_id: 'C' }, { line: '2', table: 'order_event' }]);
		expect(run.exceptions[1]?.orderId).toBe('O1');
	});

	test('without a sealed table it can not be tested', () => {
		expect(audit('T67', {})).toMatchObject({ verdict: 'not_testable', why: 'no sealed table was supplied' });
	});
});

describe('T68, truncation, rollback or rewrite', () => {
	const trusted = (...checkpoints: CheckpointFact[]): Partial<EvidenceFacts> => ({
		keyTrust: { order_event: 'trusted' },
		checkpoints: { order_event: checkpoints },
	});

	test('checkpoints the log contains pass', () => {
		expect(audit('T68', { ...sealed('verified'), ...trusted(checkpoint(2), checkpoint(3)) }).verdict).toBe('pass');
	});

	test('the first checkpoint whose root differs is named, and the largest beyond the log', () => {
		const evidence = {
			...sealed('altered', problem('root_mismatch', 2), problem('beyond_log', 4)),
			...trusted(
				checkpoint(9, { root: 'beyond_log' }),
				checkpoint(3, { root: 'differs' }),
				checkpoint(2, { root: 'differs' }),
				checkpoint(7, { root: 'beyond_log' }),
				checkpoint(1, { root: 'differs', signature: 'unknown' }),
			),
		};
		const run = audit('T68', evidence, { order_event: [event('O1'), event('O1')] });
		expect(keys(run)).toEqual([
			{ size: '2', table: 'order_event' },
			{ size: '9', table: 'order_event' },
		]);
		expect(run.exceptions[0]?.rows).toEqual([{ table: 'order_event', row: 1 }]);
	});

	test('without the sizes, and where checkpoints contradict each other, the table is named', () => {
		expect(keys(audit('T68', sealed('truncated', problem('beyond_log', 4))))).toEqual([{ table: 'order_event' }]);
		expect(keys(audit('T68', { ...sealed('altered', problem('inconsistent', null)), ...trusted(checkpoint(2)) }))).toEqual([
			{ table: 'order_event' },
		]);
	});

	test('without a trusted key nothing is passed, but contradictions are told', () => {
		expect(audit('T68', sealed('not_verifiable', problem('untrusted_key', null)))).toMatchObject({
			verdict: 'incomplete',
			why: 'no trusted key was given, so nobody vouches for the checkpoints',
		});
		expect(audit('T68', sealed('altered', problem('root_mismatch', null))).verdict).toBe('exception');
	});

	test('a key that signed nothing is said to be another one', () => {
		const evidence = {
			...sealed('not_verifiable'),
			keyTrust: { order_event: 'untrusted' },
			checkpoints: { order_event: [checkpoint(1)] },
		} as const;
		expect(audit('T68', evidence).why).toBe('no checkpoint is signed by the trusted key');
	});

	test('without any checkpoint it can not be tested', () => {
		expect(audit('T68', { ...sealed('not_verifiable'), checkpoints: { order_event: [] } })).toMatchObject({
			verdict: 'not_testable',
			why: 'no checkpoint was supplied',
		});
	});

	test('a table without checkpoints beside one that has them stays open', () => {
		const integrity = {
			order_event: { rows: 1, verdict: 'verified', problems: [] },
			revenue_event: { rows: 1, verdict: 'verified', problems: [] },
		} as const;
		const run = audit('T68', { integrity, checkpoints: { order_event: [checkpoint(1)], revenue_event: [] } });
		expect(run).toMatchObject({ verdict: 'incomplete', why: 'no checkpoint was supplied of revenue_event' });
	});
});

describe('T69, fork', () => {
	test('each size of which two roots were signed is one', () => {
		const checkpoints = [
			checkpoint(5),
			checkpoint(5, { stated: 'another', root: 'differs' }),
			checkpoint(8),
			checkpoint(8),
			checkpoint(9, { stated: 'forged', signature: 'invalid' }),
			checkpoint(9),
		];
		const run = audit('T69', { ...sealed('forked', problem('inconsistent', null)), checkpoints: { order_event: checkpoints } });
		expect(keys(run)).toEqual([{ size: '5', table: 'order_event' }]);
		expect(run.exceptions[0]?.reason).toContain('different roots (root of 5, another)');
	});

	test('a fork from what this workstation remembers is told once a table', () => {
		const evidence = { ...sealed('forked', problem('inconsistent', null)), checkpoints: { order_event: [checkpoint(5)] } };
		expect(audit('T69', evidence).exceptions).toMatchObject([{ keys: { table: 'order_event' }, reason: 'inconsistent found.' }]);
	});

	test('a log that is merely rewritten is none', () => {
		expect(audit('T69', { ...sealed('altered', problem('root_mismatch', 1)), keyTrust: { order_event: 'trusted' } }).verdict).toBe('pass');
	});
});

describe('T74, signature invalid', () => {
	const signed = (trust: 'trusted' | 'untrusted' | 'not_judged', ...checkpoints: CheckpointFact[]) =>
		audit('T74', { ...sealed('not_verifiable'), keyTrust: { order_event: trust }, checkpoints: { order_event: checkpoints } });

	test('a signature that fails is one, and so is a checkpoint that can not be read', () => {
		const run = signed(
			'trusted',
			checkpoint(4),
			checkpoint(6, { signature: 'invalid' }),
			checkpoint(null, { signature: 'invalid', root: null }),
		);
		expect(keys(run)).toEqual([{ size: '6', table: 'order_event' }, { table: 'order_event' }]);
	});

	test('a signature by a stranger is one only where a trusted key was given', () => {
		const strangers = [checkpoint(4, { signature: 'unknown' }), checkpoint(5, { signature: 'claimed' })];
		expect(keys(signed('untrusted', ...strangers))).toHaveLength(2);
		expect(signed('not_judged', ...strangers)).toMatchObject({ verdict: 'incomplete', exceptions: [] });
	});

	test('without the checkpoints the problems are told', () => {
		expect(audit('T74', sealed('altered', problem('bad_signature', null), problem('untrusted_key', null))).exceptions).toHaveLength(1);
		const evidence = { ...sealed('altered', problem('untrusted_key', null)), keyTrust: { order_event: 'untrusted' } } as const;
		expect(audit('T74', evidence).exceptions).toHaveLength(1);
	});
});

describe('T73, document altered or missing', () => {
	const hash = (digit: string) => digit.repeat(64);
	const document = (documentId: string, sha256: string, overrides: Row = {}): Row => ({
		document_id: documentId,
		kind: 'pod',
		sha256,
		media_type: 'application/pdf',
		file_name: `${documentId}.pdf`,
		bytes: 10,
		order_id: 'O1',
		dated_at: null,
		created_at: '2026-03-02T09:00:00.000Z',
		...overrides,
	});
	const documents = [document('D1', hash('a')), document('D2', hash('b')), document('D3', hash('b')), document('D4', hash('c'))];
	const tables = { document: documents, sales_order: [order('O1')] };

	test('every row of a missing or altered file is one', () => {
		const run = audit('T73', { documents: { present: 1, missing: [hash('a'), hash('f')], altered: [hash('b')] } }, tables);
		expect(keys(run)).toEqual([{ document_id: 'D1' }, { document_id: 'D2' }, { document_id: 'D3' }]);
		expect(run.exceptions[0]?.reason).toContain('Document D1 (pod, D1.pdf) is not in the drop');
		expect(run.exceptions[1]).toMatchObject({ orderId: 'O1', amountMinor: 120_000n });
		expect(run.exceptions[1]?.reason).toContain('was altered');
	});

	test('documents that are there pass', () => {
		expect(audit('T73', { documents: { present: 3, missing: [], altered: [] } }, tables)).toMatchObject({ verdict: 'pass', tested: 4 });
	});

	test('a proof that names no order has that of its shipment', () => {
		const shipment: Row = {
			shipment_id: 'S1',
			order_id: 'O9',
			line_id: 'L1',
			quantity: '1',
			carrier: 'UPS',
			tracking_no: 'T1',
			shipped_at: '2026-03-02T09:00:00.000Z',
			delivered_at: null,
			pod_document_id: 'D1',
		};
		const run = audit(
			'T73',
			{ documents: { present: 0, missing: [hash('a')], altered: [] } },
			{ document: [document('D1', hash('a'), { order_id: null })], shipment: [shipment] },
		);
		expect(run.exceptions[0]?.orderId).toBe('O9');
	});
});
