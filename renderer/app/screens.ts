/** All screens in the order of the work; the rail, the keys and the palette read this list. */
import { activityScreen } from '../screens/Activity/index.ts';
import { dataScreen } from '../screens/Data/index.ts';
import { disputesScreen } from '../screens/Disputes/index.ts';
import { exceptionsScreen } from '../screens/Exceptions/index.ts';
import { findingsScreen } from '../screens/Findings/index.ts';
import { homeScreen } from '../screens/Home/index.ts';
import { integrityScreen } from '../screens/Integrity/index.ts';
import { ordersScreen } from '../screens/Orders/index.ts';
import { packsScreen } from '../screens/Packs/index.ts';
import { proceduresScreen } from '../screens/Procedures/index.ts';
import { reconciliationScreen } from '../screens/Reconciliation/index.ts';
import { settingsScreen } from '../screens/Settings/index.ts';
import { syncScreen } from '../screens/Sync/index.ts';
import type { ScreenDefinition, ScreenGroup, ScreenId } from './screen.ts';

export const SCREENS: readonly ScreenDefinition[] = [
	homeScreen,
	dataScreen,
	ordersScreen,
	proceduresScreen,
	integrityScreen,
	reconciliationScreen,
	exceptionsScreen,
	findingsScreen,
	disputesScreen,
	packsScreen,
	syncScreen,
	activityScreen,
	settingsScreen,
];

export const GROUP_TITLES: Readonly<Record<ScreenGroup, string>> = {
	prepare: 'Prepare',
	examine: 'Examine',
	test: 'Test',
	conclude: 'Conclude',
	deliver: 'Deliver',
	system: 'Engagement',
};

export function screenOf(id: ScreenId): ScreenDefinition {
	const screen = SCREENS.find((one) => one.id === id);
	if (!screen) throw new Error(`no screen ${id}`);
	return screen;
}
