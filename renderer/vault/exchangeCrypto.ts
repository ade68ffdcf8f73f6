/** Keys of exchange files: Argon2id over the transfer passphrase, AES-256-GCM by WebCrypto. The same on Node, which has both. */
import { fromBase64, toBase64 } from '#kernel';
import type { ExchangeCrypto, ExchangeKdf } from '#sync';
import { isSoundCost, type KdfPolicy, stretch } from './argon.ts';
import { type Bytes, deriveAesKey, randomBytes } from './sealing.ts';

const NONCE = 12;
const TAG = 16;
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
		seal: async (passphrase, kdf, plain, associated) => {
			const iv = randomBytes(NONCE);
			const key = await keyOf(passphrase, kdf);
			const sealed = await crypto.subtle.encrypt({ name: 'AES-GCM', iv, additionalData: owned(associated) }, key, owned(plain));
			const whole = new Uint8Array(NONCE + sealed.byteLength);
			whole.set(iv);
			whole.set(new Uint8Array(sealed), NONCE);
			return whole;
		},
		unseal: async (passphrase, kdf, sealed, associated) => {
			if (sealed.length < NONCE + TAG) return null;
			const key = await keyOf(passphrase, kdf);
			const [iv, rest] = [owned(sealed.subarray(0, NONCE)), owned(sealed.subarray(NONCE))];
			try {
				return new Uint8Array(await crypto.subtle.decrypt({ name: 'AES-GCM', iv, additionalData: owned(associated) }, key, rest));
			} catch {
				return null;
			}
		},
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
