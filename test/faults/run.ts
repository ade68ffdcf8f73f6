/** One run: a company that sends, a hub, two copies of an engagement, and whatever the seed lets happen to them; then the sky clears, and all is judged. */
import type { Act } from '#findings';
import type { HubQuestion } from '#ipc';
import { dice } from '../electron/hub/log/faultyDisk.ts';
import { openTestLine } from '../sync/line.ts';
import { type Desk, must, openDesk } from './desk.ts';
import type { FaultHub } from './hubs.ts';
import { type Happened, judge } from './judge.ts';
import { producer } from './producer.ts';
import { weather } from './weather.ts';

type Count = (what: string) => void;

const STEPS = 12;
const SETTLE_ROUNDS = 12;

interface RunSettings {
	readonly seed: number;
	readonly hub: FaultHub;
	/** `once`: in each run, at some step; `maybe`: as the dice fall. */
	readonly hubEnds: 'once' | 'maybe';
	readonly count: Count;
}

/** Throws where anything is lost, doubled or different in the end. */
export async function faultRun({ seed, hub, hubEnds, count }: RunSettings): Promise<void> {
	const random = dice(seed);
	const below = (end: number): number => Math.floor(random() * end);
	const tenant = `t${seed}`;
	const tokens = await hub.addCompany(tenant, `t${seed}.example/o2c`);
	const line = openTestLine();
	const sky = weather(dice(seed + 1_000_003), count);
	line.meddler = (question, onward) => sky.pass(question, onward);
	const desk = await openDesk(line);
	try {
		const address = { url: hub.url, bearer: tokens.auditor, caPem: null };
		const systems = producer({ url: hub.url, bearer: tokens.producer }, sky, (question) => line.direct(question), random);
		await desk.connect(address);
		const happened: Happened = { acts: [], heads: [] };
		const [first, second] = [desk.engagementId(), await desk.copy()];
		await desk.open(first);
		sky.severity = 0.04 + random() * 0.25;
		const steps: Readonly<Record<string, () => Promise<void>>> = {
			send: () => Promise.resolve(systems.send()),
			pull: () => pull(desk, happened, count),
			act: () => act(desk, happened, below),
			exchange: () => exchange(desk, count),
			'end of day': async () => void (await hub.endDay(tenant).catch(() => null)),
			'other laptop': async () => {
				await revived(desk, count);
				await desk.open(desk.engagementId() === first ? second : first);
			},
			'workstation killed': () => Promise.resolve(desk.kill(random)),
			'hub killed': () => Promise.resolve(hubEnds === 'maybe' ? hub.kill(random) : undefined),
			'hub clock': async () => {
				count('clock step of the hub');
				await hub.setClock((below(14) - 7) * 60_000);
			},
			'workstation clock': () => {
				count('clock step of the workstation');
				desk.clock = (below(48) - 24) * 3_600_000;
				return Promise.resolve();
			},
		};
		const names = ['send', 'send', 'send', 'pull', 'pull', 'act', 'act', 'exchange', 'workstation killed', ...Object.keys(steps)];
		systems.send();
		const killedAt = hubEnds === 'once' ? below(STEPS) : -1;
		for (let step = 0; step < STEPS; step++) {
			if (step === killedAt) hub.kill(random);
			await steps[names[below(names.length)] as string]?.();
			await revived(desk, count);
			if (random() < 0.5 && (await hub.revive())) count(hub.ends);
		}
		sky.severity = 0;
		await systems.settle();
		desk.spare();
		hub.spare();
		await revived(desk, count);
		if (await hub.revive()) count(hub.ends);
		await hub.setClock(0);
		desk.clock = 0;
		await systems.finish();
		await settleAll(desk, first, second, happened, count);
		await judge({ desk, first, second, systems, happened, ask: (path) => asked(line.direct, address, path) });
		count('runs');
	} finally {
		line.close();
		await desk.close();
		await hub.forget(tenant);
	}
}

async function revived(desk: Desk, count: Count): Promise<void> {
	if (await desk.revive()) count('workstation killed');
}

async function pull(desk: Desk, happened: Happened, count: Count): Promise<void> {
	const pulled = await desk
		.feed()
		.pull()
		.catch(() => null);
	if (!pulled?.ok) return count('pulls stopped');
	count('pulls');
	const { heads } = must(await desk.feed().status());
	happened.heads.push(...Object.entries(heads).map(([table, { size, root }]) => ({ table, size, root })));
}

let acts = 0;

async function act(desk: Desk, happened: Happened, below: (end: number) => number): Promise<void> {
	const value = `value ${++acts}`;
	const made: Act =
		below(2) === 0
			? { type: 'setting.changed', key: `setting ${below(3)}`, value, reason: 'plan' }
			: { type: 'finding.created', findingId: acts.toString(16).padStart(32, '0'), title: value, severity: 'high' };
	const before = desk.inside();
	const done = await desk.act(made).catch(() => null);
	if (done?.ok) happened.acts.push({ replica: before.replica, value });
}

async function exchange(desk: Desk, count: Count): Promise<void> {
	const done = await desk.exchange().catch(() => null);
	count(done?.ok ? 'exchanges' : 'exchanges stopped');
}

/** Under a clear sky: everything that waits goes its way. */
async function settleAll(desk: Desk, first: string, second: string, happened: Happened, count: Count): Promise<void> {
	await desk.open(first);
	must(await desk.feed().pull());
	await pull(desk, happened, count);
	for (let round = 0; ; round++) {
		const moved: number[] = [];
		for (const copy of [first, second]) {
			await desk.open(copy);
			const { sent, received } = must(await desk.exchange());
			moved.push(sent + received);
		}
		if (moved.every((each) => each === 0)) return;
		if (round === SETTLE_ROUNDS) throw new Error('the copies do not come to rest');
	}
}

type Direct = ReturnType<typeof openTestLine>['direct'];

async function asked(direct: Direct, address: Pick<HubQuestion, 'url' | 'bearer' | 'caPem'>, path: string): Promise<Uint8Array> {
	const reply = await direct({ ...address, method: 'GET', path, headers: {}, body: null });
	if (reply.kind === 'failure' || reply.status !== 200)
		throw new Error(`${path}: ${reply.kind === 'failure' ? reply.message : Buffer.from(reply.bytes).toString('utf8')}`);
	return reply.bytes;
}
