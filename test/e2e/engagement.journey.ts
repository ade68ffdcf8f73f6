/** A whole engagement in the real window, by keys alone, from its creation to the locked window that gives everything back. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasProgram } from '../../build/outsideTools.ts';
import { STEP_MS } from '../browser/keys.ts';
import { importDrop, lookAtIntegrity, runAllTests } from '../browser/steps/evidence.ts';
import { openFindings, sign, writeFinding } from '../browser/steps/findings.ts';
import { PARTNER, REVIEWER } from '../browser/steps/journey.ts';
import { checkPack, makePack, seeEverything, showPages } from '../browser/steps/packs.ts';
import { judgedOfAll, triage, undoAndRedo } from '../browser/steps/triage.ts';
import { addReviewer, createEngagement, lock, unlock } from '../browser/steps/unlock.ts';
import { realComplaints } from '../browser/tourSteps.ts';
import { DROP_ID, type JourneyDrop, journeyDrop } from './drop.ts';
import { type Launched, launchElectron } from './harness.ts';

const TIMEOUT_MS = 5 * STEP_MS;

describe('an engagement in the real window', { timeout: TIMEOUT_MS }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'engagement-'));
	const pack = join(folder, 'pack.pdf');
	let drop: JourneyDrop;
	let window: Launched;
	let judged = 0;
	beforeAll(async () => {
		drop = await journeyDrop();
		window = await launchElectron();
	}, TIMEOUT_MS);
	afterAll(async () => {
		await window?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test('is created and takes a drop of 2,000 orders in, verified under the key from outside it', async () => {
		expect(await createEngagement(window)).toMatch(/^\w{4}(-\w{4}){13}$/);
		await importDrop(window, drop.folder, drop.vkey);
		const facts = await lookAtIntegrity(window);
		expect(facts).toContain(DROP_ID);
		expect(facts).toContain('under a trusted checkpoint');
	});

	test('runs every test, and sixty exceptions are judged by keys', async () => {
		expect(await runAllTests(window)).toMatch(/^\d+ tests run: \d+ exceptions\.$/);
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

	test('shows the pages of a pack before it is signed', async () => {
		expect(await showPages(window)).toBeGreaterThan(0.001);
	});

	test('gives a signed pack, unchanged for its own verifier', async () => {
		expect(await makePack(window, REVIEWER, pack)).toContain('Signed and written');
		expect(await checkPack(window, pack)).toMatch(/unchanged|valid/i);
	});

	test.skipIf(!hasProgram('pdfsig'))('gives a signed pack, valid for pdfsig (skipped without poppler)', () => {
		expect(spawnSync('pdfsig', [pack], { encoding: 'utf8' }).stdout).toContain('Signature is Valid');
	});

	test('stays shut to a wrong passphrase, and has everything after the right one', async () => {
		await window.locked(() => lock(window));
		expect(await unlock(window, 'quite another passphrase')).toContain('The passphrase is wrong.');
		expect(await unlock(window, PARTNER.passphrase)).toBeNull();
		await seeEverything(window, DROP_ID);
		expect(await judgedOfAll(window)).toBe(judged);
	});

	test('nothing was complained of on the way, by any page of it', () => {
		expect(realComplaints(window.complaints)).toEqual([]);
		expect(window.log()).not.toMatch(/request refused|navigation refused|no such file/);
	});
});
