/** Evidence from a real hub and work papers between two copies, by keys: compared, pinned, pulled, in conflict, offline, lied to. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { AxeBuilder } from '@axe-core/playwright';
import type { Page } from 'playwright-core';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { witnessKey } from '../shared/sync/signedNotes.ts';
import { choose, command, eventually, field, fill, goTo, push, STEP_MS, tabTo, textOf, told, typeOver } from './keys.ts';
import { isChromiumHere, type OpenApp, openApp } from './openApp.ts';
import { ENGAGEMENT, PARTNER, REVIEWER } from './steps/journey.ts';
import { addReviewer, createEngagement, lock } from './steps/unlock.ts';
import { openSyncHub, type SyncHub } from './syncHub.ts';
import { inScheme, OPENS_MS, realComplaints, settled } from './tourSteps.ts';

const RULES = ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa'];
const TRANSFER = 'eleven brass kettles under the pier';

const pill = (page: Page) => page.locator('header button').filter({ hasText: /sync|Offline|Hub|Needs|News|Synchronis/i });
const pillSays = (page: Page, words: RegExp): Promise<string> =>
	eventually(
		'the pill',
		() => textOf(pill(page)),
		(said) => words.test(said),
	);

async function barriers(page: Page): Promise<string[]> {
	await settled(page);
	const { violations } = await new AxeBuilder({ page }).withTags(RULES).analyze();
	return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html.slice(0, 160)).join(' | ')}`);
}

/** A face of the screen, by its key; the picture is for people to look at. */
async function face(page: Page, at: 1 | 2 | 3 | 4, name: string): Promise<void> {
	await page.keyboard.press(`Alt+${at}`);
	await page.getByRole('tabpanel', { name }).waitFor({ timeout: STEP_MS });
	await settled(page);
}

async function unlockBy(page: Page, label: RegExp): Promise<void> {
	await page.locator('html[data-ready=locked]').waitFor({ timeout: STEP_MS });
	await push(page, label);
	await tabTo(field(page, 'Passphrase'));
	await typeOver(page, PARTNER.passphrase);
	await page.keyboard.press('Enter');
	await page.locator('html[data-ready=open]').waitFor({ timeout: STEP_MS });
}

const ORIGINAL = new RegExp(`^${ENGAGEMENT.label} created`);
const COPY = new RegExp(`^${ENGAGEMENT.label} \\(restored`);

async function setOrganisation(page: Page, words: string): Promise<void> {
	await goTo(page, 's', 'Settings');
	await fill(page, 'Organisation', words);
	await page.keyboard.press('Enter');
	await told(page, 'Organisation changed');
}

/** Gives the reviewer another role, by the list's keys. */
async function makePartner(page: Page): Promise<void> {
	const role = page
		.getByRole('combobox', { name: `Role of ${REVIEWER.name}` })
		.or(page.getByRole('textbox', { name: `Role of ${REVIEWER.name}` }));
	await choose(role, 'Partner');
	await told(page, `${REVIEWER.name} is Partner now`);
}

