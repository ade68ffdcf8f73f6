/** The program around the window: how it may be started, what it opens to others, locking, files. */
import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readdirSync, readFileSync, readlinkSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { type Launched, launchElectron, newProfile, startPlain, until } from './harness.ts';
import { processTree, processType, statusField } from './processes.ts';
import { type Answer, invokeIn, launchWalls } from './wallsPage.ts';

describe('the program as it is shipped', () => {
	test.each([
		'--remote-debugging-port=9222',
		'--remote-debugging-pipe',
		'--no-sandbox',
		'--disable-web-security',
		'--js-flags=--expose-gc',
		'--proxy-server=127.0.0.1:1',
		'--host-resolver-rules=MAP * 127.0.0.1',
		'--ignore-certificate-errors',
	])('refuses to start with %s [4, 6]', async (option) => {
		const run = startPlain({ args: [option] });
		expect(await run.ended).toBe(78);
		expect(run.output()).toContain('is refused');
		expect(run.output()).not.toContain('tieout-window');
		rmSync(run.profile, { recursive: true, force: true });
	});

	test('runs sandboxed, listens on no socket, lets no second one in, and says what it shows', async () => {
		const run = startPlain({});
		await until('the window', () => run.output().includes('"title":"Walls stand"'));
		// The process that a window begins with may still be ending when the page's own one shows it.
		const tree = await until('one page process', () => {
			const all = processTree(run.child.pid ?? 0);
			return all.filter((pid) => processType(pid) === 'renderer').length === 1 ? all : null;
		});
		expect(tree.filter((pid) => processType(pid) === 'renderer').map((pid) => statusField(pid, 'Seccomp'))).toEqual(['2']);
		expect(listeningSockets(tree)).toBe(0);
		const second = startPlain({ profile: run.profile });
		expect(await second.ended).toBe(0);
		expect(second.output()).toContain('open already');
		await run.end();
		rmSync(run.profile, { recursive: true, force: true });
	});

	test('the count of listening sockets sees one where there is one', async () => {
		const { app, close } = await launchElectron({ build: 'walls' });
		expect(listeningSockets(processTree(app.process().pid ?? 0))).toBeGreaterThan(0);
		await close();
	});

	test('says that a runtime without security fixes must not hold real engagements [16]', async () => {
		const { app, page, close } = await launchElectron({ build: 'walls', args: ['--sample'] });
		const electron = await app.evaluate(() => process.versions.electron);
		const info = await page.evaluate<Answer>("tieout.invoke('app.info', {})");
		const isOld = Number.parseInt(electron, 10) < 45;
		expect(info.value).toMatchObject({
			runtimeKind: isOld ? 'test_runtime' : 'supported',
			mayOpenReal: true,
			isE2E: true,
			openSample: true,
		});
		await close();
	});
});

/** Rows in the state LISTEN of /proc/net/tcp* whose inode a process of the tree holds open. */
function listeningSockets(tree: readonly number[]): number {
	const inodes = new Set(
		['tcp', 'tcp6'].flatMap((table) =>
			readFileSync(`/proc/net/${table}`, 'utf8')
				.split('\n')
				.slice(1)
				.map((row) => row.trim().split(/\s+/))
				.flatMap((fields) => (fields[3] === '0A' && fields[9] ? [fields[9]] : [])),
		),
	);
	const held = tree.flatMap((pid) => {
		try {
			return readdirSync(`/proc/${pid}/fd`).map((fd) => {
				try {
					return readlinkSync(`/proc/${pid}/fd/${fd}`);
				} catch {
					return '';
				}
			});
		} catch {
			return [];
		}
	});
	return held.filter((link) => inodes.has(/^socket:\[(\d+)\]$/.exec(link)?.[1] ?? '')).length;
}

