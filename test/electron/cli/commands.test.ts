/** What may stand on the command line, by whichever way the program was started. */
import { execFile } from 'node:child_process';
import { mkdtemp, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, describe, expect, it } from 'vitest';
import { runTieout } from './runTieout.ts';

const folder = await mkdtemp(join(tmpdir(), 'tieout-commands-'));
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('tieout', () => {
	it('starts the hub, which has its own help and its own status', async () => {
		const help = await runTieout(['hub', '--help']);
		expect([help.status, help.err]).toEqual([0, '']);
		expect(help.out).toContain('--database URL');
		expect((await runTieout(['hub', '--nonsense'])).status).toBe(2);
	});

	it('names every command in its help', async () => {
		const { status, out } = await runTieout(['--help']);
		expect(status).toBe(0);
		for (const name of ['sample DIR', 'verify DROP', 'audit DROP', 'pack DROP', 'check PACK.pdf', 'hub …']) expect(out).toContain(name);
	});

	it('takes an option with a value once, since the last one would silently win', async () => {
		const { status, out, err } = await runTieout(['audit', folder, '--tests', 'T01', '--tests=T02']);
		expect([status, out]).toEqual([2, '']);
		expect(err).toBe('tieout: --tests stands twice; it is taken once. See `tieout audit --help`.\n');
		expect((await runTieout(['verify', folder, '--json', '--json'])).err).toContain('manifest.json');
	});

	it('is a program by itself once it is linked into a folder of programs', async () => {
		const linked = join(folder, 'tieout');
		await symlink(fileURLToPath(new URL('../../../build/launch.mjs', import.meta.url)), linked);
		const { stdout } = await promisify(execFile)(linked, ['audit', '--help']);
		expect(stdout).toContain('tieout audit DROP');
	});
});
