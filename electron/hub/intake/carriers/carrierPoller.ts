/**
 * Asks one carrier about the parcels that are on their way: within its rate, later where it says so, and with growing, scattered waits where it
 * fails. Clock, chance and HTTP come as ports.
 */
import type { Result } from '#kernel';
import type { HubProblem } from '../../problem.ts';
import { backoffMs } from '../backoff.ts';
import type { IntakeAnswer } from '../intakePort.ts';
import { type BucketRate, retryAfter, TokenBucket } from './tokenBucket.ts';
import type { Parcel, ReadTracking } from './tracking.ts';

export interface CarrierRequest {
	readonly method: 'GET' | 'POST';
	readonly url: string;
	/** May hold credentials: never to be logged. */
	readonly headers: Readonly<Record<string, string>>;
	readonly body: string | null;
}

export interface CarrierResponse {
	readonly status: number;
	readonly retryAfter: string | null;
	readonly body: Uint8Array;
}

export interface Carrier {
	/** As `shipment.carrier` names it. */
	readonly name: string;
	readonly rate: BucketRate;
	/** Milliseconds between two questions about one parcel. */
	readonly everyMs: number;
	readonly request: (trackingNo: string) => CarrierRequest;
	readonly read: ReadTracking;
}

export interface PollerPorts {
	/** Rejects where nobody answers. */
	fetch(request: CarrierRequest): Promise<CarrierResponse>;
	/** Milliseconds since 1970. */
	now(): number;
	/** In [0, 1). */
	random(): number;
	/** Tracking numbers of the carrier's parcels that are on their way. */
	parcels(): Promise<readonly string[]>;
	keep(body: Uint8Array, parcels: readonly Parcel[]): Promise<Result<IntakeAnswer | null, HubProblem>>;
}

interface Due {
	/** Milliseconds since 1970. */
	at: number;
	/** Failures in a row. */
	failures: number;
}

/** What the poller did last, and when it wants to do something next (milliseconds from now). */
export interface PollStep {
	readonly did: 'nothing' | 'kept' | 'not_found' | 'limited' | 'failed';
	readonly waitMs: number;
}

/** Counts since the start. */
export interface PollerStatus {
	readonly kept: number;
	readonly limited: number;
	readonly failed: number;
	/** Why the last question failed; null before the first. */
	readonly lastFailure: string | null;
}

const FAILURE_WAITS = { firstMs: 30_000, maxMs: 6 * 3_600_000 };
/** Where a 429 does not say how long. */
const DEFAULT_LIMIT_MS = 60_000;
const LIST_EVERY_MS = 60_000;

export class CarrierPoller {
	readonly #carrier: Carrier;
	readonly #ports: PollerPorts;
	readonly #bucket: TokenBucket;
	readonly #due = new Map<string, Due>();
	#listedAt = Number.NEGATIVE_INFINITY;
	readonly #status = { kept: 0, limited: 0, failed: 0, lastFailure: null as string | null };
	#limits = 0;

	constructor(carrier: Carrier, ports: PollerPorts) {
		this.#carrier = carrier;
		this.#ports = ports;
		this.#bucket = new TokenBucket(carrier.rate, ports.now());
	}

	status(): PollerStatus {
		return { ...this.#status };
	}

	/** Asks about at most one parcel. */
	async step(): Promise<PollStep> {
		const now = this.#ports.now();
		if (now - this.#listedAt >= LIST_EVERY_MS) await this.#list(now);
		let next: readonly [string, Due] | null = null;
		for (const entry of this.#due) if (next === null || entry[1].at < next[1].at) next = entry;
		if (!next) return { did: 'nothing', waitMs: LIST_EVERY_MS };
		const [trackingNo, due] = next;
		if (due.at > now) return { did: 'nothing', waitMs: Math.min(due.at - now, LIST_EVERY_MS) };
		const waitMs = this.#bucket.take(now);
		if (waitMs > 0) return { did: 'nothing', waitMs };
		return { did: await this.#ask(trackingNo, due), waitMs: 0 };
	}

	async #list(now: number): Promise<void> {
		const wanted = new Set(await this.#ports.parcels());
		for (const trackingNo of this.#due.keys()) if (!wanted.has(trackingNo)) this.#due.delete(trackingNo);
		for (const trackingNo of wanted) if (!this.#due.has(trackingNo)) this.#due.set(trackingNo, { at: now, failures: 0 });
		this.#listedAt = now;
	}

	async #ask(trackingNo: string, due: Due): Promise<PollStep['did']> {
		let response: CarrierResponse;
		try {
			response = await this.#ports.fetch(this.#carrier.request(trackingNo));
		} catch {
			return this.#failed(due, 'nobody answers');
		}
		if (response.status === 429 || response.status === 503) return this.#limited(response, due);
		if (response.status === 404) return this.#notFound(due);
		if (response.status !== 200) return this.#failed(due, `status ${response.status}`);
		const read = this.#carrier.read(response.body);
		if (!read.ok) return read.error === 'not_found' ? this.#notFound(due) : this.#failed(due, read.error);
		const kept = await this.#ports.keep(response.body, read.value);
		if (!kept.ok) return this.#failed(due, kept.error.code);
		this.#limits = 0;
		this.#status.kept++;
		this.#again(due, this.#carrier.everyMs);
		return 'kept';
	}

	/** The carrier said "not now": all questions wait, not only this one. */
	#limited(response: CarrierResponse, due: Due): 'limited' {
		const now = this.#ports.now();
		this.#limits++;
		this.#status.limited++;
		const asked = retryAfter(response.retryAfter, now);
		const own = backoffMs(this.#limits, this.#ports.random(), { firstMs: DEFAULT_LIMIT_MS, maxMs: FAILURE_WAITS.maxMs });
		// Never before the instant it named; a little behind it, so that not everybody comes at once.
		const until = asked === null ? now + own : asked + Math.round(this.#ports.random() * 1000);
		this.#bucket.closeUntil(until);
		due.at = until;
		return 'limited';
	}

	/** A label that was printed early, or a wrong number: asked again, rarely. */
	#notFound(due: Due): 'not_found' {
		due.failures++;
		due.at = this.#ports.now() + backoffMs(due.failures, this.#ports.random(), { firstMs: this.#carrier.everyMs, maxMs: 24 * 3_600_000 });
		return 'not_found';
	}

	#failed(due: Due, why: string): 'failed' {
		due.failures++;
		this.#status.failed++;
		this.#status.lastFailure = why;
		due.at = this.#ports.now() + backoffMs(due.failures, this.#ports.random(), FAILURE_WAITS);
		return 'failed';
	}

	#again(due: Due, everyMs: number): void {
		due.failures = 0;
		due.at = this.#ports.now() + Math.round(everyMs * (0.9 + 0.2 * this.#ports.random()));
	}
}
