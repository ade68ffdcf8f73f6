/** Reading drops on Node: `#intake` with OpenSSL's hash and Ed25519. */
import { createHash, createPublicKey, type KeyObject, verify } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { VerifyEd25519 } from '#evidence';
import * as intake from '#intake';
import { type Sha256Hex, toBase64Url } from '#kernel';

export const nodeIntakePorts: intake.IntakePorts = {
	sha256() {
		const state = createHash('sha256');
		return { update: (bytes) => state.update(bytes), hex: () => state.digest('hex') as Sha256Hex };
	},
	ed25519Verifier: nodeVerifier,
	breathe: () => setImmediate(),
};

/** `importDrop` of `#intake` on Node. */
export const importDrop = (source: intake.DropSource, options: intake.ImportOptions = {}): ReturnType<typeof intake.importDrop> =>
	intake.importDrop(source, nodeIntakePorts, options);

/** `auditDrop` of `#intake` on Node. */
export const auditDrop = (source: intake.DropSource, options: intake.AuditOptions = {}): ReturnType<typeof intake.auditDrop> =>
	intake.auditDrop(source, nodeIntakePorts, options);

/** OpenSSL's Ed25519: ten times the portable one, which thousands of checkpoints need. Keys were judged sound when they were parsed. */
function nodeVerifier(): VerifyEd25519 {
	const keys = new Map<string, KeyObject>();
	return (publicKey, message, signature) => {
		const x = toBase64Url(publicKey);
		let key = keys.get(x);
		if (!key) {
			key = createPublicKey({ key: { kty: 'OKP', crv: 'Ed25519', x }, format: 'jwk' });
			keys.set(x, key);
		}
		return verify(null, message, key, signature);
	};
}
