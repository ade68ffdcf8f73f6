/** In the place of the vault's worker: its own list of orders over made-up ones; whatever else is asked for is not here. */
import { expose } from 'comlink';
import { config } from 'zod';
import type { VaultContext } from '../../../renderer/vault/contract.ts';
import { ordersListApi } from '../../../renderer/vault/ordersListApi.ts';
import { orderViews } from '../../../renderer/vault/ordersViews.ts';
import { viewReader } from './ground.ts';

config({ jitless: true });

const context = {} as VaultContext;
const views = orderViews();

expose({ session: { subscribe: () => undefined }, orders: ordersListApi(context, views, viewReader(context, views)) });
