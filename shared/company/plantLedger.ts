/** Anomalies of the general ledger: T39 to T48, T53, T55. */
import { DAY_MS, HOUR_MS } from '#kernel';
import { answer, firstInvoice, firstRevenue, need, once, onRevenue, type PlantedOrder } from './anomaly.ts';
import type { Answer } from './answers.ts';
import { ENTITIES, type EntityKey } from './entities.ts';
import { type BalanceFlaw, credit, debit, type JournalPlan } from './ledger.ts';
import { type ManualEntry, manualJournal } from './manualJournals.ts';
import { DEFERRED, PRODUCT_REVENUE, SERVICE_REVENUE } from './orderJournals.ts';
import type { OrderPlan } from './orderPlan.ts';
import { STAFF } from './people.ts';
import { dayOf, instantAt } from './workTime.ts';

/** Those that need an order: revenue the ledger does not show as it is, and revenue somebody reclassified by hand. */
export const ledgerOrderAnomalies = (): PlantedOrder[] => [
	once('US', [2, 17], { lineCount: 2 }, ({ plan }) => ({ planted: swapLedgerAmounts(plan) })),
	once('DE', [6, 15], { lineCount: 2 }, ({ plan }) => ({ planted: swapLedgerAmounts(plan) })),
	once('US', [5, 5], {}, ({ plan }) => unposted(plan)),
	once('DE', [8, 7], {}, ({ plan }) => unposted(plan)),
	once('US', [3, 6], {}, ({ plan }) => reclassified(plan)),
];

/** Each of two revenue events has the other's amount in the ledger: both are wrong, and their sum is right. */
function swapLedgerAmounts(plan: OrderPlan): Answer[] {
	const [first, second] = [firstRevenue(plan), need(plan.revenue[1])];
	first.ledgerMinor = second.amountMinor;
	second.ledgerMinor = first.amountMinor;
	return [first, second].map((revenue) => onRevenue('T40', plan, revenue, "has the other line's amount in the ledger"));
}

/** The sub-ledger has revenue that the ledger lacks. */
function unposted(plan: OrderPlan) {
	const revenue = firstRevenue(plan);
	revenue.ledgerMinor = null;
	const period = new Date(revenue.postedAt).toISOString().slice(0, 7);
	const keys = { entity_id: plan.entity.entityId, period };
	return {
		planted: [answer('T41', null, keys, `${revenue.revenueId} was never posted`)],
		consequences: [onRevenue('T40', plan, revenue, 'never posted'), answer('T42', null, keys, 'recognised but not released')],
	};
}

/** Three times the same hand entry between two revenue accounts: often enough not to be a rare pair, and always by hand. */
function reclassified(plan: OrderPlan) {
	const invoice = firstInvoice(plan);
	const journals = [1, 2, 3].map((running): JournalPlan => {
		const amount = 4_100n + BigInt(running);
		const entry: ManualEntry = {
			entity: plan.entity,
			journalId: `JM-${plan.number}-${running}`,
			effectiveAt: instantAt(dayOf(2026, 3, 16 + running), plan.entity.openMinute, 100),
			lines: [debit(PRODUCT_REVENUE, amount), credit(SERVICE_REVENUE, amount)],
			description: 'Reclassification of installation revenue',
			clerk: running,
		};
		return { ...manualJournal(entry), sourceKind: 'invoice', sourceId: invoice.invoiceId };
	});
	return {
		journals,
		planted: journals.map(({ journalId }) =>
			answer('T44', plan.orderId, { journal_id: journalId }, 'entered by hand on a revenue account'),
		),
	};
}

export interface LedgerPlanting {
	readonly journals: readonly JournalPlan[];
	readonly balances: readonly BalanceFlaw[];
	readonly planted: readonly Answer[];
	readonly consequences: readonly Answer[];
}

type Plain = { readonly journals: JournalPlan[]; readonly planted: Answer[]; readonly consequences?: Answer[] };

/** Those that need no order. */
export function plantLedger(): LedgerPlanting {
	const parts: Plain[] = [orphans(), unbalanced(), rarePairs(), posters(), oddHours(), afterClose(), blank(), uncompensated()];
	const balances: BalanceFlaw[] = [
		{ entity: 'US', account: '6400', period: '2026-06', offMinor: 77_700n },
		{ entity: 'DE', account: DEFERRED, period: '2026-09', offMinor: 12_345n },
		{ entity: 'US', account: DEFERRED, period: '2026-04', offMinor: -54_321n },
	];
	return {
		journals: parts.flatMap(({ journals }) => journals),
		balances,
		planted: [...parts.flatMap(({ planted }) => planted), ...balances.map(falseBalance)],
		consequences: [...parts.flatMap(({ consequences = [] }) => consequences), ...balances.flatMap(besideFalseBalance)],
	};
}

const balanceKeys = ({ entity, account, period }: BalanceFlaw) => ({ account, entity_id: ENTITIES[entity].entityId, period });
const falseBalance = (flaw: BalanceFlaw): Answer =>
	answer(flaw.account === DEFERRED ? 'T42' : 'T43', null, balanceKeys(flaw), 'closes at another balance than it rolls to');

