/** Order timelines for a pack, read from the population: what happened, whose word it is, how its bytes stand, what the ledger made of it. */
import { formatMoney } from '#kernel';
import type { TableName } from '#model';
import type { Population } from '#population';
import { instant, spaced } from './planFormat.ts';
import type { HashStatus, LedgerEffect, OrderTimeline, TimelineDocument, TimelineEvent } from './planInput.ts';

/** What the caller knows about bytes: the population holds none. */
export interface TimelineSources {
	readonly population: Population;
	/** How the event in a row of `order_event` stands. */
	hashStatusOf(row: number): HashStatus;
	/** Leaf hash of that event, lower-case hex, or null. */
	leafHashOf(row: number): string | null;
	documentStatusOf(sha256: string): TimelineDocument['status'];
	/** Name of the document's attachment in the pack, or null. */
	attachmentOf(sha256: string): string | null;
	/** Ids of the tests whose exceptions cite the event in a row. */
	citedBy(row: number): readonly string[];
	/** Whether a column's values must not be shown. */
	isWithheld(table: TableName, column: string): boolean;
}

const WITHHELD = 'withheld';

/** A timeline shows at most this many events; a longer history is cut, and says so. */
const EVENTS_MAX = 500;

/** The timeline of one order, by its id. An order without events still has its facts, documents and ledger effects. */
export function timelineOf(orderId: string, sources: TimelineSources): OrderTimeline {
	const { population } = sources;
	const order = population.dictionary('order').codeOf(orderId);
	const rows = population.has('order_event') ? population.index('order_event', 'order_id').rowsOf(order) : new Int32Array(0);
	const effects = ledgerEffects(sources, order);
	const documents = documentsOfOrder(sources, order);
	const shown = rows.subarray(0, EVENTS_MAX);
	const events = Array.from(shown, (row) => eventOf(sources, row, effects));
	const onEvents = new Set(events.flatMap((event) => event.documents.map((document) => document.documentId)));
	const triggered = new Set(events.flatMap((event) => event.ledger.map((effect) => effect.id)));
	return {
		orderId,
		facts: factsOf(sources, order),
		events,
		documents: documents.filter((document) => !onEvents.has(document.documentId)),
		ledger: effects.all.filter((effect) => !triggered.has(effect.id)),
		note: noteOf(sources, order, rows.length),
	};
}

function noteOf({ population, isWithheld }: TimelineSources, order: number, events: number): string | null {
	if (order < 0 || (population.has('sales_order') && population.index('sales_order', 'order_id').rowOf(order) < 0))
		return 'No such order is among the sales orders.';
	if (events === 0) return 'The order has no events.';
	const notes = [
		...(events > EVENTS_MAX ? [`The first ${EVENTS_MAX} of ${events} events are shown; the data files hold all of them.`] : []),
		...(REVENUE_SHOWN.some((column) => isWithheld('revenue_event', column)) ? ['Revenue events are withheld.'] : []),
		...(JOURNAL_SHOWN.some((column) => isWithheld('journal_line', column)) ? ['Journal lines are withheld.'] : []),
	];
	return notes.length === 0 ? null : notes.join(' ');
}

function factsOf({ population, isWithheld }: TimelineSources, order: number): { label: string; value: string }[] {
	if (!population.has('sales_order')) return [];
	const orders = population.table('sales_order');
	const row = population.index('sales_order', 'order_id').rowOf(order);
	if (row < 0) return [];
	const shown = (table: TableName, columns: readonly string[], value: () => string): string =>
		columns.some((column) => isWithheld(table, column)) ? WITHHELD : value();
	const facts = [
		{ label: 'State', value: shown('sales_order', ['state'], () => orders.text('state', row) ?? '') },
		{ label: 'Ordered', value: shown('sales_order', ['ordered_at'], () => instant(orders.cellText('ordered_at', row) ?? '')) },
		{
			label: 'Total',
			value: shown('sales_order', ['total_minor', 'currency'], () =>
				formatMoney(orders.minors('total_minor')[row] as bigint, orders.text('currency', row) ?? ''),
			),
		},
		{ label: 'Entity', value: shown('sales_order', ['entity_id'], () => orders.text('entity_id', row) ?? '') },
		{ label: 'Customer', value: shown('sales_order', ['customer_id'], () => customerOf(population, isWithheld, row)) },
	];
	if (!population.has('contract')) return facts;
	const contracts = population.table('contract');
	const contract = population.index('contract', 'contract_id').rowOf(orders.codes('contract_id')[row] as number);
	if (contract < 0) return facts;
	return [
		...facts,
		{ label: 'Contract', value: contracts.text('contract_id', contract) ?? '' },
		{ label: 'Control passes at', value: shown('contract', ['transfer_term'], () => contracts.text('transfer_term', contract) ?? '') },
		{
			label: 'Billed',
			value: shown('contract', ['billing_term'], () => spaced(contracts.text('billing_term', contract) ?? '')),
		},
	];
}

