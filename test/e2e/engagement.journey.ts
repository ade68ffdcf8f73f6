/** An engagement in the real window, by keys alone: from its creation to a finding that two people signed. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSample } from '../../electron/services/writeSample.ts';
import { STEP_MS } from '../browser/keys.ts';
import * as steps from '../browser/steps.ts';
import { type Launched, launchElectron, newProfile, until } from './harness.ts';

const ORDERS = 2000;
const DROP_ID = `northlight-2026-${ORDERS}-7-all`;
const TIMEOUT_MS = 5 * STEP_MS;
const { PARTNER, REVIEWER } = steps;

const folder = mkdtempSync(join(tmpdir(), 'engagement-'));
const drop = join(folder, 'drop');
let vkey = '';
beforeAll(async () => {
	const written = await writeSample(drop, { orders: ORDERS, seed: 7, anomalies: 'all' }, () => undefined);
	if (!written.ok) throw new Error(written.error.message);
	vkey = written.value.vkey;
}, TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

interface Journey extends steps.JourneyWindow {
	readonly launched: Launched;
}

async function open(profile: string): Promise<Journey> {
	const launched = await launchElectron({ profile });
	const { page } = launched;
	return {
		launched,
		page,
		answerDialog: async (dialog, path) => {
			await page.evaluate(`tieout.invoke('e2e.setDialogAnswer', ${JSON.stringify({ dialog, path })})`);
		},
	};
}

/** Locks, sees that a locked window stands in a new process, and comes back another day. */
async function lockAndReopen(journey: Journey, profile: string): Promise<Journey> {
	const { app, close } = journey.launched;
	await steps.lock(journey);
	await until('the locked window', () =>
		app
			.evaluate(({ BrowserWindow }) =>
				BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript("document.documentElement.dataset.ready === 'locked'"),
			)
			.catch(() => false),
	);
	await close();
	return await open(profile);
}

describe('an engagement in the real window', { timeout: TIMEOUT_MS }, () => {
	const profile = newProfile();
	let journey: Journey;
	beforeAll(async () => {
		journey = await open(profile);
	}, TIMEOUT_MS);
	afterAll(async () => {
		await journey.launched.close();
		rmSync(profile, { recursive: true, force: true });
	});

	test('is created and takes a drop of 2,000 orders in', async () => {
		expect(await steps.createEngagement(journey)).toMatch(/^\w{4}(-\w{4}){13}$/);
		await steps.importDrop(journey, drop, vkey);
		const facts = await steps.lookAtIntegrity(journey);
		expect(facts).toContain(DROP_ID);
		expect(facts).toContain('under a trusted checkpoint');
	});

	test('runs every test, and sixty exceptions are judged by keys', async () => {
		expect(await steps.runAllTests(journey)).toMatch(/^\d+ tests run: \d+ exceptions\.$/);
		await steps.triage(journey, 60);
		await steps.undoAndRedo(journey);
	});

	test('has a finding on two pieces of evidence, prepared by one and reviewed by another; a self-review is refused', async () => {
		await steps.writeFinding(journey);
		expect(await steps.sign(journey, PARTNER, 'prepared')).toBeNull();
		expect(await steps.sign(journey, PARTNER, 'reviewed')).toContain('You prepared this, so you cannot review it.');
		await steps.addReviewer(journey, REVIEWER);
		journey = await lockAndReopen(journey, profile);
		expect(await steps.unlock(journey, REVIEWER.passphrase)).toBeNull();
		await steps.openFindings(journey);
		expect(await steps.sign(journey, REVIEWER, 'reviewed')).toBeNull();
	});
});
