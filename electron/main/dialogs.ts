/** File dialogs. In builds made for journeys the next answer can be given beforehand. */
import { type BrowserWindow, dialog } from 'electron';
import type { FileKind } from '#ipc';
import { IS_E2E } from './flags.ts';

const FILTERS: Readonly<Record<FileKind, readonly { readonly name: string; readonly extensions: readonly string[] }[]>> = {
	pack: [{ name: 'Audit packs', extensions: ['pdf'] }],
	backup: [{ name: 'Engagement backups', extensions: ['tieout'] }],
	p12: [{ name: 'Signing keys', extensions: ['p12', 'pfx'] }],
	document: [{ name: 'Documents', extensions: ['*'] }],
	params: [{ name: 'Parameters', extensions: ['json'] }],
	trust: [{ name: 'Certificates', extensions: ['pem', 'crt', 'cer', 'der'] }],
	text: [{ name: 'Text', extensions: ['txt', 'json', 'md'] }],
	table: [{ name: 'Tables', extensions: ['csv', 'tsv'] }],
	bundle: [{ name: 'Verifier bundles', extensions: ['zip'] }],
	exchange: [{ name: 'Exchange files', extensions: ['tieoutx'] }],
};

const filtersOf = (kind: FileKind) => FILTERS[kind].map(({ name, extensions }) => ({ name, extensions: [...extensions] }));

type Dialog = 'open' | 'save';

const prepared = new Map<Dialog, (string | null)[]>();

export function prepareAnswer(kind: Dialog, path: string | null): void {
	prepared.set(kind, [...(prepared.get(kind) ?? []), path]);
}

function preparedAnswer(kind: Dialog): string | null | undefined {
	return IS_E2E ? prepared.get(kind)?.shift() : undefined;
}

/** @returns the chosen path, or null where the person cancelled */
async function open(window: BrowserWindow, options: Electron.OpenDialogOptions): Promise<string | null> {
	const given = preparedAnswer('open');
	if (given !== undefined) return given;
	const { canceled, filePaths } = await dialog.showOpenDialog(window, options);
	return canceled ? null : (filePaths[0] ?? null);
}

export const chooseFile = (window: BrowserWindow, kind: FileKind): Promise<string | null> =>
	open(window, { title: 'Choose a file', filters: filtersOf(kind), properties: ['openFile'] });

export const chooseDrop = (window: BrowserWindow, kind: 'folder' | 'zip'): Promise<string | null> =>
	open(
		window,
		kind === 'folder'
			? { title: 'Choose the folder of an evidence drop', properties: ['openDirectory'] }
			: { title: 'Choose the ZIP of an evidence drop', filters: [{ name: 'ZIP files', extensions: ['zip'] }], properties: ['openFile'] },
	);

/** Asks whether the program shall end though a certificate of disposal is in no file. */
export const givesUpCertificate = (window: BrowserWindow): boolean =>
	dialog.showMessageBoxSync(window, {
		type: 'warning',
		message: 'A certificate of disposal is in no file yet.',
		detail: 'It is lost when the program ends. Save it on the locked window first.',
		buttons: ['Stay', 'End without it'],
		defaultId: 0,
		cancelId: 0,
	}) === 1;

export async function chooseTarget(window: BrowserWindow, suggestedName: string, kind: FileKind): Promise<string | null> {
	const given = preparedAnswer('save');
	if (given !== undefined) return given;
	const { canceled, filePath } = await dialog.showSaveDialog(window, {
		title: 'Save as',
		defaultPath: suggestedName,
		filters: filtersOf(kind),
		properties: ['createDirectory', 'showOverwriteConfirmation'],
	});
	return canceled || !filePath ? null : filePath;
}
