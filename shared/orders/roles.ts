/** Who held which role when, and who might do which transition when. */
import type { PairIndex, Population } from '#population';
import { commonSpans, covers, NO_SPANS, type Spans, unionOfSpans } from './spans.ts';
import { type StateTable, stateTableOf } from './stateTable.ts';

export class RoleGrants {
	readonly #pairs: PairIndex;
	readonly #spans: readonly Spans[];
	readonly #rolesOf: ReadonlyMap<number, readonly number[]>;

	/** @param population with `user_role` */
	constructor(population: Population) {
		const table = population.table('user_role');
		const [users, roles, from, to] = [
			table.codes('user_id'),
			table.codes('role'),
			table.instants('valid_from'),
			table.instants('valid_to'),
		];
		this.#pairs = population.pairIndex('user_role', 'user_id', 'role');
		const rolesOf = new Map<number, number[]>();
		this.#spans = Array.from({ length: this.#pairs.size }, (_, pair) => {
			const rows = this.#pairs.rowsOfPair(pair);
			const [user, role] = [users[rows[0] as number] as number, roles[rows[0] as number] as number];
			const known = rolesOf.get(user);
			if (known) known.push(role);
			else rolesOf.set(user, [role]);
			return unionOfSpans([...rows].flatMap((row) => [from[row] as number, to[row] as number]));
		});
		this.#rolesOf = rolesOf;
	}

	/** When a user held a role; codes of the user and role dictionaries. */
	held(user: number, role: number): Spans {
		return this.#spans[this.#pairs.pair(user, role)] ?? NO_SPANS;
	}

	holds(user: number, role: number, instant: number): boolean {
		return covers(this.held(user, role), instant);
	}

	/** Every role the user ever held. */
	rolesOf(user: number): readonly number[] {
		return this.#rolesOf.get(user) ?? [];
	}
}

/** The role grants of a population, read once. Needs `user_role`. */
export const roleGrantsOf = (population: Population): RoleGrants => population.derive(deriveGrants);

const deriveGrants = (population: Population): RoleGrants => new RoleGrants(population);

/** Who may do what: a transition's roles against a user's, worked out once for every user and transition that meet. */
export class Authority {
	readonly #states: StateTable;
	readonly #grants: RoleGrants;
	readonly #known = new Map<number, Map<number, Spans>>();

	constructor(states: StateTable, grants: RoleGrants) {
		this.#states = states;
		this.#grants = grants;
	}

	/** Whether one of the roles the user held at the instant was allowed the transition of a pair then. */
	may(user: number, pair: number, instant: number): boolean {
		let byUser = this.#known.get(pair);
		if (!byUser) {
			byUser = new Map();
			this.#known.set(pair, byUser);
		}
		let spans = byUser.get(user);
		if (!spans) {
			spans = this.#allowed(user, pair);
			byUser.set(user, spans);
		}
		return covers(spans, instant);
	}

	#allowed(user: number, pair: number): Spans {
		const open = this.#states.openToAll(pair);
		const allowed = this.#states.rolesOf(pair);
		const own = this.#grants.rolesOf(user);
		// The shorter list leads, so that neither a user with thousands of roles nor such a transition costs more than the other has.
		const roles = own.length < allowed.size ? own : [...allowed.keys()];
		const common = roles.map((role) => commonSpans(this.#grants.held(user, role), allowed.get(role) ?? NO_SPANS));
		return unionOfSpans([open, ...common].flatMap((spans) => [...spans]));
	}
}

/** Needs `state_transition` and `user_role`. */
export const authorityOf = (population: Population): Authority => population.derive(deriveAuthority);

const deriveAuthority = (population: Population): Authority => new Authority(stateTableOf(population), roleGrantsOf(population));
