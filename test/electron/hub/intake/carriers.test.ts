import { once } from 'node:events';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { err, ok, utf8 } from '#kernel';
import { readCarriers } from '../../../../electron/hub/intake/carriers/carrierConfig.ts';
import { type Carrier, CarrierPoller, type CarrierResponse } from '../../../../electron/hub/intake/carriers/carrierPoller.ts';
import { readEasyPost } from '../../../../electron/hub/intake/carriers/easyPost.ts';
import { fedExRequest, readFedEx } from '../../../../electron/hub/intake/carriers/fedEx.ts';
import { keepTracking, readRaw } from '../../../../electron/hub/intake/carriers/keepTracking.ts';
import { openParcels } from '../../../../electron/hub/intake/carriers/openParcels.ts';
import { easyPostCarrier, openPoller } from '../../../../electron/hub/intake/carriers/openPoller.ts';
import { retryAfter, TokenBucket } from '../../../../electron/hub/intake/carriers/tokenBucket.ts';
import { MAX_TRACKING_BYTES, type Parcel, scanInstant, type TrackingFault } from '../../../../electron/hub/intake/carriers/tracking.ts';
import { listDeadLetters } from '../../../../electron/hub/intake/deadLetterStore.ts';
import { until } from './broker.ts';
import { batchOf, NOON, openTestHub, type TestHub } from './support.ts';

const tracker = (details: readonly object[], code = 'EZ1') =>
	utf8(
		JSON.stringify({ id: 'trk_1', object: 'Tracker', tracking_code: code, status: 'in_transit', weight: 17.6, tracking_details: details }),
	);
const detail = (status: string, datetime: string) => ({
	object: 'TrackingDetail',
	message: `is ${status}`,
	status,
	datetime,
	tracking_location: { city: null },
});

const notice = (severity: string, code: string) => `<Notification><Severity>${severity}</Severity><Code>${code}</Code></Notification>`;
const fedExEvent = (type: string, at: string, text = '') =>
	`<v7:Events><v7:Timestamp>${at}</v7:Timestamp><v7:EventType>${type}</v7:EventType><v7:EventDescription>${text}</v7:EventDescription></v7:Events>`;
const reply = (inner: string) =>
	utf8(
		`<?xml version="1.0" encoding="UTF-8"?><v7:TrackReply xmlns:v7="http://fedex.com/ws/track/v7"><v7:HighestSeverity>SUCCESS</v7:HighestSeverity>${inner}</v7:TrackReply>`,
	);
const fedExParcel = (inner: string, code = '1234') =>
	reply(
		`<CompletedTrackDetails><TrackDetails>${notice('SUCCESS', '0')}<TrackingNumber>${code}</TrackingNumber>${inner}</TrackDetails></CompletedTrackDetails>`,
	);
const faultOf = (read: ReturnType<typeof readFedEx>): TrackingFault | 'taken' => (read.ok ? 'taken' : read.error);
const scansOf = (read: ReturnType<typeof readFedEx>) =>
	read.ok ? read.value.flatMap(({ scans }) => scans.map(({ at, code, meaning }) => [at, code, meaning])) : [];

