/** Decisions about one tenant's rows are made one after the other; who waits goes in by lane, revenue first, and no lane starves. */
import type { Lane } from './intakePort.ts';
import { LANE_WEIGHTS, LANES } from './lanes.ts';

type Turn = () => void;

export class TenantQueue {
	#isBusy = false;
	readonly #waiting: Readonly<Record<Lane, Turn[]>> = { revenue: [], order: [], telemetry: [] };
	/** Turns left in this round, by lane. */
	#turns: Record<Lane, number> = { ...LANE_WEIGHTS };

	/** Runs `work` when nobody else's runs. */
	async enter<T>(lane: Lane, work: () => Promise<T>): Promise<T> {
		if (this.#isBusy) await new Promise<void>((resolve) => this.#waiting[lane].push(resolve));
		this.#isBusy = true;
		try {
			return await work();
		} finally {
			const next = this.#next();
			// The turn is handed over without a gap, so that nobody slips in between.
			if (next) next();
			else this.#isBusy = false;
		}
	}

	#next(): Turn | undefined {
		const lane =
			LANES.find((one) => this.#turns[one] > 0 && this.#waiting[one].length > 0) ?? LANES.find((one) => this.#waiting[one].length > 0);
		if (lane === undefined) return undefined;
		if (this.#turns[lane] <= 0) this.#turns = { ...LANE_WEIGHTS };
		this.#turns[lane]--;
		return this.#waiting[lane].shift();
	}
}
