import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { canonicalize, type Instant, type Json, utf8 } from '#kernel';
import { TABLE_LIST, TABLES } from '#model';
import { PopulationBuilder } from '#population';
import { checkRecord, primaryKeyOf } from '../../../../electron/hub/intake/checkRecord.ts';

// biome-ignore format: one list
/** Values of every kind, right and almost right. */
const VALUES: readonly Json[] = [
	null, true, 'x', '', '1', '1.5', '-0', '01', '1.', '1.1234567', '999999999999.999999', '1000000000000', 0, 5, -5, 2 ** 53 - 1,
	'2026-03-31T23:15:00.000Z', '2026-02-30T23:15:00.000Z', '2026-03-31T23:15:00Z', '2026-03-31', '2026-02-30', '2026-13', '2026-12',
	'EUR', 'eur', 'EURO', 'a'.repeat(64), 'A'.repeat(64), 'g'.repeat(64), ['x'], { a: 1 }, 'é', 'revenue', 'shipment', 'system', '💶',
];

/** What the workstation says of the same record. */
function isLoaded(table: (typeof TABLE_LIST)[number], record: Readonly<Record<string, Json>>): boolean {
	const builder = new PopulationBuilder();
	builder.table(table.name).push(utf8(`${canonicalize(record)}\n`));
	return builder.finish(0 as Instant).table(table.name).quarantine.length === 0;
}

describe('the check at the door', () => {
	it('takes a record exactly where the workstation would load it', () => {
		const table = fc.constantFrom(...TABLE_LIST);
		const property = fc.property(
			table.chain((one) => fc.tuple(fc.constant(one), fc.tuple(...one.columns.map(() => fc.constantFrom(...VALUES))))),
			([one, values]) => {
				const record = Object.fromEntries(one.columns.map(({ name }, at) => [name, values[at] as Json]));
				// The hub counts events where their source does not; the log fills it in before anybody loads the line.
				if (record['order_seq'] === null || (record['order_seq'] as number) < 1) record['order_seq'] = 1;
				expect(checkRecord(one, record) === null).toBe(isLoaded(one, record));
			},
		);
		fc.assert(property, { numRuns: 3000 });
	});

	it('takes a value in a sound record exactly where the workstation would', () => {
		for (const table of TABLE_LIST) {
			const sound = Object.fromEntries(table.columns.map(({ name, type, values }) => [name, values?.[0] ?? SOUND[type] ?? 'x'])) as Record<
				string,
				Json
			>;
			expect(checkRecord(table, sound), table.name).toBeNull();
			for (const { name } of table.columns) {
				if (name === 'order_seq') continue;
				for (const value of VALUES) {
					const record = { ...sound, [name]: value };
					expect(checkRecord(table, record) === null, `${table.name}.${name} ${JSON.stringify(value)}`).toBe(isLoaded(table, record));
				}
			}
		}
	});

	it('gives different keys different texts', () => {
		const { user_role: table } = TABLES;
		const one = primaryKeyOf(table, { user_id: 'a/b', role: 'c', valid_from: 'd' });
		expect(one).not.toBe(primaryKeyOf(table, { user_id: 'a', role: 'b/c', valid_from: 'd' }));
	});
});

const SOUND: Readonly<Record<string, Json>> = {
	int: 1,
	minor: 1,
	qty: '1',
	decimal: '1.5',
	ts: '2026-03-31T23:15:00.000Z',
	date: '2026-03-31',
	period: '2026-03',
	bool: true,
	cur: 'EUR',
	sha: 'a'.repeat(64),
};
