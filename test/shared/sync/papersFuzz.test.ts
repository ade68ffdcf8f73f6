import { describe, expect, it } from 'vitest';
import { refKey } from '#findings';
import {
	type MergeOutcome,
	merge,
	mergedLog,
	type PullAnswer,
	type PushRequest,
	payloadOfPull,
	pullAnswerSchema,
	pushOf,
	pushRequestSchema,
} from '#sync';
import { anyActs, type Dice, diceOf } from './papersMoves.ts';
import {
	act,
	cheapVerify,
	everythingOf,
	receive,
	reopened,
	type Station,
	serve,
	signerOf,
	synchronise,
	type World,
	world,
} from './papersWorld.ts';

/** On its way, as the text it is: it may arrive late, twice, cut, or never. */
type Message =
	| { readonly kind: 'push'; readonly from: Station; readonly text: string }
	| { readonly kind: 'answer'; readonly to: Station; readonly text: string };

interface Counts {
	acts: number;
	advance: number;
	rebase: number;
	reject: number;
	cut: number;
	lost: number;
	twice: number;
	files: number;
	restarts: number;
}

const MEMBERS = ['pat', 'pia', 'rob', 'paul'];

class Network {
	readonly counts: Counts = { acts: 0, advance: 0, rebase: 0, reject: 0, cut: 0, lost: 0, twice: 0, files: 0, restarts: 0 };
	/** `refKey` → hash of every act that somebody was told is recorded. */
	readonly done = new Map<string, string>();
	/** Why what came too late was not merged. */
	readonly codes = new Set<string>();
	readonly #made: World;
	readonly #dice: Dice;
	readonly #hasHub: boolean;
	#under: readonly Message[] = [];
	/** Until which step a station is away. */
	readonly #awayUntil = new Map<Station, number>();

	constructor(made: World, dice: Dice, hasHub: boolean) {
		this.#made = made;
		this.#dice = dice;
		this.#hasHub = hasHub;
	}

	step(at: number): void {
		const dice = this.#dice;
		const station = dice.of(this.#made.stations);
		const kind = dice.roll(20);
		if (kind < 7) this.#work(station);
		else if (kind < 11) this.#push(station, at);
		else if (kind < 17) this.#deliver();
		else if (kind === 17) this.#handOver(station);
		else if (kind === 18) {
			station.state = reopened(station.state);
			if (dice.one(4)) this.#made.hub = reopened(this.#made.hub);
			this.counts.restarts++;
		} else if (dice.one(3)) this.#awayUntil.set(station, at + 200);
		else station.memberId = dice.of(MEMBERS);
	}

	#work(station: Station): void {
		for (const logged of act(this.#made, station, ...anyActs(this.#dice, station)) ?? []) {
			this.done.set(refKey(logged), logged.hash);
			this.counts.acts++;
		}
	}

	#send(message: Message): void {
		const dice = this.#dice;
		const fate = dice.roll(12);
		if (fate === 0) {
			this.counts.lost++;
			return;
		}
		const isCut = fate === 1;
		if (isCut) this.counts.cut++;
		const sent = isCut ? { ...message, text: message.text.slice(0, dice.roll(message.text.length)) } : message;
		if (fate === 2) this.counts.twice++;
		this.#under = [...this.#under, ...(fate === 2 ? [sent, sent] : [sent])];
	}

	#push(station: Station, at: number): void {
		if (!this.#hasHub || at < (this.#awayUntil.get(station) ?? 0)) return;
		const known = this.#made.hub.order.length;
		this.#send({ kind: 'push', from: station, text: JSON.stringify(pushOf(station.state, known, signerOf(station.memberId))) });
	}

	/** Any of those under way: they overtake each other. */
	#deliver(): void {
		if (this.#under.length === 0) return;
		const chosen = this.#dice.roll(this.#under.length);
		const message = this.#under[chosen] as Message;
		this.#under = this.#under.filter((_, at) => at !== chosen);
		const read = readJson(message.text);
		if (message.kind === 'push') {
			const request = pushRequestSchema.safeParse(read);
			if (!request.success) return;
			const { merged, pull } = serve(this.#made, request.data as PushRequest);
			this.#count(merged);
			if (pull) this.#send({ kind: 'answer', to: message.from, text: JSON.stringify(pull) });
			return;
		}
		const answer = pullAnswerSchema.safeParse(read);
		if (answer.success) this.#count(receive(message.to, payloadOfPull(answer.data as PullAnswer)));
	}

	/** By file, past the hub: to another station, or into the hub. */
	#handOver(station: Station): void {
		this.counts.files++;
		const payload = everythingOf(station);
		const to = this.#dice.of(this.#made.stations);
		if (this.#hasHub && this.#dice.one(4)) {
			const outcome = merge(this.#made.hub, payload, cheapVerify);
			if (outcome.kind !== 'reject') this.#made.hub = outcome.state;
			this.#count(outcome);
		} else if (to !== station) this.#count(receive(to, payload));
	}

	#count(outcome: MergeOutcome): void {
		this.counts[outcome.kind]++;
		if (outcome.kind === 'reject') this.codes.add(outcome.reason.code);
	}
}

