/** Runs a poller for as long as it is told to, over real HTTP. */
import { setTimeout as sleep } from 'node:timers/promises';
import { type Carrier, CarrierPoller, type CarrierRequest, type CarrierResponse, type PollerStatus } from './carrierPoller.ts';
import { readEasyPost } from './easyPost.ts';
import { type FedExAccount, fedExRequest, readFedEx } from './fedEx.ts';
import { keepTracking, type TrackingPorts } from './keepTracking.ts';
import { openParcels } from './openParcels.ts';
import { MAX_TRACKING_BYTES } from './tracking.ts';

const HOUR_MS = 3_600_000;
const TIMEOUT_MS = 30_000;

/** @param baseUrl such as `https://api.easypost.com/v2` */
export function easyPostCarrier(name: string, baseUrl: string, apiKey: string): Carrier {
	const authorization = `Basic ${Buffer.from(`${apiKey}:`).toString('base64')}`;
	return {
		name,
		rate: { burst: 5, perSecond: 5 },
		everyMs: HOUR_MS,
		request: (trackingNo) => ({
			method: 'POST',
			url: `${baseUrl}/trackers`,
			headers: { authorization, 'content-type': 'application/json', accept: 'application/json' },
			body: JSON.stringify({ tracker: { tracking_code: trackingNo, carrier: name } }),
		}),
		read: readEasyPost,
	};
}

export function fedExCarrier(name: string, url: string, account: FedExAccount): Carrier {
	return {
		name,
		rate: { burst: 2, perSecond: 1 },
		everyMs: HOUR_MS,
		request: (trackingNo) => ({
			method: 'POST',
			url,
			headers: { 'content-type': 'text/xml; charset=utf-8', accept: 'text/xml' },
			body: fedExRequest(trackingNo, account),
		}),
		read: readFedEx,
	};
}

export interface PollerOptions extends TrackingPorts {
	readonly tenant: string;
	readonly carrier: Carrier;
	/** Milliseconds since 1970. */
	readonly now: () => number;
	/** In [0, 1). */
	readonly random: () => number;
	readonly fetch?: (request: CarrierRequest) => Promise<CarrierResponse>;
}

export interface OpenPoller {
	status(): PollerStatus;
	close(): Promise<void>;
}

export function openPoller(options: PollerOptions): OpenPoller {
	const { tenant, carrier, database, now, random, fetch = fetchBounded } = options;
	const stop = new AbortController();
	const poller = new CarrierPoller(carrier, {
		fetch,
		now,
		random,
		parcels: () => openParcels(database, tenant, carrier.name),
		keep: (body, parcels) => keepTracking(options, { tenant, carrier: carrier.name, body, parcels, fetchedAt: now() }),
	});
	const run = async (): Promise<void> => {
		while (!stop.signal.aborted) {
			// The database may be away for a while; the next minute will tell.
			const { waitMs } = await poller.step().catch(() => ({ waitMs: 60_000 }));
			await sleep(waitMs, undefined, { signal: stop.signal }).catch(() => undefined);
		}
	};
	const running = run();
	return {
		status: () => poller.status(),
		async close() {
			stop.abort();
			await running;
		},
	};
}

/** One request: no redirect to elsewhere, no endless answer, no endless wait. */
async function fetchBounded({ method, url, headers, body }: CarrierRequest): Promise<CarrierResponse> {
	const response = await globalThis.fetch(url, { method, headers, body, redirect: 'error', signal: AbortSignal.timeout(TIMEOUT_MS) });
	const parts: Uint8Array[] = [];
	let bytes = 0;
	for await (const part of response.body ?? []) {
		bytes += part.length;
		// One byte more is kept than is read: the reader says that it is too large.
		parts.push(part);
		if (bytes > MAX_TRACKING_BYTES) break;
	}
	return { status: response.status, retryAfter: response.headers.get('retry-after'), body: Buffer.concat(parts) };
}
