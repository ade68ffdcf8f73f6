import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { request } from 'node:https';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { connect } from 'node:tls';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hasProgram } from '../../../../build/outsideTools.ts';
import { json } from '../../../../electron/hub/serving/route.ts';
import { readTls } from '../../../../electron/hub/serving/tlsFiles.ts';
import { type BareServer, serveBare } from './bareServer.ts';

const folder = mkdtempSync(join(tmpdir(), 'tieout-hub-tls-'));
const at = (name: string): string => join(folder, name);

const PROGRAM = 'openssl';

function openssl(...args: readonly string[]): void {
	const { status, stderr } = spawnSync(PROGRAM, args, { cwd: folder, encoding: 'utf8' });
	if (status !== 0) throw new Error(stderr);
}

const authority = (name: string): void =>
	openssl(
		'req',
		'-x509',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-nodes',
		'-days',
		'2',
		'-subj',
		`/CN=${name}`,
		'-keyout',
		`${name}.key`,
		'-out',
		`${name}.pem`,
	);

function certificate(name: string, by: string, extension: string): void {
	writeFileSync(at(`${name}.ext`), extension);
	openssl(
		'req',
		'-newkey',
		'ec',
		'-pkeyopt',
		'ec_paramgen_curve:P-256',
		'-nodes',
		'-subj',
		`/CN=${name}`,
		'-keyout',
		`${name}.key`,
		'-out',
		`${name}.csr`,
	);
	openssl(
		'x509',
		'-req',
		'-days',
		'2',
		'-in',
		`${name}.csr`,
		'-CA',
		`${by}.pem`,
		'-CAkey',
		`${by}.key`,
		'-CAcreateserial',
		'-extfile',
		`${name}.ext`,
		'-out',
		`${name}.pem`,
	);
}

const routes = [{ method: 'GET', path: '/here', summary: '', roles: null, handle: () => Promise.resolve(json({ here: true })) } as const];

describe.skipIf(!hasProgram(PROGRAM))('a hub over TLS', () => {
	let server: BareServer;
	let mutual: BareServer;

	beforeAll(async () => {
		authority('company');
		authority('stranger');
		certificate('hub', 'company', 'subjectAltName=IP:127.0.0.1');
		certificate('auditor', 'company', 'extendedKeyUsage=clientAuth');
		certificate('impostor', 'stranger', 'extendedKeyUsage=clientAuth');
		server = await serveBare(routes, {}, undefined, readTls(at('hub.pem'), at('hub.key'), null));
		mutual = await serveBare(routes, {}, undefined, readTls(at('hub.pem'), at('hub.key'), at('company.pem')));
	});
	afterAll(async () => {
		await server.close();
		await mutual.close();
		rmSync(folder, { recursive: true, force: true });
	});

	const ask = ({ url }: BareServer, client?: string): Promise<number> =>
		new Promise((resolve, reject) => {
			const identity = client === undefined ? {} : { cert: readFileSync(at(`${client}.pem`)), key: readFileSync(at(`${client}.key`)) };
			const options = { host: url.hostname, port: url.port, path: '/here', ca: readFileSync(at('company.pem')), agent: false, ...identity };
			request(options, (response) => {
				response.resume();
				resolve(response.statusCode ?? 0);
			})
				.on('error', reject)
				.end();
		});

	it('answers who trusts its authority', async () => {
		expect(await ask(server)).toBe(200);
	});

	it('speaks no version of TLS that is broken', async () => {
		const said = await new Promise<string>((resolve) => {
			const socket = connect({
				host: server.url.hostname,
				port: Number(server.url.port),
				ca: readFileSync(at('company.pem')),
				maxVersion: 'TLSv1.1',
				minVersion: 'TLSv1',
				ciphers: 'DEFAULT@SECLEVEL=0',
			});
			socket.once('error', (error) => resolve(error.message));
			socket.once('secureConnect', () => resolve('connected'));
		});
		expect(said).not.toBe('connected');
	});

	it('with a client authority lets in who has a certificate of it, and neither a stranger nor one without', async () => {
		expect(await ask(mutual, 'auditor')).toBe(200);
		await expect(ask(mutual)).rejects.toThrow();
		await expect(ask(mutual, 'impostor')).rejects.toThrow();
	});

	it('does not start with files that are missing, no certificate, or of another key', () => {
		writeFileSync(at('nonsense.pem'), 'nonsense');
		expect(() => readTls(at('absent.pem'), at('hub.key'), null)).toThrow(/can't be read/);
		expect(() => readTls(at('nonsense.pem'), at('hub.key'), null)).toThrow(/no certificate and its key/);
		expect(() => readTls(at('hub.pem'), at('auditor.key'), null)).toThrow(/no certificate and its key/);
	});
});
