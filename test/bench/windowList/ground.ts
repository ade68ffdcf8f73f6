/** In the place of what the order list of the product stands on: made-up orders instead of an engagement's. */
import { type OrderTable, textColumn } from '#explore';
import { ok } from '#kernel';
import type { Answer, VaultContext } from '../../../renderer/vault/contract.ts';
import type { Ground, OnView } from '../../../renderer/vault/ordersGround.ts';
import type { OrderViews } from '../../../renderer/vault/ordersViews.ts';
import { syntheticOrders } from '../../shared/explore/syntheticOrders.ts';

/** Put in where the page is built. */
declare const __BENCH_ROWS__: number;

const table = syntheticOrders(__BENCH_ROWS__);

const ground = { table, engagement: { results: () => null }, loaded: {} } as unknown as Ground;

export const groundOf = (): Answer<Ground> => ok(ground);

export const viewReader =
	(_context: VaultContext, views: OrderViews): OnView =>
	(viewId, answer) => {
		const view = views.get(viewId);
		return view.ok ? answer(view.value, ground) : view;
	};

export function labelsOf(of: OrderTable): (column: string, value: string) => string {
	return (column, value) => {
		if (column !== 'customer') return value;
		const { texts } = textColumn(of, column);
		const code = texts.codeOf(value);
		return code < 0 ? value : texts.label(code);
	};
}
