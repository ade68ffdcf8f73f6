/** `npm run hub -- --demo` on the embedded engine: pulled from, tested, worked on without a network, and told of the findings. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { freePort } from '../../build/freePort.ts';
import { must } from '../sync/station.ts';
import { connectByPaper, listedFindings, pullEvidence, workOffline } from './auditorsDay.ts';
import { endAllHubs, startHub } from './hubProcess.ts';

const ORDERS = 2000;
const TITLE = 'Shipped and never invoiced';

describe('the hub with the made-up company, on the embedded engine', () => {
	const data = mkdtempSync(join(tmpdir(), 'tieout-service-'));
	afterAll(async () => {
		await endAllHubs();
		rmSync(data, { recursive: true, force: true });
	});

	it('gives an auditor all orders, verified, and lists the finding that was written while it was away', { timeout: 900_000 }, async () => {
		const place = ['--data', data, '--port', await freePort()];
		const first = await startHub(['--demo', '--orders', String(ORDERS), ...place]);
		const day = await connectByPaper(first);
		const evidence = await pullEvidence(day);
		expect(evidence.lines['sales_order']).toBeGreaterThanOrEqual(ORDERS);
		expect(evidence).toMatchObject({
			verdicts: { sealed: { order_event: 'verified', revenue_event: 'verified' }, plain: ['as_declared'] },
			differing: 0,
		});
		await first.stop();

		const worked = await workOffline(day, TITLE);
		expect(worked.tests).toBeGreaterThan(50);
		expect(worked.exceptions).toBeGreaterThan(0);
		const away = await day.station.papers.exchange();
		expect(away.ok ? 'exchanged' : away.error.code).toBe('not_connected');

		const second = await startHub(place);
		expect(must(await day.station.papers.exchange())).toMatchObject({ openConflicts: 0, openRefusals: 0 });
		expect(await listedFindings(day)).toMatchObject({
			findings: [
				{
					finding_id: worked.findingId,
					engagement: day.station.vault.inside().papers.state().engagementId,
					fields: { title: TITLE },
					evidence: 2,
				},
			],
		});
		await second.stop();
		day.station.close();
	});
});
