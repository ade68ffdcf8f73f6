/** The list on its way out: what is selected, or all that the filter keeps. */
import { copyText } from '../../app/bridge.ts';
import { onRecord } from '../../app/exportRecord.ts';
import { saveBytes } from '../../app/files.ts';
import { plural } from '../../app/format.ts';
import { notify } from '../../app/notify.ts';
import type { Vault } from '../../app/vault.ts';
import type { OrderView } from '../../vault/ordersApi.ts';
import { selectionOf, useSelection } from './selection.ts';
import { useOrders } from './state.ts';

export async function exportCsv(vault: Vault, view: OrderView): Promise<void> {
	const answer = await vault.orders.exportCsv(view.viewId, useOrders.getState().columns, selectionOf(useSelection.getState()));
	if (!answer.ok) {
		notify({ tone: answer.error.code === 'cancelled' ? 'warn' : 'failed', message: answer.error.message });
		return;
	}
	const { exportId, fileName, bytes, rows, sha256 } = answer.value;
	const saved = await onRecord(vault, exportId, await saveBytes(fileName, 'table', bytes));
	if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
	else if (saved.value) notify({ tone: 'done', message: `${plural(rows, 'row')} exported; SHA-256 of the lines ${sha256.slice(0, 12)}…` });
}

export async function copyTsv(vault: Vault, view: OrderView): Promise<void> {
	const answer = await vault.orders.copyTsv(view.viewId, useOrders.getState().columns, selectionOf(useSelection.getState()));
	if (!answer.ok) {
		notify({ tone: 'failed', message: answer.error.message });
		return;
	}
	const { exportId, text, rows, sha256 } = answer.value;
	if (!(await copyText(text))) return notify(TOO_LARGE);
	const done = await vault.exports.written(exportId, sha256);
	if (done.ok) notify({ tone: 'done', message: `${plural(rows, 'row')} copied with headers` });
	else notify({ tone: 'failed', message: `${plural(rows, 'row')} copied, but the log did not take it: ${done.error.message}` });
}

const TOO_LARGE = {
	tone: 'failed',
	message: 'The clipboard did not take it: it may be too large. Export the rows as CSV instead.',
} as const;
