// Compiles the log kernel to WebAssembly and writes it, as base64 in a TypeScript file, to shared/evidence/logKernelWasm.ts.
// With --check it compiles only, and fails unless that file already says the same.
import { readFileSync, writeFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import asc from 'assemblyscript/asc';

const here = dirname(fileURLToPath(import.meta.url));
const target = join(here, '..', '..', 'shared', 'evidence', 'logKernelWasm.ts');

// The compiler asks for .ts files. Ours end in .as, because they are no TypeScript and no tool for that should read them.
const readFile = (name) => {
	try {
		return readFileSync(join(here, name.replace(/\.ts$/, '.as')), 'utf8');
	} catch {
		return null;
	}
};

async function compile() {
	let wasm = null;
	const options = ['-O3', '--converge', '--noAssert', '--runtime', 'stub', '--enable', 'simd', '--use', 'abort='];
	const { error, stderr } = await asc.main(['logKernel.ts', '--outFile', 'logKernel.wasm', ...options], {
		readFile,
		listFiles: () => [],
		writeFile: (name, contents) => {
			if (name === 'logKernel.wasm') wasm = contents;
		},
	});
	if (error || wasm === null) throw new Error(`The log kernel does not compile:\n${stderr.toString()}`);
	return wasm;
}

const wasm = await compile();
const text = `/** The log kernel's machine code: compiled from build/wasm/*.as by build/wasm/build.mjs, never edited. ${wasm.length} bytes. */
export const LOG_KERNEL_WASM =
	'${Buffer.from(wasm).toString('base64')}';
`;
const name = relative(process.cwd(), target);
if (process.argv.includes('--check')) {
	if (readFileSync(target, 'utf8') !== text) throw new Error(`${name} is not what build/wasm compiles to: run node build/wasm/build.mjs`);
} else {
	writeFileSync(target, text);
	process.stdout.write(`${name}: ${wasm.length} bytes of WebAssembly\n`);
}
