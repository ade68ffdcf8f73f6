/** Walls around every page and the one session. Numbers in brackets: the item of Electron's security checklist. */
import { app, type Event, type Session, type WebContents } from 'electron';
import { silencePeerConnections } from './compat.ts';
import { IS_E2E } from './flags.ts';
import { note } from './log.ts';
import { ENTRY_URL, isAllowedRequest, isAppUrl } from './policy.ts';

/** Before Electron is ready: no traffic of the browser's own. */
export function hardenCommandLine(): void {
	app.enableSandbox();
	for (const name of [
		'disable-background-networking',
		'disable-component-update',
		'disable-domain-reliability',
		'no-pings',
		'disable-breakpad',
	])
		app.commandLine.appendSwitch(name);
	// No name is ever looked up, not even for a hint in a page.
	app.commandLine.appendSwitch('host-resolver-rules', 'MAP * ~NOTFOUND');
	app.on('web-contents-created', (_event, contents) => hardenContents(contents));
	app.on('certificate-error', (event, _contents, _url, _error, _certificate, callback) => {
		event.preventDefault();
		callback(false);
	});
	app.on('login', (event) => event.preventDefault());
	app.on('select-client-certificate', (event) => event.preventDefault());
}

function hardenContents(contents: WebContents): void {
	const stop = (kind: string) => (event: Event, url: string) => {
		if (isAppUrl(url)) return;
		note(`${kind} refused:`, url);
		event.preventDefault();
	};
	// [13] Four ways to leave the bundle …
	contents.on('will-navigate', stop('navigation'));
	contents.on('will-redirect', stop('redirect'));
	contents.on('will-frame-navigate', (event) => {
		if (isAppUrl(event.url)) return;
		note('navigation of a frame refused:', event.url);
		event.preventDefault();
	});
	// … and about:blank, which asks none of them: the page comes back, and meanwhile no channel answers it.
	contents.on('did-navigate', (_event, url) => {
		if (isAppUrl(url)) return;
		note('page left the bundle:', url);
		contents.loadURL(ENTRY_URL).catch(() => undefined);
	});
	// [11, 12]
	contents.on('will-attach-webview', (event) => event.preventDefault());
	// [14]
	contents.setWindowOpenHandler(({ url }) => {
		note('window refused:', url);
		return { action: 'deny' };
	});
	contents.on('devtools-opened', () => {
		if (!IS_E2E) contents.closeDevTools();
	});
	silencePeerConnections(contents);
}

/** The one session: asks nobody, stores no cache, grants nothing but keeping its own data. */
export function hardenSession(session: Session): void {
	// [5] Without persistent storage the browser may evict the vault when the disk fills up.
	session.setPermissionRequestHandler((contents, permission, callback, details) => {
		callback((permission as string) === 'persistent-storage' && isAppUrl(details.requestingUrl) && isAppUrl(contents.getURL()));
	});
	session.setPermissionCheckHandler((_contents, permission, origin) => (permission as string) === 'persistent-storage' && isAppUrl(origin));
	session.setDevicePermissionHandler(() => false);
	// [1, 8, 18]
	session.webRequest.onBeforeRequest(({ url }, callback) => {
		const cancel = !isAllowedRequest(url);
		if (cancel) note('request refused:', url);
		callback({ cancel });
	});
	session.setCertificateVerifyProc((_request, callback) => callback(-2));
	session.on('will-download', (event, item) => {
		note('download refused:', item.getURL());
		event.preventDefault();
	});
	session.setSpellCheckerEnabled(false);
	session.setSpellCheckerLanguages([]);
}
