/** The customers, made from their number alone: the generator never has to hold them. */
import type { Entity } from './entities.ts';
import { createRandom, type Random } from './random.ts';
import type { Wire } from './wire.ts';

export interface Customer {
	readonly customerId: string;
	readonly name: string;
	readonly tin: string | null;
	readonly country: string;
	readonly currency: string;
	readonly creditLimitMinor: bigint | null;
	/** Exports carry no tax. */
	readonly export: boolean;
	readonly contact: string;
}

const FIRST: readonly string[] =
	'Amber,Birch,Cedar,Delta,Ember,Falcon,Granite,Harbor,Iris,Juniper,Kestrel,Lumen,Maple,Nimbus,Orchard,Prairie,Quarry,Ridge,Summit,Timber,Umber,Vertex,Willow,Zenith,Alder,Beacon,Cobalt,Drift,Everest,Fjord'.split(
		',',
	);
const SECOND: readonly string[] =
	'Foods,Labs,Works,Energy,Textiles,Paper,Chemicals,Brewing,Plastics,Metals,Pharma,Ceramics,Motors,Optics,Packaging,Robotics,Glass,Water,Dairy,Mining,Marine,Aerospace,Rail,Coatings,Polymers'.split(
		',',
	);
const PLACE: Readonly<Record<string, readonly string[]>> = {
	US: 'Austin,Boston,Cleveland,Denver,Eugene,Fresno,Glendale,Houston,Irvine,Jackson,Kenosha,Lincoln,Memphis,Norfolk,Omaha,Phoenix,Reno,Salem,Toledo,Utica'.split(
		',',
	),
	DE: 'Aachen,Bremen,Coburg,Dresden,Essen,Freiburg,Gera,Hamm,Ilmenau,Jena,Kassel,Lindau,Mainz,Neuss,Oldenburg,Passau,Rostock,Siegen,Trier,Ulm'.split(
		',',
	),
};
const LEGAL_FORMS: Readonly<Record<string, readonly string[]>> = { US: ['Inc.', 'LLC', 'Corp.'], DE: ['GmbH', 'AG', 'KG'] };
const CONTACTS: readonly string[] =
	'Alex Kim,Maria Keller,Jordan Lee,Sofia Brandt,Chris Novak,Lea Hartmann,Morgan Diaz,Nina Wolff,Robin Patel,Jana Scholz,Taylor Reed,Emil Krüger'.split(
		',',
	);

const ONE_IN = 8;
/** Far above what any one customer can owe: an order is below 100,000.00 and a customer gets some thirty of them. */
const LIMITS_MINOR: readonly bigint[] = [150_000_000n, 200_000_000n, 250_000_000n];
/** Customers on credit watch have a limit below any order: each of their orders waits for the credit department. */
const WATCH_LIMIT_MINOR = 10_000n;

/** Every 8th customer buys for export, without tax. */
const isExport = (index: number): boolean => index % ONE_IN === ONE_IN - 1;

/** The `index`th customer of an entity; `watch` gives those on credit watch, who are numbered apart. */
export function customerAt(entity: Entity, index: number, watch: boolean): Customer {
	const number = watch ? 900_000 + index : 100_000 + index;
	const random = createRandom(`customer/${entity.key}/${number}`);
	return {
		customerId: `C-${entity.key}-${number}`,
		name: companyName(entity, watch ? index + 7 : index, watch, random),
		tin: random.chance(90) ? taxNumber(entity, number) : null,
		country: !watch && isExport(index) ? (entity.key === 'US' ? 'CA' : 'AT') : entity.jurisdiction,
		currency: entity.currency,
		creditLimitMinor: watch ? WATCH_LIMIT_MINOR : random.chance(80) ? random.pick(LIMITS_MINOR) : null,
		export: !watch && isExport(index),
		contact: random.pick(CONTACTS),
	};
}

/** Mixed-radix digits of the number choose the words, so that two customers never share a name. */
function companyName({ key }: Entity, index: number, watch: boolean, random: Random): string {
	const places = PLACE[key] as readonly string[];
	const first = FIRST[index % FIRST.length] as string;
	const second = SECOND[Math.floor(index / FIRST.length) % SECOND.length] as string;
	const rest = Math.floor(index / (FIRST.length * SECOND.length));
	const place = places[rest % places.length] as string;
	const round = Math.floor(rest / places.length);
	const trade = watch ? 'Trading' : '';
	return [first, second, trade, place, round > 0 ? String(round + 1) : '', random.pick(LEGAL_FORMS[key] as readonly string[])]
		.filter(Boolean)
		.join(' ');
}

const taxNumber = ({ key }: Entity, number: number): string =>
	key === 'US' ? `47-${String(1_000_000 + number)}` : `DE2${String(30_000_000 + number)}`;

export const CUSTOMER_OWNER = 'crm';

export const customerRecord = (customer: Customer): Wire => ({
	active_from: '2019-04-01',
	active_to: null,
	country: customer.country,
	credit_limit_minor: customer.creditLimitMinor === null ? null : Number(customer.creditLimitMinor),
	currency: customer.currency,
	customer_id: customer.customerId,
	name: customer.name,
	owner_system: CUSTOMER_OWNER,
	tin: customer.tin,
});