describe('the main process', () => {
	let launched: Launched;
	const folder = mkdtempSync(join(tmpdir(), 'files-'));
	beforeAll(async () => {
		launched = await launchWalls();
	});
	afterAll(async () => {
		await launched.close();
		rmSync(folder, { recursive: true, force: true });
	});
	const invoke = (channel: string, request: object): Promise<Answer> => invokeIn(launched, channel, request);

	test('writes a chosen file whole or not at all, and reads it back', async () => {
		const path = join(folder, 'pack.pdf');
		writeFileSync(path, 'what was there');
		await invoke('e2e.setDialogAnswer', { dialog: 'save', path });
		const chosen = await invoke('file.chooseToSave', { suggestedName: '../../pack.pdf', kind: 'pack' });
		const fileToken = JSON.stringify(chosen.value?.['fileToken']);
		const piece = (offset: number, fill: number, isLast: boolean) =>
			launched.page.evaluate<Answer>(
				`tieout.invoke('file.write', { fileToken: ${fileToken}, offset: ${offset}, bytes: new Uint8Array(1000).fill(${fill}), isLast: ${isLast} })`,
			);
		expect((await piece(0, 1, false)).value).toEqual({ written: 1000, sha256: null });
		expect(readFileSync(path, 'utf8')).toBe('what was there');
		expect((await piece(5000, 2, false)).error?.code).toBe('invalid_request');
		const whole = Buffer.concat([Buffer.alloc(1000, 1), Buffer.alloc(1000, 2)]);
		expect((await piece(1000, 2, true)).value).toEqual({ written: 2000, sha256: createHash('sha256').update(whole).digest('hex') });
		expect(readFileSync(path).equals(whole)).toBe(true);
		expect(readdirSync(folder)).toEqual(['pack.pdf']);
		await invoke('e2e.setDialogAnswer', { dialog: 'save', path: null });
		expect(await invoke('file.chooseToSave', { suggestedName: 'x', kind: 'text' })).toEqual({ ok: true, value: null });
	});

	test('takes away what was begun and not ended', async () => {
		await invoke('e2e.setDialogAnswer', { dialog: 'save', path: join(folder, 'half.pdf') });
		const chosen = await invoke('file.chooseToSave', { suggestedName: 'half.pdf', kind: 'pack' });
		const fileToken = String(chosen.value?.['fileToken']);
		await launched.page.evaluate(
			`tieout.invoke('file.write', { fileToken: '${fileToken}', offset: 0, bytes: new Uint8Array(9), isLast: false })`,
		);
		expect(readdirSync(folder).some((name) => name.endsWith('.part'))).toBe(true);
		await invoke('file.release', { fileToken });
		await until('an empty place', () => !readdirSync(folder).some((name) => name.startsWith('.half') || name === 'half.pdf'));
	});

	test('says a closed code for a folder that can’t be written, without its path', async () => {
		await invoke('e2e.setDialogAnswer', { dialog: 'save', path: '/proc/nowhere/x.pdf' });
		const chosen = await invoke('file.chooseToSave', { suggestedName: 'x.pdf', kind: 'pack' });
		const answer = await launched.page.evaluate<Answer>(
			`tieout.invoke('file.write', { fileToken: ${JSON.stringify(chosen.value?.['fileToken'])}, offset: 0, bytes: new Uint8Array(9), isLast: true })`,
		);
		expect(answer.error).toMatchObject({ code: 'cannot_write' });
		expect(answer.error?.message).not.toContain('/proc');
	});

	test('writes the made-up company and gives its files to the worker', async () => {
		const sample = await invoke('sample.prepare', { orders: 200, seed: 7 });
		expect(sample.value).toMatchObject({ vkey: expect.stringContaining('+') });
		const dropToken = sample.value?.['dropToken'];
		const ask = <T>(message: object) => launched.page.evaluate<T>(`ask(${JSON.stringify(message)})`);
		const listed = await ask<{ ok: true; kind: string; paths: { path: string; size: number }[] }>({ id: 1, op: 'open', dropToken });
		expect(listed).toMatchObject({ id: 1, ok: true, kind: 'folder' });
		const manifest = listed.paths.find(({ path }) => path === 'manifest.json');
		const size = manifest?.size ?? 0;
		const text = await launched.page.evaluate<string>(
			`ask(${JSON.stringify({ id: 2, op: 'read', dropToken, path: 'manifest.json', offset: 0, length: 1 << 20 })}).then(({ bytes }) => new TextDecoder().decode(bytes))`,
		);
		expect(text.length).toBe(size);
		expect(JSON.parse(text)).toMatchObject({ format: 'tieout-drop/1' });
		const tail = await launched.page.evaluate<number>(
			`ask(${JSON.stringify({ id: 3, op: 'read', dropToken, path: 'data/sales_order.ndjson', offset: 10, length: 100 })}).then(({ bytes }) => bytes.length)`,
		);
		expect(tail).toBe(100);
		expect(await ask({ id: 4, op: 'read', dropToken, path: '../../etc/passwd', offset: 0, length: 9 })).toMatchObject({ id: 4, ok: false });
		expect(await ask({ id: 5, op: 'write', dropToken })).toMatchObject({ id: -1, ok: false, error: { code: 'invalid_request' } });
	});

	test('lock: the page’s process ends, a new one begins, and no token is good any more', async () => {
		const rendererOf = () => processTree(launched.app.process().pid ?? 0).filter((pid) => processType(pid) === 'renderer');
		const [before] = rendererOf();
		await invoke('e2e.setDialogAnswer', { dialog: 'open', path: join(folder, 'pack.pdf') });
		const chosen = await invoke('file.chooseToOpen', { kind: 'pack' });
		expect(chosen.value).toMatchObject({ name: 'pack.pdf', size: 2000 });
		await invoke('clipboard.writeText', { text: 'canary 4711' });
		const reloaded = launched.app.evaluate(
			({ BrowserWindow }) =>
				new Promise<void>((resolve) => BrowserWindow.getAllWindows()[0]?.webContents.once('did-finish-load', () => resolve())),
		);
		void launched.page.evaluate("void tieout.invoke('window.lockNow', {})").catch(() => undefined);
		await reloaded;
		const after = await until('a new process', () => rendererOf().find((pid) => pid !== before));
		expect(existsSync(`/proc/${before}`)).toBe(false);
		expect(after).not.toBe(before);
		const inNewPage = (code: string) =>
			launched.app.evaluate(
				({ BrowserWindow }, text) => BrowserWindow.getAllWindows()[0]?.webContents.executeJavaScript(text) as Promise<Answer>,
				code,
			);
		const read = await inNewPage(
			`tieout.invoke('file.read', { fileToken: ${JSON.stringify(chosen.value?.['fileToken'])}, offset: 0, length: 9 })`,
		);
		expect(read.error?.code).toBe('unknown_token');
		expect(await launched.app.evaluate(({ clipboard }) => clipboard.readText())).toBe('');
	});
});

test('nobody at the machine: the page is told, and ended where it does not lock itself', async () => {
	const profile = newProfile();
	const { app, close } = await launchElectron({ build: 'walls', profile });
	const rendererOf = () => processTree(app.process().pid ?? 0).find((pid) => processType(pid) === 'renderer');
	const before = await until('a page', rendererOf);
	await app.evaluate(({ powerMonitor }) => {
		powerMonitor.getSystemIdleState = () => 'idle';
	});
	await until('a new page', () => {
		const now = rendererOf();
		return now !== undefined && now !== before;
	});
	await close();
	rmSync(profile, { recursive: true, force: true });
});
