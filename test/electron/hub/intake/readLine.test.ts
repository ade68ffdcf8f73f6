import { describe, expect, it } from 'vitest';
import { sha256, toBase64Url, utf8 } from '#kernel';
import { CAUSES, type CauseCode, cause, describeCause } from '../../../../electron/hub/intake/causes.ts';
import { readLine } from '../../../../electron/hub/intake/readLine.ts';
import { customerRow, orderEvent, orderRow } from './records.ts';

const codeOf = (line: string): CauseCode | 'taken' => {
	const read = readLine(line);
	return read.ok ? 'taken' : read.cause.code;
};
const messageOf = (line: object | string): string => {
	const read = readLine(typeof line === 'string' ? line : JSON.stringify(line));
	return read.ok ? '' : describeCause(read.cause);
};
const text = (line: object): string => JSON.stringify(line);
const event = (fields: object) => text(orderEvent('O1', 1, fields as Record<string, unknown>));

describe('a line of a batch', () => {
	it('is taken with its record in canonical form, whatever its spelling was', () => {
		const read = readLine(
			' {"record": {"rate": "1.1", "quote":"USD","currency":"EUR","on":"2026-01-02","source":"ECB"} , "table":"fx_rate"}\r',
		);
		expect(read).toMatchObject({
			ok: true,
			value: {
				table: 'fx_rate',
				text: '{"currency":"EUR","on":"2026-01-02","quote":"USD","rate":"1.1","source":"ECB"}',
				envelope: '{"record":{"currency":"EUR","on":"2026-01-02","quote":"USD","rate":"1.1","source":"ECB"},"table":"fx_rate"}',
			},
		});
	});

	it('keeps keys that the model does not know', () => {
		const read = readLine(event({ warehouse: { bay: [1, 2] } }));
		expect(read.ok && read.value.record['warehouse']).toEqual({ bay: [1, 2] });
	});

	it.each<[CauseCode, string]>([
		['blank_line', '   '],
		['line_too_long', event({ reason_code: 'x'.repeat(60_000) })],
		['line_too_long', event({ reason_code: 'é'.repeat(29_990) })],
		['not_json', '{"table":"order_event","record":{'],
		['not_json', `\uFEFF${event({})}`],
		['not_json', text(orderEvent('O1', 1)).replace('order.released', '\\ud800')],
		['too_deep', event({ deep: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) as unknown })],
		['too_deep', `{"table":"order_event","record":${'{"a":'.repeat(9_000)}1${'}'.repeat(9_000)}}`],
		['duplicate_key', text(orderEvent('O1', 1)).replace('"order_id":"O1"', '"order_id":"O1","order_id":"O2"')],
		['duplicate_key', text(orderEvent('O1', 1)).replace('"schema_version":1', '"a":{"b":1,"b":1},"schema_version":1')],
		['number_out_of_range', text(orderEvent('O1', 1)).replace('"source_seq":1', '"source_seq":9007199254740993')],
		['number_out_of_range', text(orderEvent('O1', 1)).replace('"source_seq":1', '"source_seq":1.5')],
		['number_out_of_range', text(orderEvent('O1', 1)).replace('"source_seq":1', '"source_seq":1.0')],
		['number_out_of_range', text(orderEvent('O1', 1)).replace('"source_seq":1', '"source_seq":1e400')],
		['number_out_of_range', event({ weight: 0.1 })],
		['number_out_of_range', event({ nested: [{ weight: 0.1 }] })],
		['not_an_envelope', '[]'],
		['not_an_envelope', '"order_event"'],
		['not_an_envelope', '{"table":"order_event"}'],
		['not_an_envelope', '{"record":{}}'],
		['not_an_envelope', text({ ...orderEvent('O1', 1), extra: 1 })],
		['not_an_envelope', text({ ...orderEvent('O1', 1), trace: 1 })],
		['unknown_schema_version', text({ ...orderEvent('O1', 1), schema_version: 2 })],
		['unknown_table', '{"table":"hub_record","record":{}}'],
		['unknown_table', '{"table":"__proto__","record":{}}'],
		['missing_value', event({ type: undefined })],
		['missing_value', event({ type: null })],
		['wrong_type', event({ type: 5 })],
		['wrong_type', event({ source_seq: '1' })],
		['bad_value', event({ event_id: '' })],
		['bad_value', event({ event_id: 'x'.repeat(257) })],
		['bad_value', event({ event_id: 'a\0b' })],
		['bad_value', event({ order_seq: 0 })],
		['bad_value', event({ occurred_at: '2026-02-30T00:00:00.000Z' })],
		['bad_value', event({ quantity: '1.1234567' })],
		['bad_value', event({ sd: { quantity: 'short' } })],
		['bad_value', text(orderRow('O1', { currency: 'eur' }))],
		['disclosure_differs', text({ ...orderEvent('O1', 1, { sd: { a: 'A'.repeat(43) } }), disclosures: ['WyJzIiwiYSIsMV0'] })],
		['disclosure_differs', text({ ...orderRow('O1'), disclosures: ['WyJzIiwiYSIsMV0'] })],
	])('is set aside as %s', (code, line) => {
		expect(codeOf(line)).toBe(code);
	});

	it('with a number in exponent form is never taken, even where lengths agree', () => {
		// "1e5" is shorter than 100000 by as much as a repeated key is longer: only the strict reader sees both.
		expect(codeOf('{"table":"fx_rate","record":{"a":1e5,"b":1}}')).toBe('number_out_of_range');
	});

	it('may leave a committed field out, and is taken with the disclosure that opens it', () => {
		const disclosure = toBase64Url(utf8('["salt","actor_id","Grete"]'));
		const sd = { actor_id: toBase64Url(sha256(utf8(disclosure))) };
		const line = { ...orderEvent('O1', 1, { actor_id: undefined, sd }), disclosures: [disclosure] };
		expect(readLine(text(line))).toMatchObject({ ok: true, value: { disclosures: [disclosure] } });
		expect(codeOf(text({ ...line, disclosures: [disclosure, disclosure] }))).toBe('disclosure_differs');
	});

	it('shows of a faulty value what it is, but no text that may name a person', () => {
		expect(messageOf(orderEvent('O1', 1, { quantity: 'many' }))).toBe(
			'a value is not of its kind: quantity: expected a decimal text of at most 6 decimals, found "many"',
		);
		expect(messageOf(customerRow('C1', { tin: 4711 }))).toBe('a value has the wrong type: tin: expected a text, found a number');
		expect(messageOf('{"table":"customer","record":{"name":"Grete Muster",}}')).not.toContain('Grete');
	});

	it('can neither steer a terminal nor grow a message', () => {
		const detail = describeCause(cause('bad_value', `\u001b[31m\n${'x'.repeat(9_999)}`));
		expect(detail.length).toBeLessThan(250);
		expect([...detail].every((char) => char >= ' ')).toBe(true);
	});

	it('has a sentence for every cause', () => {
		for (const [code, sentence] of Object.entries(CAUSES)) expect(sentence, code).toMatch(/^[a-z].{10,}[^.]$/);
	});
});
