/** The first thing anybody sees: the sample engagement, imported, tested and on screen, with the walls up. */
import { expect, test } from 'vitest';
import { launchElectron, until } from './harness.ts';

test('the sample opens by itself, breaks no rule of the page’s policy, and locks to nothing', async () => {
	const { app, page, log, close } = await launchElectron({ args: ['--sample'] });
	const errors: string[] = [];
	page.on('pageerror', ({ message }) => errors.push(message));
	const violations: string[] = [];
	page.on('console', (message) => {
		if (/Content Security Policy|TrustedHTML|TrustedScript/.test(message.text())) violations.push(message.text());
	});
	await page.getByText('Where this engagement stands').waitFor({ timeout: 120_000 });
	expect(await page.title()).toContain('Tieout');
	await until('a line about the rows', async () => (await page.getByText(/103,127 rows/).count()) > 0);
	expect(errors).toEqual([]);
	expect(violations).toEqual([]);
	expect(log()).not.toMatch(/request refused|navigation refused|no such file/);
	expect(await app.evaluate(({ BrowserWindow }) => BrowserWindow.getAllWindows().length)).toBe(1);
	await close();
});
