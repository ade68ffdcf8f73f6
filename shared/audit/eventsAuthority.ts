/** Were those who acted entitled to? T59 (roles) and T62 (accounts). */
import { authorityOf, roleGrantsOf, stateTableOf } from '#orders';
import type { Population } from '#population';
import { inTime, keysOf, ref, refs } from './draft.ts';
import { CITED_ROWS_MAX, inactiveUser } from './eventsInactive.ts';
import { ExceptionList } from './exceptionList.ts';
import { stakeOf } from './subject.ts';
import type { AuditContext, AuditTest, ExceptionDraft, Outcome } from './types.ts';

/**
 * The transition's roles are judged where the state table allowed the pair then (others are T56's); that the role acted in was held is
 * judged for every event. A row that names no role lets anybody. People whom `user_account` does not know are T62's. As many people as
 * lines of `user_role` were set aside may have held just those roles.
 */
function unauthorisedChange({ population }: AuditContext): Outcome {
	const events = population.table('order_event');
	const [states, grants, authority] = [stateTableOf(population), roleGrantsOf(population), authorityOf(population)];
	const [from, to, actors, roles] = [
		events.codes('from_state'),
		events.codes('to_state'),
		events.codes('actor_id'),
		events.codes('actor_role'),
	];
	const occurred = events.instants('occurred_at');
	const isKnown = knownUsers(population);
	const list = new ExceptionList('order_event');
	const accused = new Set<number>();
	let [tested, open] = [0, 0];
	for (let row = 0; row < events.rows; row++) {
		const actor = actors[row] as number;
		const at = occurred[row] as number;
		if (actor < 0 || Number.isNaN(at) || isKnown?.[actor] === 0) continue;
		if (isKnown === null && grants.rolesOf(actor).length === 0) {
			open++;
			continue;
		}
		tested++;
		const [left, reached, role] = [from[row] as number, to[row] as number, roles[row] as number];
		const pair = left === reached ? -1 : states.pair(left, reached);
		const mayNot = states.allows(pair, at) && !authority.may(actor, pair, at);
		const notHeld = role >= 0 && !grants.holds(actor, role, at);
		if (!mayNot && !notHeld) continue;
		accused.add(actor);
		list.add(() => unauthorised(population, row, mayNot ? pair : -1, notHeld));
	}
	const mayLackRoles = accused.size <= population.table('user_role').quarantine.length;
	return {
		tested,
		exceptions: mayLackRoles ? [] : list.all(),
		open: open + (mayLackRoles ? accused.size : 0),
		openWhy: [
			...(open > 0 ? [`${open} events by people of whom neither account nor role was supplied`] : []),
			...(accused.size > 0 && mayLackRoles ? [`${accused.size} people whose roles may be lines set aside`] : []),
		].join('; '),
	};
}

/** @param pair the transition that the actor may not do, or -1 */
function unauthorised(population: Population, row: number, pair: number, notHeld: boolean): ExceptionDraft {
	const events = population.table('order_event');
	const actor = events.codes('actor_id')[row] as number;
	const faults = [
		...(notHeld ? [`as ${events.text('actor_role', row)}, a role not held then`] : []),
		...(pair < 0
			? []
			: [
					`although none of the roles held then may take an order from ${events.text('from_state', row)} to ${events.text('to_state', row)} (allowed: ${allowedRoles(population, pair)})`,
				]),
	];
	return {
		...stakeOf(population, events.codes('order_id')[row] as number),
		keys: keysOf(population, 'order_event', row),
		reason: `${events.text('actor_id', row)} did ${events.text('type', row)} on order ${events.text('order_id', row)} on ${inTime(events.instants('occurred_at')[row] as number)} (event ${events.text('event_id', row)}) ${faults.join(', and ')}.`,
		rows: [
			ref('order_event', row),
			...refs('user_role', population.index('user_role', 'user_id').rowsOf(actor).subarray(0, CITED_ROWS_MAX)),
			...(pair < 0 ? [] : refs('state_transition', stateTableOf(population).rowsOf(pair).subarray(0, CITED_ROWS_MAX))),
		],
	};
}

const allowedRoles = (population: Population, pair: number): string =>
	[
		...new Set(
			[...stateTableOf(population).rowsOf(pair).subarray(0, 10)].map((row) => population.table('state_transition').text('roles', row)),
		),
	].join('; ');

/** 1 by user code for accounts that were supplied; null if the table was not. */
function knownUsers(population: Population): Uint8Array | null {
	if (!population.has('user_account')) return null;
	const known = new Uint8Array(population.dictionary('user').size);
	for (const user of population.table('user_account').codes('user_id')) known[user] = 1;
	return known;
}

export const EVENT_AUTHORITY_TESTS: readonly AuditTest[] = [
	{
		id: 'T59',
		version: 1,
		title: 'Unauthorised status change',
		severity: 'high',
		why: 'A step done by somebody whose role does not allow it was not controlled at all.',
		rule: "None of the actor's roles valid at occurred_at may do the transition, or the role acted in was not held then.",
		source: 'AS 2201.34',
		parameters: [],
		needs: [
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at', 'actor_id', 'actor_role'] },
			{ table: 'state_transition', columns: ['from_state', 'to_state', 'valid_from', 'roles'] },
			{ table: 'user_role', columns: ['user_id', 'role', 'valid_from'] },
		],
		mayRead: ['user_account', 'sales_order'],
		run: unauthorisedChange,
	},
	{
		id: 'T62',
		version: 1,
		title: 'Inactive or unknown user',
		severity: 'high',
		why: 'What was done under an account that was closed, not yet open or never existed was done by somebody else.',
		rule: 'The actor of an event, or who entered or approved an invoice or journal, was not active then, or is unknown.',
		source: 'AS 2201.34',
		parameters: [],
		needs: [
			{ table: 'user_account', columns: ['user_id', 'active_from'] },
			{ table: 'order_event', columns: ['event_id', 'order_id', 'type', 'occurred_at', 'actor_id'] },
		],
		mayRead: ['invoice', 'invoice_line', 'journal_line', 'sales_order'],
		run: inactiveUser,
	},
];
