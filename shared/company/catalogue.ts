/** What is sold: instruments by the piece, cable by the metre, service by the visit. Each entity has its own articles and prices. */
import type { Entity, EntityKey } from './entities.ts';
import type { Wire } from './wire.ts';

type ProductKind = 'goods' | 'metered' | 'service';

export interface Product {
	readonly sku: string;
	readonly description: string;
	readonly kind: ProductKind;
	/** Minor units; a multiple of 400, so that discounts of 5 % steps and quarter metres give whole minor units. */
	readonly listMinor: bigint;
	readonly currency: string;
}

const GOODS: readonly (readonly [string, number])[] = [
	['Pressure transmitter PT-20', 18_400],
	['Flow meter FM-50', 42_800],
	['Level sensor LS-11', 9_600],
	['Temperature probe TP-03', 5_200],
	['Control valve CV-80', 76_400],
	['Data logger DL-16', 31_200],
	['Calibration kit CK-2', 58_000],
	['Gas analyser GA-400', 214_000],
	['Signal converter SC-4', 7_600],
	['Portable display PD-7', 24_400],
	['Vibration monitor VM-30', 88_800],
	['Edge gateway EG-5', 46_000],
];
const METERED: readonly (readonly [string, number])[] = [
	['Shielded cable 4 × 0.5, per metre', 800],
	['Optical fibre OM4, per metre', 1_200],
];
const SERVICE: readonly (readonly [string, number])[] = [
	['On-site maintenance visit', 48_000],
	['Remote monitoring, monthly report', 36_000],
];

function products({ key, currency }: Pick<Entity, 'key' | 'currency'>): Product[] {
	const of = (kind: ProductKind, prefix: string, list: readonly (readonly [string, number])[]): Product[] =>
		list.map(([description, list_], index) => ({
			sku: `${prefix}-${String(10 * (index + 1)).padStart(3, '0')}-${key}`,
			description,
			kind,
			listMinor: BigInt(list_),
			currency,
		}));
	return [...of('goods', 'NX', GOODS), ...of('metered', 'NC', METERED), ...of('service', 'NS', SERVICE)];
}

export const CATALOGUE: Readonly<Record<EntityKey, readonly Product[]>> = {
	US: products({ key: 'US', currency: 'USD' }),
	DE: products({ key: 'DE', currency: 'EUR' }),
};

export const PRODUCT_OWNER = 'pim';

export const productRecord = (product: Product): Wire => ({
	currency: product.currency,
	description: product.description,
	list_price_minor: Number(product.listMinor),
	owner_system: PRODUCT_OWNER,
	sku: product.sku,
});
