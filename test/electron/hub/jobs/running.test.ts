/** What the hub does by itself every minute, for every tenant. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hubJobs, type RunningPorts } from '../../../../electron/hub/jobs/hubJobs.ts';
import { type HubWorld, LOG, openHubWorld, rowsOf, TENANT, withSample } from '../../../sync/hubWorld.ts';

const OTHER = 'aardvark';
const MINUTE = 60_000;

let world: HubWorld;
const failed: string[] = [];

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(OTHER, 'aardvark.example/o2c');
	await world.addTenant(TENANT, LOG);
	await withSample(world, TENANT, 5);
});
afterAll(() => world?.close());

async function jobs<T>(ports: Partial<RunningPorts>, work: (run: () => Promise<void>) => Promise<T>): Promise<T> {
	const { database, log, intake, publications } = world.hub;
	const onFailure = (tenant: string): void => void failed.push(tenant);
	const made = hubJobs({ database, log, intake, publications, now: () => world.clock.at, onFailure, ...ports });
	try {
		return await work(made.run);
	} finally {
		await made.stop();
	}
}

const newest = async (): Promise<number> => {
	const [row] = await world.hub.database.query<{ number: bigint | null }>(
		'SELECT max(number) AS number FROM publication WHERE tenant = $1',
		[TENANT],
	);
	return Number(row?.number ?? 0);
};
const rename = async (name: string): Promise<void> => {
	const [customer] = await rowsOf(world, TENANT, 'customer');
	await world.send(TENANT, [['customer', { ...customer, name }]]);
};

describe('the hub by itself', () => {
	it('publishes what changed some minutes ago though nobody asks, and nothing where nothing changed', async () => {
		await jobs({}, async (run) => {
			await run();
			const first = await newest();
			expect(first).toBeGreaterThan(0);
			await rename('Renamed once');
			world.clock.at += 2 * MINUTE;
			await run();
			expect(await newest()).toBe(first);
			world.clock.at += 4 * MINUTE;
			await run();
			expect(await newest()).toBe(first + 1);
			world.clock.at += 60 * MINUTE;
			await run();
			expect(await newest()).toBe(first + 1);
		});
		expect(failed).toEqual([]);
	});

	it('does for one tenant what is due though another’s jobs fail, and says whose did', async () => {
		const before = await newest();
		await rename('Renamed again');
		world.clock.at += 10 * MINUTE;
		const { intake } = world.hub;
		const failing: RunningPorts['intake'] = Object.assign(Object.create(intake), intake, {
			expire: (tenant: string) => (tenant === OTHER ? Promise.reject(new Error('this one')) : intake.expire(tenant)),
		});
		await jobs({ intake: failing }, (run) => run());
		expect(failed).toEqual([OTHER]);
		expect(await newest()).toBe(before + 1);
	});
});
