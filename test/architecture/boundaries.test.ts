/**
 * The gates themselves, tested: every import rule of biome.json must refuse its canary, and the compiler must refuse what `shared/` may not touch.
 * A gate that can pass on nothing is not a gate.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, globSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, matchesGlob, relative, sep } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

const root = dirname(dirname(dirname(fileURLToPath(import.meta.url))));
const canaries = join(root, 'test', 'architecture', 'canaries');

function programFile(packageName: string, program: string): string {
	const folder = join(root, 'node_modules', packageName);
	const { bin } = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as { bin: Record<string, string> };
	const file = bin[program];
	if (file === undefined) throw new Error(`${packageName} has no program ${program}`);
	return join(folder, file);
}

const runNode = (cwd: string, ...args: readonly string[]) => spawnSync(process.execPath, args, { cwd, encoding: 'utf8' });

interface BiomeReport {
	readonly summary: { readonly errors: number };
	readonly diagnostics: readonly {
		readonly category: string;
		readonly location: { readonly path: string; readonly start: { readonly line: number } };
	}[];
}

interface BiomeConfig {
	readonly overrides: readonly {
		readonly includes: readonly string[];
		readonly linter?: { readonly rules?: { readonly style?: { readonly noRestrictedImports?: unknown } } };
	}[];
}

const config = JSON.parse(readFileSync(join(root, 'biome.json'), 'utf8')) as BiomeConfig;
const importOverrides = config.overrides.filter(({ linter }) => linter?.rules?.style?.noRestrictedImports !== undefined);

describe('room boundaries', () => {
	const boundaries = join(canaries, 'boundaries');
	const files = globSync('**/*.ts', { cwd: boundaries }).map((file) => file.split(sep).join('/'));
	let place = '';
	let refused: ReadonlySet<string> = new Set();

	beforeAll(() => {
		// The canaries are judged where their rooms' rules apply: at the rooms' own paths, in a tree of their own.
		place = mkdtempSync(join(tmpdir(), 'tieout-boundaries-'));
		cpSync(boundaries, place, { recursive: true });
		for (const file of ['biome.json', 'package.json']) cpSync(join(root, file), join(place, file));
		const rules = ['--only=style/noRestrictedImports', '--only=nursery/noJsRestrictedProperties'];
		const options = ['--vcs-enabled=false', '--max-diagnostics=none', '--reporter=json', ...rules];
		const run = runNode(place, programFile('@biomejs/biome', 'biome'), 'lint', ...options, '.');
		expect(run.status, run.stderr).toBe(1);
		const report = JSON.parse(run.stdout) as BiomeReport;
		expect(report.diagnostics.length).toBe(report.summary.errors);
		refused = new Set(report.diagnostics.map(({ location }) => `${location.path}:${location.start.line}`));
	});

	afterAll(() => rmSync(place, { recursive: true, force: true }));

	const verdictsOf = (file: string) =>
		readFileSync(join(boundaries, file), 'utf8')
			.split('\n')
			.map((text, index) => ({ text, at: `${file}:${index + 1}` }));

	it.each(files.filter((file) => /canary\.ts$/i.test(file)))('%s: refused and allowed imports are judged as written', (file) => {
		const lines = verdictsOf(file).filter(({ text }) => / \/\/ (refused|allowed)$/.test(text));
		expect(lines.filter(({ text }) => text.endsWith('refused')).length).toBeGreaterThan(3);
		const judged = lines.map(({ text, at }) => `${text.replace(/ \/\/ \w+$/, '')} // ${refused.has(at) ? 'refused' : 'allowed'}`);
		expect(judged).toEqual(lines.map(({ text }) => text));
	});

	it('a clock and dice are refused in shared/', () => {
		const lines = verdictsOf('shared/audit/usesClock.ts').filter(({ text }) => text.startsWith('export'));
		expect(lines.map(({ at }) => refused.has(at))).toEqual([true, true, false]);
	});

	it.each(importOverrides.map(({ includes }) => includes))('the rule for %s has a canary', (...includes) => {
		expect(includes.every((pattern) => files.some((file) => matchesGlob(file, pattern)))).toBe(true);
	});

	it('every room and every folder of electron/ and renderer/ stands under exactly one import rule', () => {
		const folders = ['shared/*/', 'electron/*/', 'renderer/*/']
			.flatMap((pattern) => globSync(pattern, { cwd: root }))
			.map((folder) => `${folder}/`.replaceAll('\\', '/'));
		const covered = (folder: string) =>
			importOverrides.filter(({ includes }) => includes.some((pattern) => pattern === `${folder.replace(/\/+$/, '')}/**`));
		expect(folders.length).toBeGreaterThan(0);
		expect(folders.filter((folder) => covered(folder).length !== 1)).toEqual([]);
	});
});

describe('what the compiler refuses in shared/', () => {
	const folder = join(canaries, 'compiler');
	let place = '';

	beforeAll(() => {
		// Inside the checkout, so that Node's types could be found if the configuration let them in.
		mkdirSync(join(root, 'out'), { recursive: true });
		place = mkdtempSync(join(root, 'out', 'compiler-'));
		cpSync(folder, place, { recursive: true });
	});

	afterAll(() => rmSync(place, { recursive: true, force: true }));

	/** The compiler's complaints about one canary, under shared/'s own options but for those given. */
	function complaintsAbout(file: string, options: Readonly<Record<string, unknown>> = {}): string {
		const compilerOptions = { composite: false, declaration: false, emitDeclarationOnly: false, noEmit: true, rootDir: '.', ...options };
		const project = join(place, `${file}.json`);
		const inherited = relative(place, join(root, 'shared', 'tsconfig.json'))
			.split(sep)
			.join('/');
		writeFileSync(
			project,
			JSON.stringify({ extends: inherited, compilerOptions: { ...compilerOptions, tsBuildInfoFile: null }, include: [file] }),
		);
		const run = runNode(place, programFile('typescript', 'tsc'), '-p', project);
		return run.status === 0 ? '' : run.stdout + run.stderr;
	}

	it('a clean file compiles', () => {
		expect(complaintsAbout('clean.ts')).toBe('');
	});

	it.each([
		['usesProcess.ts', "Cannot find name 'process'"],
		['usesNodeFs.ts', "Cannot find module 'node:fs'|Cannot find name 'node:fs'"],
		['usesWindow.ts', "Cannot find name 'window'"],
		['usesDocument.ts', "Cannot find name 'document'"],
		['usesFetch.ts', "Cannot find name 'fetch'"],
		['usesEnum.ts', 'erasableSyntaxOnly'],
		['usesUncheckedIndex.ts', "not assignable to type 'string'"],
	])('%s does not compile', (file, complaint) => {
		expect(complaintsAbout(file)).toMatch(new RegExp(complaint));
	});

	it.each([
		['usesProcess.ts', { types: ['node'] }],
		['usesNodeFs.ts', { types: ['node'] }],
		['usesWindow.ts', { lib: ['ES2024', 'DOM'] }],
		['usesDocument.ts', { lib: ['ES2024', 'DOM'] }],
		['usesFetch.ts', { lib: ['ES2024', 'DOM'] }],
	])('%s would compile with the types that shared/ leaves out', (file, options) => {
		expect(complaintsAbout(file, options)).toBe('');
	});
});
