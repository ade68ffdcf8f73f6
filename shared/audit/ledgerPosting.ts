/** Who posted a journal, when, and with what words (AS 2401.58–.62). T46, T47, T48, T53. */
import { isBusinessTime, localTime } from '#kernel';
import { calendarOfEntity } from '#revenue';
import { inTime, ref } from './draft.ts';
import { ExceptionList } from './exceptionList.ts';
import { firstLines, ledgerOf, linesOfJournal } from './ledger.ts';
import { described, JOURNALS_MIN, journalException } from './ledgerEntries.ts';
import type { AuditContext, Outcome } from './types.ts';

/** The four-eyes part is tested on any number of journals, the rarity of a poster only among 1,000 and more. */
export function unusualPoster({ population, number }: AuditContext): Outcome {
	const lines = population.table('journal_line');
	const [enterers, approvers] = [lines.codes('entered_by'), lines.codes('approved_by')];
	const journals = firstLines(population);
	const posted = new Int32Array(lines.dictionary('entered_by').size);
	for (const first of journals) {
		const poster = enterers[first] as number;
		posted[poster] = (posted[poster] as number) + 1;
	}
	const aside = lines.quarantine.length;
	const isRare = (poster: number) => journals.length >= JOURNALS_MIN && (posted[poster] as number) < number('k');
	const list = new ExceptionList('journal_line');
	let open = 0;
	for (const first of journals) {
		const poster = enterers[first] as number;
		const alone = linesOfJournal(population, first).find((row) => enterers[row] === approvers[row] && (enterers[row] as number) >= 0);
		if (alone === undefined && isRare(poster) && (posted[poster] as number) + aside >= number('k')) open++;
		else if (alone !== undefined || isRare(poster)) {
			const problem =
				alone === undefined
					? `by ${lines.text('entered_by', first)}, who entered only ${posted[poster]} of ${journals.length} journals`
					: `and approved by the same person, ${lines.text('entered_by', alone)}`;
			list.add(() => journalException(population, first, `${described(population, first)} was entered ${problem}.`));
		}
	}
	return {
		tested: journals.length,
		exceptions: list.all(),
		open,
		openWhy: `${open} journals whose poster may have entered lines set aside`,
	};
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'];

export function afterHours({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const list = new ExceptionList('journal_line');
	let tested = 0;
	let open = 0;
	for (const first of firstLines(population)) {
		if (!ledger.isManual(first)) continue;
		tested++;
		const calendar = calendarOfEntity(population, lines.codes('entity_id')[first] as number);
		const enteredAt = lines.instants('entered_at')[first] as number;
		if (!calendar) {
			open++;
			continue;
		}
		if (isBusinessTime(enteredAt, calendar)) continue;
		const local = localTime(enteredAt, calendar.timezone);
		const clock = `${String(Math.floor(local.minute / 60)).padStart(2, '0')}:${String(local.minute % 60).padStart(2, '0')}`;
		list.add(() =>
			journalException(
				population,
				first,
				`${described(population, first)} was entered by hand on ${WEEKDAYS[local.weekday]} at ${clock} in ${calendar.timezone} (${inTime(enteredAt)}), outside the business hours of ${lines.text('entity_id', first)}.`,
			),
		);
	}
	return { tested, exceptions: list.all(), open, openWhy: `${open} manual journals of entities without a readable calendar` };
}

export function postedAfterClose({ population }: AuditContext): Outcome {
	const lines = population.table('journal_line');
	const periods = population.table('period');
	const byPeriod = population.pairIndex('period', 'entity_id', 'period');
	const list = new ExceptionList('journal_line');
	let open = 0;
	const journals = firstLines(population);
	for (const first of journals) {
		const period = byPeriod.rowOf(lines.codes('entity_id')[first] as number, lines.codes('period')[first] as number);
		if (period < 0) {
			open++;
			continue;
		}
		const closedAt = periods.instants('closed_at')[period] as number;
		const enteredAt = lines.instants('entered_at')[first] as number;
		if (Number.isNaN(closedAt) || enteredAt <= closedAt) continue;
		list.add(() => {
			const exception = journalException(
				population,
				first,
				`${described(population, first)} was entered into ${lines.text('period', first)} on ${inTime(enteredAt)}, after that period was closed on ${inTime(closedAt)}.`,
			);
			return { ...exception, rows: [...exception.rows, ref('period', period)] };
		});
	}
	return { tested: journals.length, exceptions: list.all(), open, openWhy: `${open} journals of periods that are not in the period table` };
}

/** The journal has no description when none of its lines has one: many systems write it on the first line only. */
export function blankText({ population }: AuditContext): Outcome {
	const ledger = ledgerOf(population);
	const { lines } = ledger;
	const list = new ExceptionList('journal_line');
	let tested = 0;
	for (const first of firstLines(population)) {
		if (!ledger.isManual(first)) continue;
		tested++;
		const isBlank = linesOfJournal(population, first).every((row) => (lines.text('description', row) ?? '').trim() === '');
		if (!isBlank) continue;
		list.add(() =>
			journalException(
				population,
				first,
				`${described(population, first)} was entered by hand by ${lines.text('entered_by', first)} without a description.`,
			),
		);
	}
	return { tested, exceptions: list.all(), open: 0 };
}
