/** The log keys of a tenant, with the sizes from which and up to which each of them signs. Private keys lie sealed in the database. */

import type { Queryable } from '../database/databasePort.ts';
import type { LogTable } from '../log/logPort.ts';
import { StartRefusal } from '../startRefusal.ts';
import type { HubKeys } from './hubKeys.ts';
import { generateLogKey, type LogSigner, logSigner } from './logSigner.ts';

/** Sizes of the logs at which something begins or ends. */
export type LogSizes = Readonly<Record<LogTable, number>>;

export interface LogKeyWindow {
	/** 1, 2, 3 … */
	readonly no: number;
	readonly signer: LogSigner;
	/** Signs checkpoints of at least these sizes. */
	readonly from: LogSizes;
	/** And of at most these; null while it is the one in use. The checkpoint at the turn carries both signatures. */
	readonly to: LogSizes | null;
}

interface KeyRow {
	readonly key_no: number;
	readonly vkey: string;
	readonly sealed_private: Uint8Array;
	readonly from_size: LogSizes;
	readonly retired: LogSizes | null;
}

/** @param log the log's name, and so the key's. Throws `StartRefusal` `master_key` where a key does not open. */
export async function loadLogKeys(db: Queryable, keys: HubKeys, tenant: string, log: string): Promise<readonly LogKeyWindow[]> {
	const rows = await db.query<KeyRow>(
		'SELECT key_no, vkey, sealed_private, from_size, retired FROM log_key WHERE tenant = $1 ORDER BY key_no',
		[tenant],
	);
	return rows.map(({ key_no: no, vkey, sealed_private: sealed, from_size: from, retired: to }) => {
		const privateKey = keys.openPrivateKey(tenant, vkey, sealed);
		const signer = privateKey && logSigner(log, privateKey);
		if (signer?.vkey !== vkey) {
			const message = `Log key ${no} of tenant ${tenant} does not open under this master key: give the hub the key file it was made with.`;
			throw new StartRefusal(message, { code: 'master_key' });
		}
		return { no, signer, from, to };
	});
}

/** A fresh key for the log; it counts once `storeLogKey` is committed. */
export const newLogKey = (no: number, log: string, from: LogSizes): LogKeyWindow & { readonly privateKey: Uint8Array } => {
	const privateKey = generateLogKey();
	return { no, signer: logSigner(log, privateKey), from, to: null, privateKey };
};

/** Writes a fresh key and ends the windows of those before it, where it begins. */
export async function storeLogKey(tx: Queryable, keys: HubKeys, tenant: string, key: ReturnType<typeof newLogKey>): Promise<void> {
	const { vkey } = key.signer;
	const from = JSON.stringify(key.from);
	await tx.query('UPDATE log_key SET retired = $2 WHERE tenant = $1 AND retired IS NULL', [tenant, from]);
	await tx.query('INSERT INTO log_key (tenant, key_no, vkey, sealed_private, from_size) VALUES ($1, $2, $3, $4, $5)', [
		tenant,
		key.no,
		vkey,
		keys.sealPrivateKey(tenant, vkey, key.privateKey),
		from,
	]);
}
