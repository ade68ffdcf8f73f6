/** The proof of an order on its way out: a ZIP that anybody checks with public tools. */
import { onRecord } from '../../app/exportRecord.ts';
import { saveBytes } from '../../app/files.ts';
import { formatCount } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import type { Vault } from '../../app/vault.ts';
import type { ProofSubject } from '../../vault/integrityApi.ts';

export async function exportBundle(vault: Vault, table: string, subject: ProofSubject): Promise<void> {
	const made = await vault.integrity.verifierBundle(table, subject);
	if (!made.ok) {
		notify({ tone: made.error.code === 'cancelled' ? 'warn' : 'failed', message: made.error.message });
		return;
	}
	const { exportId, fileName, bytes, lines, proved } = made.value;
	const saved = await onRecord(vault, exportId, await saveBytes(fileName, 'bundle', bytes));
	if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
	else if (saved.value)
		notify({
			tone: proved === lines ? 'done' : 'warn',
			message: `${saved.value.name}: ${formatCount(proved)} of ${formatCount(lines)} lines lead to a signed head. SHA-256 ${saved.value.sha256.slice(0, 12)}…; README.txt in it says how to check them.`,
		});
}
