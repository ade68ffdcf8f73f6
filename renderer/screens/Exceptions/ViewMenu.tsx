/** Saved views of the triage: queue, conditions and order. */
import { useSavedViews } from '../../app/useSavedViews.ts';
import { useVault } from '../../app/vault.ts';
import { SavedViews } from '../../components/SavedViews.tsx';
import { useTriage } from './state.ts';
import { definitionOf, FIRST_VIEW } from './views.ts';

export function ViewMenu() {
	const vault = useVault();
	const { filter, sort, viewId, show, choose } = useTriage();
	const views = useSavedViews({
		screen: 'exceptions',
		group: 'Exceptions',
		viewId,
		now: definitionOf({ filter, sort }),
		first: definitionOf(FIRST_VIEW),
		show: async (text, id) => {
			const view = await vault.exceptions.readView(text);
			if (view.ok) show(view.value, id);
			return view.ok;
		},
		choose,
	});
	return <SavedViews {...views} firstName="New exceptions" keeps="queue, conditions and order" />;
}
