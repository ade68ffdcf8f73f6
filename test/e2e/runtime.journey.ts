/** The window as it is shipped, on a runtime that gets no security fixes: a real engagement is neither opened nor made there. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ENGAGEMENT } from '../browser/steps/journey.ts';
import { createEngagement, lock } from '../browser/steps/unlock.ts';
import { launchElectron, newProfile, startPlain, until } from './harness.ts';

const LOOK_INSIDE = join(import.meta.dirname, 'lookInside.cjs');

interface Locked {
	readonly words: string;
	readonly buttons: readonly { readonly words: string; readonly disabled: boolean; readonly title: string }[];
}

/** What the locked window of the shipped build shows over a profile. */
async function shippedWindow(profile: string): Promise<Locked> {
	const run = startPlain({ build: 'app', profile, before: LOOK_INSIDE });
	try {
		return await until(
			'the locked window',
			() => {
				const line = run
					.output()
					.split('\n')
					.findLast((one) => one.startsWith('looked-inside '));
				const seen = line === undefined ? null : (JSON.parse(line.slice('looked-inside '.length)) as Locked);
				return seen?.words.includes(ENGAGEMENT.label) ? seen : null;
			},
			120_000,
		);
	} finally {
		await run.end();
	}
}

test('an engagement made elsewhere is listed, but nothing real is opened, made or restored, and the window says why', async () => {
	const profile = newProfile();
	const made = await launchElectron({ profile });
	const version = await made.app.evaluate(() => process.versions.electron);
	await createEngagement(made);
	await made.locked(() => lock(made));
	await made.close();
	const { words, buttons } = await shippedWindow(profile);
	const button = (label: string) => buttons.find((one) => one.words.startsWith(label));
	const isOld = Number.parseInt(version, 10) < 45;
	for (const label of [ENGAGEMENT.label, 'New engagement', 'Restore a backup']) expect(button(label)?.disabled, label).toBe(isOld);
	expect(button('Open sample')?.disabled).toBe(false);
	if (isOld) {
		expect(words).toContain(`Test runtime ${version}: an old Electron without security fixes. Only the sample engagement opens here.`);
		expect(words).toContain('Only the sample opens on this runtime.');
		expect(button(ENGAGEMENT.label)?.title).toBe('Only the sample opens on this runtime.');
	} else expect(words).not.toContain('Only the sample');
	rmSync(profile, { recursive: true, force: true });
});
