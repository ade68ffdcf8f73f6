/** An engagement whose processes are killed in the middle of each step: what was acknowledged stands, and the road goes on to its end. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Locator } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasProgram } from '../../build/outsideTools.ts';
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
import { beginPack, beginPages, checkPack, makePack, seeEverything } from '../browser/steps/packs.ts';
import { judgedOfAll, judgeOnAndOn, triage } from '../browser/steps/triage.ts';
import { addReviewer, createEngagement, lock, unlock } from '../browser/steps/unlock.ts';
import { DROP_ID, type JourneyDrop, journeyDrop } from './drop.ts';
import { type Launched, launchElectron } from './harness.ts';

const TIMEOUT_MS = 5 * STEP_MS;

describe('an engagement whose processes are killed in the middle of each step', { timeout: TIMEOUT_MS }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'killed-'));
	const profile = join(folder, 'profile');
	const pack = join(folder, 'pack.pdf');
	const [saved, unsaved] = [1, 2].map((time) => `${FINDING_TEXT.condition} Amended, time ${time}.`) as [string, string];
	let drop: JourneyDrop;
	let window: Launched;
	beforeAll(async () => {
		drop = await journeyDrop();
		window = await launchElectron({ profile });
		await createEngagement(window);
	}, TIMEOUT_MS);
	afterAll(async () => {
		await window?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	/** Cuts the power as soon as the step is seen under way, and comes back with the passphrase. */
	async function killAmid(underWay: Locator): Promise<void> {
		await underWay.first().waitFor({ timeout: STEP_MS });
		await killNow();
	}
	async function killNow(): Promise<void> {
		await window.kill();
		window = await launchElectron({ profile });
		expect(await unlock(window, PARTNER.passphrase)).toBeNull();
	}

	/** A job on the screen that began it. */
	const job = (label: string): Locator => window.page.locator('main [role=status]', { hasText: label }).locator('progress');
	const mainText = (): Promise<string> => textOf(window.page.locator('main'));

	test('amid an import: it is gone without a trace, or whole; then it is taken in', async () => {
		await beginImport(window, drop.folder, drop.vkey);
		await killAmid(job('Import of a drop'));
		await goTo(window.page, 'd', 'Data & IPE');
		const seen = await eventually('an import that is gone or whole', mainText, (text) => /Choose a folder|Tables \d/.test(text));
		if (seen.includes('Choose a folder')) {
			expect(seen).not.toContain(DROP_ID);
			await importDrop(window, drop.folder, drop.vkey);
		}
		await eventually('the whole drop', mainText, (text) => text.includes(DROP_ID));
	});

	test('amid a verification: what was verified before stands, and it is verified again', async () => {
		await beginVerification(window);
		await killAmid(job('Verification of the stored evidence'));
		expect(await lookAtIntegrity(window)).toContain('under a trusted checkpoint');
		await beginVerification(window);
		await window.page.getByText('The stored bytes were read and verified again.').waitFor({ timeout: 2 * STEP_MS });
		expect(await lookAtIntegrity(window)).toContain(DROP_ID);
	});

	test('amid a run of the tests: no results are there, or all are', async () => {
		await beginRun(window);
		await killAmid(job('All audit tests'));
		await goTo(window.page, 'p', 'Procedures');
		const seen = await eventually('the catalogue', mainText, (text) => /\d+ (not run|with exceptions)/.test(text));
		expect(/\d+ not run/.test(seen) && /\d+ with exceptions/.test(seen)).toBe(false);
		expect(await runAllTests(window)).toMatch(/^\d+ tests run: \d+ exceptions\.$/);
	});

	test('amid triage: every judgement that was acknowledged stands', async () => {
		await triage(window, 8);
		const before = await judgedOfAll(window);
		const acknowledged = await judgeOnAndOn(window);
		await killNow();
		expect(acknowledged).toBeGreaterThan(0);
		expect(await judgedOfAll(window)).toBeGreaterThanOrEqual(before + acknowledged);
	});

	test('amid an edit of a finding: what was saved before stands, and so does its evidence', async () => {
		await writeFinding(window);
		const judged = await judgedOfAll(window);
		await openFindings(window);
		await editCondition(window, saved);
		await allSaved(window);
		await editCondition(window, unsaved);
		await killNow();
		await openFindings(window);
		expect([saved, unsaved]).toContain(await conditionOf(window));
		await window.page.getByText('Evidence 2').waitFor({ timeout: STEP_MS });
		expect(await judgedOfAll(window)).toBe(judged);
		await openFindings(window);
		await editCondition(window, unsaved);
		await allSaved(window);
	});

	test('amid a signature: it stands or it does not, on the text that was acknowledged', async () => {
		await beginSignature(window, PARTNER, 'prepared');
		await killAmid(window.page.getByRole('dialog').locator('button[type=submit][data-loading]'));
		await openFindings(window);
		expect(await conditionOf(window)).toBe(unsaved);
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
		await beginPages(window);
		await killAmid(job('Preview of a pack'));
		expect(existsSync(pack)).toBe(false);
		await openFindings(window);
		expect(await stateNow(window)).toBe('reviewed');
		await goTo(window.page, 'k', 'Packs');
		await window.page.getByRole('tab', { name: /^Made here( 0)?$/ }).waitFor({ timeout: STEP_MS });
	});

	test('amid the check of the written pack: the file is whole, and on record as not completed', async () => {
		await beginPack(window, PARTNER, pack);
		await killAmid(window.page.getByText('Verifying the written file'));
		await goTo(window.page, 'k', 'Packs');
		await window.page.getByRole('tab', { name: '▲ 1 not completed' }).waitFor({ timeout: STEP_MS });
		expect(readFileSync(pack).subarray(0, 5).toString()).toBe('%PDF-');
		expect(await checkPack(window, pack)).toMatch(/unchanged|valid/i);
	});

	test('goes on to its end: a signed pack, a locked window, and everything there after it', async () => {
		expect(await makePack(window, PARTNER, pack)).toContain('Signed and written');
		await window.locked(() => lock(window));
		expect(await unlock(window, 'quite another passphrase')).toContain('The passphrase is wrong.');
		expect(await unlock(window, PARTNER.passphrase)).toBeNull();
		await seeEverything(window, DROP_ID, unsaved);
	});

	test.skipIf(!hasProgram('pdfsig'))('its pack is valid for pdfsig (skipped without poppler)', () => {
		expect(spawnSync('pdfsig', [pack], { encoding: 'utf8' }).stdout).toContain('Signature is Valid');
	});
});
