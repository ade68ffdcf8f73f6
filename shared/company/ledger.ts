/** The general ledger: turns journals into rows, and adds them up to the trial balances. */
import { invariant } from '#kernel';
import { ACCOUNTS, ENTITIES, ENTITY_KEYS, type Entity, type EntityKey } from './entities.ts';
import { type CompanyRow, type Wire, wireMinor } from './wire.ts';
import { dateText, PERIODS, periodIndex, timeText } from './workTime.ts';

export interface JournalPlan {
	journalId: string;
	entity: Entity;
	lines: { account: string; debitMinor: bigint; creditMinor: bigint }[];
	effectiveAt: number;
	period: string;
	enteredAt: number;
	enteredBy: string;
	approvedBy: string | null;
	source: 'system' | 'manual';
	sourceKind: 'revenue_event' | 'invoice' | 'payment' | 'adjustment' | null;
	sourceId: string | null;
	reversalOf: string | null;
	description: string;
}

export const debit = (account: string, minor: bigint) => ({ account, debitMinor: minor, creditMinor: 0n });
export const credit = (account: string, minor: bigint) => ({ account, debitMinor: 0n, creditMinor: minor });

/** Falsifies one closing balance as it is written; the next opening stays true. */
export interface BalanceFlaw {
	readonly entity: EntityKey;
	readonly account: string;
	readonly period: string;
	readonly offMinor: bigint;
}

/** A pair of accounts and the first journals that used it: pairs that stay rare are an audit test's subject. */
export interface AccountPair {
	readonly entity: EntityKey;
	readonly debitAccount: string;
	readonly creditAccount: string;
	count: number;
	readonly journals: string[];
}

/** A pair or poster seen less often is rare (T45, T46). */
export const RARE_BELOW = 3;

export class Ledger {
	readonly pairs = new Map<string, AccountPair>();
	readonly postings = new Map<string, { count: number; journals: string[] }>();
	private readonly debits = new Map<EntityKey, BigInt64Array>();
	private readonly credits = new Map<EntityKey, BigInt64Array>();
	private readonly accountIndex = new Map(ACCOUNTS.map(({ account }, index) => [account, index]));
	journals = 0;

	constructor() {
		for (const key of ENTITY_KEYS) {
			this.debits.set(key, new BigInt64Array(ACCOUNTS.length * PERIODS.length));
			this.credits.set(key, new BigInt64Array(ACCOUNTS.length * PERIODS.length));
		}
	}

	post(journal: JournalPlan, rows: CompanyRow[]): void {
		const { entity } = journal;
		const debits = this.debits.get(entity.key) as BigInt64Array;
		const credits = this.credits.get(entity.key) as BigInt64Array;
		const at = periodIndex(journal.period);
		invariant(at >= 0, `no period ${journal.period}`);
		this.journals++;
		this.countPairs(journal);
		let lineNo = 0;
		for (const line of journal.lines) {
			const cell = (this.accountIndex.get(line.account) ?? 0) * PERIODS.length + at;
			debits[cell] = (debits[cell] as bigint) + line.debitMinor;
			credits[cell] = (credits[cell] as bigint) + line.creditMinor;
			rows.push({ table: 'journal_line', record: journalRecord(journal, line, ++lineNo) });
		}
	}

	private countPairs({ lines, journalId, entity, enteredBy }: JournalPlan): void {
		for (const from of lines) {
			if (from.debitMinor === 0n) continue;
			for (const to of lines) if (to.creditMinor !== 0n) this.countPair(entity.key, from.account, to.account, journalId);
		}
		const poster = this.postings.get(enteredBy) ?? { count: 0, journals: [] };
		if (poster.count++ < RARE_BELOW) poster.journals.push(journalId);
		this.postings.set(enteredBy, poster);
	}

	private countPair(entity: EntityKey, debitAccount: string, creditAccount: string, journalId: string): void {
		const name = `${entity} ${debitAccount} ${creditAccount}`;
		let pair = this.pairs.get(name);
		if (!pair) {
			pair = { entity, debitAccount, creditAccount, count: 0, journals: [] };
			this.pairs.set(name, pair);
		}
		if (pair.count++ < RARE_BELOW) pair.journals.push(journalId);
	}

	/** Every account of every entity and period, rolled forward from the openings. */
	trialBalances(flaws: readonly BalanceFlaw[]): CompanyRow[] {
		const rows: CompanyRow[] = [];
		for (const key of ENTITY_KEYS) {
			for (const [index, { account, openingMinor }] of ACCOUNTS.entries()) {
				let opening = openingMinor;
				for (const [at, period] of PERIODS.entries()) {
					const cell = index * PERIODS.length + at;
					const debitMinor = this.debits.get(key)?.[cell] ?? 0n;
					const creditMinor = this.credits.get(key)?.[cell] ?? 0n;
					const closing = opening + debitMinor - creditMinor;
					const flaw = flaws.find((one) => one.entity === key && one.account === account && one.period === period);
					const record = balanceRecord(ENTITIES[key], account, period, [
						opening,
						debitMinor,
						creditMinor,
						closing + (flaw?.offMinor ?? 0n),
					]);
					rows.push({ table: 'trial_balance', record });
					opening = closing;
				}
			}
		}
		return rows;
	}
}

function balanceRecord(
	entity: Entity,
	account: string,
	period: string,
	[opening, debits, credits, closing]: [bigint, bigint, bigint, bigint],
): Wire {
	return {
		account,
		closing_minor: wireMinor(closing),
		credit_minor: wireMinor(credits),
		currency: entity.currency,
		debit_minor: wireMinor(debits),
		entity_id: entity.entityId,
		opening_minor: wireMinor(opening),
		period,
	};
}

const journalRecord = (journal: JournalPlan, line: JournalPlan['lines'][number], lineNo: number): Wire => ({
	account: line.account,
	approved_by: journal.approvedBy,
	credit_minor: wireMinor(line.creditMinor),
	currency: journal.entity.currency,
	debit_minor: wireMinor(line.debitMinor),
	description: journal.description,
	effective_on: dateText(journal.effectiveAt),
	entered_at: timeText(journal.enteredAt),
	entered_by: journal.enteredBy,
	entity_id: journal.entity.entityId,
	journal_id: journal.journalId,
	line_no: lineNo,
	period: journal.period,
	reversal_of_journal_id: journal.reversalOf,
	source: journal.source,
	source_id: journal.sourceId,
	source_kind: journal.sourceKind,
});
