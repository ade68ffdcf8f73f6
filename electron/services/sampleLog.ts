/** The log side of a sample: the RFC 6962 tree over a sealed table's leaves as they come, and its signed checkpoints. */
import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign } from 'node:crypto';
import { checkpointText, formatSignatureLine, formatVerifierKey, type VerifierKey, verifierKey } from '#evidence';
import { concatBytes, fromHex } from '#kernel';

/** DER head of a PKCS#8 Ed25519 private key (RFC 8410 §7); the 32 bytes of the key follow. */
const PKCS8_ED25519 = Buffer.from('302e020100300506032b657004220420', 'hex');

export interface LogSigner {
	readonly key: VerifierKey;
	readonly vkey: string;
	/** A checkpoint file: the text and one signature line. */
	checkpoint(origin: string, size: number, root: Uint8Array): string;
}

/** A signer whose key follows from `secret`, so that a sample can be made again byte for byte. Never for real logs. */
export function sampleSigner(name: string, secret: string): LogSigner {
	const privateKey: KeyObject = createPrivateKey({
		key: Buffer.concat([PKCS8_ED25519, createHash('sha256').update(`tieout sample log key ${secret}`).digest()]),
		format: 'der',
		type: 'pkcs8',
	});
	const publicKey = createPublicKey(privateKey).export({ format: 'der', type: 'spki' }).subarray(-32);
	const key = verifierKey(name, new Uint8Array(publicKey));
	return {
		key,
		vkey: formatVerifierKey(key),
		checkpoint(origin, size, root) {
			const text = checkpointText(origin, size, root);
			const signature = new Uint8Array(sign(null, Buffer.from(text, 'utf8'), privateKey));
			return `${text}\n${formatSignatureLine(name, concatBytes(fromHex(key.keyId) ?? new Uint8Array(), signature))}`;
		},
	};
}

const nodeHash = (left: string, right: string): string =>
	createHash('sha256')
		.update(Buffer.from(`01${left}${right}`, 'hex'))
		.digest('hex');

/** A growing tree that keeps only the roots of its full subtrees: one hash a level. */
export class LogFrontier {
	private readonly levels: (string | undefined)[] = [];
	size = 0;

	/** Appends a leaf hash (64 hex digits). */
	append(leaf: string): void {
		let node = leaf;
		let level = 0;
		for (; this.levels[level] !== undefined; level++) {
			node = nodeHash(this.levels[level] as string, node);
			this.levels[level] = undefined;
		}
		this.levels[level] = node;
		this.size++;
	}

	/** The root over all leaves so far; that of no leaves is the hash of nothing (RFC 6962 §2.1). */
	root(): string {
		let root: string | undefined;
		for (const subtree of this.levels) {
			if (subtree !== undefined) root = root === undefined ? subtree : nodeHash(subtree, root);
		}
		return root ?? createHash('sha256').update('').digest('hex');
	}
}
