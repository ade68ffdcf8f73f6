/** Keys of exchange files: Argon2id over the transfer passphrase, AES-256-GCM by WebCrypto. The same on Node, which has both. */
import { fromBase64, toBase64 } from '#kernel';
import type { ExchangeCrypto, ExchangeKdf } from '#sync';
import { isSoundCost, type KdfPolicy, stretch } from './argon.ts';
import { type Bytes, deriveAesKey, randomBytes, seal, unseal } from './sealing.ts';

/** How many times as costly a foreign key may be. */
const CEILING = 4;

export function exchangeCrypto(policy: KdfPolicy): ExchangeCrypto {
	return {
		freshKdf: () => ({ algorithm: 'argon2id', ...policy.fresh, salt: toBase64(randomBytes(32)) }),
		// Anybody can hand over a file: it must not ask for much more than this program makes.
		isSound: (kdf) =>
			isSoundCost(kdf, policy.floor) &&
			kdf.memoryKiB <= CEILING * policy.fresh.memoryKiB &&
			kdf.iterations <= CEILING * policy.fresh.iterations,
		seal: async (passphrase, kdf, plain, associated) => seal(await keyOf(passphrase, kdf), owned(plain), owned(associated)),
		unseal: async (passphrase, kdf, sealed, associated) => unseal(await keyOf(passphrase, kdf), owned(sealed), owned(associated)),
	};
}

const owned = (bytes: Uint8Array): Bytes => (bytes.buffer instanceof ArrayBuffer ? (bytes as Bytes) : bytes.slice());

async function keyOf(passphrase: string, kdf: ExchangeKdf): Promise<CryptoKey> {
	const salt: Bytes = fromBase64(kdf.salt) ?? new Uint8Array(0);
	const secret = await stretch(passphrase, salt, kdf);
	const key = await deriveAesKey(secret, salt, 'tieout/exchange/1');
	secret.fill(0);
	return key;
}
