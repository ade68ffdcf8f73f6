/** All that is planted, in the order of time, and the briefs of the orders it is planted on. */
import type { PlantedOrder } from './anomaly.ts';
import { customerAt } from './customers.ts';
import { ENTITIES } from './entities.ts';
import type { OrderBrief } from './orderBrief.ts';
import { billingAnomalies } from './plantBilling.ts';
import { evidenceAnomalies } from './plantEvidence.ts';
import { invoiceAnomalies } from './plantInvoices.ts';
import { ledgerOrderAnomalies } from './plantLedger.ts';
import { masterAnomalies } from './plantMasters.ts';
import { revenueAnomalies } from './plantRevenue.ts';
import { reversalAnomalies } from './plantReversals.ts';
import { stateAnomalies } from './plantStates.ts';
import { createRandom } from './random.ts';
import { orderNumber, type Shape } from './schedule.ts';

/** Every anomaly that hangs on an order, by day. */
export const plantedOrders = (): PlantedOrder[] =>
	[
		...billingAnomalies(),
		...invoiceAnomalies(),
		...revenueAnomalies(),
		...reversalAnomalies(),
		...stateAnomalies(),
		...masterAnomalies(),
		...ledgerOrderAnomalies(),
		...evidenceAnomalies(),
	].sort((a, b) => a.day - b.day);

/** The plainest order there is: what is planted stands out against it alone. */
const PLAIN: Shape = {
	life: 'plain',
	transfer: 'delivery',
	billing: 'on_delivery',
	podRequired: false,
	lineCount: 1,
	consignments: 1,
	discountPercent: 0,
};

const CUSTOMERS = 7;
const WATCHED = 4;

/** Customers in turn, export customers left out: the first seven of each entity pay tax. */
export function plantedBrief(
	{ entity: key, day, shape, stage, watched }: PlantedOrder,
	running: number,
	after: number,
	seed: string,
): OrderBrief {
	const entity = ENTITIES[key];
	return {
		number: orderNumber(after, 1 + running),
		entity,
		customer: customerAt(entity, running % (watched ? WATCHED : CUSTOMERS), watched),
		day,
		stage,
		random: createRandom(`${seed}/planted/${running}`),
		...PLAIN,
		...shape,
	};
}
