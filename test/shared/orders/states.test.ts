import { describe, expect, test } from 'vitest';
import { authorityOf, mandatoryPairsBefore, roleGrantsOf, stateTableOf, terminalStates } from '#orders';
import type { Population } from '#population';
import { GRANTS, grant, TRANSITIONS, transition } from '../audit/orderRecords.ts';
import { populateWhole, type Row } from '../audit/populate.ts';

const at = (text: string): number => Date.parse(text);
const MARCH = at('2026-03-01T00:00:00.000Z');
const JULY = at('2026-07-01T00:00:00.000Z');

const withTable = (rows: readonly Row[], grants: readonly Row[] = GRANTS): Population =>
	populateWhole({ tables: { state_transition: rows, user_role: grants } });

const state = (population: Population, name: string): number => population.dictionary('state').codeOf(name);

function pair(population: Population, from: string, to: string): number {
	return stateTableOf(population).pair(state(population, from), state(population, to));
}

describe('the state table', () => {
	test('allows a pair while a version of it is valid', () => {
		const population = withTable([
			transition('a', 'b', 'sales', { valid_to: '2026-06-01T00:00:00.000Z' }),
			transition('b', 'a', 'sales', { version: 2, valid_from: '2026-06-01T00:00:00.000Z' }),
		]);
		const table = stateTableOf(population);
		expect(table.size).toBe(2);
		expect([MARCH, JULY].map((instant) => table.allows(pair(population, 'a', 'b'), instant))).toEqual([true, false]);
		expect([MARCH, JULY].map((instant) => table.allows(pair(population, 'b', 'a'), instant))).toEqual([false, true]);
	});

	test('has no pair of states that no row has', () => {
		const population = withTable(TRANSITIONS);
		expect(pair(population, 'closed', 'booked')).toBe(-1);
		expect(stateTableOf(population).allows(-1, MARCH)).toBe(false);
	});

	test('bridges versions that follow each other', () => {
		const population = withTable([
			transition('a', 'b', 'sales', { valid_to: '2026-06-01T00:00:00.000Z' }),
			transition('a', 'b', 'sales', { version: 2, valid_from: '2026-06-01T00:00:00.000Z' }),
		]);
		expect(stateTableOf(population).validity(pair(population, 'a', 'b')).length).toBe(2);
	});
});

describe('terminal states', () => {
	const terminal = (rows: readonly Row[]): string[] => {
		const population = withTable(rows);
		const dictionary = population.dictionary('state');
		return [...terminalStates(population)].flatMap((flag, code) => (flag === 1 ? [dictionary.text(code)] : [])).sort();
	};

	test('are those that the table only leads into, and the canonical ones', () => {
		expect(terminal([...TRANSITIONS, transition('delivered', 'archived', 'system')])).toEqual(['archived', 'cancelled', 'closed']);
	});

	test('stay terminal where a company lets closed orders be returned', () => {
		expect(terminal([...TRANSITIONS, transition('closed', 'return_requested', 'service')])).toContain('closed');
	});

	test('are not left by a row that leads a state into itself', () => {
		expect(terminal([transition('a', 'b', 'sales'), transition('b', 'b', 'sales')])).toEqual(['b']);
	});
});

describe('mandatory steps before shipping', () => {
	const steps = (rows: readonly Row[]): string[] => {
		const population = withTable(rows);
		return mandatoryPairsBefore(population, state(population, 'shipped'))
			.map(({ to }) => population.dictionary('state').text(to))
			.sort();
	};

	test('lie before it and not behind it, and holds do not join the two', () => {
		expect(steps(TRANSITIONS)).toEqual(['partially_shipped', 'picking', 'released']);
	});

	test('do not include what can be reached again after shipping', () => {
		expect(steps([...TRANSITIONS, transition('delivered', 'booked', 'sales')])).toEqual([]);
	});

	test('are none where no row is mandatory', () => {
		expect(steps(TRANSITIONS.map((row) => ({ ...row, mandatory: false })))).toEqual([]);
	});
});

describe('authority', () => {
	const may = (population: Population, user: string, from: string, to: string, instant = MARCH): boolean =>
		authorityOf(population).may(population.dictionary('user').codeOf(user), pair(population, from, to), instant);

	test('needs a role of the row, held at the time', () => {
		const grants = [...GRANTS, grant('U-NEW', 'credit', { valid_from: '2026-06-01T00:00:00.000Z' })];
		const population = withTable(TRANSITIONS, grants);
		expect(may(population, 'U-CREDIT', 'booked', 'released')).toBe(true);
		expect(may(population, 'U-SALES', 'booked', 'released')).toBe(false);
		expect([MARCH, JULY].map((instant) => may(population, 'U-NEW', 'booked', 'released', instant))).toEqual([false, true]);
	});

	test('is read from a comma list with spaces, and a row that names no role lets anybody', () => {
		const population = withTable([transition('a', 'b', 'credit , sales'), transition('b', 'c', ' ')]);
		expect(may(population, 'U-SALES', 'a', 'b')).toBe(true);
		expect(may(population, 'U-STORE', 'b', 'c')).toBe(true);
		expect(may(population, 'U-STORE', 'a', 'b')).toBe(false);
	});

	test('of a role granted twice spans both grants', () => {
		const population = withTable(TRANSITIONS, [
			grant('U1', 'credit', { valid_to: '2026-02-01T00:00:00.000Z' }),
			grant('U1', 'credit', { valid_from: '2026-06-01T00:00:00.000Z' }),
		]);
		const [user, role] = [population.dictionary('user').codeOf('U1'), population.dictionary('role').codeOf('credit')];
		const grants = roleGrantsOf(population);
		expect(grants.rolesOf(user)).toEqual([role]);
		expect([at('2026-01-01T00:00:00.000Z'), MARCH, JULY].map((instant) => grants.holds(user, role, instant))).toEqual([true, false, true]);
	});
});
