/** From a passphrase to secret bytes: Argon2id (RFC 9106), with a floor below which stored parameters are refused. */
import { argon2id } from 'hash-wasm';
import type { Bytes } from './sealing.ts';

export interface KdfCost {
	readonly memoryKiB: number;
	readonly iterations: number;
	readonly parallelism: number;
}

/** What new engagements get, and what stored ones must have at least. Only the factory of the vault takes another one, never stored data. */
export interface KdfPolicy {
	readonly fresh: KdfCost;
	readonly floor: KdfCost;
}

/** 64 MiB, three passes: the second recommended option of RFC 9106 §4, in the one lane a worker has. */
const FLOOR: KdfCost = { memoryKiB: 65_536, iterations: 3, parallelism: 1 };

export const KDF_POLICY: KdfPolicy = { fresh: FLOOR, floor: FLOOR };

/** So that a forged header can't ask for all the memory of the machine: 2 GiB, 64 passes. */
const CEILING: KdfCost = { memoryKiB: 2_097_152, iterations: 64, parallelism: 16 };

/** Whether stored parameters lie between the floor and the ceiling. */
export function isSoundCost(cost: KdfCost, floor: KdfCost): boolean {
	const keys = ['memoryKiB', 'iterations', 'parallelism'] as const;
	return keys.every((key) => Number.isSafeInteger(cost[key]) && cost[key] >= floor[key] && cost[key] <= CEILING[key]);
}

/** 64 secret bytes. The passphrase is taken in NFKC, so that the same keys pressed on another keyboard give the same text. */
export async function stretch(passphrase: string, salt: Bytes, cost: KdfCost): Promise<Bytes> {
	const secret = await argon2id({
		password: passphrase.normalize('NFKC'),
		salt,
		memorySize: cost.memoryKiB,
		iterations: cost.iterations,
		parallelism: cost.parallelism,
		hashLength: 64,
		outputType: 'binary',
	});
	return new Uint8Array(secret);
}
