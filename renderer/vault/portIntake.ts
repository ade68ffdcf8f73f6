/** Reading drops in the worker: `#intake` with WebAssembly's SHA-256 and noble's Ed25519 (RFC 8032, strict). */
import { createSHA256, type IHasher } from 'hash-wasm';
import { verifyEd25519 } from '#evidence';
import type { IntakePorts } from '#intake';
import { type Sha256Hex, type StreamingHash, streamingSha256 } from '#kernel';

/** As many files as an import hashes at once, and some to spare. */
const HASHERS = 12;

/** Makes the ports; the hashers' memory is made once, since a hash must be there at once when it is asked for. */
export async function workerIntakePorts(): Promise<IntakePorts> {
	const idle = await Promise.all(Array.from({ length: HASHERS }, () => createSHA256()));
	return { sha256: () => pooled(idle), ed25519Verifier: () => verifyEd25519, breathe };
}

/** A hasher of the pool; with none idle, the portable one. */
function pooled(idle: IHasher[]): StreamingHash {
	const hasher = idle.pop();
	if (!hasher) return streamingSha256();
	hasher.init();
	return {
		update: (bytes) => hasher.update(bytes),
		hex() {
			const hex = hasher.digest('hex') as Sha256Hex;
			idle.push(hasher);
			return hex;
		},
	};
}

const { port1, port2 } = new MessageChannel();
const waiting: (() => void)[] = [];
port1.onmessage = () => waiting.shift()?.();

/** A turn of the event loop: what was asked meanwhile is answered first. */
export const breathe = (): Promise<void> =>
	new Promise((resolve) => {
		waiting.push(resolve);
		port2.postMessage(null);
	});
