/** A witness of the tests: listed by the tenant, and signing what it is shown. */
import { ed25519 } from '@noble/curves/ed25519.js';
import { formatSignatureLine } from '#evidence';
import { concatBytes, fromHex, sha256, toBase64, utf8 } from '#kernel';
import { cosignatureMessage, witnessKeyId } from '#sync';
import type { LogTable } from '../../../../electron/hub/log/logPort.ts';
import type { ServedHub } from './servedHub.ts';

const NAME = 'witness.example/w1';
const SEED = sha256(utf8('seed of the witness'));
const PUBLIC_KEY = ed25519.getPublicKey(SEED);
const KEY_ID = witnessKeyId(NAME, PUBLIC_KEY);
const TIME = 1_775_000_000;

export const WITNESS_VKEY = `${NAME}+${KEY_ID}+${toBase64(concatBytes(Uint8Array.of(4), PUBLIC_KEY))}`;

export async function listWitness({ hub }: ServedHub, tenant = 'acme'): Promise<void> {
	await hub.database.query('INSERT INTO witness (tenant, name, vkey, added_at) VALUES ($1, $2, $3, 0) ON CONFLICT DO NOTHING', [
		tenant,
		NAME,
		WITNESS_VKEY,
	]);
}

/** The witness' line for the last head. */
export async function cosignatureFor(served: ServedHub, table: LogTable): Promise<string> {
	await listWitness(served);
	const [text = ''] = served.hub.log.head('acme', table).note.split('\n\n');
	return cosignatureOf(`${text}\n`);
}

export function cosignatureOf(text: string): string {
	const stamp = new Uint8Array(8);
	new DataView(stamp.buffer).setBigUint64(0, BigInt(TIME));
	const signature = ed25519.sign(cosignatureMessage(TIME, text), SEED);
	return formatSignatureLine(NAME, concatBytes(fromHex(KEY_ID) ?? new Uint8Array(), stamp, signature));
}