describe('an EasyPost tracker', () => {
	it('tells its scans with their instants in UTC, and guesses no meaning', () => {
		const read = readEasyPost(
			tracker([
				detail('pre_transit', '2026-03-01T08:00:00Z'),
				detail('in_transit', '2026-03-02T08:00:00+02:00'),
				detail('delivered', '2026-03-03T08:00:00.250Z'),
				detail('available_for_pickup', '2026-03-03T09:00:00Z'),
				detail('teleported', '2026-03-03T10:00:00Z'),
				detail('constructor', '2026-03-03T11:00:00Z'),
			]),
		);
		expect(scansOf(read)).toEqual([
			['2026-03-01T08:00:00.000Z', 'pre_transit', 'not_yet_accepted'],
			['2026-03-02T06:00:00.000Z', 'in_transit', 'in_transit'],
			['2026-03-03T08:00:00.250Z', 'delivered', 'delivered'],
			['2026-03-03T09:00:00.000Z', 'available_for_pickup', null],
			['2026-03-03T10:00:00.000Z', 'teleported', null],
			['2026-03-03T11:00:00.000Z', 'constructor', null],
		]);
	});

	it('may come alone, in a list, or in an event', () => {
		const one = JSON.parse(Buffer.from(tracker([detail('in_transit', '2026-03-02T08:00:00Z')])).toString()) as object;
		for (const shape of [one, { trackers: [one, one] }, { object: 'Event', result: one }])
			expect(readEasyPost(utf8(JSON.stringify(shape))).ok).toBe(true);
	});

	it('names the scans it can not place in time', () => {
		const read = readEasyPost(tracker([detail('in_transit', '2026-03-02T08:00:00'), detail('in_transit', '2026-02-30T08:00:00Z')]));
		expect(read.ok && read.value[0]).toMatchObject({
			scans: [],
			unreadable: ['scan 1 has no instant with an offset', 'scan 2 has no instant with an offset'],
		});
	});

	it.each<[TrackingFault, Uint8Array]>([
		['unreadable', utf8('{')],
		['unreadable', Uint8Array.of(0xff)],
		['unreadable', utf8('{"tracking_code":"","tracking_details":[]}')],
		['unreadable', utf8('['.repeat(100_000))],
		['unreadable', tracker(Array.from({ length: 2_001 }, () => detail('in_transit', '2026-03-02T08:00:00Z')))],
		['not_found', utf8('{"error":{"code":"TRACKER.NOT_FOUND","message":"no"}}')],
		['too_large', new Uint8Array(MAX_TRACKING_BYTES + 1)],
	])('that is none is %s', (fault, body) => {
		expect(readEasyPost(body)).toEqual(err(fault));
	});
});

describe('a FedEx reply', () => {
	it('tells its scans whatever its prefixes are, with the five entities of XML', () => {
		const read = readFedEx(
			fedExParcel(
				fedExEvent('DL', '2014-01-28T17:43:08-06:00', 'A &amp; B &lt;left&gt;') +
					fedExEvent('OC', '2014-01-27T17:00:00-05:00') +
					fedExEvent('HP', '2014-01-27T18:00:00-05:00') +
					fedExEvent('ZZ', '2014-01-27T19:00:00-05:00'),
			),
		);
		expect(scansOf(read)).toEqual([
			['2014-01-28T23:43:08.000Z', 'DL', 'delivered'],
			['2014-01-27T22:00:00.000Z', 'OC', 'not_yet_accepted'],
			['2014-01-27T23:00:00.000Z', 'HP', null],
			['2014-01-28T00:00:00.000Z', 'ZZ', null],
		]);
		expect(read.ok && read.value[0]?.scans[0]?.description).toBe('A & B <left>');
	});

	it('without an offset or a type has unreadable scans, and none is guessed', () => {
		const read = readFedEx(fedExParcel(fedExEvent('DL', '2014-01-03T00:00:00') + fedExEvent('', '2014-01-27T17:00:00-05:00')));
		expect(read.ok && read.value[0]).toMatchObject({
			scans: [],
			unreadable: [/offset/, /event type/].map((re) => expect.stringMatching(re) as string),
		});
	});

	it.each<[TrackingFault, Uint8Array]>([
		['unreadable', utf8('<?xml version="1.0"?><!DOCTYPE r [<!ENTITY a "aaaaaaaaaa"><!ENTITY b "&a;&a;&a;">]><TrackReply>&b;</TrackReply>')],
		['unreadable', utf8('<!DOCTYPE r SYSTEM "file:///etc/passwd"><TrackReply></TrackReply>')],
		['unreadable', utf8('<TrackReply><a></TrackReply>')],
		['unreadable', utf8('<Other/>')],
		['unreadable', utf8(`<TrackReply>${'<a>'.repeat(5_000)}${'</a>'.repeat(5_000)}</TrackReply>`)],
		['unreadable', Uint8Array.of(0x3c, 0xff)],
		['unreadable', fedExParcel(fedExEvent('IT', '2014-01-27T17:00:00-05:00').repeat(2_001))],
		['not_found', reply(`<CompletedTrackDetails><TrackDetails>${notice('ERROR', '9040')}</TrackDetails></CompletedTrackDetails>`)],
		['try_later', reply(`<CompletedTrackDetails><TrackDetails>${notice('FAILURE', '9080')}</TrackDetails></CompletedTrackDetails>`)],
		['too_large', new Uint8Array(MAX_TRACKING_BYTES + 1).fill(32)],
	])('that can not be trusted is %s', (fault, body) => {
		expect(faultOf(readFedEx(body))).toBe(fault);
	});

	it('is asked for with what was given, escaped', () => {
		const request = fedExRequest('<x>&"', { key: 'k', password: 'p<', account: 'a', meter: 'm' });
		expect(request).toContain('<Value>&#60;x&#62;&#38;&#34;</Value>');
		expect(request).toContain('<Password>p&#60;</Password>');
	});
});

