/** The company's state table: which transition was lawful when, and for whom. */
import { type Codes, type PairIndex, type Population, RowIndex } from '#population';
import { covers, NO_SPANS, type Spans, unionOfSpans } from './spans.ts';

export class StateTable {
	readonly #pairs: PairIndex;
	readonly #valid: readonly Spans[];
	readonly #roles: readonly ReadonlyMap<number, Spans>[];
	readonly #open: readonly Spans[];

	/** @param population with `state_transition` */
	constructor(population: Population) {
		this.#pairs = population.pairIndex('state_transition', 'from_state', 'to_state');
		const rolesOfRow = roleCodes(population);
		const pairs = Array.from({ length: this.#pairs.size }, (_, pair) => readPair(population, this.#pairs.rowsOfPair(pair), rolesOfRow));
		this.#valid = pairs.map((pair) => pair.valid);
		this.#roles = pairs.map((pair) => pair.roles);
		this.#open = pairs.map((pair) => pair.open);
	}

	/** Number of distinct (from, to) pairs over all versions. */
	get size(): number {
		return this.#valid.length;
	}

	/** The number of a pair of states (codes of the state dictionary), or -1 if no version has it. */
	pair(from: number, to: number): number {
		return this.#pairs.pair(from, to);
	}

	/** When some version allowed the pair. */
	validity(pair: number): Spans {
		return this.#valid[pair] ?? NO_SPANS;
	}

	/** Whether some version allowed the pair at an instant. */
	allows(pair: number, instant: number): boolean {
		return pair >= 0 && covers(this.validity(pair), instant);
	}

	/** When which role (code of the role dictionary) might do the transition of a pair. */
	rolesOf(pair: number): ReadonlyMap<number, Spans> {
		return this.#roles[pair] ?? NO_ROLES;
	}

	/** When a row of the pair was valid that names no role at all: anybody might do it. */
	openToAll(pair: number): Spans {
		return this.#open[pair] ?? NO_SPANS;
	}

	/** Rows of `state_transition` of a pair, of whatever version. */
	rowsOf(pair: number): Int32Array {
		return this.#pairs.rowsOfPair(pair);
	}
}

const NO_ROLES: ReadonlyMap<number, Spans> = new Map();

/** The state table of a population, read once. Needs `state_transition`. */
export const stateTableOf = (population: Population): StateTable => population.derive(deriveStateTable);

const deriveStateTable = (population: Population): StateTable => new StateTable(population);

interface PairFacts {
	readonly valid: Spans;
	readonly roles: ReadonlyMap<number, Spans>;
	readonly open: Spans;
}

/** Role codes of each row's comma list; every distinct list is read once. Roles that nobody ever held or acted in have no code. */
function roleCodes(population: Population): (row: number) => readonly number[] | null {
	const table = population.table('state_transition');
	const texts = table.codes('roles');
	const dictionary = population.dictionary('role');
	const known = new Map<number, readonly number[] | null>();
	return (row) => {
		const code = texts[row] as number;
		let codes = known.get(code);
		if (codes === undefined) {
			const names = (table.text('roles', row) ?? '').split(',').map((name) => name.trim());
			const isOpen = names.every((name) => name === '');
			codes = isOpen ? null : [...new Set(names.map((name) => dictionary.codeOf(name)))].filter((role) => role >= 0);
			known.set(code, codes);
		}
		return codes;
	};
}

function readPair(population: Population, rows: Int32Array, rolesOfRow: (row: number) => readonly number[] | null): PairFacts {
	const table = population.table('state_transition');
	const from = table.instants('valid_from');
	const to = table.instants('valid_to');
	const valid: number[] = [];
	const open: number[] = [];
	const byRole = new Map<number, number[]>();
	for (const row of rows) {
		const [start, end] = [from[row] as number, to[row] as number];
		valid.push(start, end);
		const roles = rolesOfRow(row);
		if (roles === null) open.push(start, end);
		for (const role of roles ?? []) {
			const bounds = byRole.get(role);
			if (bounds) bounds.push(start, end);
			else byRole.set(role, [start, end]);
		}
	}
	return {
		valid: unionOfSpans(valid),
		open: unionOfSpans(open),
		roles: new Map([...byRole].map(([role, bounds]) => [role, unionOfSpans(bounds)])),
	};
}

/** States an order never leaves, whatever the table says of them. */
const TERMINAL = ['closed', 'cancelled', 'returned'];

/** 1 by state code where an order rests for good: the canonical terminal states, and those the table leads into but not out of. */
export function terminalStates(population: Population): Uint8Array {
	const flags = new Uint8Array(population.dictionary('state').size);
	if (population.has('state_transition')) {
		const table = population.table('state_transition');
		const [from, to] = [table.codes('from_state'), table.codes('to_state')];
		// A row that leads a state into itself is no way out of it.
		for (let row = 0; row < table.rows; row++) if (to[row] !== from[row]) flags[to[row] as number] = 1;
		for (let row = 0; row < table.rows; row++) if (to[row] !== from[row]) flags[from[row] as number] = 0;
	}
	for (const name of TERMINAL) {
		const code = population.dictionary('state').codeOf(name);
		if (code >= 0) flags[code] = 1;
	}
	return flags;
}

/** Side states from which an order goes back to where it was: they say nothing of what comes before what. */
const FROZEN = ['on_hold', 'disputed'];

/**
 * Pairs (numbers of the table) that every order must have passed before it reaches `target`: mandatory in some version, leading to a
 * state from which `target` can be reached, out of one that `target` does not lead back to.
 * Holds and disputes, from which every state can be reached, are left out of the graph.
 */
export function mandatoryPairsBefore(population: Population, target: number): readonly { pair: number; to: number; valid: Spans }[] {
	const table = population.table('state_transition');
	const states = stateTableOf(population);
	const [from, to, mandatory] = [table.codes('from_state'), table.codes('to_state'), table.flags('mandatory')];
	const frozen = new Set(FROZEN.map((name) => population.dictionary('state').codeOf(name)));
	const inGraph = Array.from({ length: table.rows }, (_, row) => row).filter(
		(row) => !frozen.has(from[row] as number) && !frozen.has(to[row] as number),
	);
	const size = population.dictionary('state').size;
	const leadsTo = reachable(target, inGraph, to, from, size);
	const cameFrom = reachable(target, inGraph, from, to, size);
	const byPair = new Map<number, number[]>();
	for (const row of inGraph) {
		const isBefore = leadsTo[to[row] as number] === 1 && cameFrom[from[row] as number] === 0 && to[row] !== target;
		if (mandatory[row] !== 1 || !isBefore) continue;
		const pair = states.pair(from[row] as number, to[row] as number);
		const bounds = byPair.get(pair) ?? [];
		bounds.push(table.instants('valid_from')[row] as number, table.instants('valid_to')[row] as number);
		byPair.set(pair, bounds);
	}
	return [...byPair].map(([pair, bounds]) => ({
		pair,
		to: to[states.rowsOf(pair)[0] as number] as number,
		valid: unionOfSpans(bounds),
	}));
}

/** 1 for every state reachable from `start` along edges from `tails` to `heads` of the given rows; breadth first, each edge once. */
function reachable(start: number, rows: readonly number[], tails: Codes, heads: Codes, size: number): Uint8Array {
	const seen = new Uint8Array(size);
	if (start < 0) return seen;
	const edges = new RowIndex(
		Int32Array.from(rows, (row) => tails[row] as number),
		size,
	);
	const queue = [start];
	seen[start] = 1;
	for (let state = queue.pop(); state !== undefined; state = queue.pop()) {
		for (const edge of edges.rowsOf(state)) {
			const head = heads[rows[edge] as number] as number;
			if (seen[head] === 1) continue;
			seen[head] = 1;
			queue.push(head);
		}
	}
	return seen;
}
