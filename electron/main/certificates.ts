/** Certificates of disposal that nobody has saved yet. Held here, because the page that brings one ends with what it disposed of. */
import { randomBytes } from 'node:crypto';
import { CERTIFICATES_MAX, ipcError } from '#ipc';
import { err, ok } from '#kernel';
import type { Handlers } from './context.ts';

export interface CertificateKeeper {
	readonly handlers: Handlers<'certificate.keep' | 'certificate.kept' | 'certificate.drop'>;
	/** Whether the program may end: none is held, or the person gives up what is. */
	mayEnd(givesUp: () => boolean): boolean;
}

export function makeCertificateKeeper(): CertificateKeeper {
	// By no token of the table: those end with a lock, and this outlives it.
	const held = new Map<string, string>();
	return {
		handlers: {
			'certificate.keep': ({ text }) => {
				if (held.size >= CERTIFICATES_MAX)
					return err(ipcError('too_many', 'Too many certificates wait to be saved. Save those on the locked window first.'));
				held.set(randomBytes(16).toString('hex'), text);
				return ok({});
			},
			'certificate.kept': () => ok([...held].map(([certificateId, text]) => ({ certificateId, text }))),
			'certificate.drop': ({ certificateId }) => {
				held.delete(certificateId);
				return ok({});
			},
		},
		mayEnd: (givesUp) => held.size === 0 || givesUp(),
	};
}
