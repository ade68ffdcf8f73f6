/** Keys of exchange files on Node: Argon2id over the transfer passphrase, HKDF, AES-256-GCM. The same construction as the workstation's. */
import { type Argon2Parameters, argon2, createCipheriv, createDecipheriv, hkdfSync, randomBytes } from 'node:crypto';
import { promisify } from 'node:util';
import { concatBytes, fromBase64, toBase64, utf8 } from '#kernel';
import type { ExchangeCrypto, ExchangeKdf } from '#sync';
import { Turns } from '../log/turns.ts';

interface Cost {
	readonly memoryKiB: number;
	readonly iterations: number;
	readonly parallelism: number;
}

/** 64 MiB, three passes: the second recommended option of RFC 9106 §4, as the workstation's. */
export const EXCHANGE_COST: Cost = { memoryKiB: 65_536, iterations: 3, parallelism: 1 };
/** How many times as costly a foreign key may be. */
const CEILING = 4;
const LANES_MAX = 16;
const SECRET = 64;
const NONCE = 12;
const TAG = 16;

const stretched = promisify<'argon2id', Argon2Parameters, Buffer>(argon2);

/** @param cost of new files, and the least of any */
export function nodeExchangeCrypto(cost: Cost): ExchangeCrypto {
	// One at a time: each takes tens of mebibytes for as long as it lasts.
	const turns = new Turns();
	const keyOf = (passphrase: string, kdf: ExchangeKdf): Promise<Uint8Array> =>
		turns.take(async () => {
			const salt = fromBase64(kdf.salt) ?? new Uint8Array(0);
			const secret = await stretched('argon2id', {
				message: utf8(passphrase.normalize('NFKC')),
				nonce: salt,
				memory: kdf.memoryKiB,
				passes: kdf.iterations,
				parallelism: kdf.parallelism,
				tagLength: SECRET,
			});
			const key = new Uint8Array(hkdfSync('sha256', secret, salt, utf8('tieout/exchange/1'), 32));
			secret.fill(0);
			return key;
		});
	return {
		freshKdf: () => ({ algorithm: 'argon2id', ...cost, salt: toBase64(randomBytes(32)) }),
		isSound: ({ memoryKiB, iterations, parallelism }) =>
			memoryKiB >= cost.memoryKiB &&
			memoryKiB <= CEILING * cost.memoryKiB &&
			iterations >= cost.iterations &&
			iterations <= CEILING * cost.iterations &&
			parallelism >= cost.parallelism &&
			parallelism <= LANES_MAX,
		async seal(passphrase, kdf, plain, associated) {
			const nonce = randomBytes(NONCE);
			const cipher = createCipheriv('aes-256-gcm', await keyOf(passphrase, kdf), nonce).setAAD(associated);
			return concatBytes(nonce, cipher.update(plain), cipher.final(), cipher.getAuthTag());
		},
		async unseal(passphrase, kdf, sealed, associated) {
			if (sealed.length < NONCE + TAG) return null;
			const key = await keyOf(passphrase, kdf);
			const opening = createDecipheriv('aes-256-gcm', key, sealed.subarray(0, NONCE), { authTagLength: TAG })
				.setAAD(associated)
				.setAuthTag(sealed.subarray(-TAG));
			try {
				return concatBytes(opening.update(sealed.subarray(NONCE, -TAG)), opening.final());
			} catch {
				return null;
			}
		},
	};
}
