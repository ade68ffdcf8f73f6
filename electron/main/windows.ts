/** The one window. */
import { BrowserWindow, type Session } from 'electron';
import { IS_E2E } from './flags.ts';

export function makeWindow(session: Session, preload: string): BrowserWindow {
	return new BrowserWindow({
		width: 1440,
		height: 900,
		minWidth: 1024,
		minHeight: 700,
		show: false,
		title: 'Tieout',
		autoHideMenuBar: true,
		backgroundColor: '#ffffff',
		// Every one is said aloud, whatever the defaults are. Numbers: the item of Electron's security checklist.
		webPreferences: {
			session,
			preload,
			nodeIntegration: false, // [2]
			nodeIntegrationInWorker: false,
			nodeIntegrationInSubFrames: false,
			contextIsolation: true, // [3]
			sandbox: true, // [4]
			webSecurity: true, // [6]
			allowRunningInsecureContent: false, // [8]
			experimentalFeatures: false, // [9]
			disableBlinkFeatures: 'Auxclick', // [10]
			webviewTag: false, // [11]
			navigateOnDragDrop: false,
			safeDialogs: true,
			spellcheck: false,
			enableWebSQL: false,
			devTools: IS_E2E,
		},
	});
}
