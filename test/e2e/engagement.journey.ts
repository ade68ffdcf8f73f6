/** A whole engagement in the real window, by keys alone; and the same with its processes killed in the middle of each step. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasProgram } from '../../build/outsideTools.ts';
import { writeSample } from '../../electron/services/writeSample.ts';
import { eventually, goTo, STEP_MS, textOf } from '../browser/keys.ts';
import { beginImport, beginRun, beginVerification, importDrop, lookAtIntegrity, runAllTests } from '../browser/steps/evidence.ts';
import {
	allSaved,
	beginSignature,
	conditionOf,
	editCondition,
	openFindings,
	sign,
	stateNow,
	writeFinding,
} from '../browser/steps/findings.ts';
import { FINDING_TEXT, PARTNER, REVIEWER } from '../browser/steps/journey.ts';
import { beginPack, checkPack, makePack, seeEverything } from '../browser/steps/packs.ts';
import { judgedOfAll, openTriage, triage, undoAndRedo } from '../browser/steps/triage.ts';
import { addReviewer, createEngagement, lock, unlock } from '../browser/steps/unlock.ts';
import { type Launched, launchElectron, newProfile } from './harness.ts';

const ORDERS = 2000;
const DROP_ID = `northlight-2026-${ORDERS}-7-all`;
const TIMEOUT_MS = 5 * STEP_MS;
const RUN_SAID = /^\d+ tests run: \d+ exceptions\.$/;

const folder = mkdtempSync(join(tmpdir(), 'engagement-'));
const drop = join(folder, 'drop');
let vkey = '';
beforeAll(async () => {
	const written = await writeSample(drop, { orders: ORDERS, seed: 7, anomalies: 'all' }, () => undefined);
	if (!written.ok) throw new Error(written.error.message);
	vkey = written.value.vkey;
}, TIMEOUT_MS);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const pdfsig = (pack: string): string => spawnSync('pdfsig', [pack], { encoding: 'utf8' }).stdout;

describe('an engagement in the real window', { timeout: TIMEOUT_MS }, () => {
	const pack = join(folder, 'pack.pdf');
	let window: Launched;
	let judged = 0;
	beforeAll(async () => {
		window = await launchElectron();
	}, TIMEOUT_MS);
	afterAll(() => window.close());

	test('is created and takes a drop of 2,000 orders in, verified under the key from outside it', async () => {
		expect(await createEngagement(window)).toMatch(/^\w{4}(-\w{4}){13}$/);
		await importDrop(window, drop, vkey);
		const facts = await lookAtIntegrity(window);
		expect(facts).toContain(DROP_ID);
		expect(facts).toContain('under a trusted checkpoint');
	});

	test('runs every test, and sixty exceptions are judged by keys', async () => {
		expect(await runAllTests(window)).toMatch(RUN_SAID);
		await triage(window, 60);
		await undoAndRedo(window);
		expect(await judgedOfAll(window)).toBeGreaterThanOrEqual(60);
	});

	test('has a finding on two pieces of evidence, prepared by one and reviewed by another; a self-review is refused', async () => {
		await writeFinding(window);
		expect(await sign(window, PARTNER, 'prepared')).toBeNull();
		expect(await sign(window, PARTNER, 'reviewed')).toContain('You prepared this, so you cannot review it.');
		judged = await judgedOfAll(window);
		await addReviewer(window, REVIEWER);
		await window.locked(() => lock(window));
		expect(await unlock(window, REVIEWER.passphrase)).toBeNull();
		await openFindings(window);
		expect(await sign(window, REVIEWER, 'reviewed')).toBeNull();
	});

	test('gives a signed pack, unchanged for its own verifier', async () => {
		expect(await makePack(window, REVIEWER, pack)).toContain('Signed and written');
		expect(await checkPack(window, pack)).toMatch(/unchanged|valid/i);
	});

	test.skipIf(!hasProgram('pdfsig'))('gives a signed pack, valid for pdfsig (skipped without poppler)', () => {
		expect(pdfsig(pack)).toContain('Signature is Valid');
	});

	test('stays shut to a wrong passphrase, and has everything after the right one', async () => {
		await window.locked(() => lock(window));
		expect(await unlock(window, 'quite another passphrase')).toContain('The passphrase is wrong.');
		expect(await unlock(window, PARTNER.passphrase)).toBeNull();
		await seeEverything(window, DROP_ID);
		expect(await judgedOfAll(window)).toBe(judged);
	});
});

describe('an engagement whose processes are killed in the middle of each step', { timeout: TIMEOUT_MS }, () => {
	const profile = newProfile();
	const pack = join(folder, 'pack-after-kills.pdf');
	const amended = `${FINDING_TEXT.condition} Seen again after the power was cut.`;
	let window: Launched;
	beforeAll(async () => {
		window = await launchElectron({ profile });
		await createEngagement(window);
	}, TIMEOUT_MS);
	afterAll(async () => {
		await window.close();
		rmSync(profile, { recursive: true, force: true });
	});

	/** Cuts the power as soon as the step is seen under way, and comes back with the passphrase. */
	async function killAmid(underWay: Locator | null): Promise<void> {
		await underWay?.first().waitFor({ timeout: STEP_MS });
		await window.kill();
		window = await launchElectron({ profile });
		expect(await unlock(window, PARTNER.passphrase)).toBeNull();
	}

	/** A job on the screen that began it. */
	const progress = (label: string): Locator =>
		window.page.locator('main [role=status]', { hasText: label }).locator('progress, [role=progressbar]');
	const mainText = (): Promise<string> => textOf(window.page.locator('main'));

	test('amid an import: it is gone without a trace, or whole; then it is taken in', async () => {
		await beginImport(window, drop, vkey);
		await killAmid(progress('Import of a drop'));
		await goTo(window.page, 'd', 'Data & IPE');
		const seen = await eventually('an import that is gone or whole', mainText, (text) => /Choose a folder|Tables \d/.test(text));
		if (seen.includes('Choose a folder')) {
			expect(seen).not.toContain(DROP_ID);
			await importDrop(window, drop, vkey);
		}
		await eventually('the whole drop', mainText, (text) => text.includes(DROP_ID));
	});

	test('amid a verification: what was verified before stands, and it is verified again', async () => {
		await beginVerification(window);
		await killAmid(progress('Verification of the stored evidence'));
		expect(await lookAtIntegrity(window)).toContain('under a trusted checkpoint');
		await beginVerification(window);
		await window.page.getByText('The stored bytes were read and verified again.').waitFor({ timeout: 2 * STEP_MS });
		expect(await lookAtIntegrity(window)).toContain(DROP_ID);
	});

	test('amid a run of the tests: no results are there, or all are', async () => {
		await beginRun(window);
		await killAmid(progress('All audit tests'));
		await goTo(window.page, 'p', 'Procedures');
		const seen = await eventually('the catalogue', mainText, (text) => /\d+ (not run|with exceptions)/.test(text));
		expect(/\d+ not run/.test(seen) && /\d+ with exceptions/.test(seen)).toBe(false);
		expect(await runAllTests(window)).toMatch(RUN_SAID);
	});

	test('amid a judgement: every one that was acknowledged stands', async () => {
		await triage(window, 8);
		const acknowledged = await judgedOfAll(window);
		expect(acknowledged).toBeGreaterThanOrEqual(8);
		await openTriage(window);
		await window.page.keyboard.press('1');
		await window.page.keyboard.press('Enter');
		await killAmid(null);
		expect(await judgedOfAll(window)).toBeGreaterThanOrEqual(acknowledged);
	});

	test('amid an edit of a finding: its text is that of before or the new one, and its evidence stands', async () => {
		await writeFinding(window);
		const judged = await judgedOfAll(window);
		await openFindings(window);
		await editCondition(window, amended);
		await killAmid(null);
		await openFindings(window);
		expect([FINDING_TEXT.condition, amended]).toContain(await conditionOf(window));
		await window.page.getByText('Evidence 2').waitFor({ timeout: STEP_MS });
		expect(await judgedOfAll(window)).toBe(judged);
		await openFindings(window);
		await editCondition(window, amended);
		await allSaved(window);
	});

	test('amid a signature: it stands or it does not, on the text that was acknowledged', async () => {
		await beginSignature(window, PARTNER, 'prepared');
		await killAmid(null);
		await openFindings(window);
		expect(await conditionOf(window)).toBe(amended);
		expect(['draft', 'prepared']).toContain(await stateNow(window));
		if ((await stateNow(window)) === 'draft') expect(await sign(window, PARTNER, 'prepared')).toBeNull();
		expect(await sign(window, PARTNER, 'reviewed')).toContain('You prepared this, so you cannot review it.');
		await addReviewer(window, REVIEWER);
		await window.locked(() => lock(window));
		expect(await unlock(window, REVIEWER.passphrase)).toBeNull();
		await openFindings(window);
		expect(await sign(window, REVIEWER, 'reviewed')).toBeNull();
	});

	test('amid the making of a pack: no file is there and none on record', async () => {
		await beginPack(window, REVIEWER, pack);
		await killAmid(progress('Audit pack'));
		expect(existsSync(pack)).toBe(false);
		await openFindings(window);
		expect(await stateNow(window)).toBe('reviewed');
	});

	test('amid the check of the written pack: the file is whole, and the road goes on to the end', async () => {
		await beginPack(window, PARTNER, pack);
		await killAmid(window.page.getByText('Verifying the written file'));
		expect(readFileSync(pack).subarray(0, 5).toString()).toBe('%PDF-');
		expect(await makePack(window, PARTNER, pack)).toContain('Signed and written');
		expect(await checkPack(window, pack)).toMatch(/unchanged|valid/i);
		await window.locked(() => lock(window));
		expect(await unlock(window, 'quite another passphrase')).toContain('The passphrase is wrong.');
		expect(await unlock(window, PARTNER.passphrase)).toBeNull();
		await seeEverything(window, DROP_ID, amended);
	});

	test.skipIf(!hasProgram('pdfsig'))('its pack is valid for pdfsig (skipped without poppler)', () => {
		expect(pdfsig(pack)).toContain('Signature is Valid');
	});
});
