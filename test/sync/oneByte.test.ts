/** Whatever single byte of whatever answer is another one: the pull stops, or it comes to the very same evidence and pins. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DropSource, importDrop } from '#intake';
import { err, ok } from '#kernel';
import {
	FeedStopped,
	feedSource,
	type HubPorts,
	type HubResponse,
	judgePulled,
	judgeStanding,
	NO_RECORDS,
	planPull,
	pullRecords,
	type RecordsPin,
	type TrustPolicy,
	trustPolicy,
} from '#sync';
import { hubHttp } from '../../electron/services/hubHttp.ts';
import { nodeIntakePorts } from '../../electron/services/nodeIntake.ts';
import { dice } from '../electron/hub/log/faultyDisk.ts';
import { memorySource } from '../electron/services/memorySource.ts';
import { eventAfter, eventsOf, type HubWorld, LOG, openHubWorld, rowsOf, TENANT, withSample } from './hubWorld.ts';

const SEED = Number(process.env['TIEOUT_FAULT_SEED'] ?? 4);
/** Changed answers per state, beside one of each. */
const TRIES = 60;

let world: HubWorld;
let policy: TrustPolicy;
let close: () => void = () => undefined;
let honest: HubPorts;

type Pulled = Awaited<ReturnType<typeof pullBy>>;
interface Standing {
	readonly pin: Parameters<typeof planPull>[0]['pinned'];
	readonly records: RecordsPin;
	readonly files: ReadonlyMap<string, Uint8Array>;
}
const NOTHING: Standing = { pin: null, records: NO_RECORDS, files: new Map() };

const sourceOf = ({ files }: Standing): DropSource => memorySource(new Map([...files].map(([path, bytes]) => [path, Buffer.from(bytes)])));

/** A pull as the vault makes one, over answers that are at hand. */
async function pullBy(ports: HubPorts, standing: Standing) {
	const records = await pullRecords(ports, policy, standing.records);
	if (!records.ok) return err(records.error.code);
	const plan = await planPull({ ports, policy, pinned: standing.pin, hasPrevious: standing.pin !== null });
	if (!plan.ok) return err(plan.error.code);
	if (!plan.value) {
		const same = standing.pin ? judgeStanding(standing.pin, records.value.pin.heads) : ok(undefined);
		return same.ok ? ok(null) : err(same.error.code);
	}
	const files = new Map<string, Uint8Array>();
	const source = keeping(feedSource(plan.value, ports, standing.pin ? sourceOf(standing) : null), files);
	try {
		const drop = await importDrop(source, nodeIntakePorts, { trustedKeys: policy.keys.map(({ key }) => key) });
		if (!drop.ok) return err(drop.error.code);
		const judged = judgePulled(plan.value, drop.value, records.value.pin.heads);
		if (!judged.ok) return err(judged.error.code);
		const { evidence, documents, manifestSha256, disclosures } = drop.value;
		const disclosed = [...disclosures].map(([table, report]) => [table, report.disclosed]);
		const next: Standing = { pin: plan.value.next, records: records.value.pin, files };
		return ok({ next, said: { evidence, documents, manifestSha256, disclosed, pin: plan.value.next, records: records.value } });
	} catch (error) {
		if (error instanceof FeedStopped) return err(error.stop.code);
		throw error;
	}
}

/** Keeps what is read, as the vault's store does. */
function keeping(source: DropSource, files: Map<string, Uint8Array>): DropSource {
	return {
		...source,
		async *open(path) {
			const parts: Uint8Array[] = [];
			for await (const part of source.open(path)) {
				parts.push(part);
				yield part;
			}
			files.set(path, new Uint8Array(Buffer.concat(parts)));
		},
	};
}

const portsOver = (request: HubPorts['transport']['request']): HubPorts => ({
	transport: { request },
	wait: () => Promise.resolve(),
	random: () => 0,
	isCancelled: () => false,
});

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 4);
	await world.endDay(TENANT);
	const made = trustPolicy(
		LOG,
		world.hub.log.keys(TENANT).map(({ vkey }) => ({ vkey })),
	);
	const http = hubHttp(await world.addressOf(TENANT));
	if (!made.ok || !http.ok) throw new Error('a policy and an address');
	policy = made.value;
	close = http.value.close;
	honest = portsOver((request) => http.value.request(request));
});
afterAll(async () => {
	close();
	await world?.close();
});

/** An honest pull, with its answers. */
async function recorded(standing: Standing): Promise<{ readonly answers: ReadonlyMap<string, HubResponse>; readonly pulled: Pulled }> {
	const answers = new Map<string, HubResponse>();
	const ports = portsOver(async (request) => {
		const answer = await honest.transport.request(request);
		if (answer.ok) answers.set(request.path, answer.value);
		return answer;
	});
	return { answers, pulled: await pullBy(ports, standing) };
}

const NOT_FOUND: HubResponse = { status: 404, headers: {}, bytes: new Uint8Array() };

/** Pulls with one byte changed. @returns the verdicts, counted */
async function spoiled(standing: Standing, random: () => number): Promise<Map<string, number>> {
	const { answers, pulled } = await recorded(standing);
	if (!pulled.ok || !pulled.value) throw new Error('the honest pull brings something');
	const verdicts = new Map<string, number>();
	const paths = [...answers].flatMap(([path, { bytes }]) => (bytes.length > 0 ? [path] : []));
	const tries = [...paths, ...Array.from({ length: TRIES }, () => paths[Math.floor(random() * paths.length)] ?? '')];
	for (const path of tries) {
		const bytes = (answers.get(path) as HubResponse).bytes.slice();
		const place = Math.floor(random() * bytes.length);
		bytes[place] = (bytes[place] ?? 0) ^ (1 << Math.floor(random() * 8));
		const ports = portsOver((request) =>
			Promise.resolve(
				ok(request.path === path ? { ...(answers.get(path) as HubResponse), bytes } : (answers.get(request.path) ?? NOT_FOUND)),
			),
		);
		const outcome = await pullBy(ports, standing);
		if (outcome.ok) expect(outcome.value?.said, `${path} byte ${place}`).toEqual(pulled.value.said);
		const verdict = outcome.ok ? 'the same' : outcome.error;
		verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1);
	}
	return verdicts;
}

describe(`a single byte that is another one (seed ${SEED})`, () => {
	it('stops a first pull and a later one, or changes nothing of what they come to', async () => {
		const random = dice(SEED);
		const first = await recorded(NOTHING);
		if (!first.pulled.ok || !first.pulled.value) throw new Error('the first pull brings something');
		const early = await spoiled(NOTHING, random);
		const events = await eventsOf(world, TENANT);
		const [customer] = await rowsOf(world, TENANT, 'customer');
		await world.send(TENANT, [
			...[1, 2, 3].map((n) => ['order_event', eventAfter(events.at(-1) ?? {}, `EV-${n}`)] as const),
			['customer', { ...customer, name: 'Renamed' }],
		]);
		await world.endDay(TENANT);
		const late = await spoiled(first.pulled.value.next, random);
		for (const verdicts of [early, late]) {
			const stops = [...verdicts.keys()].filter((verdict) => verdict !== 'the same');
			expect(stops.length).toBeGreaterThan(3);
			expect([...verdicts.values()].reduce((sum, count) => sum + count, 0) - (verdicts.get('the same') ?? 0)).toBeGreaterThan(30);
		}
	});
});