const SAMPLES = fileURLToPath(new URL('../../../../../shared/data/carrier-tracking/', import.meta.url));
if (!existsSync(SAMPLES)) console.warn('SKIPPED: the public carrier recordings are not on this machine (../shared/data/carrier-tracking).');

describe.skipIf(!existsSync(SAMPLES))('the public recordings of carriers', () => {
	it('of FedEx are read as what their names say', () => {
		const folder = `${SAMPLES}active_shipping/fedex/`;
		const outcomes = Object.fromEntries(
			readdirSync(folder)
				.filter((name) => name.startsWith('tracking_response'))
				.map((name) => [name.slice('tracking_response_'.length, -'.xml'.length), readFedEx(readFileSync(folder + name))]),
		);
		for (const name of ['bad_tracking_number', 'not_found']) expect(outcomes[name], name).toEqual(err('not_found'));
		for (const name of ['failure_code_9045', 'failure_code_9080', 'unable_to_process'])
			expect(faultOf(outcomes[name] ?? err('unreadable')), name).toBe('try_later');
		for (const name of ['delivered_at_door', 'delivered_with_signature', 'delivered_at_facility'])
			expect(
				scansOf(outcomes[name] ?? err('unreadable')).map(([, , meaning]) => meaning),
				name,
			).toContain('delivered');
		expect(scansOf(outcomes['shipment_exception'] ?? err('unreadable')).map(([, code, meaning]) => `${code} ${meaning}`)).toEqual([
			'SE exception',
			'DP in_transit',
			'AR in_transit',
			'DP in_transit',
			'AR in_transit',
			'PU accepted',
			'IP accepted',
			'OC not_yet_accepted',
		]);
	});

	it('of EasyPost hold trackers whose every scan is read', () => {
		const folder = `${SAMPLES}easypost/Tracker-Service_4233073632/`;
		let parcels = 0;
		for (const name of readdirSync(folder)) {
			const har = JSON.parse(readFileSync(`${folder}${name}/recording.har`, 'utf8')) as {
				log: { entries: { response: { content: { text?: string } } }[] };
			};
			for (const { response } of har.log.entries) {
				const read = readEasyPost(utf8(response.content.text ?? ''));
				if (!read.ok) continue;
				for (const { scans, unreadable } of read.value) {
					parcels++;
					expect([scans.length > 0, unreadable]).toEqual([true, []]);
				}
			}
		}
		expect(parcels).toBeGreaterThan(15);
	});
});

