/** A line of the hub's own log in a sentence. It was verified as part of its log; what it says is the hub's word. */
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

function fieldsOf(line: string): Readonly<Record<string, unknown>> {
	try {
		const parsed: unknown = JSON.parse(line);
		return typeof parsed === 'object' && parsed !== null ? (parsed as Record<string, unknown>) : {};
	} catch {
		return {};
	}
}
