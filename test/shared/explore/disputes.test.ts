import fc from 'fast-check';
import { beforeAll, describe, expect, it } from 'vitest';
import type { TableName } from '#model';
import { disputeDossier } from '../../../shared/explore/disputeDossier.ts';
import { holdRows } from '../../../shared/explore/disputeHolds.ts';
import { ageing, disputeList, whyUntold } from '../../../shared/explore/disputeList.ts';
import { coverOf, gapsOf } from '../../../shared/explore/disputeSpans.ts';
import { type DisputeBook, disputeBook } from '../../../shared/explore/disputes.ts';
import { type SampleDrop, sampleDrop, unreadable, without } from './sampleDrop.ts';

const bookOf = ({ drop }: SampleDrop): DisputeBook => {
	const book = disputeBook(drop.population, drop.evidence, {});
	if (!book) throw new Error('the sample has disputes');
	return book;
};

const DAY_MS = 86_400_000;

describe('disputes of a company with anomalies', () => {
	let sample: SampleDrop;
	let book: DisputeBook;
	beforeAll(async () => {
		sample = await sampleDrop(8, 400, 'all');
		book = bookOf(sample);
	});

	it('carry every planted exception that names them', () => {
		const missed = sample.planted.filter(
			({ test, keys }) =>
				['T34', 'T63', 'T64', 'T65'].includes(test) &&
				'dispute_id' in keys &&
				!book.rows.find(({ disputeId }) => disputeId === keys['dispute_id'])?.tests.includes(test),
		);
		expect(missed).toEqual([]);
	});

	it('carry releases without evidence and revenue posted while they were open', () => {
		const tests = new Set(book.rows.flatMap((row) => row.tests));
		expect(tests).toContain('T35');
		for (const row of disputeList(book, { only: 'posted_under_dispute' }, 'age', true)) expect(row.postedMinor).toBeGreaterThan(0n);
		expect(disputeList(book, { only: 'released_without_evidence' }, 'age', true).length).toBeGreaterThan(0);
	});

	it('have dossiers whose holds and gaps add up to the whole dispute', () => {
		for (const row of book.rows) {
			const dossier = disputeDossier(sample.drop.population, sample.drop.evidence, book, row.disputeId);
			if (!dossier) throw new Error(row.disputeId);
			const gap = dossier.gaps.reduce((sum, { from, to }) => sum + to - from, 0);
			expect((row.heldMs ?? 0) + gap).toBe(row.ageMs);
			const times = dossier.timeline.map(({ at }) => at);
			expect(times).toEqual(times.toSorted((a, b) => a - b));
			expect(dossier.timeline.some(({ title }) => title.startsWith('Dispute logged'))).toBe(true);
			expect(new Set(dossier.approvers).size).toBe(dossier.approvers.length);
		}
		expect(disputeDossier(sample.drop.population, sample.drop.evidence, book, 'none')).toBeNull();
	});

	it('have holds beside them that show what was posted under them', () => {
		const holds = holdRows(sample.drop.population, sample.drop.evidence, {}) ?? [];
		const accused = holds.filter(({ exceptions }) => exceptions.some(({ test }) => test === 'T18'));
		expect(accused.length).toBe(sample.planted.filter(({ test }) => test === 'T18').length);
		for (const { postedMinor } of accused) expect(postedMinor).toBeGreaterThan(0n);
	});

	it('age only while they are open', () => {
		const open = book.rows.filter(({ isOpen }) => isOpen).length;
		expect(ageing(book).reduce((sum, { count }) => sum + count, 0)).toBe(open);
	});

	it('are listed by their band: as many as the band counts, and none of another age', () => {
		const aged = {
			...book,
			rows: book.rows.map((row, at) => ({ ...row, isOpen: at % 5 > 0, ageMs: (at * 70 * DAY_MS) / book.rows.length })),
		};
		const bands = ageing(aged);
		expect(bands.every(({ count }) => count > 0)).toBe(true);
		for (const { count, fromDays, toDays } of bands) {
			const listed = disputeList(aged, { age: { fromDays, toDays } }, 'age', true);
			expect(listed.length).toBe(count);
			for (const { ageMs, isOpen } of listed)
				expect(isOpen && ageMs >= fromDays * DAY_MS && (toDays === null || ageMs < toDays * DAY_MS)).toBe(true);
		}
	});
});

