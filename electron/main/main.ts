/** The main process' composition root: walls first, then the window, then its channels. */
import './refuseSwitches.ts';
import { basename, dirname, join } from 'node:path';
import { app, type BrowserWindow, dialog, Menu, session as sessions } from 'electron';
import { type MendedLog, mendStores } from '../services/mendStores.ts';
import { announce } from './announce.ts';
import { makeBlobStore } from './blobs.ts';
import { makeCertificateKeeper } from './certificates.ts';
import type { MainContext } from './context.ts';
import { givesUpCertificate } from './dialogs.ts';
import { makeDropStore } from './drops.ts';
import { makeFileStore } from './files.ts';
import { IS_E2E } from './flags.ts';
import { hardenCommandLine, hardenSession } from './harden.ts';
import { makeHubLine } from './hubLine.ts';
import { watchIdle } from './idle.ts';
import { alteredProgram } from './intact.ts';
import { eventPayload, registerIpc } from './ipc.ts';
import { makeLocker } from './lock.ts';
import { note } from './log.ts';
import { pageHandlers } from './pageHandlers.ts';
import { ENTRY_URL } from './policy.ts';
import { registerAppScheme, serveBundle } from './protocol.ts';
import { makeSampleWriter } from './samples.ts';
import { forgetCopied, mayOpenReal, type WindowState } from './windowHandlers.ts';
import { makeWindow } from './windows.ts';

/** Cookies, caches and the vault of one profile; nothing is cached on disk. */
const PARTITION = 'persist:tieout';

const EXIT_ALTERED = 78;

let mainWindow: BrowserWindow | null = null;

const context: MainContext = {
	window: () => mainWindow,
	tell(event, payload) {
		if (mainWindow && !mainWindow.isDestroyed()) mainWindow.webContents.send(event, eventPayload(event, payload));
	},
};

function start(mended: readonly MendedLog[]): void {
	const session = sessions.fromPartition(PARTITION, { cache: false });
	hardenSession(session);
	serveBundle(session, join(__dirname, 'renderer'));
	Menu.setApplicationMenu(null);
	const window = makeWindow(session, join(__dirname, 'preload.cjs'));
	mainWindow = window;
	const blobs = makeBlobStore();
	const files = makeFileStore(context, blobs);
	const drops = makeDropStore(context, makeHubLine(mayOpenReal()));
	const samples = makeSampleWriter(context, drops);
	const certificates = makeCertificateKeeper();
	const state: WindowState = { copied: null };
	const locker = makeLocker(window, () => {
		for (const store of [drops, files, blobs]) store.clear();
		void forgetCopied(state);
	});
	const idle = watchIdle((reason) => {
		context.tell('lock', { reason });
		locker.soon();
	});
	const page = { state, locker, idle, damagedStore: damageOf(mended) };
	registerIpc(context, pageHandlers({ context, blobs, files, certificates, drops, samples, window: page }));
	window.once('ready-to-show', () => {
		window.show();
		announce({ painted: true });
	});
	window.on('close', (event) => {
		if (!certificates.mayEnd(() => givesUpCertificate(window))) event.preventDefault();
	});
	window.on('closed', () => {
		mainWindow = null;
		idle.stop();
		for (const store of [drops, files, blobs]) store.clear();
	});
	app.on('will-quit', () => samples.removeAll());
	window.loadURL(ENTRY_URL).catch((error: unknown) => {
		note('the window could not be loaded:', String(error));
		app.exit(3);
	});
}

/** The folder that keeps what was damaged; null: nothing was. */
function damageOf(mended: readonly MendedLog[]): string | null {
	for (const { path, kind, removed } of mended) note(`a store's log was ${kind} and is ${removed} bytes shorter now:`, basename(path));
	const kept = mended.find(({ kind }) => kind === 'damaged')?.keptAt;
	return kept ? dirname(kept) : null;
}

/** A program that is not the one that was packaged opens no engagement. */
function refuseAltered(files: readonly string[]): void {
	note('the program was altered and does not start:', files.join(', '));
	dialog.showErrorBox(
		'Tieout does not start',
		'Files of the program were altered or damaged. Install it anew; engagements are not affected.',
	);
	app.exit(EXIT_ALTERED);
}

hardenCommandLine();
registerAppScheme();
app.setName('Tieout');
if (app.requestSingleInstanceLock()) {
	app.on('second-instance', () => {
		if (mainWindow?.isMinimized()) mainWindow.restore();
		mainWindow?.focus();
	});
	app.on('window-all-closed', () => app.quit());
	Promise.all([alteredProgram(), app.whenReady()])
		.then(async ([altered]) =>
			altered.length === 0 ? start(await mendStores(app.getPath('userData'), new Date())) : refuseAltered(altered),
		)
		.catch((error: unknown) => {
			note('the window could not be opened:', String(error));
			app.exit(3);
		});
} else {
	note('Tieout is open already; its window comes to the front.');
	app.exit(0);
}

if (IS_E2E) note('this is a build for journeys; it does not refuse debugging switches.');
