/** What the repository as a whole promises: its layout, its doors, and what no file of it may say. */
import { spawnSync } from 'node:child_process';
import { existsSync, globSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));

/** The files under version control, or about to be: what a clone would hold. */
function repositoryFiles(): readonly string[] {
	const git = spawnSync('git', ['ls-files', '-z', '--cached', '--others', '--exclude-standard'], { cwd: root, encoding: 'utf8' });
	// Without git (an unpacked archive) every file but the installed and the generated ones counts.
	if (git.status !== 0) return globSync('**/*', { cwd: root, exclude: (name) => /^(node_modules|out|\.git|\.cache)(\/|$)/.test(name) });
	return git.stdout.split('\0').filter((file) => file !== '' && existsSync(join(root, file)));
}

const files = repositoryFiles().filter((file) => statSync(join(root, file)).isFile());
const textFiles = files
	.filter((file) => !/\.(png|jpe?g|ico|icns|pdf|p12|ttf|otf|woff2?|wasm|zip|gz)$/i.test(file))
	.map((file) => ({ file, text: readFileSync(join(root, file), 'utf8') }));
const rooms = readdirSync(join(root, 'shared'), { withFileTypes: true })
	.filter((entry) => entry.isDirectory())
	.map(({ name }) => name);
const packageJson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as {
	readonly imports: Readonly<Record<string, string>>;
	readonly scripts: Readonly<Record<string, string>>;
	readonly dependencies: Readonly<Record<string, string>>;
	readonly devDependencies: Readonly<Record<string, string>>;
	readonly optionalDependencies: Readonly<Record<string, string>>;
};

interface LockedPackage {
	readonly integrity?: string;
	readonly resolved?: string;
	readonly optional?: boolean;
	readonly os?: readonly string[];
	readonly cpu?: readonly string[];
}

/** Files whose text matches, with the first match: what a failing check prints. */
const filesSaying = (pattern: RegExp, among = textFiles): readonly string[] =>
	among.flatMap(({ file, text }) => {
		const match = pattern.exec(text);
		return match ? [`${file}: ${match[0]}`] : [];
	});