describe('disputes of the clean twin', () => {
	it('have no exception, two approvers for every release, and a hold from within an hour', async () => {
		const sample = await sampleDrop(8, 400, 'none');
		const book = bookOf(sample);
		expect(book.rows.length).toBeGreaterThan(3);
		for (const row of book.rows) {
			expect(row.tests).toEqual([]);
			const dossier = disputeDossier(sample.drop.population, sample.drop.evidence, book, row.disputeId);
			if (dossier?.wasReleased) expect(dossier.approvers.length, row.disputeId).toBeGreaterThanOrEqual(2);
			expect(row.postedMinor).toBe(0n);
		}
	});
});

describe('disputes of which a table was not supplied', () => {
	let sample: SampleDrop;
	beforeAll(async () => {
		sample = await sampleDrop(8, 400, 'none');
	});
	const lacking = (name: TableName) => {
		const population = without(sample.drop.population, name);
		const book = disputeBook(population, sample.drop.evidence, {});
		if (!book) throw new Error('the sample has disputes');
		const dossiers = book.rows.flatMap(({ disputeId }) => disputeDossier(population, sample.drop.evidence, book, disputeId) ?? []);
		expect(dossiers.length).toBe(book.rows.length);
		for (const { supply } of dossiers) expect(supply.notSupplied).toEqual([name]);
		return { population, book, dossiers };
	};

	it('say nothing of holds and gaps without holds, and no view of them takes a dispute in', () => {
		const { population, book, dossiers } = lacking('hold');
		expect(book.rows.every(({ heldMs }) => heldMs === null)).toBe(true);
		expect(disputeList(book, { only: 'not_held' }, 'age', true)).toEqual([]);
		expect(whyUntold(book, 'not_held')).toBe('hold was not supplied');
		expect(holdRows(population, sample.drop.evidence, {})).toBeNull();
		for (const { gaps, revenue, wasReleased } of dossiers) {
			expect(gaps).toEqual([]);
			expect(wasReleased).not.toBe(false);
			expect(revenue.filter(({ during, isInGap }) => during === 'under_dispute' && isInGap !== null)).toEqual([]);
		}
	});

	it('say nothing of revenue without revenue events', () => {
		const { population, book, dossiers } = lacking('revenue_event');
		expect(book.rows.every(({ postedMinor }) => postedMinor === null)).toBe(true);
		expect(whyUntold(book, 'posted_under_dispute')).toBe('revenue_event was not supplied');
		expect(dossiers.flatMap(({ gaps }) => gaps).every(({ postedMinor }) => postedMinor === null)).toBe(true);
		expect(holdRows(population, sample.drop.evidence, {})?.every(({ postedMinor }) => postedMinor === null)).toBe(true);
		for (const { wasReleased } of dossiers) expect(wasReleased).not.toBe(false);
	});

	it('name the table of approvals as lacking, where nobody’s approval is known', () => {
		const { dossiers } = lacking('approval');
		expect(dossiers.some(({ wasReleased }) => wasReleased)).toBe(true);
		for (const { approvers } of dossiers) expect(approvers).toEqual([]);
	});
});

describe('disputes where no line of holds could be read', () => {
	it('are not called unheld', async () => {
		const { drop } = await sampleDrop(8, 400, 'none');
		const book = disputeBook(unreadable(drop.population, 'hold'), drop.evidence, {});
		if (!book) throw new Error('the sample has disputes');
		expect(book.rows.every(({ heldMs }) => heldMs === null)).toBe(true);
		expect(disputeList(book, { only: 'not_held' }, 'age', true).filter(({ tests }) => !tests.includes('T65'))).toEqual([]);
		expect(book.supply).toMatchObject({ notSupplied: [], setAside: [{ table: 'hold', lines: 1 }] });
	});
});

describe('cover and gaps', () => {
	it('part any span without overlap or loss', () => {
		const span = fc
			.tuple(fc.integer({ min: 0, max: 100 }), fc.integer({ min: 1, max: 60 }))
			.map(([from, length]) => ({ from, to: from + length }));
		fc.assert(
			fc.property(span, fc.array(span), (whole, others) => {
				const covered = coverOf(whole, others);
				const pieces = [...covered, ...gapsOf(whole, covered)].sort((a, b) => a.from - b.from);
				expect(pieces[0]?.from).toBe(whole.from);
				expect(pieces.at(-1)?.to).toBe(whole.to);
				pieces.slice(1).forEach((piece, i) => {
					expect(piece.from).toBe(pieces[i]?.to);
				});
			}),
		);
	});
});
