/**
 * Who works here. Duties are separated by construction: nobody who books, ships, invoices, credits, approves or keeps
 * master data does another of these, except the few with two hats, who never use them in the clean company.
 */
import type { EntityKey } from './entities.ts';
import type { Random } from './random.ts';
import type { Wire } from './wire.ts';
import { dayOf, instantAt, timeText } from './workTime.ts';

export type Role =
	| 'sales'
	| 'credit'
	| 'fulfilment'
	| 'carrier'
	| 'billing'
	| 'revenue'
	| 'gl'
	| 'service'
	| 'legal'
	| 'approver'
	| 'it'
	| 'system';

export interface Person {
	readonly userId: string;
	readonly name: string;
	readonly roles: readonly Role[];
	readonly activeFrom: number;
	readonly activeTo: number | null;
}

/** The duties of one entity, each with its own people. */
export interface Staff {
	readonly sales: readonly Person[];
	readonly credit: readonly Person[];
	readonly fulfilment: readonly Person[];
	/** Enter invoices. */
	readonly billing: readonly Person[];
	/** Enter credit memos, never invoices. */
	readonly crediting: readonly Person[];
	readonly invoiceApprovers: readonly Person[];
	readonly creditApprovers: readonly Person[];
	readonly contractApprovers: readonly Person[];
	readonly releaseApprovers: readonly Person[];
	readonly revenue: readonly Person[];
	readonly revenueApprovers: readonly Person[];
	readonly service: readonly Person[];
	readonly legal: readonly Person[];
	readonly clerks: readonly Person[];
	readonly ledgerApprovers: readonly Person[];
	readonly masterData: readonly Person[];
	/** The account under which the ledger posts what the sub-ledgers hand over. */
	readonly ledgerService: Person;
	/** Hold two roles that no one person may use on one order. */
	readonly twoHats: { readonly salesCredit: Person; readonly shipBill: Person; readonly billCredit: Person; readonly salesMaster: Person };
	/** Left the company on 2026-06-30; the grant of the role was never withdrawn. */
	readonly leaver: Person;
	/** May post, but never has. */
	readonly idleClerk: Person;
}

const START = instantAt(dayOf(2019, 4, 1), 480, 0);
const MID_YEAR = instantAt(dayOf(2026, 7, 1), 0, 0);

const NAMES: Readonly<Record<EntityKey, string>> = {
	US: 'Ava Brooks,Ben Carter,Chloe Dawson,Dylan Ellis,Emma Foster,Felix Grant,Grace Hughes,Henry Irwin,Isla Jordan,Jack Keller,Kara Lawson,Liam Mercer,Maya Nolan,Noah Ortiz,Olive Parker,Paul Quinn,Rosa Reyes,Sam Shaw,Tara Tucker,Uma Vance,Victor Walsh,Wendy Xiong,Yara Young,Zane Abbott,Amos Blake,Beth Crane,Carl Doyle,Dana Evans,Eli Frost,Faye Gibson,Gus Hayes,Hope Ingram,Ivan Jensen,Judy Knox,Kyle Lane,Lena Moss,Milo Nash,Nora Owens,Otis Price,Pia Rhodes',
	DE: 'Anna Albrecht,Bernd Brandt,Clara Conrad,Dirk Dietrich,Eva Engel,Frank Fuchs,Gerda Graf,Hans Huber,Ines Imhoff,Jonas Jung,Karin Kaiser,Lars Lorenz,Marta Maurer,Nils Neumann,Olga Otto,Peter Pohl,Quirin Quast,Rita Roth,Stefan Sommer,Tina Thoma,Udo Ulrich,Vera Vogel,Wolf Winter,Xenia Zander,Arne Ahrens,Britta Busch,Claus Cremer,Doris Dorn,Erik Ebert,Frieda Falk,Georg Geiger,Heike Hahn,Ingo Iser,Jana Jahn,Kurt Krause,Lisa Lang,Moritz May,Nadja Noll,Oskar Orth,Paula Peters',
};