describe.skipIf(!isChromiumHere())('the synchronisation, by keys', { timeout: OPENS_MS }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'tieout-sync-'));
	const pictures = process.env['TIEOUT_PICTURES'];
	let hub: SyncHub;
	let app: OpenApp;
	let page: Page;
	const picture = async (name: string): Promise<void> => {
		if (pictures) await page.screenshot({ path: join(pictures, `${name}.png`) });
	};
	beforeAll(async () => {
		[hub, app] = await Promise.all([openSyncHub(40), openApp()]);
		page = app.page;
		await createEngagement(app);
	}, OPENS_MS);
	afterAll(async () => {
		await app?.close();
		await hub?.close();
		rmSync(folder, { recursive: true, force: true });
	});

	test('is no matter of worry before a hub is connected', async () => {
		await goTo(page, 'y', 'Sync');
		expect(await textOf(pill(page))).toContain('Offline');
		for (const column of ['To send', 'Received', 'Needs you'])
			await page.getByRole('region', { name: new RegExp(`^${column}`) }).waitFor({ timeout: STEP_MS });
		expect(await barriers(page)).toEqual([]);
		await picture('sync-1-unconnected');
	});

	test('a hub says who it is, and nothing is pinned on a fingerprint that differs from paper', async () => {
		await face(page, 4, 'Connection & trust');
		await fill(page, 'Address', hub.url);
		await fill(page, 'Access token', hub.token);
		await page.keyboard.press('Enter');
		await page.getByRole('region', { name: 'What the hub claims' }).waitFor({ timeout: STEP_MS });
		const connect = page.getByRole('button', { name: 'Pin and connect' });
		const groups = hub.fingerprint.split(' ');
		expect(await textOf(page.getByRole('list', { name: 'Fingerprint, 16 groups' }))).not.toContain(groups[0]);
		await fill(page, 'First group', groups[0] === '0000' ? '1111' : '0000');
		await page.getByText('That is not what this hub claims').waitFor({ timeout: STEP_MS });
		expect(await connect.isDisabled()).toBe(true);
		expect(await barriers(page)).toEqual([]);
		await picture('sync-2-differs');
		await fill(page, 'First group', groups[0] ?? '');
		await fill(page, 'Last group', groups.at(-1) ?? '');
		await picture('sync-3-claim');
		await page.keyboard.press('Enter');
		await told(page, 'Connected to Zephyrine Trading');
		await page
			.getByRole('region', { name: 'Trust policy' })
			.getByText('zephyrine.example/o2c', { exact: true })
			.waitFor({ timeout: STEP_MS });
	});

	test('brings a publication in whole, and the orders are there', async () => {
		await face(page, 1, 'Exchange');
		await push(page, 'Sync now');
		await told(page, /^Publication 1 verified and stored/);
		await told(page, /sent|the same here and at the hub/);
		await page
			.getByRole('region', { name: 'Received' })
			.getByRole('cell', { name: '1', exact: true })
			.first()
			.waitFor({ timeout: STEP_MS });
		await page.getByText('Nothing waits to be sent.').waitFor({ timeout: STEP_MS });
		expect(await pillSays(page, /^\S+ Last sync \d/)).not.toContain('to send');
		expect(await barriers(page)).toEqual([]);
		await picture('sync-4-received');
		await goTo(page, 'o', 'Orders');
		await page
			.getByRole('status')
			.filter({ hasText: /40 of 40|40 orders/ })
			.first()
			.waitFor({ timeout: STEP_MS });
	});

	test('brings only what is new, and shows an event’s way and what was not taken', async () => {
		const { orderId, trace } = await hub.sendMore();
		await lock(app);
		await unlockBy(page, ORIGINAL);
		await pillSays(page, /News at the hub/);
		await command(page, 'Sync now');
		await told(page, /^Publication 2 verified and stored/);
		await goTo(page, 'y', 'Sync');
		await face(page, 2, 'Feeds');
		await page
			.getByRole('region', { name: /^Dead letters 1/ })
			.getByText('12,500.00')
			.waitFor({ timeout: STEP_MS });
		expect(await barriers(page)).toEqual([]);
		await picture('sync-5-feeds');
		await face(page, 3, 'Trace of an event');
		await fill(page, 'Trace id', trace);
		await page.keyboard.press('Enter');
		await page.getByText('Slowest:').waitFor({ timeout: STEP_MS });
		await page.getByRole('button', { name: `Open order ${orderId}` }).waitFor({ timeout: STEP_MS });
		expect(await barriers(page)).toEqual([]);
		await picture('sync-6-trace');
	});

	test('shows what two copies changed against each other, keeps what is written in their place over a lock, and lets a person choose', async () => {
		const backup = join(folder, 'copy.tieout');
		await addReviewer(app, REVIEWER);
		await command(page, 'Sync now');
		await told(page, /^1 act sent/);
		await app.answerDialog('save', backup);
		await push(page, 'Write a backup');
		await told(page, /^Backup written and read back/);
		await lock(app);
		await push(page, 'Restore a backup');
		await app.answerDialog('open', backup);
		await push(page, 'Choose a backup file');
		await page.getByText(`Restored as “${ENGAGEMENT.label} (restored`).waitFor({ timeout: STEP_MS });
		await push(page, 'Close');
		await unlockBy(page, COPY);
		await setOrganisation(page, 'Quillfeather of the copy');
		await push(page, 'Remove');
		await fill(page, 'Reason', 'Left for another audit.');
		await page.keyboard.press('Enter');
		await told(page, `${REVIEWER.name} can no longer unlock`);
		await command(page, 'Sync now');
		await told(page, /^2 acts sent/);
		await lock(app);
		await unlockBy(page, ORIGINAL);
		await setOrganisation(page, 'Quillfeather of the original');
		await makePartner(page);
		// The backup that the copy came from stands on record as well.
		expect(await pillSays(page, /to send/)).toContain('3 to send');
		await command(page, 'Sync now');
		await told(page, /2 need you: see Sync/);
		expect(await pillSays(page, /Needs you/)).toContain('Needs you · 2');
		await goTo(page, 'y', 'Sync');
		const conflict = page.getByRole('article', { name: /^Conflict over the engagement’s organisation/ });
		await conflict.getByText('Quillfeather of the copy').waitFor({ timeout: STEP_MS });
		await conflict.getByText('Quillfeather of the original').waitFor({ timeout: STEP_MS });
		expect(await barriers(page)).toEqual([]);
		await picture('sync-7-conflict');
		await push(page, 'Write new…');
		await typeOver(page, 'Quillfeather of both');
		await lock(app);
		await unlockBy(page, ORIGINAL);
		await goTo(page, 'y', 'Sync');
		await conflict.getByText(/^Draft of .* restored$/).waitFor({ timeout: STEP_MS });
		expect(await field(page, 'What stands from now on').inputValue()).toBe('Quillfeather of both');
		expect(await barriers(page)).toEqual([]);
		await picture('sync-7-conflict-draft');
		await push(page, 'Back');
		await push(page, 'Write new…');
		expect(await field(page, 'What stands from now on').inputValue()).toBe('Quillfeather of both');
		await push(page, 'Discard');
		await push(page, 'Keep B');
		await told(page, /settled/);
		await conflict.waitFor({ state: 'detached', timeout: STEP_MS });
		await goTo(page, 's', 'Settings');
		await eventually(
			'the field',
			() => field(page, 'Organisation').inputValue(),
			(value) => value === 'Quillfeather of the original',
		);
	});

	test('keeps an act that was refused in sight until it is done again or dismissed', async () => {
		await goTo(page, 'y', 'Sync');
		const refused = page.getByRole('article', { name: new RegExp(`^Refused: ${REVIEWER.name} made Partner`) });
		await refused.getByText('This member is not in the engagement any more.').waitFor({ timeout: STEP_MS });
		await push(page, 'Do it again');
		await told(page, /It is refused still/);
		await push(page, 'Dismiss…');
		await fill(page, 'Reason', 'She left before that.');
		await page.keyboard.press('Enter');
		await refused.waitFor({ state: 'detached', timeout: STEP_MS });
		await pillSays(page, /Last sync/);
	});

	test('hands work papers over by a file, under a passphrase of its own', async () => {
		const file = join(folder, 'exchange.tieoutx');
		await command(page, 'Export exchange file');
		await fill(page, 'Transfer passphrase', TRANSFER);
		await fill(page, 'Transfer passphrase again', TRANSFER);
		await app.answerDialog('save', file);
		await page.keyboard.press('Enter');
		await told(page, /^exchange\.tieoutx written and read back/);
		await lock(app);
		await unlockBy(page, COPY);
		await command(page, 'Import exchange file');
		await app.answerDialog('open', file);
		await push(page, 'Choose an exchange file');
		await fill(page, 'Transfer passphrase', 'not that one at all');
		await page.keyboard.press('Enter');
		await page.getByText('The passphrase is not that of this file').waitFor({ timeout: STEP_MS });
		expect(await barriers(page)).toEqual([]);
		await picture('sync-8-file');
		await fill(page, 'Transfer passphrase', TRANSFER);
		await page.keyboard.press('Enter');
		await told(page, /new acts? taken in/);
		await lock(app);
		await unlockBy(page, ORIGINAL);
	});

	test('is quiet about a hub that is out of reach', async () => {
		hub.relay.isDown = true;
		await command(page, 'Sync now');
		await told(page, /Work goes on; nothing is lost/);
		await pillSays(page, /Offline · last sync \d/);
		await goTo(page, 'y', 'Sync');
		expect(await page.locator('main [role=alert]').count()).toBe(0);
		await picture('sync-9-offline');
		hub.relay.isDown = false;
	});

	test('does not believe a hub that goes back to an older publication, and says what to do', async () => {
		const earlier = await fetch(`${hub.url}/v1/publication/1`, { headers: { authorization: `Bearer ${hub.token}` } });
		const body = await earlier.text();
		hub.relay.lie = (path) => (path === '/v1/publication' ? body : null);
		await command(page, 'Sync now');
		const stop = page.getByRole('article', { name: 'The log was rolled back' });
		await stop.waitFor({ timeout: STEP_MS });
		await pillSays(page, /Hub not believed/);
		await push(page, 'Copy technical details');
		await stop.getByRole('button', { name: 'Copied' }).waitFor({ timeout: STEP_MS });
		for (const scheme of ['light', 'dark'] as const) {
			await inScheme(page, scheme);
			expect(await barriers(page)).toEqual([]);
			await picture(`sync-10-stop-${scheme}`);
		}
		await face(page, 4, 'Connection & trust');
		await picture('sync-11-trust-dark');
		const tenant = await fetch(`${hub.url}/v1/tenant`, { headers: { authorization: `Bearer ${hub.token}` } });
		const claimed = (await tenant.json()) as object;
		const other = JSON.stringify({ ...claimed, witnesses: [witnessKey('witness.example/1').vkey] });
		hub.relay.lie = (path) => (path === '/v1/tenant' ? other : null);
		await push(page, 'New token or address…');
		await fill(page, 'Access token', hub.token);
		await page.keyboard.press('Enter');
		await page.getByRole('alert').getByText('These are other keys or witnesses').waitFor({ timeout: STEP_MS });
		expect(await page.getByRole('button', { name: 'Pin the new policy and connect' }).isDisabled()).toBe(true);
		expect(await barriers(page)).toEqual([]);
		await picture('sync-12-other-policy');
		await goTo(page, 'o', 'Orders');
		await page
			.getByRole('status')
			.filter({ hasText: /40 of 40|40 orders/ })
			.first()
			.waitFor({ timeout: STEP_MS });
	});

	test('nothing was complained of on the way', () => {
		expect(realComplaints(app.complaints)).toEqual([]);
	});
});
