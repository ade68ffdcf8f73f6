/** The built page on an own port. */
import { randomBytes } from 'node:crypto';
import { existsSync, globSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { extname, join, relative } from 'node:path';
import { buildApp } from '../../build/buildApp.ts';
import { ROOT } from '../../build/electronRuntime.ts';
import type { MainBundle } from './bundleMain.ts';

const MIME: Readonly<Record<string, string>> = {
	'.html': 'text/html; charset=utf-8',
	'.js': 'text/javascript; charset=utf-8',
	'.mjs': 'text/javascript; charset=utf-8',
	'.css': 'text/css; charset=utf-8',
	'.json': 'application/json',
	'.wasm': 'application/wasm',
	'.woff2': 'font/woff2',
	'.ttf': 'font/ttf',
	'.svg': 'image/svg+xml',
};

/** Test files run side by side and share one built window: one builds it, the others wait for that. */
export async function builtPage(): Promise<ReadonlyMap<string, Buffer>> {
	const lock = join(ROOT, 'out', 'browser-build.lock');
	mkdirSync(join(ROOT, 'out'), { recursive: true });
	while (!takes(lock)) await new Promise((resolve) => setTimeout(resolve, 200));
	try {
		const folder = join(await buildApp({ isE2E: true }, () => undefined), 'renderer');
		// Read whole: it may be built anew while this window is open.
		return new Map(
			globSync('**/*', { cwd: folder, withFileTypes: true })
				.filter((entry) => entry.isFile())
				.map((entry) => join(entry.parentPath, entry.name))
				.map((file) => [`/${relative(folder, file)}`, readFileSync(file)] as const),
		);
	} finally {
		rmSync(lock, { recursive: true, force: true });
	}
}

/** @returns whether this process has the lock now; one whose holder is gone counts for nothing */
function takes(lock: string): boolean {
	try {
		writeFileSync(lock, String(process.pid), { flag: 'wx' });
		return true;
	} catch {
		const holder = existsSync(lock) ? readFileSync(lock, 'utf8') : '';
		if (holder !== '' && !existsSync(`/proc/${holder}`)) rmSync(lock, { force: true });
		return false;
	}
}

/** Serves the built page with the product's headers and a new nonce a load. */
export function serve(files: ReadonlyMap<string, Buffer>, headersOf: MainBundle['securityHeaders'], port: number): Promise<Server> {
	const server = createServer((request, response) => {
		if (response.writableEnded) return;
		const path = new URL(request.url ?? '/', 'http://127.0.0.1').pathname;
		const name = path === '/' ? '/index.html' : path;
		const bytes = files.get(name);
		if (!bytes) {
			response.writeHead(404).end();
			return;
		}
		const mime = MIME[extname(name)] ?? 'application/octet-stream';
		const nonce = randomBytes(16).toString('base64');
		for (const [header, value] of Object.entries(headersOf(mime, nonce))) response.setHeader(header, value);
		response.end(mime.startsWith('text/html') ? bytes.toString('utf8').replaceAll('__CSP_NONCE__', nonce) : bytes);
	});
	return new Promise((resolve) => server.listen(port, '127.0.0.1', () => resolve(server)));
}

const portFile = (profile: string): string => join(profile, 'tieout-port');

/** A browser keeps a store for host and port: a profile that is opened again needs the port it had. */
export const portOf = (profile: string): number => (existsSync(portFile(profile)) ? Number(readFileSync(portFile(profile), 'utf8')) : 0);

export function keepPort(profile: string, server: Server): void {
	mkdirSync(profile, { recursive: true });
	writeFileSync(portFile(profile), String((server.address() as AddressInfo).port));
}
