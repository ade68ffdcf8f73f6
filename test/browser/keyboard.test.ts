/** A whole engagement by keys alone: created, imported, tested, judged, written, signed by two, packed, locked, opened again. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { hasProgram } from '../../build/outsideTools.ts';
import { writeSample } from '../../electron/services/writeSample.ts';
import { STEP_MS } from './keys.ts';
import { isChromiumHere, type OpenApp, openApp } from './openApp.ts';
import * as steps from './steps.ts';
import { realComplaints } from './tourSteps.ts';

const TIMEOUT_MS = 4 * STEP_MS;
const { PARTNER, REVIEWER } = steps;

describe.skipIf(!isChromiumHere())('an engagement by keys alone', { timeout: TIMEOUT_MS }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'tieout-keyboard-'));
	const pack = join(folder, 'pack.pdf');
	let app: OpenApp;
	let vkey = '';
	beforeAll(async () => {
		const drop = await writeSample(join(folder, 'drop'), { orders: 150, seed: 7, anomalies: 'all' }, () => undefined);
		if (!drop.ok) throw new Error(drop.error.message);
		vkey = drop.value.vkey;
		app = await openApp();
	}, TIMEOUT_MS);
	afterAll(async () => {
		await app.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test('is created, its recovery key shown once', async () => {
		expect(await steps.createEngagement(app)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/);
	});

	test('takes a drop in, under the key that came from outside it', async () => {
		await steps.importDrop(app, join(folder, 'drop'), vkey);
		const facts = await steps.lookAtIntegrity(app);
		expect(facts).toContain('northlight-2026-150-7-all');
		expect(facts).toContain('under a trusted checkpoint');
	});

	test('runs every test', async () => {
		expect(await steps.runAllTests(app)).toMatch(/^\d+ tests run: \d+ exceptions\.$/);
	});

	test('has ten exceptions judged, the last one taken back and done again', async () => {
		await steps.triage(app, 10);
		await steps.undoAndRedo(app);
	});

	test('has a finding on two pieces of evidence, prepared by its writer, who can’t review it', async () => {
		await steps.writeFinding(app);
		expect(await steps.sign(app, PARTNER, 'prepared')).toBeNull();
		expect(await steps.sign(app, PARTNER, 'reviewed')).toContain('You prepared this, so you cannot review it.');
	});

	test('is reviewed by another member under their own passphrase', async () => {
		await steps.addReviewer(app, REVIEWER);
		await steps.lock(app);
		expect(await steps.unlock(app, REVIEWER.passphrase)).toBeNull();
		await steps.openFindings(app);
		expect(await steps.sign(app, REVIEWER, 'reviewed')).toBeNull();
	});

	test('gives a signed pack, which the verifier accepts', async () => {
		expect(await steps.makePack(app, REVIEWER, pack)).toContain('Signed and written');
		expect(readFileSync(pack).subarray(0, 5).toString()).toBe('%PDF-');
		expect(await steps.checkPack(app, pack)).toMatch(/unchanged|valid/i);
	});

	test.skipIf(!hasProgram('pdfsig'))('is signed in the eyes of another program', () => {
		expect(spawnSync('pdfsig', [pack], { encoding: 'utf8' }).stdout).toContain('Signature is Valid');
	});

	test('stays shut to a wrong passphrase, and has everything after the right one', async () => {
		await steps.lock(app);
		expect(await steps.unlock(app, 'quite another passphrase')).toMatch(/passphrase/i);
		expect(await steps.unlock(app, PARTNER.passphrase)).toBeNull();
		await steps.seeEverything(app, 'northlight-2026-150-7-all');
	});

	test('nothing was complained of on the way', () => {
		expect(realComplaints(app.complaints)).toEqual([]);
	});
});