function customerOf(population: Population, isWithheld: TimelineSources['isWithheld'], row: number): string {
	const orders = population.table('sales_order');
	const id = orders.text('customer_id', row);
	return isWithheld('customer', 'name') ? (id ?? '') : nameOf(population, 'customer', orders.codes('customer_id')[row] as number, id);
}

function nameOf(population: Population, table: 'customer' | 'user_account', code: number, id: string | null): string {
	const key = table === 'customer' ? 'customer_id' : 'user_id';
	if (!population.has(table)) return id ?? '';
	const row = population.index(table, key).rowOf(code);
	const name = row < 0 ? null : population.table(table).text('name', row);
	return name === null ? (id ?? '') : `${name} (${id})`;
}

function eventOf(sources: TimelineSources, row: number, effects: Effects): TimelineEvent {
	const { population } = sources;
	const events = population.table('order_event');
	const actor = events.codes('actor_id')[row] as number;
	const actorRow = population.has('user_account') ? population.index('user_account', 'user_id').rowOf(actor) : -1;
	const text = (column: string): string | null => (sources.isWithheld('order_event', column) ? null : events.cellText(column, row));
	const isActorShown = actorRow >= 0 && !sources.isWithheld('order_event', 'actor_id') && !sources.isWithheld('user_account', 'name');
	return {
		eventId: text('event_id') ?? '',
		orderSeq: Number(text('order_seq') ?? 0),
		lineId: text('line_id'),
		type: text('type') ?? WITHHELD,
		fromState: text('from_state'),
		toState: text('to_state'),
		occurredAt: text('occurred_at') ?? WITHHELD,
		recordedAt: text('recorded_at') ?? WITHHELD,
		actorId: text('actor_id') ?? WITHHELD,
		actorName: isActorShown ? population.table('user_account').text('name', actorRow) : null,
		actorRole: text('actor_role') ?? WITHHELD,
		sourceSystem: text('source_system') ?? WITHHELD,
		sourceSeq: text('source_seq') === null ? null : Number(text('source_seq')),
		quantity: text('quantity'),
		reasonCode: sources.isWithheld('order_event', 'reason_code') ? WITHHELD : text('reason_code'),
		correctsEventId: text('corrects_event_id'),
		hashStatus: sources.hashStatusOf(row),
		leafHash: sources.leafHashOf(row),
		documents: documentsOfEvent(sources, row),
		ledger: effects.byEvent.get(events.codes('event_id')[row] as number) ?? [],
		citedBy: sources.citedBy(row),
	};
}

function documentsOfEvent(sources: TimelineSources, row: number): TimelineDocument[] {
	const { population } = sources;
	const code = population.table('order_event').codes('document_id')[row] as number;
	if (code < 0 || sources.isWithheld('order_event', 'document_id') || !population.has('document')) return [];
	const document = population.index('document', 'document_id').rowOf(code);
	return document < 0 ? [] : [documentOf(sources, document)];
}

function documentsOfOrder(sources: TimelineSources, order: number): TimelineDocument[] {
	const { population } = sources;
	if (!population.has('document')) return [];
	return Array.from(population.index('document', 'order_id').rowsOf(order).subarray(0, EVENTS_MAX), (row) => documentOf(sources, row));
}