function readJson(text: string): unknown {
	try {
		return JSON.parse(text);
	} catch {
		return null;
	}
}

function play(seed: number, steps: number, names: readonly string[], hasHub: boolean) {
	const dice = diceOf(seed);
	const made = world(names, hasHub);
	const network = new Network(made, dice, hasHub);
	for (let at = 0; at < steps; at++) network.step(at);
	return { made, network };
}

/** All meet, without a loss: everything goes everywhere. */
function meetByHub(made: World): void {
	for (let round = 0; round < 2; round++) for (const station of made.stations) expect(synchronise(made, station).kind).not.toBe('reject');
}

function meetByFile(made: World): void {
	const [sequencer, ...others] = made.stations;
	if (!sequencer) return;
	for (const other of others) expect(receive(sequencer, everythingOf(other)).kind).not.toBe('reject');
	for (const other of others) expect(receive(other, everythingOf(sequencer)).kind).not.toBe('reject');
}

function expectAgreement(made: World, done: ReadonlyMap<string, string>): void {
	const [first, ...others] = made.stations;
	if (!first) return;
	for (const { state } of others) {
		expect(state.workbook).toEqual(first.state.workbook);
		expect(state.order).toEqual(first.state.order);
		expect(state.range).toEqual(first.state.range);
	}
	expect(first.state.pending).toEqual([]);
	const held = new Map(mergedLog(first.state).map((logged) => [refKey(logged), logged.hash]));
	for (const [key, hash] of done) expect(held.get(key)).toBe(hash);
	expect(reopened(first.state).workbook).toEqual(first.state.workbook);
}

const SEEDS = [11, 2026, 31_337, 777];
const STEPS = 2600;
/** What is right for messages that overtake each other; anything else would be a fault of the merge. */
const OVERTAKEN = ['rollback', 'inconsistent', 'gap', 'order_gap'];

describe(`work papers on three workstations and a hub, ${SEEDS.length * STEPS} steps`, () => {
	const codes = new Set<string>();
	const seen = {
		conflicts: 0,
		settled: 0,
		withdrawn: 0,
		refusals: 0,
		dismissed: 0,
		rebases: 0,
		rejects: 0,
		cut: 0,
		lost: 0,
		twice: 0,
		files: 0,
	};

	it.each(SEEDS)(
		'seed %i: after a full exchange all have the same work papers, the same order, and every act',
		{ timeout: 300_000 },
		(seed) => {
			const { made, network } = play(seed, STEPS, ['pat', 'pia', 'rob'], true);
			meetByHub(made);
			expectAgreement(made, network.done);
			const [first] = made.stations;
			expect(made.hub.workbook).toEqual(first?.state.workbook);
			expect(made.hub.order).toEqual(first?.state.order);
			const conflicts = [...made.hub.workbook.conflicts.values()];
			const refused = [...made.hub.workbook.refused.values()];
			seen.conflicts += conflicts.length;
			seen.settled += conflicts.filter(({ settled }) => settled !== null && settled.choice !== 'withdrawn').length;
			seen.withdrawn += conflicts.filter(({ settled }) => settled?.choice === 'withdrawn').length;
			seen.refusals += refused.length;
			seen.dismissed += refused.filter(({ dismissed }) => dismissed !== null).length;
			for (const code of network.codes) codes.add(code);
			const { rebase, reject, cut, lost, twice, files } = network.counts;
			seen.rebases += rebase;
			seen.rejects += reject;
			seen.cut += cut;
			seen.lost += lost;
			seen.twice += twice;
			seen.files += files;
		},
	);

	it('were tried hard: everything that can happen did', () => {
		expect(OVERTAKEN).toEqual(expect.arrayContaining([...codes]));
		for (const [what, count] of Object.entries(seen)) expect(count, what).toBeGreaterThan(0);
	});
});

describe('work papers handed over by file alone, without a hub', () => {
	it.each([5, 99])('seed %i: the founding copy orders, and all come to the same', { timeout: 300_000 }, (seed) => {
		const { made, network } = play(seed, 1200, ['pat', 'paul', 'pia'], false);
		meetByFile(made);
		expectAgreement(made, network.done);
		expect(network.counts.files).toBeGreaterThan(0);
		expect(network.counts.reject).toBe(0);
		expect(made.stations[0]?.state.workbook.conflicts.size).toBeGreaterThan(0);
	});
});
