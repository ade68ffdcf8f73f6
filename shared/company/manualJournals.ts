/** What the accountants enter by hand at the end of a month, within business hours, approved by somebody else. */
import { ENTITIES, ENTITY_KEYS, type Entity, type EntityKey } from './entities.ts';
import { credit, debit, type JournalPlan } from './ledger.ts';
import { STAFF } from './people.ts';
import { createRandom, type Random } from './random.ts';
import { businessDay, dayOf, dayOfInstant, FIRST_DAY, instantAt, isWeekend, monthOf, PERIODS, periodOfInstant } from './workTime.ts';

interface Routine {
	readonly name: string;
	readonly debitAccount: string;
	readonly creditAccount: string;
	readonly low: number;
	readonly high: number;
}

const ROUTINES: readonly Routine[] = [
	{ name: 'Salaries of the month', debitAccount: '6200', creditAccount: '1000', low: 2_400_000, high: 2_900_000 },
	{ name: 'Depreciation of plant and equipment', debitAccount: '6300', creditAccount: '1590', low: 310_000, high: 330_000 },
	{ name: 'Rent of warehouse and office', debitAccount: '6400', creditAccount: '1000', low: 480_000, high: 490_000 },
	{ name: 'Bank charges', debitAccount: '6500', creditAccount: '1000', low: 12_000, high: 38_000 },
];
const ACCRUAL: Routine = {
	name: 'Freight accrued, not yet invoiced by carriers',
	debitAccount: '6100',
	creditAccount: '2900',
	low: 90_000,
	high: 240_000,
};

/** Amounts never end in three zeros: those are for the audit test that looks for them. */
const amountOf = (random: Random, { low, high }: Routine): bigint => {
	const amount = random.between(low, high);
	return BigInt(amount % 1000 === 0 ? amount + 37 : amount);
};

export interface ManualEntry {
	readonly entity: Entity;
	readonly journalId: string;
	readonly effectiveAt: number;
	readonly lines: JournalPlan['lines'];
	readonly description: string;
	readonly clerk: number;
	readonly reversalOf?: string | null;
}

/** A journal made by hand. Only what undoes an earlier one is an adjustment. */
export function manualJournal({ entity, journalId, effectiveAt, lines, description, clerk, reversalOf = null }: ManualEntry): JournalPlan {
	const staff = STAFF[entity.key];
	return {
		journalId,
		entity,
		lines,
		effectiveAt,
		period: periodOfInstant(effectiveAt),
		enteredAt: effectiveAt + 90_000,
		enteredBy: staff.clerks[clerk % staff.clerks.length]?.userId ?? '',
		approvedBy: staff.ledgerApprovers[0]?.userId ?? null,
		source: 'manual',
		sourceKind: reversalOf === null ? null : 'adjustment',
		sourceId: null,
		reversalOf,
		description,
	};
}

function lastBusinessDay(period: string): number {
	const [year = 0, month = 0] = period.split('-').map(Number);
	let day = monthOf(dayOf(year, month, 1)).last;
	while (isWeekend(day)) day--;
	return day;
}

/** All manual journals of the year, month by month. */
export function* routineJournals(seed: string): Generator<JournalPlan> {
	for (const period of PERIODS.slice(0, -1)) {
		for (const key of ENTITY_KEYS) yield* monthEnd(ENTITIES[key], period, createRandom(`${seed}/ledger/${key}/${period}`));
	}
}

function* monthEnd(entity: Entity, period: string, random: Random): Generator<JournalPlan> {
	const day = lastBusinessDay(period);
	const at = (onDay: number): number => instantAt(onDay, entity.openMinute, random.between(60, 300));
	for (const [index, routine] of ROUTINES.entries()) {
		const amount = amountOf(random, routine);
		const lines = [debit(routine.debitAccount, amount), credit(routine.creditAccount, amount)];
		yield manualJournal({
			entity,
			journalId: `JM-${entity.key}-${period}-${index + 1}`,
			effectiveAt: at(day),
			lines,
			description: `${routine.name} ${period}`,
			clerk: index,
		});
	}
	const accrued = amountOf(random, ACCRUAL);
	const accrual = manualJournal({
		entity,
		journalId: `JM-${entity.key}-${period}-A`,
		effectiveAt: at(day),
		lines: [debit(ACCRUAL.debitAccount, accrued), credit(ACCRUAL.creditAccount, accrued)],
		description: `${ACCRUAL.name} ${period}`,
		clerk: 0,
	});
	yield accrual;
	yield manualJournal({
		entity,
		journalId: `JM-${entity.key}-${period}-R`,
		effectiveAt: at(businessDay(dayOfInstant(accrual.effectiveAt) + 1, 1)),
		lines: [debit(ACCRUAL.creditAccount, accrued), credit(ACCRUAL.debitAccount, accrued)],
		description: `Reversal: ${ACCRUAL.name} ${period}`,
		clerk: 1,
		reversalOf: accrual.journalId,
	});
}

const JOURNALS_WANTED = 1_060;

/** Bank charges item by item, booked by the ledger service, until there are enough journals for a pair of accounts to be called rare. */
export function* fillerJournals(seed: string, journals: number): Generator<JournalPlan> {
	const random = createRandom(`${seed}/charges`);
	for (let running = 0; running < JOURNALS_WANTED - journals; running++) {
		const entity = ENTITIES[ENTITY_KEYS[running % ENTITY_KEYS.length] as EntityKey];
		const day = businessDay(FIRST_DAY + ((running * 5) % FILLED_DAYS), 0);
		const minor = BigInt(random.between(311, 4_889));
		const journal = manualJournal({
			entity,
			journalId: `JB-${entity.key}-${running + 1}`,
			effectiveAt: instantAt(day, entity.openMinute, random.between(10, 400)),
			lines: [debit('6500', minor), credit('1000', minor)],
			description: 'Bank charge',
			clerk: 0,
		});
		yield { ...journal, enteredBy: STAFF[entity.key].ledgerService.userId, approvedBy: null, source: 'system' };
	}
}

const FILLED_DAYS = 350;
