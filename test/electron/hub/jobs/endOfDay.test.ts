/** The end of a day: begun by the clock and by whoever starts the hub, and made once. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { endOfDay } from '../../../../electron/hub/jobs/hubJobs.ts';
import { type HubWorld, LOG, openHubWorld, TENANT, withSample } from '../../../sync/hubWorld.ts';

let world: HubWorld;

beforeAll(async () => {
	world = await openHubWorld();
	await world.addTenant(TENANT, LOG);
});
afterAll(() => world?.close());

const end = (): Promise<void> => {
	const { database, log, intake, publications } = world.hub;
	return endOfDay({ database, log, intake, publications, now: () => world.clock.at }, TENANT);
};
const recordsOf = async (kind: string): Promise<number> => {
	let count = 0;
	const { size } = world.hub.log.head(TENANT, 'hub_record');
	for await (const line of world.hub.log.lines(TENANT, 'hub_record', 0, size))
		if ((JSON.parse(Buffer.from(line).toString('utf8')) as { kind: string }).kind === kind) count++;
	return count;
};

describe('the end of a day', () => {
	it('is not made while nothing was sealed', async () => {
		await end();
		expect(await recordsOf('heads')).toBe(0);
	});

	it('has its records once, begun by two at the same time and again afterwards, and then the publication', async () => {
		await withSample(world, TENANT, 20);
		await Promise.all([end(), end()]);
		await end();
		expect([await recordsOf('heads'), await recordsOf('reconciliation')]).toEqual([2, 1]);
		expect((await world.hub.publications.latest(TENANT))?.number).toBe(1);
	});
});
