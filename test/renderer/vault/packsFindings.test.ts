/** Findings as a pack is given them: what is not settled between members is never printed as if it were. */
import { describe, expect, it } from 'vitest';
import type { Act, Workbook } from '#findings';
import { writtenFinding as asWritten } from '../../../renderer/vault/packsFindings.ts';
import { writtenFinding } from '../../shared/findings/book.ts';
import { must, synchronise, workbookOf, world } from '../../shared/sync/papersWorld.ts';

const edit = (field: 'condition' | 'effect', value: string): Act => ({ type: 'finding.edited', findingId: 'f1', field, value });

/** What a copy has after another one changed these fields first, unseen by it. */
function afterBothEdited(...fields: ('condition' | 'effect')[]): { workbook: Workbook; settle: () => Workbook } {
	const made = world(['pat', 'paul']);
	const [a, b] = made.stations;
	if (!a || !b) throw new Error('two stations');
	must(made, a, ...writtenFinding('f1'));
	synchronise(made, a);
	synchronise(made, b);
	for (const field of fields) {
		must(made, a, edit(field, `${field} of pat`));
		must(made, b, edit(field, `${field} of paul`));
	}
	synchronise(made, a);
	synchronise(made, b);
	return {
		workbook: workbookOf(b),
		settle: () => {
			for (const { conflictId, first } of [...workbookOf(b).conflicts.values()])
				must(made, b, { type: 'conflict.settled', conflictId, choice: 'first', value: first.value });
			return workbookOf(b);
		},
	};
}

const printed = (workbook: Workbook) => {
	const finding = workbook.findings.get('f1');
	if (!finding) throw new Error('the finding is there');
	return asWritten(workbook, finding);
};

describe('a finding for a pack', () => {
	it('names the fields in conflict, in the words of the work papers, and prints what came first', () => {
		const { contested, parts } = printed(afterBothEdited('condition', 'effect').workbook);
		expect(contested).toEqual(['condition', 'effect']);
		expect(parts.find(({ heading }) => heading === 'Condition')?.text).toBe('condition of pat');
	});

	it('names none where there never was one, nor once it is settled', () => {
		expect(printed(afterBothEdited().workbook)).not.toHaveProperty('contested');
		expect(printed(afterBothEdited('condition').settle())).not.toHaveProperty('contested');
	});
});
