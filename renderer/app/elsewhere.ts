/** The main commands of screens that are not in front: the palette offers them from anywhere, goes to their screen and runs them there. */
import { useNav } from '../state/nav.ts';
import { allCommands, type Command, useRegistry } from './commands.ts';
import { notify } from './notify.ts';
import type { ScreenId } from './screen.ts';

export interface ElsewhereCommand extends Pick<Command, 'id' | 'title' | 'group'> {
	readonly screen: ScreenId;
}

/** By the ids and titles under which their screens register them. */
export const ELSEWHERE: readonly ElsewhereCommand[] = [
	{ id: 'data.import', title: 'Import a drop', group: 'Data & IPE', screen: 'data' },
	{ id: 'orders.search', title: 'Search orders', group: 'Orders', screen: 'orders' },
	{ id: 'procedures.all', title: 'Run all tests', group: 'Procedures', screen: 'procedures' },
	{ id: 'integrity.verify', title: 'Verify the stored evidence again', group: 'Integrity', screen: 'integrity' },
	{ id: 'reconciliation.breaks', title: 'Reconciliation: show all breaks', group: 'Reconciliation', screen: 'reconciliation' },
	{ id: 'reconciliation.tolerance', title: 'Reconciliation: set the tolerance', group: 'Reconciliation', screen: 'reconciliation' },
	{ id: 'exceptions.bulk', title: 'Judge all that match …', group: 'Exceptions', screen: 'exceptions' },
	{ id: 'exceptions.search', title: 'Search exceptions', group: 'Exceptions', screen: 'exceptions' },
	{ id: 'findings.new', title: 'New finding', group: 'Findings', screen: 'findings' },
	{ id: 'disputes.search', title: 'Find a dispute', group: 'Disputes', screen: 'disputes' },
	{ id: 'packs.make', title: 'New pack', group: 'Packs', screen: 'packs' },
	{ id: 'packs.check', title: 'Check a pack', group: 'Packs', screen: 'packs' },
	{ id: 'activity.verify', title: 'Verify the activity log', group: 'Activity', screen: 'activity' },
];

/** How long a screen may take until its command can be used. */
export const PATIENCE_MS = 8000;

/**
 * Goes to a command's screen and runs it as soon as it can be used there. Where it can't, it says why; whoever goes elsewhere meanwhile
 * has given it up.
 */
export function runThere({ id, screen, title }: ElsewhereCommand): void {
	useNav.getState().go(screen);
	const find = (): Command | undefined => allCommands(useRegistry.getState().sets).find((command) => command.id === id);
	const stop = (): void => {
		clearTimeout(timer);
		unhear();
		unwatch();
	};
	const look = (): void => {
		const command = find();
		if (!command || command.disabled) return;
		stop();
		void command.run();
	};
	const unhear = useRegistry.subscribe(look);
	const unwatch = useNav.subscribe((nav) => {
		if (nav.screen !== screen) stop();
	});
	const timer = setTimeout(() => {
		stop();
		notify({ tone: 'warn', message: `${title}: ${find()?.disabled ?? 'it can’t be used there now.'}` });
	}, PATIENCE_MS);
	look();
}
