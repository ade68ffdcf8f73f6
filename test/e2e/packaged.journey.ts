/** The program as it is installed: its fuses, what attacks on it come to, what keys open and what it opens to others. */
import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { readFuses } from '../../build/packageFuses.ts';
import { isAboveFloor } from '../../build/packageGate.ts';
import { SUPPORTED_ELECTRON_MAJOR } from '../../electron/main/policy.ts';
import { launchElectron, newProfile, type PlainRun, until } from './harness.ts';
import { makePackage, type Package, plainElectron, runPackager, startProgram } from './packagedProgram.ts';
import { processTree, processType, statusField } from './processes.ts';
import { listeningSockets } from './sockets.ts';

const ROOT = new URL('../..', import.meta.url).pathname;
const PAINTED = 'tieout-window {';
const REFUSED = 78;

let made: Package;
/** A network of its own, in which there is nothing. */
const WITHOUT_NETWORK = ['unshare', '--map-current-user', '--net', '--'];
const isUnshareHere = spawnSync('unshare', [...WITHOUT_NETWORK.slice(1), 'true']).status === 0;

/** Where attacks lay their files and leave their marks. */
const attacks = mkdtempSync(join(tmpdir(), 'attacks-'));
beforeAll(() => {
	made = makePackage();
});
afterAll(() => {
	made.remove();
	rmSync(attacks, { recursive: true, force: true });
});

const treeOf = (run: PlainRun): number[] => processTree(run.child.pid ?? 0);
const renderersOf = (tree: readonly number[]): number[] => tree.filter((pid) => processType(pid) === 'renderer');

async function endAndRemove(run: PlainRun): Promise<void> {
	await run.end();
	rmSync(run.profile, { recursive: true, force: true });
}

/** A script that leaves a mark, and what reads whether it did. */
function markingScript(name: string): { readonly path: string; wasRun(): boolean } {
	const mark = join(attacks, `${name}.ran`);
	const path = join(attacks, `${name}.cjs`);
	writeFileSync(path, `require('node:fs').writeFileSync(${JSON.stringify(mark)}, 'ran');\n`);
	return {
		path,
		wasRun: () => {
			const ran = existsSync(mark);
			rmSync(mark, { force: true });
			return ran;
		},
	};
}

describe('packaging', () => {
	it('sets every fuse that the executable has, and closes every way that the fuses know of [19]', async () => {
		const fuses = await readFuses(made.program);
		expect(fuses).toMatchObject({
			RunAsNode: false,
			EnableCookieEncryption: true,
			EnableNodeOptionsEnvironmentVariable: false,
			EnableNodeCliInspectArguments: false,
			EnableEmbeddedAsarIntegrityValidation: true,
			OnlyLoadAppFromAsar: true,
			LoadBrowserProcessSpecificV8Snapshot: false,
		});
		// Added by later versions of Electron: an old one doesn't have them.
		expect(fuses.GrantFileProtocolExtraPrivileges ?? false).toBe(false);
		expect(fuses.WasmTrapHandlers ?? true).toBe(true);
		expect(Object.keys(fuses)).toEqual(Object.keys(await readFuses(plainElectron())));
	});

	it('refuses an Electron below the floor, and makes nothing of it [16]', ({ skip }) => {
		const version = /v([\d.]+)/.exec(spawnSync(plainElectron(), ['--version'], { encoding: 'utf8' }).stdout)?.[1] ?? '';
		if (isAboveFloor(version, SUPPORTED_ELECTRON_MAJOR)) skip(`the Electron at hand, ${version}, is not below the floor`);
		const out = join(attacks, 'refused');
		const { status, output } = runPackager('--app', join(attacks, 'nowhere'), '--electron', dirname(plainElectron()), '--out', out);
		expect(output).toContain(`Electron ${version} is below the floor`);
		expect(status).toBe(1);
		expect(existsSync(out)).toBe(false);
	});
});

