/** Finds an Electron to run the window with. Never downloads one, and never asks the `electron` package, which would begin to. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants, existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const ROOT = dirname(dirname(fileURLToPath(import.meta.url)));
export const TEST_RUNTIME_FOLDER = join(ROOT, '.cache', 'electron-test-runtime');
const INSTALL_TIMEOUT_MS = 60_000;

const EXECUTABLE =
	process.platform === 'win32' ? 'electron.exe' : process.platform === 'darwin' ? 'Electron.app/Contents/MacOS/Electron' : 'electron';

/** Where an unpacked Electron has its program. */
export const executableIn = (folder: string): string => join(folder, EXECUTABLE);

export interface FoundElectron {
	readonly kind: 'override' | 'installed' | 'test_runtime';
	/** Folder of the runtime. */
	readonly folder: string;
	readonly executable: string;
}

function look(kind: FoundElectron['kind'], folder: string | undefined): FoundElectron | null {
	if (!folder) return null;
	const executable = executableIn(folder);
	try {
		accessSync(executable, constants.X_OK);
		return { kind, folder, executable };
	} catch {
		return null;
	}
}

const PACKAGE_FOLDER = join(ROOT, 'node_modules', 'electron');

/** In this order: ELECTRON_OVERRIDE_DIST_PATH, the installed package's own binary, the test runtime where it was fetched. */
export function findElectron(env: NodeJS.ProcessEnv): FoundElectron | null {
	return (
		look('override', env['ELECTRON_OVERRIDE_DIST_PATH']) ??
		look('installed', join(PACKAGE_FOLDER, 'dist')) ??
		look('test_runtime', TEST_RUNTIME_FOLDER)
	);
}

/**
 * Has the electron package's own installer bring the binary, once, within a minute. It checks the pinned checksums itself.
 * @returns what it found then, or null
 */
export function installElectron(): FoundElectron | null {
	const installer = join(PACKAGE_FOLDER, 'install.js');
	if (!existsSync(installer)) return null;
	spawnSync(process.execPath, [installer], { cwd: PACKAGE_FOLDER, stdio: 'ignore', timeout: INSTALL_TIMEOUT_MS, killSignal: 'SIGKILL' });
	return look('installed', join(PACKAGE_FOLDER, 'dist'));
}
