/** Programs of others: some judge our PDFs, some show the window. The tests use them where they are, and say aloud where they are not. */
import { spawnSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';

/** Program → the Debian packages that bring it and what belongs to it. */
const OUTSIDE_TOOLS: readonly (readonly [program: string, aptPackages: string])[] = [
	['pdfsig', 'poppler-utils'],
	['pdftotext', 'poppler-utils'],
	['pdfdetach', 'poppler-utils'],
	['qpdf', 'qpdf'],
	['openssl', 'openssl'],
	['certutil', 'libnss3-tools'],
	['chromium', 'chromium'],
	// A display for the window where there is none, and the libraries that an unpacked Electron expects.
	['xvfb-run', 'xvfb libgtk-3-0 libnss3 libasound2 libgbm1'],
	['xauth', 'xauth'],
	// Presses keys in a window that lets no test in.
	['xdotool', 'xdotool'],
];

const APT_TIMEOUT_MS = 600_000;

/** Whether a program stands on the search path. */
export function hasProgram(program: string): boolean {
	return (process.env['PATH'] ?? '').split(delimiter).some((folder) => {
		try {
			accessSync(join(folder, program), constants.X_OK);
			return true;
		} catch {
			return false;
		}
	});
}

const missingTools = () => OUTSIDE_TOOLS.filter(([program]) => !hasProgram(program));

/**
 * Installs the missing ones with apt where this process is root and apt can be reached. Never fails: what stays away is returned.
 * @returns the programs that are still missing
 */
export function bringOutsideTools(say: (line: string) => void): readonly string[] {
	const missing = missingTools();
	if (missing.length === 0) return [];
	const packages = [...new Set(missing.flatMap(([, aptPackages]) => aptPackages.split(' ')))];
	if (process.getuid?.() === 0 && hasProgram('apt-get')) {
		say(`installing ${packages.join(', ')} with apt-get …`);
		const env = { ...process.env, DEBIAN_FRONTEND: 'noninteractive' };
		const apt = (...args: readonly string[]) => spawnSync('apt-get', args, { env, stdio: 'ignore', timeout: APT_TIMEOUT_MS }).status === 0;
		const install = () => apt('install', '-y', '-q', '--no-install-recommends', ...packages);
		if (!install() && apt('update', '-q')) install();
	}
	return missingTools().map(([program]) => program);
}
