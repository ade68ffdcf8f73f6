/** The command palette: every command with its key, or the reason why it can't be used; an order number jumps to the order. */
import { createSpotlight, Spotlight, type SpotlightActionGroupData } from '@mantine/spotlight';
import { useState } from 'react';
import { KeyHint } from '../components/Frame.tsx';
import { useNav } from '../state/nav.ts';
import { allCommands, useRegistry } from './commands.ts';
import { ELSEWHERE, runThere } from './elsewhere.ts';

const [paletteStore, actions] = createSpotlight();

/** Opens and closes the palette. */
export const spotlight = actions;

const RECENT_MAX = 5;
const EVERYWHERE: ReadonlySet<string> = new Set(['General', 'Go to', 'Sync']);

export function Palette() {
	const sets = useRegistry((registry) => registry.sets);
	const { go, screen } = useNav();
	const [query, setQuery] = useState('');
	const [recent, setRecent] = useState<readonly string[]>([]);
	const commands = allCommands(sets);
	const action = (id: string, title: string, run: () => unknown, keys: string | undefined, disabled: string | null | undefined) => ({
		id,
		label: title,
		...(disabled ? { description: `Not now: ${disabled}` } : {}),
		...(keys === undefined ? {} : { rightSection: <KeyHint keys={keys} /> }),
		onClick: () => {
			setRecent((before) => [id, ...before.filter((one) => one !== id)].slice(0, RECENT_MAX));
			if (!disabled) void run();
		},
	});
	const groups = new Map<string, SpotlightActionGroupData['actions']>();
	const put = (group: string, one: SpotlightActionGroupData['actions'][number]) => groups.set(group, [...(groups.get(group) ?? []), one]);
	const wanted = query.trim();
	const putOrder = (): void => {
		put('Find', {
			...action('find.order', `Order ${wanted}`, () => go('orders', { order: wanted }), undefined, null),
			keywords: wanted,
		});
	};
	// Whoever types a number wants the order; words are a command's, and Enter runs the first that stands there.
	const isNumber = /\d/.test(wanted);
	if (wanted.length >= 3 && isNumber) putOrder();
	const isRecent = (id: string) => wanted === '' && recent.includes(id);
	for (const { id, title, group, keys, run, disabled } of commands)
		if (id !== 'palette') put(isRecent(id) ? 'Recent' : group, action(id, title, run, keys, disabled));
	const here = new Set(commands.map(({ id }) => id));
	for (const command of ELSEWHERE)
		if (!here.has(command.id) && command.screen !== screen)
			put(
				isRecent(command.id) ? 'Recent' : wanted === '' ? 'On other screens' : command.group,
				action(command.id, command.title, () => runThere(command), undefined, null),
			);
	if (wanted.length >= 3 && !isNumber) putOrder();
	// What was used last, then what this screen can do, then what others can, then what every screen can.
	const isEverywhere = (group: string): boolean => EVERYWHERE.has(group) && !(group === 'Sync' && screen === 'sync');
	const rank = (group: string): number =>
		group === 'Recent' ? 0 : wanted !== '' ? 1 : group === 'On other screens' ? 2 : isEverywhere(group) ? 3 : 1;
	const inOrder = [...groups].sort(([a], [b]) => rank(a) - rank(b));
	return (
		<Spotlight
			store={paletteStore}
			actions={inOrder.map(([group, actions]) => ({ group, actions }))}
			query={query}
			onQueryChange={setQuery}
			shortcut={null}
			nothingFound="No command of that name. Order numbers jump to the order."
			highlightQuery
			limit={80}
			scrollable
			styles={{ actionSection: { opacity: 1 } }}
			maxHeight={440}
			searchProps={{ placeholder: 'Command or order number', 'aria-label': 'Command or order number' }}
		/>
	);
}
