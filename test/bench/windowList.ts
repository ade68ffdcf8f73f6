/**
 * The order screen over a million orders, in Debian's Chromium: from a filter to the frame that shows its rows and its facet counts. Screen,
 * grid, list API and worker are the product's; made-up columns stand in for an engagement's. The bench `orders` compares the same filters
 * with row objects; here the goal is what a person waits.
 */
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { extname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import react from '@vitejs/plugin-react';
import { chromium, type Page } from 'playwright-core';
import { build } from 'vite';
import { CHROMIUM, isChromiumHere } from '../browser/openApp.ts';
import { syntheticOrders } from '../shared/explore/syntheticOrders.ts';
import { inCount, inMs, type Measure, type Print, sizeFrom } from './measure.ts';
import { type Asked, askedOf, type Painted } from './windowListAsk.ts';
import { clockGoal } from './windowMachine.ts';
import { type Frames, installProbe, whileProbed } from './windowProbe.ts';

const ORDERS = 1_000_000;
const GOAL_MS = 300;
const GOAL_GAP_MS = 100;
const LIMIT_MS = 120_000;
const MIME: Readonly<Record<string, string>> = { '.html': 'text/html', '.js': 'text/javascript', '.css': 'text/css' };

const HERE = fileURLToPath(new URL('windowList/', import.meta.url));

interface Ran {
	readonly painted: readonly Painted[];
	/** Facets asked of the worker alone, milliseconds. */
	readonly answered: readonly number[];
	readonly frames: Frames;
}

export async function benchWindowList(print: Print): Promise<readonly Measure[]> {
	if (!isChromiumHere()) {
		print('  SKIPPED: there is no /usr/bin/chromium here');
		return [];
	}
	const rows = sizeFrom('TIEOUT_BENCH_ORDERS', ORDERS);
	const asked = askedOf(syntheticOrders(rows));
	print(`  ${inCount(rows)} synthetic orders, ${asked.length} filters`);
	const folder = mkdtempSync(join(tmpdir(), 'tieout-bench-list-'));
	try {
		await buildPage(folder, rows);
		const server = await serve(folder);
		try {
			return measuresOf(await runList(`http://127.0.0.1:${(server.address() as AddressInfo).port}/`, asked));
		} finally {
			server.close();
		}
	} finally {
		rmSync(folder, { recursive: true, force: true });
	}
}

/** The page with the bench's worker and ground in the places of the product's. */
async function buildPage(outDir: string, rows: number): Promise<void> {
	await build({
		configFile: false,
		envDir: false,
		logLevel: 'error',
		root: HERE,
		plugins: [react()],
		define: { __BENCH_ROWS__: JSON.stringify(rows) },
		worker: { format: 'es' },
		resolve: {
			alias: [
				{ find: /^\.\.\/vault\/vaultWorker\.ts\?worker&url$/, replacement: join(HERE, 'listWorker.ts?worker&url') },
				{ find: /^\.\/ordersGround\.ts$/, replacement: join(HERE, 'ground.ts') },
			],
		},
		css: { modules: { generateScopedName: '[name]_[local]_[hash:base64:5]' } },
		build: { outDir, emptyOutDir: true, target: 'chrome114', minify: true, assetsInlineLimit: 0, chunkSizeWarningLimit: 8192 },
	});
}

function serve(folder: string): Promise<Server> {
	const server = createServer(({ url }, response) => {
		const path = join(folder, url === '/' ? '/index.html' : (url ?? ''));
		if (!existsSync(path)) {
			response.writeHead(404).end();
			return;
		}
		response.setHeader('content-type', MIME[extname(path)] ?? 'application/octet-stream');
		response.end(readFileSync(path));
	});
	return new Promise((resolve) => server.listen(0, '127.0.0.1', () => resolve(server)));
}

async function runList(url: string, asked: readonly Asked[]): Promise<Ran> {
	const browser = await chromium.launch({ executablePath: CHROMIUM, args: ['--no-sandbox', '--disable-gpu'] });
	try {
		const context = await browser.newContext({ viewport: { width: 1440, height: 900 }, locale: 'en-GB', reducedMotion: 'reduce' });
		const page = await context.newPage();
		await page.goto(url);
		await page.waitForSelector('.ag-row[row-index="0"] .ag-cell[col-id=order_id]', { timeout: LIMIT_MS });
		await installProbe(page);
		const { value: painted, ...frames } = await whileProbed(page, () => filterAll(page, asked));
		const answered: number[] = [];
		for (const { filter } of asked)
			answered.push(await page.evaluate((next) => (window as unknown as BenchPage).bench.askFacets(next), filter));
		return { painted, answered, frames };
	} finally {
		await browser.close();
	}
}

interface BenchPage {
	readonly bench: {
		filter(filter: Asked['filter'], expected: Asked['expected']): Promise<Painted>;
		askFacets(filter: Asked['filter']): Promise<number>;
	};
}

async function filterAll(page: Page, asked: readonly Asked[]): Promise<readonly Painted[]> {
	const painted: Painted[] = [];
	for (const one of asked)
		painted.push(await page.evaluate(({ filter, expected }) => (window as unknown as BenchPage).bench.filter(filter, expected), one));
	return painted;
}

const atShare = (values: readonly number[], share: number): number =>
	values.toSorted((a, b) => a - b)[Math.ceil(values.length * share) - 1] ?? Number.NaN;

function measuresOf({ painted, answered, frames }: Ran): Measure[] {
	const line = (what: string, values: readonly number[]): Measure => ({
		what: `order list: ${what}, ${values.length} filters, p50 ${inMs(atShare(values, 0.5))}, p95`,
		measured: inMs(atShare(values, 0.95)),
		ratio: null,
		...clockGoal(frames.others, `≤ ${GOAL_MS} ms`, atShare(values, 0.95) <= GOAL_MS),
	});
	const [gap = Number.NaN] = frames.gaps;
	return [
		line(
			'filter to painted rows',
			painted.map(({ rows }) => rows),
		),
		line(
			'filter to painted facet counts',
			painted.map(({ facets }) => facets),
		),
		line('  facet counts alone, asked of the worker', answered),
		{
			what: '  longest gap between frames meanwhile',
			measured: inMs(gap),
			ratio: null,
			...clockGoal(frames.others, `≤ ${GOAL_GAP_MS} ms`, gap <= GOAL_GAP_MS),
		},
	];
}
