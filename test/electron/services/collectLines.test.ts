import { mkdirSync, mkdtempSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import type { DropSource } from '#intake';
import { collectLines, collectRows, type ImportedDrop, lineSha256 } from '#intake';
import { sha256Hex } from '#kernel';
import { importDrop } from '../../../electron/services/nodeIntake.ts';
import { openDrop } from '../../../electron/services/openDrop.ts';
import { cleanDrop } from './cleanDrop.ts';
import { canonical, type DropFiles, declare, fileOf } from './dropWriter.ts';
import { zipOf } from './zipWriter.ts';

const root = mkdtempSync(join(tmpdir(), 'tieout-lines-'));
afterAll(() => rmSync(root, { recursive: true, force: true }));

/** Some lines are longer than a read, some rows are set aside, and the last line has no line feed. */
const PAYMENTS = Array.from({ length: 1000 }, (_, i) =>
	i % 97 === 5
		? `not json ${i}`
		: canonical({
				payment_id: `PAY-${i}`,
				invoice_id: 'INV-1',
				received_at: '2026-03-01T08:00:00.000Z',
				amount_minor: i,
				currency: 'EUR',
				note: 'é'.repeat(i % 50 === 0 ? 60_000 : i % 13),
			}),
);

function files(): DropFiles {
	const drop = cleanDrop(4);
	drop.set('data/payment.ndjson', fileOf(PAYMENTS).subarray(0, -1));
	declare(drop);
	return drop;
}

function asFolder(drop: DropFiles): string {
	const folder = mkdtempSync(join(root, 'folder-'));
	for (const [path, bytes] of drop) {
		mkdirSync(dirname(join(folder, path)), { recursive: true });
		writeFileSync(join(folder, path), bytes);
	}
	return folder;
}

function asZip(drop: DropFiles): string {
	const path = join(root, 'drop.zip');
	writeFileSync(path, zipOf([...drop].map(([name, bytes]) => ({ name, bytes, store: name.startsWith('data/') }))));
	return path;
}

async function open(path: string): Promise<{ readonly source: DropSource; readonly drop: ImportedDrop }> {
	const source = await openDrop(path);
	if (!source.ok) throw new Error(source.error.message);
	const drop = await importDrop(source.value);
	if (!drop.ok) throw new Error(drop.error.message);
	return { source: source.value, drop: drop.value };
}

describe.each([
	['folder', asFolder],
	['ZIP', asZip],
])('from a %s', (_, write) => {
	it('lines come back byte for byte, in order, each once', async () => {
		const { source, drop } = await open(write(files()));
		for (const wanted of [[1], [1000], [256, 257], [513, 512, 1, 1000, 1], [51, 101, 151], PAYMENTS.map((__, i) => i + 1), []]) {
			const lines = await collectLines(source, drop, 'payment', wanted);
			const expected = [...new Set(wanted)].sort((a, b) => a - b);
			expect(lines.ok && lines.value.map(({ line }) => line)).toEqual(expected);
			expect(lines.ok && lines.value.map(({ bytes }) => Buffer.from(bytes).toString())).toEqual(expected.map((line) => PAYMENTS[line - 1]));
		}
		await source.close();
	});

	it('rows come back as the lines they were read from, with the hash results cite', async () => {
		const { source, drop } = await open(write(files()));
		const rows = await collectRows(source, drop, new Map([['payment', Int32Array.of(0, 5, 6, 988)]]));
		const found = rows.ok ? rows.value.get('payment') : undefined;
		expect([...(found ?? [])].map(([row, { line }]) => [row, line])).toEqual(
			[0, 5, 6, 988].map((row) => [row, drop.population.table('payment').lineOf(row)]),
		);
		const fifth = found?.get(5);
		expect(fifth && lineSha256(fifth)).toBe(sha256Hex(Buffer.from(PAYMENTS[6] as string)));
		await source.close();
	});

	it('a line that is not there is an error, not a silence', async () => {
		const { source, drop } = await open(write(files()));
		for (const line of [0, 1001, 5000]) {
			const lines = await collectLines(source, drop, 'payment', [3, line]);
			expect(lines.ok ? 'read' : lines.error.code).toBe('not_readable');
		}
		const none = await collectLines(source, drop, 'hold', [1]);
		expect(none.ok ? 'read' : none.error.code).toBe('table_file_missing');
		await source.close();
	});
});

it('a file cut since it was imported is an error', async () => {
	const folder = asFolder(files());
	const { source, drop } = await open(folder);
	truncateSync(join(folder, 'data/payment.ndjson'), 5000);
	const lines = await collectLines(source, drop, 'payment', [900]);
	expect(lines.ok ? 'read' : lines.error.code).toBe('not_readable');
	await source.close();
});

it('reading is cancelled when asked', async () => {
	const { source, drop } = await open(asFolder(files()));
	const lines = await collectLines(source, drop, 'payment', [900], AbortSignal.abort());
	expect(lines.ok ? 'read' : lines.error.code).toBe('cancelled');
	await source.close();
});
