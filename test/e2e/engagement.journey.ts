/** A whole engagement in the real window, by keys alone; and the same with its processes killed in the middle of each step. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasProgram } from '../../build/outsideTools.ts';
import { writeSample } from '../../electron/services/writeSample.ts';
import { eventually, goTo, leaveField, STEP_MS, textOf, typeOver } from '../browser/keys.ts';
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
	const pack = join(folder, 'pack.pdf');
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

	test('gives a signed pack, valid for its own verifier', async () => {
		await steps.makePack(journey, REVIEWER, pack);
		expect(await steps.checkPack(journey, pack)).toContain('VALID');
	});

	test.skipIf(!hasProgram('pdfsig'))('gives a signed pack, valid for pdfsig', () => {
		expect(spawnSync('pdfsig', [pack], { encoding: 'utf8' }).stdout).toContain('Signature is Valid');
	});

	test('stays shut to a wrong passphrase, and has everything after the right one', async () => {
		journey = await lockAndReopen(journey, profile);
		expect(await steps.unlock(journey, 'quite another passphrase')).toContain('The passphrase is wrong.');
		expect(await steps.unlock(journey, PARTNER.passphrase)).toBeNull();
		await steps.seeEverything(journey, DROP_ID);
	});
});

describe('an engagement whose processes are killed', { timeout: TIMEOUT_MS }, () => {
	const profile = newProfile();
	let journey: Journey;
	beforeAll(async () => {
		journey = await open(profile);
		await steps.createEngagement(journey);
	}, TIMEOUT_MS);
	afterAll(async () => {
		await journey.launched.close();
		rmSync(profile, { recursive: true, force: true });
	});

	async function killAndReopen(): Promise<void> {
		await journey.launched.kill();
		journey = await open(profile);
		expect(await steps.unlock(journey, PARTNER.passphrase)).toBeNull();
	}

	const mainText = (): Promise<string> => textOf(journey.page.locator('main'));

	test('amid an import: the import is gone, or whole', async () => {
		await steps.beginImport(journey, drop, vkey);
		await journey.page.locator('main progress').first().waitFor({ timeout: STEP_MS });
		await killAndReopen();
		await goTo(journey.page, 'd', 'Data & IPE');
		const seen = await eventually('an import that is gone or whole', mainText, (text) => /Choose a folder|Tables \d/.test(text));
		if (seen.includes('Choose a folder')) await steps.importDrop(journey, drop, vkey);
		expect(await eventually('the whole drop', mainText, (text) => text.includes(DROP_ID))).toContain(DROP_ID);
	});

	test('amid a run of the tests: its results are not there, or all are; the evidence is', async () => {
		await steps.beginRun(journey.page);
		await journey.page.locator('main progress').first().waitFor({ timeout: STEP_MS });
		await killAndReopen();
		await goTo(journey.page, 'd', 'Data & IPE');
		await eventually('the drop', mainText, (text) => text.includes(DROP_ID));
		await goTo(journey.page, 'p', 'Procedures');
		const seen = await eventually('the catalogue', mainText, (text) => /\d+ (not run|with exceptions)/.test(text));
		expect(/\d+ not run/.test(seen) && /\d+ with exceptions/.test(seen)).toBe(false);
		expect(await steps.runAllTests(journey)).toMatch(/^\d+ tests run: \d+ exceptions\.$/);
	});

	test('amid an edit: every judgement and every text that was acknowledged stands', async () => {
		await steps.triage(journey, 6);
		await steps.writeFinding(journey);
		const acknowledged = await steps.judgedOfAll(journey);
		expect(acknowledged).toBeGreaterThanOrEqual(6);
		await steps.openFindings(journey);
		await leaveField(journey.page);
		await journey.page.keyboard.press('Alt+1');
		await journey.page.locator('[data-section=condition]:focus').waitFor({ timeout: STEP_MS });
		const later = `${steps.FINDING_TEXT.condition} And more.`;
		await typeOver(journey.page, later);
		await journey.page.keyboard.press('ControlOrMeta+Enter');
		await killAndReopen();
		await steps.openFindings(journey);
		expect([steps.FINDING_TEXT.condition, later]).toContain(await journey.page.locator('[data-section=condition]').inputValue());
		await journey.page.getByText('Evidence 2').waitFor({ timeout: STEP_MS });
		expect(await steps.judgedOfAll(journey)).toBe(acknowledged);
	});
});
