/**
 * Completes package-lock.json after an `npm install`: a registry that offers only some platforms' builds of a native package leaves
 * the others out of the lock file, and `npm ci` then refuses it everywhere. Their exact versions stand in their parents'
 * `optionalDependencies`; the platform stands in their names. They carry no hash, because nobody here could read them.
 * `--check` writes nothing and fails (exit 1) when something is missing.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

interface LockedPackage {
	readonly version?: string;
	readonly dev?: boolean;
	readonly optional?: boolean;
	readonly os?: readonly string[];
	readonly cpu?: readonly string[];
	readonly libc?: readonly string[];
	readonly optionalDependencies?: Readonly<Record<string, string>>;
}

interface Lock {
	readonly packages: Record<string, LockedPackage>;
}

const lockFile = join(dirname(dirname(fileURLToPath(import.meta.url))), 'package-lock.json');

const SYSTEMS = ['aix', 'android', 'darwin', 'freebsd', 'linux', 'netbsd', 'openbsd', 'openharmony', 'sunos', 'win32'];
const PROCESSORS = ['arm', 'arm64', 'ia32', 'loong64', 'mips64el', 'ppc64', 'riscv64', 's390x', 'wasm32', 'x64'];

/** The entry of a package for another platform, or a sentence about why its name or version does not say enough. */
function platformEntry(name: string, version: string, dev: boolean | undefined): LockedPackage | string {
	const words = name.slice(name.lastIndexOf('/') + 1).split('-');
	const systems = SYSTEMS.filter((system) => words.includes(system));
	const processors = PROCESSORS.filter((processor) => words.includes(processor));
	if (systems.length !== 1 || processors.length !== 1) return `${name}: its name does not tell its platform`;
	if (!/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version)) return `${name}: "${version}" is not one exact version`;
	const isLinux = systems[0] === 'linux';
	const libc = isLinux ? { libc: [words.some((word) => word.startsWith('musl')) ? 'musl' : 'glibc'] } : {};
	return { version, cpu: processors, ...(dev ? { dev } : {}), ...libc, optional: true, os: systems };
}

function main(): number {
	const lock = JSON.parse(readFileSync(lockFile, 'utf8')) as Lock;
	const isLocked = (parent: string, name: string) =>
		[`node_modules/${name}`, `${parent}/node_modules/${name}`].some((path) => path in lock.packages);
	const missing = Object.entries(lock.packages).flatMap(([parent, { dev, optionalDependencies = {} }]) =>
		Object.entries(optionalDependencies)
			.filter(([name]) => !isLocked(parent, name))
			.map(([name, version]) => ({ name, entry: platformEntry(name, version, dev) })),
	);
	const unclear = missing.flatMap(({ entry }) => (typeof entry === 'string' ? [entry] : []));
	for (const sentence of unclear) process.stderr.write(`package-lock.json lacks ${sentence}\n`);
	if (missing.length === 0 || unclear.length > 0) return unclear.length > 0 ? 1 : 0;
	if (process.argv.includes('--check')) {
		process.stderr.write(
			`package-lock.json lacks ${missing.length} packages of other platforms, so npm ci would refuse it: npm run lock\n`,
		);
		return 1;
	}
	for (const { name, entry } of missing) if (typeof entry !== 'string') lock.packages[`node_modules/${name}`] = entry;
	const sorted = Object.fromEntries(Object.entries(lock.packages).sort(([a], [b]) => a.localeCompare(b, 'en')));
	writeFileSync(lockFile, `${JSON.stringify({ ...lock, packages: sorted }, null, 2)}\n`);
	return 0;
}

process.exitCode = main();
