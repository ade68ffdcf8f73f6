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
import { importDrop, lookAtIntegrity, runAllTests } from './steps/evidence.ts';
import { openFindings, sign, writeFinding } from './steps/findings.ts';
import { PARTNER, REVIEWER } from './steps/journey.ts';
import { checkPack, makePack, seeEverything } from './steps/packs.ts';
import { triage, undoAndRedo } from './steps/triage.ts';
import { addReviewer, createEngagement, lock, unlock } from './steps/unlock.ts';
import { realComplaints } from './tourSteps.ts';

const TIMEOUT_MS = 4 * STEP_MS;

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
		expect(await createEngagement(app)).toMatch(/^([0-9A-HJKMNP-TV-Z]{4}-){13}[0-9A-HJKMNP-TV-Z]{4}$/);
	});

	test('takes a drop in, under the key that came from outside it', async () => {
		await importDrop(app, join(folder, 'drop'), vkey);
		const facts = await lookAtIntegrity(app);
		expect(facts).toContain('northlight-2026-150-7-all');
		expect(facts).toContain('under a trusted checkpoint');
	});

	test('runs every test', async () => {
		expect(await runAllTests(app)).toMatch(/^\d+ tests run: \d+ exceptions\.$/);
	});

	test('has ten exceptions judged, the last one taken back and done again', async () => {
		await triage(app, 10);
		await undoAndRedo(app);
	});

	test('has a finding on two pieces of evidence, prepared by its writer, who can’t review it', async () => {
		await writeFinding(app);
		expect(await sign(app, PARTNER, 'prepared')).toBeNull();
		expect(await sign(app, PARTNER, 'reviewed')).toContain('You prepared this, so you cannot review it.');
	});

	test('is reviewed by another member under their own passphrase', async () => {
		await addReviewer(app, REVIEWER);
		await lock(app);
		expect(await unlock(app, REVIEWER.passphrase)).toBeNull();
		await openFindings(app);
		expect(await sign(app, REVIEWER, 'reviewed')).toBeNull();
	});

	test('gives a signed pack, which the verifier accepts', async () => {
		expect(await makePack(app, REVIEWER, pack)).toContain('Signed and written');
		expect(readFileSync(pack).subarray(0, 5).toString()).toBe('%PDF-');
		expect(await checkPack(app, pack)).toMatch(/unchanged|valid/i);
	});

	test.skipIf(!hasProgram('pdfsig'))('is signed in the eyes of another program', () => {
		expect(spawnSync('pdfsig', [pack], { encoding: 'utf8' }).stdout).toContain('Signature is Valid');
	});

	test('stays shut to a wrong passphrase, and has everything after the right one', async () => {
		await lock(app);
		expect(await unlock(app, 'quite another passphrase')).toMatch(/passphrase/i);
		expect(await unlock(app, PARTNER.passphrase)).toBeNull();
		await seeEverything(app, 'northlight-2026-150-7-all');
	});

	test('nothing was complained of on the way', () => {
		expect(realComplaints(app.complaints)).toEqual([]);
	});
});
