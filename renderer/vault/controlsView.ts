/** The controls of an engagement: what was set, what stands where nothing was, who set it, when and why. */
import { CATALOGUE, testById } from '#audit';
import { memberName, type Stamp, type Workbook } from '#findings';
import { compareText } from '#kernel';
import { TOLERANCE_MINOR, TOLERANCE_PERCENT } from './examineGround.ts';
import { POLICY_SETTING, pinnedPolicy } from './trustRecord.ts';

export interface Control {
	/** Names it for ever: the key of the setting, or test and parameter. */
	readonly id: string;
	readonly name: string;
	readonly value: string;
	readonly unit: string;
	/** What stands where nobody sets it. */
	readonly standard: string;
	/** Who set it last; null: nobody. */
	readonly set: { readonly member: string; readonly at: string; readonly reason: string } | null;
	/** The screen on which it is changed, and what that has to show. */
	readonly place: { readonly screen: 'reconciliation' | 'procedures' | 'sync'; readonly test?: string };
}

export interface Controls {
	/** Those of the engagement, and every parameter of a test that was changed. */
	readonly rows: readonly Control[];
	/** Parameters of tests that stand at their default, and so are not among the rows. */
	readonly parametersAtDefault: number;
}

const BELIEVED: Readonly<Record<string, string>> = { seen: 'the head seen first', shown: 'the head shown later' };

const SETTLED = 'sync.equivocation.';

interface Known {
	readonly key: string;
	readonly name: string;
	readonly unit: string;
	readonly standard: string;
	readonly screen: Control['place']['screen'];
}

const KNOWN: readonly Known[] = [
	{
		key: TOLERANCE_MINOR,
		name: 'Reconciliation: tolerance, amount',
		unit: 'minor units',
		standard: '0',
		screen: 'reconciliation',
	},
	{
		key: TOLERANCE_PERCENT,
		name: 'Reconciliation: tolerance, share',
		unit: 'percent',
		standard: '0',
		screen: 'reconciliation',
	},
	{ key: POLICY_SETTING, name: 'Hub: log and keys that are believed', unit: '', standard: 'none', screen: 'sync' },
];

/** What was set and is no control of its own name: a settled contradiction of a hub, or a setting of a later version. */
function otherOf(key: string): Known {
	const isSettled = key.startsWith(SETTLED);
	const name = isSettled ? `Hub: which history is believed (${key.slice(SETTLED.length, SETTLED.length + 12)}…)` : key;
	return { key, name, unit: '', standard: isSettled ? 'not settled' : 'none', screen: 'sync' };
}

export function controlsOf(workbook: Workbook): Controls {
	const setBy = ({ reason, stamp }: { readonly reason: string; readonly stamp: Stamp }): Control['set'] => ({
		member: memberName(workbook, stamp.memberId),
		at: stamp.at,
		reason,
	});
	const named = new Set(KNOWN.map(({ key }) => key));
	const others = [...workbook.settings.keys()].filter((key) => !named.has(key)).sort(compareText);
	const settings = [...KNOWN, ...others.map(otherOf)].map(({ key, name, unit, standard, screen }): Control => {
		const setting = workbook.settings.get(key);
		const value = setting === undefined ? standard : shownValue(workbook, key, setting.value);
		return { id: key, name, value, unit, standard, set: setting === undefined ? null : setBy(setting), place: { screen } };
	});
	const parameters = [...workbook.parameters].flatMap(([test, values]) =>
		[...values].map(([name, changed]): Control => {
			const spec = testById(test)?.parameters.find((one) => one.name === name);
			return {
				id: `${test}/${name}`,
				name: `${test}: ${name.replaceAll('_', ' ')}`,
				value: String(changed.value),
				unit: spec?.unit ?? '',
				standard: spec === undefined ? 'none' : String(spec.default),
				set: setBy(changed),
				place: { screen: 'procedures', test },
			};
		}),
	);
	const all = CATALOGUE.reduce((sum, { parameters: own }) => sum + own.length, 0);
	const known = parameters.filter(({ place, id }) =>
		testById(place.test ?? '')?.parameters.some(({ name }) => id === `${place.test}/${name}`),
	);
	return {
		rows: [...settings, ...parameters.sort((a, b) => compareText(a.id, b.id))],
		parametersAtDefault: all - known.length,
	};
}

function shownValue(workbook: Workbook, key: string, value: string): string {
	if (key === POLICY_SETTING) {
		const policy = pinnedPolicy(workbook);
		return policy === null ? 'can’t be read' : policy.log;
	}
	return BELIEVED[value] ?? value;
}