function createStaff(key: EntityKey): Staff {
	const names = NAMES[key].split(',');
	let taken = 0;
	const hire = (roles: readonly Role[], activeTo: number | null = null): Person => {
		const number = ++taken;
		return {
			userId: `${key.toLowerCase()}${String(100 + number)}`,
			name: names[number - 1] ?? `Employee ${number}`,
			roles,
			activeFrom: START,
			activeTo,
		};
	};
	const team = (count: number, ...roles: Role[]): Person[] => Array.from({ length: count }, () => hire(roles));
	return {
		sales: team(5, 'sales'),
		credit: team(2, 'credit'),
		fulfilment: team(4, 'fulfilment'),
		billing: team(3, 'billing'),
		crediting: team(2, 'billing'),
		invoiceApprovers: team(1, 'approver'),
		creditApprovers: team(1, 'approver'),
		contractApprovers: team(2, 'approver'),
		releaseApprovers: team(3, 'approver'),
		revenue: team(2, 'revenue'),
		revenueApprovers: team(3, 'approver'),
		service: team(2, 'service'),
		legal: team(1, 'legal'),
		clerks: team(2, 'gl'),
		ledgerApprovers: team(1, 'approver'),
		masterData: team(1, 'it'),
		ledgerService: {
			userId: `svc-ledger-${key.toLowerCase()}`,
			name: `Ledger interface ${key}`,
			roles: ['system', 'gl'],
			activeFrom: START,
			activeTo: null,
		},
		twoHats: {
			salesCredit: hire(['sales', 'credit']),
			shipBill: hire(['fulfilment', 'billing']),
			billCredit: hire(['billing']),
			salesMaster: hire(['sales', 'it']),
		},
		leaver: hire(['fulfilment', 'billing'], MID_YEAR),
		idleClerk: hire(['gl']),
	};
}

export const STAFF: Readonly<Record<EntityKey, Staff>> = { US: createStaff('US'), DE: createStaff('DE') };

const service = (userId: string, name: string, role: Role): Person => ({ userId, name, roles: [role], activeFrom: START, activeTo: null });

/** The order system acts under its own account. */
export const ORDER_SYSTEM = service('svc-erp', 'Order system', 'system');
export const CARRIER_ACCOUNTS: Readonly<Record<string, Person>> = {
	UPS: service('svc-ups', 'UPS feed', 'carrier'),
	FedEx: service('svc-fedex', 'FedEx feed', 'carrier'),
	DHL: service('svc-dhl', 'DHL feed', 'carrier'),
	DPD: service('svc-dpd', 'DPD feed', 'carrier'),
	'Field service': service('svc-field', 'Field service visits', 'carrier'),
};

/** Those who change rules and systems: one asks, one approves, one deploys. */
export const RULE_OWNER = service('it101', 'Priya Natarajan', 'it');
export const RULE_APPROVER = service('it102', 'Tomas Lindqvist', 'approver');
export const RULE_DEPLOYER = service('it103', 'Mei Tanaka', 'it');

export const everybody = (): Person[] => [
	...Object.values(STAFF).flatMap(staffMembers),
	ORDER_SYSTEM,
	...Object.values(CARRIER_ACCOUNTS),
	RULE_OWNER,
	RULE_APPROVER,
	RULE_DEPLOYER,
];

function staffMembers({ twoHats, ledgerService, leaver, idleClerk, ...teams }: Staff): Person[] {
	return [...Object.values(teams).flat(), ledgerService, ...Object.values(twoHats), leaver, idleClerk];
}

export const anyOf = (random: Random, people: readonly Person[]): string => random.pick(people).userId;

/** Two different people, in drawn order. */
export function twoOf(random: Random, people: readonly Person[]): [string, string] {
	const first = random.below(people.length);
	const second = (first + random.between(1, people.length - 1)) % people.length;
	return [(people[first] as Person).userId, (people[second] as Person).userId];
}

export const userRecord = (person: Person): Wire => ({
	active_from: timeText(person.activeFrom),
	active_to: person.activeTo === null ? null : timeText(person.activeTo),
	name: person.name,
	user_id: person.userId,
});

export const roleRecords = (person: Person): Wire[] =>
	person.roles.map((role) => ({ role, user_id: person.userId, valid_from: timeText(person.activeFrom), valid_to: null }));