describe('what a carrier answered', () => {
	let hub: TestHub;
	let tenant: string;
	beforeAll(async () => {
		hub = await openTestHub();
	});
	beforeEach(async () => {
		tenant = await hub.tenant();
	});
	afterAll(() => hub.close());
	const keep = (body: Uint8Array) => {
		const read = readEasyPost(body);
		if (!read.ok) throw new Error(read.error);
		return keepTracking(
			{ database: hub.database, vault: hub.vault, intake: hub.intake },
			{ tenant, carrier: 'ups', body, parcels: read.value, fetchedAt: NOON },
		);
	};
	const rows = () =>
		hub.database.query<{ line: string }>(
			"SELECT line FROM table_row WHERE tenant = $1 AND table_name = 'carrier_event' ORDER BY position",
			[tenant],
		);

	it('is kept with its hash, and every scan names the response that had it first', async () => {
		const first = tracker([detail('pre_transit', '2026-03-01T08:00:00Z'), detail('in_transit', '2026-03-02T08:00:00Z')]);
		const second = tracker([detail('in_transit', '2026-03-02T08:00:00Z'), detail('delivered', '2026-03-03T08:00:00Z')]);
		expect(await keep(first)).toMatchObject({ ok: true, value: { accepted: 1, dead: [] } });
		expect(await keep(first)).toEqual(ok(null));
		expect(await keep(second)).toMatchObject({ ok: true, value: { accepted: 1 } });
		const events = (await rows()).map(({ line }) => JSON.parse(line) as Record<string, string>);
		expect(events).toMatchObject([{ status: 'in_transit', tracking_no: 'EZ1' }, { status: 'delivered' }]);
		expect(await readRaw({ database: hub.database, vault: hub.vault }, tenant, events[0]?.['raw_sha256'] ?? '')).toEqual(first);
		expect(await readRaw({ database: hub.database, vault: hub.vault }, tenant, events[1]?.['raw_sha256'] ?? '')).toEqual(second);
	});

	it('with a word nobody knows is kept and shown among the dead letters, once, and never guessed', async () => {
		const body = (at: string) => tracker([detail('teleported', '2026-03-01T08:00:00Z'), detail('in_transit', at)]);
		await keep(body('2026-03-02T08:00:00Z'));
		await keep(body('2026-03-02T09:00:00Z'));
		expect(await listDeadLetters(hub.database, tenant, 'open')).toMatchObject([
			{
				code: 'bad_value',
				feed: 'carrier_event',
				channel: 'carrier',
				attempts: 1,
				message: expect.stringContaining('"ups:teleported"') as string,
			},
		]);
		expect(await rows()).toHaveLength(2);
	});

	it('is kept encrypted, since it names people', async () => {
		await keep(tracker([{ ...detail('delivered', '2026-03-01T08:00:00Z'), signed_by: 'Grete' }]));
		const [row] = await hub.database.query<{ body: Uint8Array }>('SELECT body FROM carrier_raw WHERE tenant = $1', [tenant]);
		expect(Buffer.from(row?.body ?? []).includes('Grete')).toBe(false);
	});

	it('ends the questions about a parcel that was delivered', async () => {
		const shipment = (id: string, trackingNo: string, fields: object = {}) => ({
			table: 'shipment',
			record: {
				shipment_id: id,
				order_id: 'O1',
				line_id: '1',
				quantity: '1',
				carrier: 'ups',
				tracking_no: trackingNo,
				shipped_at: '2026-03-01T07:00:00.000Z',
				...fields,
			},
		});
		await hub.intake.submit(
			batchOf(tenant, [
				shipment('S1', 'EZ1'),
				shipment('S2', 'EZ2'),
				shipment('S3', 'EZ3', { delivered_at: '2026-03-02T07:00:00.000Z' }),
				shipment('S4', 'EZ4', { carrier: 'dhl' }),
			]),
		);
		expect(await openParcels(hub.database, tenant, 'ups')).toEqual(['EZ1', 'EZ2']);
		await keep(tracker([detail('delivered', '2026-03-01T08:00:00Z')], 'EZ1'));
		expect(await openParcels(hub.database, tenant, 'ups')).toEqual(['EZ2']);
	});
});

describe('a token bucket', () => {
	it('gives its burst at once, then its rate, and says how long to wait', () => {
		const bucket = new TokenBucket({ burst: 2, perSecond: 2 }, 0);
		expect([bucket.take(0), bucket.take(0), bucket.take(0), bucket.take(250), bucket.take(500), bucket.take(500)]).toEqual([
			0, 0, 500, 250, 0, 500,
		]);
	});

	it('is not fooled by a clock that goes back', () => {
		const bucket = new TokenBucket({ burst: 1, perSecond: 1 }, 1_000);
		expect([bucket.take(1_000), bucket.take(0), bucket.take(1_500)]).toEqual([0, 1000, 500]);
	});

	it('reads Retry-After as seconds and as a date, and nothing else', () => {
		expect(retryAfter('120', 1_000)).toBe(121_000);
		expect(retryAfter('Thu, 01 Jan 1970 00:10:00 GMT', 1_000)).toBe(600_000);
		for (const text of ['soon', '-1', '1.5', '2026-01-01', '9999999999', '']) expect(retryAfter(text, 1_000), text).toBeNull();
		expect(retryAfter(null, 1_000)).toBeNull();
	});

	it('reads instants with an offset only, and no day that does not exist', () => {
		expect(scanInstant('2014-01-28T17:43:08-06:00')).toBe('2014-01-28T23:43:08.000Z');
		for (const text of ['2014-01-28T17:43:08', '2014-02-30T17:43:08Z', '2014-01-28', 7, null, '2014-01-28T25:00:00Z'])
			expect(scanInstant(text)).toBeNull();
	});
});

