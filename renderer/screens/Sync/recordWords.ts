/** A line of the hub's own log in a sentence. It was verified as part of its log; what it says is the hub's word. */
import { z } from 'zod';
import { formatCount, plural } from '../../app/format.ts';
import type { HubRecordLine } from '../../vault/feedHistory.ts';

const KINDS: Readonly<Record<string, string>> = {
	batch: 'Batch',
	heads: 'Heads of the day',
	key: 'Key change',
	freeze: 'Log ended',
	reconciliation: 'Reconciliation',
};

export const kindWord = (kind: string): string => KINDS[kind] ?? (kind === '' ? 'Record' : kind.replaceAll('_', ' '));

export function recordSentence({ kind, line }: Pick<HubRecordLine, 'kind' | 'line'>): string {
	const record = fieldsOf(line);
	const text = (name: string): string => (typeof record[name] === 'string' ? record[name] : '');
	const count = (name: string): string => (typeof record[name] === 'number' ? formatCount(record[name]) : '?');
	switch (kind) {
		case 'batch': {
			const dead = typeof record['dead_letters'] === 'number' && record['dead_letters'] > 0 ? `, ${count('dead_letters')} not taken` : '';
			const from =
				[text('source_system'), text('batch_no')].filter((part) => part !== '').join(' ') || `by ${text('channel') || 'no known channel'}`;
			return `${from}: ${plural(Number(record['rows'] ?? 0), 'row')}, ${count('accepted')} new${dead}`;
		}
		case 'heads':
			return `${text('table')} on ${text('day')}: ${count('size')} lines, last events of ${plural(Number(record['orders'] ?? 0), 'order')}`;
		case 'reconciliation':
			return reconciliationSentence(record) ?? text('day');
		case 'freeze':
			return `${text('table')} ends at ${count('size')} lines`;
		default:
			return Object.entries(record)
				.filter(([name, value]) => name !== 'kind' && name !== 'prev' && (typeof value === 'string' || typeof value === 'number'))
				.slice(0, 5)
				.map(([name, value]) => `${name.replaceAll('_', ' ')} ${String(value).slice(0, 60)}`)
				.join(' · ');
	}
}

const reconciliation = z.object({
	day: z.string(),
	currencies: z.array(z.object({ currency: z.string(), orders: z.number(), orders_with_breaks: z.number() })),
	unreadable_rows: z.number(),
});

/** What was compared a currency, and what could not be: a row that was not looked into is neither matched nor broken. */
function reconciliationSentence(record: unknown): string | null {
	const parsed = reconciliation.safeParse(record);
	if (!parsed.success) return null;
	const { day, currencies, unreadable_rows: unreadable } = parsed.data;
	const found = currencies.map(
		({ currency, orders, orders_with_breaks: broken }) => `${currency} ${formatCount(broken)} of ${plural(orders, 'order')} with breaks`,
	);
	const left = unreadable > 0 ? [`${plural(unreadable, 'row')} could not be looked into`] : [];
	return `${day}: ${[...found, ...left].join(', ')}`;
}

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
	try {
		const parsed: unknown = JSON.parse(line);
		return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}
