/** Saved views of the order list: conditions, order and columns. */
import { useSavedViews } from '../../app/useSavedViews.ts';
import { SavedViews } from '../../components/SavedViews.tsx';
import { definitionOf, FIRST_VIEW, readDefinition, useOrders } from './state.ts';

export function ViewMenu() {
	const { filter, sort, columns, viewId, set } = useOrders();
	const views = useSavedViews({
		screen: 'orders',
		group: 'Orders',
		viewId,
		now: definitionOf({ filter, sort, columns }),
		first: definitionOf(FIRST_VIEW),
		show: (text, id) => {
			const definition = readDefinition(text);
			if (definition) set({ ...definition, viewId: id });
			return definition !== null;
		},
		choose: (id) => set({ viewId: id }),
	});
	return <SavedViews {...views} firstName="All orders" keeps="conditions, order and columns" />;
}
