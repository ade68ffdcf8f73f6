/** Certificates from files. */
import { readFileSync } from 'node:fs';
import { StartRefusal } from '../startRefusal.ts';
import type { TlsOptions } from './server.ts';

/** @param clientCa where it is given, clients need a certificate of it (mutual TLS) */
export function readTls(cert: string, key: string, clientCa: string | null): TlsOptions {
	const read = (file: string): string => {
		try {
			return readFileSync(file, 'utf8');
		} catch (error) {
			throw new StartRefusal(`The file ${file} can't be read: give certificate and key in PEM.`, { code: 'tls_files', cause: error });
		}
	};
	return { cert: read(cert), key: read(key), clientCa: clientCa === null ? null : read(clientCa) };
}
