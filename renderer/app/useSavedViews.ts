/** Saved views of a screen, as acts in the sealed log: saved, chosen, deleted, and taken back with Ctrl+Z like any other act. */
import { useState } from 'react';
import type { SavedView } from '#findings';
import { useCommands } from './commands.ts';
import { notify } from './notify.ts';
import { useQuery } from './useQuery.ts';
import { useVault } from './vault.ts';

/** One and the same list, so that nothing is registered anew while views are read. */
const NONE: readonly SavedView[] = [];

interface ViewsOf {
	readonly screen: 'orders' | 'exceptions';
	/** Group of its commands, such as “Orders”. */
	readonly group: string;
	/** The saved view that was chosen last; null: the one that the screen begins with. */
	readonly viewId: string | null;
	/** What the screen shows now and what it begins with, as text of one form. */
	readonly now: string;
	readonly first: string;
	/** Shows a definition; false where it can't be read, as from a later version. */
	readonly show: (definition: string, viewId: string | null) => boolean | Promise<boolean>;
	/** Remembers which view is shown, after it was saved or deleted. */
	readonly choose: (viewId: string | null) => void;
}

/** What `SavedViews` is given, for one screen. */
export function useSavedViews({ screen, group, viewId, now, first, show, choose }: ViewsOf) {
	const vault = useVault();
	const saved = useQuery((one) => one.workbook.views(screen), [screen], ['workbook']);
	const views = saved.state === 'ready' ? saved.data : NONE;
	const current = views.find((view) => view.viewId === viewId) ?? null;
	const [isNaming, setNaming] = useState(false);

	const onShow = async (id: string | null): Promise<void> => {
		const view = views.find((one) => one.viewId === id) ?? null;
		if (!(await show(view?.definition ?? first, view?.viewId ?? null)))
			notify({ tone: 'failed', message: `The view “${view?.name ?? ''}” can't be read by this version. Save it anew.` });
	};
	const step = (by: 1 | -1): void => {
		const all = [null, ...views.map((view) => view.viewId)];
		void onShow(all[(all.indexOf(current?.viewId ?? null) + by + all.length) % all.length] ?? null);
	};
	const onSave = async (id: string | null, name: string): Promise<void> => {
		const answer = await vault.workbook.saveView(id, screen, name, now);
		if (!answer.ok) return notify({ tone: 'failed', message: answer.error.message });
		choose(answer.value);
		notify({ tone: 'done', message: `View “${name}” saved`, undo: 'view.saved' });
	};
	const onDelete = async (id: string): Promise<void> => {
		const answer = await vault.workbook.deleteView(id);
		if (!answer.ok) return notify({ tone: 'failed', message: answer.error.message });
		choose(null);
		notify({ tone: 'done', message: `View “${views.find((one) => one.viewId === id)?.name ?? ''}” deleted`, undo: 'view.deleted' });
	};
	useCommands(
		() => [
			{ id: `${screen}.view.next`, title: 'Next saved view', group, keys: ']', when: 'list', run: () => step(1) },
			{ id: `${screen}.view.back`, title: 'Saved view before', group, keys: '[', when: 'list', run: () => step(-1) },
			{ id: `${screen}.view.save`, title: 'Save this view as …', group, run: () => setNaming(true) },
		],
		[views, current, now],
	);
	return {
		views,
		currentId: current?.viewId ?? null,
		isModified: now !== (current?.definition ?? first),
		isNaming,
		onNaming: setNaming,
		onShow: (id: string | null): void => void onShow(id),
		onSave: (id: string | null, name: string): void => void onSave(id, name),
		onDelete: (id: string): void => void onDelete(id),
	};
}