describe('a poller', () => {
	const clock = { now: 0 };
	const asked: { readonly at: number; readonly url: string }[] = [];
	let answers: (CarrierResponse | 'down')[];
	let kept: (readonly Parcel[])[];
	const good = (): CarrierResponse => ({ status: 200, retryAfter: null, body: tracker([detail('in_transit', '2026-03-02T08:00:00Z')]) });
	const carrier: Carrier = {
		name: 'ups',
		rate: { burst: 2, perSecond: 1 },
		everyMs: 3_600_000,
		request: (trackingNo) => ({ method: 'GET', url: trackingNo, headers: {}, body: null }),
		read: readEasyPost,
	};
	const poller = (numbers: readonly string[]) =>
		new CarrierPoller(carrier, {
			fetch: ({ url }) => {
				asked.push({ at: clock.now, url });
				const next = answers.shift() ?? good();
				return next === 'down' ? Promise.reject(new Error('ECONNREFUSED')) : Promise.resolve(next);
			},
			now: () => clock.now,
			random: () => 0.5,
			parcels: () => Promise.resolve(numbers),
			keep: (_, parcels) => {
				kept.push(parcels);
				return Promise.resolve(ok(null));
			},
		});
	/** Lets the time pass that the poller wants to wait, until `until`. */
	const run = async (one: CarrierPoller, until: number): Promise<void> => {
		while (clock.now < until) clock.now += (await one.step()).waitMs;
	};
	beforeEach(() => {
		clock.now = 0;
		asked.length = 0;
		answers = [];
		kept = [];
	});

	it('asks about each parcel within its rate, and again when its time has come', async () => {
		await run(poller(['A', 'B', 'C', 'D']), 30_000);
		expect(asked.map(({ at, url }) => `${url} ${at}`)).toEqual(['A 0', 'B 0', 'C 1000', 'D 2000']);
		expect(kept).toHaveLength(4);
	});

	it('asks nobody before the instant a 429 named', async () => {
		answers = [{ status: 429, retryAfter: '300', body: new Uint8Array() }];
		const one = poller(['A', 'B']);
		await run(one, 310_000);
		expect(asked.map(({ at }) => at)[0]).toBe(0);
		expect(Math.min(...asked.slice(1).map(({ at }) => at))).toBeGreaterThanOrEqual(300_000);
		expect(one.status()).toMatchObject({ limited: 1, kept: 2 });
	});

	it('waits longer each time where a 429 does not say how long', async () => {
		answers = Array.from({ length: 4 }, () => ({ status: 429, retryAfter: null, body: new Uint8Array() }));
		await run(poller(['A']), 3_000_000);
		const waits = asked.slice(1, 5).map(({ at }, index) => at - (asked[index]?.at ?? 0));
		expect([...waits].sort((a, b) => a - b)).toEqual(waits);
		expect(waits[0]).toBeGreaterThanOrEqual(30_000);
	});

	it('goes on with the other parcels where one fails, and comes back to it with growing waits', async () => {
		answers = [
			'down',
			good(),
			{ status: 500, retryAfter: null, body: new Uint8Array() },
			{ status: 200, retryAfter: null, body: utf8('{') },
		];
		const one = poller(['A', 'B']);
		await run(one, 200_000);
		expect(asked.slice(0, 2).map(({ url }) => url)).toEqual(['A', 'B']);
		const again = asked.filter(({ url }) => url === 'A').map(({ at }) => at);
		const [first = 0, second = 0, third = 0, fourth = 0] = again;
		expect([second - first >= 15_000, third - second > second - first, fourth - third > third - second]).toEqual([true, true, true]);
		expect(one.status()).toMatchObject({ failed: 3, lastFailure: 'unreadable', kept: 2 });
	});

	it('asks rarely about a parcel the carrier does not know, and not at all about one that is gone', async () => {
		answers = [{ status: 404, retryAfter: null, body: new Uint8Array() }];
		const numbers = ['A'];
		const one = poller(numbers);
		await run(one, 60_000);
		expect(asked).toHaveLength(1);
		numbers.length = 0;
		await run(one, 48 * 3_600_000);
		expect(asked).toHaveLength(1);
	});
});

