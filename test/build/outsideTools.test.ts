import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { bringOutsideTools, hasProgram } from '../../build/outsideTools.ts';

let folder = '';

function place(name: string, mode: number, text = '#!/bin/sh\nexit 1\n'): void {
	writeFileSync(join(folder, name), text);
	chmodSync(join(folder, name), mode);
}

beforeEach(() => {
	folder = mkdtempSync(join(tmpdir(), 'tieout-tools-'));
	vi.stubEnv('PATH', ['', join(folder, 'nowhere'), folder].join(delimiter));
});

afterEach(() => {
	vi.unstubAllEnvs();
	rmSync(folder, { recursive: true, force: true });
});

describe("strangers' tools", () => {
	it('a program on the search path is there, another is not', () => {
		place('qpdf', 0o755);
		expect([hasProgram('qpdf'), hasProgram('pdfsig')]).toEqual([true, false]);
	});

	it('what cannot be installed is named, and nothing fails', () => {
		place('qpdf', 0o755);
		// An apt-get that always fails stands for a machine without a network.
		place('apt-get', 0o755);
		const said: string[] = [];
		expect(bringOutsideTools((line) => said.push(line))).toEqual([
			'pdfsig',
			'pdftotext',
			'pdfdetach',
			'openssl',
			'certutil',
			'chromium',
			'xvfb-run',
			'xauth',
			'xdotool',
		]);
		expect(said.every((line) => line.includes('poppler-utils, openssl, libnss3-tools, chromium, xvfb'))).toBe(true);
	});

	it('where all are there nothing is installed', () => {
		for (const name of ['pdfsig', 'pdftotext', 'pdfdetach', 'qpdf', 'openssl', 'certutil', 'chromium', 'xvfb-run', 'xauth', 'xdotool'])
			place(name, 0o755);
		const said: string[] = [];
		expect(bringOutsideTools((line) => said.push(line))).toEqual([]);
		expect(said).toEqual([]);
	});
});