/** What else shows it: the next period, whose opening is right, and for deferred revenue the balance as such. */
function besideFalseBalance(flaw: BalanceFlaw): Answer[] {
	const next = `2026-${String(Number(flaw.period.slice(5)) + 1).padStart(2, '0')}`;
	const periods = flaw.account === DEFERRED ? [flaw.period, next] : [next];
	return periods.map((period) => answer('T43', null, balanceKeys({ ...flaw, period }), 'closing and next opening differ'));
}

function entry(
	key: EntityKey,
	name: string,
	[month, date]: readonly [number, number],
	lines: JournalPlan['lines'],
	parts: Partial<JournalPlan> = {},
): JournalPlan {
	const entity = ENTITIES[key];
	const effectiveAt = instantAt(dayOf(2026, month, date), entity.openMinute, 150);
	const journal = manualJournal({ entity, journalId: `JX-${key}-${name}`, effectiveAt, lines, description: `Entry ${name}`, clerk: date });
	return { ...journal, ...parts };
}

const planted = (test: string, journals: readonly JournalPlan[], note: string): Answer[] =>
	journals.map(({ journalId }) => answer(test, null, { journal_id: journalId }, note));

const freight = (minor: bigint) => [debit('6100', minor), credit('2900', minor)];

/** Moved within deferred revenue on the strength of a document that does not exist: its balance stays what it was. */
function orphans(): Plain {
	const system = { enteredBy: STAFF.US.ledgerService.userId, approvedBy: null, source: 'system' as const };
	const journals = [1, 2, 3].map((running) =>
		entry('US', `orphan-${running}`, [4, 20 + running], [debit(DEFERRED, 31_117n), credit(DEFERRED, 31_117n)], {
			...system,
			sourceKind: running === 2 ? 'revenue_event' : 'invoice',
			sourceId: `GHOST-${running}`,
		}),
	);
	return { journals, planted: planted('T39', journals, 'names a source that does not exist') };
}

function unbalanced(): Plain {
	const journals = [entry('DE', 'unbalanced-1', [5, 18], [debit('6100', 40_019n), credit('2900', 39_019n)])];
	return { journals, planted: planted('T43', journals, 'debits exceed credits by 10.00') };
}

function rarePairs(): Plain {
	const journals = [
		entry('US', 'pair-1', [6, 8], [debit('6300', 22_261n), credit('2900', 22_261n)]),
		entry('DE', 'pair-2', [9, 14], [debit('1500', 18_843n), credit('6100', 18_843n)]),
	];
	return { journals, planted: planted('T45', journals, 'a pair of accounts used once') };
}

function posters(): Plain {
	const selfApproved = need(STAFF.US.clerks[0]).userId;
	const idle = STAFF.DE.idleClerk.userId;
	const journals = [
		entry('US', 'poster-1', [7, 15], freight(9_903n), { enteredBy: selfApproved, approvedBy: selfApproved }),
		entry('DE', 'poster-2', [10, 20], freight(8_807n), { enteredBy: idle }),
	];
	return { journals, planted: planted('T46', journals, 'approved by its own author, or entered by somebody who never posts') };
}

function oddHours(): Plain {
	const [sunday, night] = [entry('US', 'hours-1', [6, 14], freight(7_211n)), entry('DE', 'hours-2', [8, 19], freight(6_119n))];
	night.enteredAt += 11 * HOUR_MS;
	return { journals: [sunday, night], planted: planted('T47', [sunday, night], 'entered on a Sunday, or at night') };
}

function afterClose(): Plain {
	const journals = [entry('US', 'late-1', [3, 31], freight(5_501n)), entry('DE', 'late-2', [6, 30], freight(4_409n))];
	for (const journal of journals) journal.enteredAt += 42 * DAY_MS;
	return { journals, planted: planted('T48', journals, 'entered weeks after its period was closed') };
}

function blank(): Plain {
	const journals = [
		entry('US', 'blank-1', [2, 12], freight(3_307n), { description: '' }),
		entry('DE', 'blank-2', [11, 24], freight(2_203n), { description: ' ' }),
	];
	return { journals, planted: planted('T53', journals, 'no description') };
}

/** Corrections of nothing, and corrections that leave something standing. */
function uncompensated(): Plain {
	const original = entry('DE', 'correction-0', [7, 22], freight(60_021n));
	const short = entry('DE', 'correction-1', [7, 23], [debit('2900', 52_021n), credit('6100', 52_021n)], {
		sourceKind: 'adjustment',
		reversalOf: original.journalId,
	});
	const ofNothing = entry('US', 'correction-2', [9, 21], [debit('2900', 14_409n), credit('6100', 14_409n)], {
		sourceKind: 'adjustment',
		reversalOf: 'JX-US-404',
	});
	return {
		journals: [original, short, ofNothing],
		planted: planted('T55', [short, ofNothing], 'does not undo what it reverses'),
		consequences: [
			...planted('T76', [ofNothing], 'the journal it reverses does not exist'),
			...planted('T55', [original], 'not undone by its reversal'),
		],
	};
}