function documentOf(sources: TimelineSources, row: number): TimelineDocument {
	const documents = sources.population.table('document');
	const sha256 = documents.text('sha256', row) ?? '';
	const text = (column: string): string | null => (sources.isWithheld('document', column) ? WITHHELD : documents.cellText(column, row));
	return {
		documentId: documents.text('document_id', row) ?? '',
		kind: text('kind') ?? '',
		fileName: text('file_name') ?? '',
		sha256: text('sha256') ?? '',
		datedAt: sources.isWithheld('document', 'dated_at') ? null : documents.cellText('dated_at', row),
		status: sources.documentStatusOf(sha256),
		attachment: sources.attachmentOf(sha256),
	};
}

interface Effects {
	readonly all: readonly LedgerEffect[];
	/** By the code of the event that triggered the revenue. */
	readonly byEvent: ReadonlyMap<number, readonly LedgerEffect[]>;
}

const REVENUE_SHOWN = ['kind', 'amount_minor', 'currency', 'period', 'recognised_at', 'posted_at', 'trigger_event_id'];
const JOURNAL_SHOWN = ['account', 'debit_minor', 'credit_minor', 'currency', 'period', 'effective_on', 'description', 'source_id'];

/** Revenue events of an order, each with its journal lines behind it. An effect with a withheld column is not shown at all. */
function ledgerEffects({ population, isWithheld }: TimelineSources, order: number): Effects {
	const showsRevenue = !REVENUE_SHOWN.some((column) => isWithheld('revenue_event', column));
	const showsJournals = !JOURNAL_SHOWN.some((column) => isWithheld('journal_line', column));
	if (!population.has('revenue_event')) return { all: [], byEvent: new Map() };
	const events = population.table('revenue_event');
	const all: LedgerEffect[] = [];
	const byEvent = new Map<number, LedgerEffect[]>();
	for (const row of population.index('revenue_event', 'order_id').rowsOf(order).subarray(0, EVENTS_MAX)) {
		const effects = [...(showsRevenue ? [revenueEffect(population, row)] : []), ...(showsJournals ? journalEffects(population, row) : [])];
		all.push(...effects);
		const trigger = events.codes('trigger_event_id')[row] as number;
		if (trigger >= 0 && effects.length > 0) byEvent.set(trigger, [...(byEvent.get(trigger) ?? []), ...effects]);
	}
	return { all, byEvent };
}

function revenueEffect(population: Population, row: number): LedgerEffect {
	const events = population.table('revenue_event');
	return {
		kind: 'revenue',
		id: events.text('revenue_id', row) ?? '',
		action: (events.text('kind', row) ?? 'recognise') as 'recognise' | 'reverse' | 'reinstate',
		amountMinor: events.minors('amount_minor')[row] as bigint,
		currency: events.text('currency', row) ?? '',
		period: events.text('period', row) ?? '',
		recognisedAt: events.cellText('recognised_at', row) ?? '',
		postedAt: events.cellText('posted_at', row) ?? '',
	};
}

function journalEffects(population: Population, revenueRow: number): LedgerEffect[] {
	if (!population.has('journal_line')) return [];
	const lines = population.table('journal_line');
	const revenue = population.table('revenue_event').codes('revenue_id')[revenueRow] as number;
	const source = revenue < 0 ? -1 : (population.translation('revenue', 'source_id')[revenue] ?? -1);
	return Array.from(population.index('journal_line', 'source_id').rowsOf(source))
		.filter((row) => lines.text('source_kind', row) === 'revenue_event')
		.map((row) => ({
			kind: 'journal',
			id: lines.keyText(row),
			account: lines.text('account', row) ?? '',
			debitMinor: lines.minors('debit_minor')[row] as bigint,
			creditMinor: lines.minors('credit_minor')[row] as bigint,
			currency: lines.text('currency', row) ?? '',
			period: lines.text('period', row) ?? '',
			effectiveOn: lines.cellText('effective_on', row) ?? '',
			description: lines.text('description', row) ?? '',
		}));
}
