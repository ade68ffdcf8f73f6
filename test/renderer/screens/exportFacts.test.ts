import { describe, expect, it, vi } from 'vitest';
import type { CsvExport } from '../../../renderer/app/exportCsv.ts';
import { filterWords as disputeWords } from '../../../renderer/screens/Disputes/exportDisputes.ts';
import { exportProblems, problemsOf } from '../../../renderer/screens/Integrity/problems.ts';
import { filterWords as reconcileWords } from '../../../renderer/screens/Reconciliation/exportQueue.ts';
import type { IntegrityScreenView } from '../../../renderer/vault/integrityApi.ts';

const { saved } = vi.hoisted(() => ({ saved: [] as CsvExport[] }));
vi.mock('../../../renderer/app/exportCsv.ts', async (original) => ({
	...(await original<typeof import('../../../renderer/app/exportCsv.ts')>()),
	exportCsv: (_vault: unknown, list: CsvExport) => {
		saved.push(list);
		return Promise.resolve({ ok: true, value: null });
	},
}));

vi.mock('../../../renderer/app/vault.ts', () => ({ openVault: () => ({}) }));

describe('an exported list', () => {
	it('says by which conditions it was narrowed', () => {
		expect(reconcileWords({})).toBe('all breaks');
		expect(reconcileWords({ classes: ['unmatched', 'conflicting'], text: 'SO-1' })).toBe('class Unmatched or Conflicting, text “SO-1”');
		expect(disputeWords({})).toBe('All');
		expect(disputeWords({ only: 'open', age: { fromDays: 30, toDays: 60 }, text: 'acme' })).toBe(
			'Open, open for 30 days or more, less than 60, text “acme”',
		);
	});

	it('has every problem, also those that the screen only counts', async () => {
		const problems = Array.from({ length: 700 }, (_, at) => ({
			code: 'chain_break',
			line: at + 1,
			order_id: 'SO-1',
			detail: `=line ${at}`,
		}));
		const view = { sealed: [{ table: 'order_event', problems }], ipe: [], documents: { altered: [], missing: ['ab'] } };
		await exportProblems(problemsOf(view as unknown as IntegrityScreenView));
		expect(saved[0]?.header).toEqual(['table', 'what', 'why', 'line', 'order']);
		expect(saved[0]?.rows).toHaveLength(701);
		expect(saved[0]?.rows[0]).toEqual(['order_event', 'Link broken', '=line 0', '1', 'SO-1']);
	});
});