describe('layout', () => {
	it('the top level holds the fixed folders and files and nothing else', () => {
		const folders = ['.ci', 'build', 'electron', 'renderer', 'resources', 'shared', 'test'];
		const single = ['.gitattributes', '.gitignore', 'ARCHITECTURE.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'biome.json'];
		const npm = ['package-lock.json', 'package.json', 'tsconfig.json'];
		const lawful = new Set([...folders, ...single, ...npm]);
		const found = new Set(files.map((file) => file.split('/')[0] ?? file));
		expect([...found].filter((name) => !lawful.has(name))).toEqual([]);
		expect([...single.slice(2), ...npm, 'shared', 'electron', 'build', 'test'].filter((name) => !found.has(name))).toEqual([]);
	});

	it('rooms are flat: no folder inside a room of shared/', () => {
		expect(files.filter((file) => /^shared\/[^/]+\/[^/]+\//.test(file))).toEqual([]);
	});

	it('every room has a door, and package.json lists exactly these doors', () => {
		expect(packageJson.imports).toEqual(Object.fromEntries(rooms.map((room) => [`#${room}`, `./shared/${room}/index.ts`])));
		expect(rooms.filter((room) => !files.includes(`shared/${room}/index.ts`))).toEqual([]);
	});

	it('ARCHITECTURE.md names every room', () => {
		const page = readFileSync(join(root, 'ARCHITECTURE.md'), 'utf8');
		expect(rooms.filter((room) => !page.includes(`\`${room}\``))).toEqual([]);
	});

	it('every test file stands under test/, and the tests of shared/ and electron/ mirror its folders', () => {
		expect(files.filter((file) => /\.test\.tsx?$/.test(file) && !file.startsWith('test/'))).toEqual([]);
		const mirrored = files.filter((file) => /^test\/(shared|electron)\/.*\.test\.ts$/.test(file));
		const homeless = mirrored.filter((file) => !existsSync(join(root, file.split('/').slice(1, 3).join('/'))));
		expect(homeless).toEqual([]);
	});

	it('the README explains every script that a person runs', () => {
		const readme = readFileSync(join(root, 'README.md'), 'utf8');
		const unexplained = Object.keys(packageJson.scripts).filter((name) => !new RegExp(`npm (run )?(--silent )?${name}\\b`).test(readme));
		expect(unexplained).toEqual([]);
	});
});

describe('packages', () => {
	const { dependencies, devDependencies, optionalDependencies } = packageJson;
	const declared = Object.entries({ ...dependencies, ...devDependencies, ...optionalDependencies });

	it('every package is pinned to one exact version', () => {
		expect(declared.filter(([, version]) => !/^(npm:@?[\w./-]+@)?\d+\.\d+\.\d+(-[\w.]+)?$/.test(version))).toEqual([]);
	});

	it('every package locked for this platform carries its hash, and none the address of a particular registry', () => {
		const lock = JSON.parse(readFileSync(join(root, 'package-lock.json'), 'utf8')) as {
			readonly packages: Readonly<Record<string, LockedPackage>>;
		};
		const locked = Object.entries(lock.packages).filter(([name]) => name !== '');
		expect(locked.length).toBeGreaterThan(declared.length);
		// Builds for another platform, which the registry at hand did not offer, stand there by their version alone.
		const isForeign = ({ optional, os, cpu }: LockedPackage) => optional === true && os?.length === 1 && cpu?.length === 1;
		const bare = locked.filter(([, entry]) => !entry.integrity?.startsWith('sha512-'));
		expect(bare.filter(([, entry]) => !isForeign(entry)).map(([name]) => name)).toEqual([]);
		expect(locked.filter(([, { resolved }]) => resolved !== undefined && !resolved.startsWith('https://registry.npmjs.org/'))).toEqual([]);
	});
});

describe('what no file says', () => {
	// The words are put together here, or this file would accuse itself.
	const word = (...parts: readonly string[]) => parts.join('');

	it('no address of a package registry or mirror', () => {
		const hosts = [
			word('registry', '='),
			word('artif', 'actory'),
			word('verd', 'accio'),
			word('ne', 'xus/repository'),
			word('npm-', 'mirror'),
		];
		expect(filesSaying(new RegExp(hosts.join('|'), 'i'))).toEqual([]);
	});

	it("no absolute path of somebody's machine", () => {
		const folders = ['work', 'home', 'root', 'Users'].join('|');
		expect(filesSaying(new RegExp(`(?<![\\w.*)\\]}/-])(/(${folders})/[\\w.-]+|[A-Z]:\\\\Users\\\\)`))).toEqual([]);
	});

	it('nothing about how or by whom the code was typed', () => {
		const typists = [
			word('agent', ' session'),
			word('coding', ' agent'),
			word('language', ' model'),
			word('chat', 'gpt'),
			word('co', 'pilot'),
			word('anth', 'ropic'),
		];
		expect(filesSaying(new RegExp(typists.join('|'), 'i'))).toEqual([]);
	});

	it('no work left for later in the code', () => {
		const marks = [word('TO', 'DO'), word('FIX', 'ME'), word('XX', 'X:'), word('not ', 'implemented')];
		expect(filesSaying(new RegExp(`\\b(${marks.join('|')})\\b`))).toEqual([]);
	});

	it('no private key', () => {
		expect(filesSaying(new RegExp(word('BEGIN (?:[A-Z]+ )?PRIVATE', ' KEY-----\\s+[A-Za-z0-9+/]{40}')))).toEqual([]);
	});
});

describe('shared/ takes time, ids and chance as arguments', () => {
	const shared = textFiles.filter(({ file }) => file.startsWith('shared/') && file.endsWith('.ts'));

	it('no file of it reads a clock or asks for randomness', () => {
		expect(shared.length).toBeGreaterThan(9);
		expect(filesSaying(/new Date\(\)|\bDate\.now\b|\bMath\.random\b|\bperformance\.now\b|getRandomValues|randomUUID/, shared)).toEqual([]);
	});

	it('no file of it reaches another room by an import type or a require that the linter does not see', () => {
		const foreign = shared.flatMap(({ file, text }) => {
			const hidden = [...text.matchAll(/(?:typeof\s+)?\b(?:import|require)\(\s*['"]([^'"]+)['"]\s*\)/g)].map(([whole]) => whole);
			return hidden.map((whole) => `${file}: ${whole}`);
		});
		expect(foreign).toEqual([]);
	});
});
