/** Certificates from files. */
import { readFileSync } from 'node:fs';
import { createSecureContext } from 'node:tls';
import { StartRefusal } from '../startRefusal.ts';
import type { TlsOptions } from './server.ts';

/** Throws `StartRefusal`. @param clientCa where it is given, clients need a certificate of it (mutual TLS) */
export function readTls(cert: string, key: string, clientCa: string | null): TlsOptions {
	const read = (file: string): string => {
		try {
			return readFileSync(file, 'utf8');
		} catch (error) {
			throw new StartRefusal(`The file ${file} can't be read: give certificate and key in PEM.`, { code: 'tls_files', cause: error });
		}
	};
	const options = { cert: read(cert), key: read(key), clientCa: clientCa === null ? null : read(clientCa) };
	try {
		createSecureContext({ cert: options.cert, key: options.key, ...(options.clientCa === null ? {} : { ca: options.clientCa }) });
	} catch (error) {
		throw new StartRefusal(`${cert} and ${key} are no certificate and its key in PEM.`, { code: 'tls_files', cause: error });
	}
	return options;
}
