/** Serves the window's bundle at `app://bundle`, and nothing else of this machine. */
import { randomBytes } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { protocol, type Session } from 'electron';
import { note } from './log.ts';
import { APP_SCHEME, assetOf, securityHeaders } from './policy.ts';

const NONCE_MARK = '__CSP_NONCE__';

/** Before Electron is ready: makes the scheme an origin of its own, with storage, workers and fetch. */
export function registerAppScheme(): void {
	protocol.registerSchemesAsPrivileged([
		{
			scheme: APP_SCHEME,
			privileges: { standard: true, secure: true, supportFetchAPI: true, corsEnabled: true, stream: true, codeCache: true },
		},
	]);
}

/** @param folder where the built window lies */
export function serveBundle(session: Session, folder: string): void {
	session.protocol.handle(APP_SCHEME, async (request) => {
		const asset = request.method === 'GET' ? assetOf(request.url) : null;
		if (!asset) {
			note('no such file in the bundle:', request.url);
			return answer(404, 'text/plain; charset=utf-8', 'not found', '');
		}
		const nonce = randomBytes(16).toString('base64url');
		try {
			const bytes = await readFile(join(folder, ...asset.path.split('/')));
			// A new nonce with every load of the page, so that none can be known beforehand.
			const body = asset.path.endsWith('.html') ? bytes.toString('utf8').replaceAll(NONCE_MARK, nonce) : bytes;
			return answer(200, asset.mime, body, nonce);
		} catch {
			note('no such file in the bundle:', request.url);
			return answer(404, 'text/plain; charset=utf-8', 'not found', '');
		}
	});
}

const answer = (status: number, mime: string, body: string | Uint8Array<ArrayBuffer>, nonce: string): Response =>
	new Response(body, { status, headers: securityHeaders(mime, nonce) });