describe('attacks on the installed program [19]', () => {
	it('ELECTRON_RUN_AS_NODE makes a Node of the runtime as it comes, and not of the program', () => {
		const env = { ...process.env, ELECTRON_RUN_AS_NODE: '1' };
		const asNode = (program: string) => {
			const script = markingScript('run-as-node');
			spawnSync(program, [script.path, '--no-sandbox'], { env, timeout: 20_000, killSignal: 'SIGKILL' });
			return script.wasRun();
		};
		expect(asNode(plainElectron())).toBe(true);
		expect(asNode(made.program)).toBe(false);
	});

	it('NODE_OPTIONS loads code into the runtime as it comes, and not into the program', async () => {
		const script = markingScript('node-options');
		const env = { NODE_OPTIONS: `--require=${script.path}` };
		const control = startProgram(plainElectron(), { env });
		await control.ended;
		expect(script.wasRun()).toBe(true);
		rmSync(control.profile, { recursive: true, force: true });
		const run = startProgram(made.program, { env });
		await until('the window', () => run.output().includes(PAINTED));
		expect(script.wasRun()).toBe(false);
		await endAndRemove(run);
	});

	it('--inspect opens a debugger in the runtime as it comes; the program opens none, and does not start', async () => {
		const control = startProgram(plainElectron(), { args: ['--inspect=0'] });
		await control.ended;
		expect(control.output()).toContain('Debugger listening');
		rmSync(control.profile, { recursive: true, force: true });
		for (const option of ['--inspect=0', '--inspect-brk=0', '--remote-debugging-port=0', '--no-sandbox']) {
			const run = startProgram(made.program, { args: [option] });
			expect(await run.ended, option).toBe(REFUSED);
			expect(run.output(), option).not.toMatch(/Debugger listening|DevTools listening|tieout-window/);
			rmSync(run.profile, { recursive: true, force: true });
		}
	});

	it('the signal for a debugger opens one in the runtime as it comes, and none in the program', async () => {
		const control = startProgram(plainElectron(), { args: [join(ROOT, 'out', 'walls')] });
		await until('the window', () => control.output().includes(PAINTED));
		control.child.kill('SIGUSR1');
		await until('the debugger', () => control.output().includes('Debugger listening'));
		await endAndRemove(control);
		const run = startProgram(made.program, {});
		await until('the window', () => run.output().includes(PAINTED));
		run.child.kill('SIGUSR1');
		// Nobody listens for the signal, so that it ends the program.
		await run.ended;
		expect(run.output()).not.toContain('Debugger listening');
		await endAndRemove(run);
	});

	it('a folder beside the archive, and a program named on the command line, are not started in its stead', async () => {
		const script = markingScript('shadow');
		const shadow = join(made.folder, 'resources', 'app');
		for (const folder of [shadow, join(attacks, 'program')]) {
			mkdirSync(folder, { recursive: true });
			writeFileSync(join(folder, 'package.json'), '{ "name": "shadow", "main": "main.js" }');
			writeFileSync(join(folder, 'main.js'), readFileSync(script.path));
		}
		const run = startProgram(made.program, { args: [join(attacks, 'program')] });
		await until('the window', () => run.output().includes(PAINTED));
		expect(script.wasRun()).toBe(false);
		await endAndRemove(run);
		rmSync(shadow, { recursive: true, force: true });
	});

	it('an archive that was edited in place is noticed, named, and not started', async () => {
		const whole = readFileSync(made.archive);
		const edited = Buffer.from(whole);
		edited.write('TIEOUT-', whole.indexOf('tieout-window '));
		writeFileSync(made.archive, edited);
		const run = startProgram(made.program, {});
		await until('the refusal', () => run.output().includes('was altered and does not start: main.cjs'));
		expect(renderersOf(treeOf(run))).toEqual([]);
		expect(run.output()).not.toContain(PAINTED);
		await endAndRemove(run);
		writeFileSync(made.archive, whole);
	});
});

describe('the installed program, with the sample in it and no network around it', () => {
	let run: PlainRun;
	const shown = (screen: string): boolean => run.output().includes(`"screen":"${screen}"`);
	beforeAll(async () => {
		run = startProgram(made.program, { args: ['--sample'], within: isUnshareHere ? WITHOUT_NETWORK : [] });
		await until('the sample', () => shown('home') && /"orders":\d+/.test(run.output()), 120_000).catch((error: unknown) => {
			throw new Error(`${String(error)}; the program said:\n${run.output().slice(-2000)}`);
		});
	});
	afterAll(() => endAndRemove(run));

	it('works without any network at all', ({ skip }) => {
		if (!isUnshareHere) skip('this user may not make a network of his own');
		expect(readFileSync(`/proc/${run.child.pid}/net/route`, 'utf8').trim().split('\n').length).toBe(1);
		expect(readFileSync('/proc/self/net/dev', 'utf8')).not.toBe(readFileSync(`/proc/${run.child.pid}/net/dev`, 'utf8'));
	});

	it('runs its page in the sandbox [4]', () => {
		const renderers = renderersOf(treeOf(run));
		expect(renderers.map((pid) => statusField(pid, 'Seccomp'))).toEqual(['2']);
	});

	it('listens on no port; the count sees a port where there is one', async () => {
		expect(listeningSockets(treeOf(run))).toBe(0);
		const server = createServer();
		await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
		expect(listeningSockets([process.pid])).toBeGreaterThan(0);
		await new Promise((resolve) => server.close(resolve));
	});

	it('no key opens the developer tools, though keys arrive', async ({ skip }) => {
		if (spawnSync('xdotool', ['version']).error) skip('xdotool is not here to press keys');
		const xdotool = (...args: readonly string[]) => spawnSync('xdotool', args, { encoding: 'utf8' }).stdout.trim();
		const windows = () => xdotool('search', '--onlyvisible', '--class', 'tieout').split('\n');
		const before = windows();
		expect(before.length).toBe(1);
		xdotool('windowfocus', '--sync', before[0] ?? '');
		for (const key of ['F12', 'ctrl+shift+i', 'ctrl+shift+j', 'ctrl+shift+c']) xdotool('key', key);
		await until('the screen that a key of our own opens', () => {
			xdotool('key', 'ctrl+comma');
			return shown('settings');
		});
		expect(windows()).toEqual(before);
		expect(renderersOf(treeOf(run)).length).toBe(1);
	});

	it('developer tools would be seen as a further page', async () => {
		const profile = newProfile();
		const { app, kill } = await launchElectron({ build: 'walls', profile });
		const renderers = () => renderersOf(processTree(app.process().pid ?? 0)).length;
		const before = renderers();
		await app.evaluate(({ BrowserWindow }) => {
			BrowserWindow.getAllWindows()[0]?.webContents.openDevTools();
		});
		await until('the tools', () => renderers() > before);
		await kill();
		rmSync(profile, { recursive: true, force: true });
	});
});
