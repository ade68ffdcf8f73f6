/**
 * Completeness of the list: a million rows, and the last one is reached at every display scale, by the keys and by the scroll bar. Element
 * heights are capped by the browser, the more the higher the scale; a list that trusts them loses rows without a word.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import react from '@vitejs/plugin-react';
import { type Browser, chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CHROMIUM, isChromiumHere } from '../../browser/openApp.ts';

const ROOT = new URL('../../..', import.meta.url).pathname;
const MIME: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

let folder = '';
let server: Server;

describe.skipIf(!isChromiumHere())('a million orders', { timeout: 400_000 }, () => {
	beforeAll(async () => {
		folder = mkdtempSync(join(tmpdir(), 'tieout-million-'));
		await build({
			configFile: false,
			envDir: false,
			logLevel: 'warn',
			root: join(ROOT, 'test/renderer/screens/ordersMillion'),
			plugins: [react()],
			build: { outDir: folder, emptyOutDir: true, target: 'chrome114', minify: false, chunkSizeWarningLimit: 8192 },
		});
		server = createServer(({ url }, response) => {
			const path = join(folder, url === '/' ? '/index.html' : (url ?? ''));
			if (!existsSync(path)) {
				response.writeHead(404).end();
				return;
			}
			response.setHeader('content-type', MIME[extname(path)] ?? 'application/octet-stream');
			response.end(readFileSync(path));
		});
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
	});

	afterAll(() => {
		server.close();
		rmSync(folder, { recursive: true, force: true });
	});

	async function opened(scale: number): Promise<{ browser: Browser; page: Page }> {
		const browser = await chromium.launch({
			executablePath: CHROMIUM,
			args: ['--no-sandbox', '--disable-gpu', `--force-device-scale-factor=${scale}`],
		});
		const page = await browser.newPage({ viewport: null });
		await page.goto(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`);
		await page.waitForSelector('.ag-row[row-index="0"] .ag-cell', { timeout: 120_000 });
		return { browser, page };
	}

	/** The order in the last row that lies wholly in the grid's view. */
	const lastInView = (page: Page): Promise<{ index: number; text: string }> =>
		page.evaluate(() => {
			const box = document.querySelector('[role=grid]')?.getBoundingClientRect();
			let last = { index: -1, text: '' };
			for (const row of document.querySelectorAll('.ag-row')) {
				const { top, bottom } = row.getBoundingClientRect();
				const index = Number(row.getAttribute('row-index'));
				const text = row.querySelector('[col-id=order_id]')?.textContent ?? '';
				if (box && top >= box.top && bottom <= box.bottom + 2 && index > last.index && text !== '') last = { index, text };
			}
			return last;
		});

	it.each([1, 1.25, 1.5, 2])('the last row is reached at display scale %d', async (scale) => {
		const { browser, page } = await opened(scale);
		try {
			expect(await page.evaluate(() => devicePixelRatio)).toBe(scale);
			expect(await page.getAttribute('[role=grid]', 'aria-rowcount')).toBe('1000001');
			await page.click('.ag-row[row-index="0"] .ag-cell[col-id="customer"]');
			await page.keyboard.press('Control+End');
			await expect.poll(() => lastInView(page), { timeout: 120_000 }).toEqual({ index: 999_999, text: 'SO-1000000' });
			await page.keyboard.press('Control+Home');
			await page.waitForSelector('.ag-row[row-index="0"] .ag-cell');
			// And as a person does it who drags the bar to its end.
			await page.evaluate(() => {
				for (const one of document.querySelectorAll('*')) if (one.scrollHeight > one.clientHeight + 1000) one.scrollTop = one.scrollHeight;
			});
			await expect.poll(() => lastInView(page), { timeout: 120_000 }).toEqual({ index: 999_999, text: 'SO-1000000' });
		} finally {
			await browser.close();
		}
	});

	it('sorts all of them by a click, and the last row is then another', async () => {
		const { browser, page } = await opened(1);
		try {
			await page.click('.ag-header-cell[col-id="order_id"]');
			await page.click('.ag-header-cell[col-id="order_id"]');
			await expect.poll(() => page.textContent('.ag-row[row-index="0"] [col-id=order_id]'), { timeout: 120_000 }).toBe('SO-1000000');
			await page.click('.ag-row[row-index="0"] .ag-cell[col-id="customer"]');
			await page.keyboard.press('Control+End');
			await expect.poll(() => lastInView(page), { timeout: 120_000 }).toEqual({ index: 999_999, text: 'SO-0000001' });
		} finally {
			await browser.close();
		}
	});
});
