/** After a whole tour, the profile folder has nothing of the client in clear: every file of it is searched, byte by byte. */
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { writeSample } from '../../electron/services/writeSample.ts';
import { STEP_MS } from './keys.ts';
import { isChromiumHere, openApp } from './openApp.ts';
import { importDrop, runAllTests } from './steps/evidence.ts';
import { writeFinding } from './steps/findings.ts';
import { ENGAGEMENT, FINDING_TEXT, PARTNER, REVIEWER } from './steps/journey.ts';
import { triage } from './steps/triage.ts';
import { addReviewer, createEngagement, lock, unlock } from './steps/unlock.ts';
import { screensOf, visit } from './tourSteps.ts';

const TIMEOUT_MS = 4 * STEP_MS;

const inOrder = (a: string, b: string): number => (a < b ? -1 : 1);

function filesBelow(folder: string): string[] {
	return readdirSync(folder, { recursive: true, encoding: 'utf8' })
		.map((name) => join(folder, name))
		.filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile());
}

/** Texts that stand in a file of the folder, as UTF-8 or as UTF-16, whichever way a browser keeps strings. */
function foundBelow(folder: string, texts: readonly string[]): string[] {
	const needles = texts.flatMap((text) => [
		{ text, bytes: Buffer.from(text, 'utf8') },
		{ text, bytes: Buffer.from(text, 'utf16le') },
	]);
	const found = new Set<string>();
	for (const file of filesBelow(folder)) {
		const bytes = readFileSync(file);
		for (const { text, bytes: needle } of needles) if (bytes.includes(needle)) found.add(text);
	}
	return [...found];
}

interface Row {
	readonly [column: string]: unknown;
}

/** What the drop calls its customers and orders. */
function wordsOf(drop: string): string[] {
	const rows = (table: string): Row[] =>
		readFileSync(join(drop, 'data', `${table}.ndjson`), 'utf8')
			.split('\n')
			.filter((line) => line.startsWith('{'))
			.map((line) => JSON.parse(line) as Row);
	const column = (table: string, name: string): string[] =>
		rows(table).flatMap((row) => (typeof row[name] === 'string' ? [row[name]] : []));
	return [...new Set([...column('customer', 'name'), ...column('sales_order', 'order_id')])].filter((word) => word.length >= 8);
}

describe.skipIf(!isChromiumHere())('the profile after a tour', { timeout: TIMEOUT_MS }, () => {
	const folder = mkdtempSync(join(tmpdir(), 'tieout-canary-'));
	const drop = join(folder, 'drop');
	const profile = join(folder, 'profile');
	const typed = [
		...[PARTNER, REVIEWER].flatMap(({ name, passphrase }) => [name, passphrase]),
		...[ENGAGEMENT.name, ENGAGEMENT.client, ENGAGEMENT.organisation, 'Shipped without approval', 'Letter of the CFO'],
		...Object.values(FINDING_TEXT),
		'unapprovedcanary',
	];
	let recoveryKey = '';

	beforeAll(async () => {
		const written = await writeSample(drop, { orders: 150, seed: 7, anomalies: 'all' }, () => undefined);
		if (!written.ok) throw new Error(written.error.message);
		mkdirSync(profile);
		const app = await openApp({ profile });
		recoveryKey = await createEngagement(app);
		await importDrop(app, drop, written.value.vkey);
		await runAllTests(app);
		await triage(app, 4);
		await writeFinding(app);
		await addReviewer(app, REVIEWER);
		for (const screen of screensOf()) await visit(app.page, screen);
		await lock(app);
		expect(await unlock(app, 'quite another passphrase')).not.toBeNull();
		expect(await unlock(app, REVIEWER.passphrase)).toBeNull();
		await app.close();
	}, TIMEOUT_MS);
	afterAll(() => rmSync(folder, { recursive: true, force: true }));

	test('the search sees what there is to see: every word of the drop in the drop, in either encoding', () => {
		const words = wordsOf(drop);
		expect(words.length).toBeGreaterThan(150);
		expect(foundBelow(drop, words).toSorted(inOrder)).toEqual(words.toSorted(inOrder));
		const control = join(folder, 'control');
		mkdirSync(control);
		writeFileSync(join(control, 'utf16.bin'), Buffer.from(`\u0001${typed.join('|')}\u0002`, 'utf16le'));
		expect(foundBelow(control, typed).toSorted(inOrder)).toEqual(typed.toSorted(inOrder));
	});

	test('the profile was written to, and shows the label that is meant to be readable', () => {
		expect(filesBelow(profile).reduce((sum, file) => sum + statSync(file).size, 0)).toBeGreaterThan(500_000);
		expect(foundBelow(profile, [ENGAGEMENT.label])).toEqual([ENGAGEMENT.label]);
	});

	test('nothing of the drop is readable', () => {
		expect(foundBelow(profile, wordsOf(drop))).toEqual([]);
	});

	test('nothing that was typed is readable: no name, no finding, no passphrase, no recovery key', () => {
		expect(foundBelow(profile, [...typed, recoveryKey, recoveryKey.replaceAll('-', '')])).toEqual([]);
	});
});
