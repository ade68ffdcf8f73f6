/** The list on its way out: what is selected, or all that the filter keeps. */
import { copyText } from '../../app/bridge.ts';
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
	const { fileName, bytes, rows, sha256 } = answer.value;
	const saved = await saveBytes(fileName, 'table', bytes);
	if (!saved.ok) notify({ tone: 'failed', message: saved.error.message });
	else if (saved.value) notify({ tone: 'done', message: `${plural(rows, 'row')} exported; SHA-256 of the lines ${sha256.slice(0, 12)}…` });
}

export async function copyTsv(vault: Vault, view: OrderView): Promise<void> {
	const answer = await vault.orders.copyTsv(view.viewId, useOrders.getState().columns, selectionOf(useSelection.getState()));
	if (!answer.ok) {
		notify({ tone: 'failed', message: answer.error.message });
		return;
	}
	const isCopied = await copyText(answer.value.text);
	notify(isCopied ? { tone: 'done', message: `${plural(answer.value.rows, 'row')} copied with headers` } : TOO_LARGE);
}

const TOO_LARGE = {
	tone: 'failed',
	message: 'The clipboard did not take it: it may be too large. Export the rows as CSV instead.',
} as const;
