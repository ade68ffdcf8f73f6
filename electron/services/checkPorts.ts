/** The verifier's cryptography on Node. */
import { constants, createHash, createPublicKey, verify } from 'node:crypto';
import { inflateSync } from 'node:zlib';
import type { SignatureQuery, VerifyPorts } from '#pack';

export const nodeVerifyPorts: VerifyPorts = {
	hash(name, parts) {
		const state = createHash(name);
		for (const part of parts) state.update(part);
		return new Uint8Array(state.digest());
	},
	verifySignature(query: SignatureQuery): boolean {
		try {
			const key = createPublicKey({ key: Buffer.from(query.spki), format: 'der', type: 'spki' });
			const options =
				query.algorithm === 'rsa_pkcs1' ? { key, padding: constants.RSA_PKCS1_PADDING } : { key, dsaEncoding: 'der' as const };
			return verify(query.hash, query.message, options, query.signature);
		} catch {
			// A key or signature that OpenSSL can't even read verifies nothing: that is this port's "false".
			return false;
		}
	},
	inflate(data, maxLength) {
		try {
			return new Uint8Array(inflateSync(data, { maxOutputLength: Math.max(1, maxLength) }));
		} catch {
			return null;
		}
	},
};