describe('the file of carriers', () => {
	const folder = mkdtempSync(join(tmpdir(), 'tieout-carriers-'));
	afterAll(() => rmSync(folder, { recursive: true, force: true }));
	const read = (entries: unknown) => {
		writeFileSync(join(folder, 'carriers.json'), typeof entries === 'string' ? entries : JSON.stringify(entries));
		return readCarriers(join(folder, 'carriers.json'));
	};
	const easyPost = {
		tenant: 'acme',
		name: 'UPS',
		kind: 'easypost',
		base_url: 'https://api.example/v2/',
		key_file: 'key',
		per_second: 2,
		every_minutes: 30,
	};

	it('names who is asked about what, how often, and where the secret lies', () => {
		writeFileSync(join(folder, 'key'), 'secret-key\n');
		writeFileSync(join(folder, 'account.json'), JSON.stringify({ key: 'k', password: 'p', account: 'a', meter: 'm' }));
		const fedEx = { tenant: 'acme', name: 'FedEx', kind: 'fedex', url: 'https://ws.example/track', account_file: 'account.json' };
		const carriers = read([easyPost, fedEx]);
		if (!carriers.ok) throw new Error(carriers.error);
		const [ups, fed] = carriers.value;
		expect(ups).toMatchObject({ tenant: 'acme', carrier: { name: 'UPS', rate: { burst: 5, perSecond: 2 }, everyMs: 1_800_000 } });
		expect(ups?.carrier.request('1Z')).toMatchObject({
			url: 'https://api.example/v2/trackers',
			headers: { authorization: `Basic ${Buffer.from('secret-key:').toString('base64')}` },
		});
		expect(fed?.carrier.request('12').body).toContain('<Value>12</Value>');
	});

	it.each([
		['not JSON', '{'],
		['an unknown kind', [{ ...easyPost, kind: 'pigeon' }]],
		['an unknown key', [{ ...easyPost, api_key: 'secret-key' }]],
		['a rate of nothing', [{ ...easyPost, per_second: 0 }]],
		['another protocol', [{ ...easyPost, base_url: 'file:///etc' }]],
		['a secret that is not there', [{ ...easyPost, key_file: 'nowhere' }]],
	])('with %s is refused in one sentence, without a secret', (_, entries) => {
		const carriers = read(entries);
		expect(carriers).toMatchObject({ ok: false, error: expect.stringMatching(/^.{10,}\.$/) as string });
		expect(JSON.stringify(carriers)).not.toContain('secret-key');
	});
});

describe('an open poller', () => {
	it('asks over HTTP, keeps what it hears, and ends when it is told to', async () => {
		const hub = await openTestHub();
		const tenant = await hub.tenant();
		const asked: string[] = [];
		const server = createServer((request, response) => {
			let body = '';
			request.on('data', (part: Buffer) => {
				body += part.toString();
			});
			request.on('end', () => {
				asked.push(`${request.method} ${request.url} ${body}`);
				response.writeHead(200, { 'content-type': 'application/json' });
				response.end(tracker([detail('delivered', '2026-03-03T08:00:00Z')]));
			});
		});
		server.listen(0, '127.0.0.1');
		await once(server, 'listening');
		const address = server.address();
		const port = typeof address === 'object' && address ? address.port : 0;
		const shipment = {
			shipment_id: 'S1',
			order_id: 'O1',
			line_id: '1',
			quantity: '1',
			carrier: 'UPS',
			tracking_no: 'EZ1',
			shipped_at: '2026-03-01T07:00:00.000Z',
		};
		await hub.intake.submit(batchOf(tenant, [{ table: 'shipment', record: shipment }]));
		const ports = { database: hub.database, vault: hub.vault, intake: hub.intake, now: () => hub.clock.now, random: () => 0.5 };
		const poller = openPoller({ ...ports, tenant, carrier: easyPostCarrier('UPS', `http://127.0.0.1:${port}`, 'key') });
		await until(() => poller.status().kept === 1);
		await poller.close();
		expect(asked).toEqual(['POST /trackers {"tracker":{"tracking_code":"EZ1","carrier":"UPS"}}']);
		expect(await openParcels(hub.database, tenant, 'UPS')).toEqual([]);
		server.close();
		await hub.close();
	});
});
