/** Which file imports which, types included, and the circles in that. */
import { globSync, readFileSync } from 'node:fs';
import { join, posix, sep } from 'node:path';
import { compareText } from '#kernel';

/** A file's path below the root, with `/`, and the files that it imports. */
export type ImportGraph = ReadonlyMap<string, readonly string[]>;

/** What stands at the beginning of a line, as the formatter writes it, and what is imported in the midst of one. */
const STATEMENT = /^(?:import|export)\b(?:[^'"`;]*?\bfrom)?\s*'([^']+)'/gm;
const EXPRESSION = /\bimport\(\s*'([^']+)'\s*\)/g;

/**
 * Throws where an import of a script leads to none of the files: then the graph would have a hole.
 * @param doors where a name like `#kernel` leads, as package.json says
 */
export function importGraph(root: string, patterns: readonly string[], doors: Readonly<Record<string, string>>): ImportGraph {
	const found = patterns.flatMap((pattern) => globSync(pattern, { cwd: root, exclude: ['test/architecture/canaries/**'] }));
	const files = new Set(found.map((file) => file.split(sep).join('/')).sort(compareText));
	const targetOf = (file: string, specifier: string): readonly string[] => {
		const [path = ''] = specifier.split('?');
		const target = path.startsWith('.') ? posix.join(posix.dirname(file), path) : posix.normalize(doors[path] ?? path);
		if (files.has(target)) return [target];
		if (/^#|^\..*\.tsx?$/.test(path)) throw new Error(`${file} imports ${specifier}, which is none of the files`);
		return [];
	};
	const targetsOf = (file: string): readonly string[] => {
		const text = readFileSync(join(root, file), 'utf8');
		const specifiers = [STATEMENT, EXPRESSION].flatMap((form) => [...text.matchAll(form)].map(([, specifier = '']) => specifier));
		return specifiers.flatMap((specifier) => targetOf(file, specifier));
	};
	return new Map([...files].map((file) => [file, targetsOf(file)]));
}

/** Every walk along the imports that comes back to a file of its own, from that file to itself; none where there is no circle. */
export function circlesIn(graph: ImportGraph): readonly string[] {
	const circles: string[] = [];
	const done = new Set<string>();
	const path: string[] = [];
	const walk = (file: string): void => {
		const at = path.indexOf(file);
		if (at >= 0) circles.push([...path.slice(at), file].join(' → '));
		if (at >= 0 || done.has(file)) return;
		path.push(file);
		for (const target of graph.get(file) ?? []) walk(target);
		path.pop();
		done.add(file);
	};
	for (const file of graph.keys()) walk(file);
	return circles;
}
