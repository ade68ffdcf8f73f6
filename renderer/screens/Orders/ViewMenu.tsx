/** Saved views: which one is shown, whether it was changed since, and what to do about it. Saving is an act, undone with Ctrl+Z. */
import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { Check, ChevronDown } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import type { SavedView } from '#findings';
import { useCommands } from '../../app/commands.ts';
import { notify } from '../../app/notify.ts';
import { useQuery } from '../../app/useQuery.ts';
import { useVault } from '../../app/vault.ts';
import styles from './Orders.module.css';
import { definitionOf, FIRST_VIEW, readDefinition, useOrders, type ViewDefinition } from './state.ts';

const ALL = 'All orders';
/** One and the same list, so that nothing is registered anew while views are read. */
const NONE: readonly SavedView[] = [];

function show(view: SavedView | null): void {
	const definition = view === null ? FIRST_VIEW : readDefinition(view.definition);
	if (definition === null) {
		notify({ tone: 'failed', message: `The view “${view?.name ?? ''}” can't be read by this version. Save it anew.` });
		return;
	}
	useOrders.getState().set({ ...definition, viewId: view?.viewId ?? null });
}

export function ViewMenu() {
	const vault = useVault();
	const { filter, sort, columns, viewId, set } = useOrders();
	const now: ViewDefinition = { filter, sort, columns };
	const saved = useQuery((one) => one.orders.savedViews(), [], ['workbook']);
	const views = saved.state === 'ready' ? saved.data : NONE;
	const current = views.find((view) => view.viewId === viewId) ?? null;
	const isModified = definitionOf(now) !== (current?.definition ?? definitionOf(FIRST_VIEW));
	const [isNaming, setNaming] = useState(false);

	const step = (by: 1 | -1): void => {
		const all = [null, ...views];
		const at = all.findIndex((view) => (view?.viewId ?? null) === (current?.viewId ?? null));
		show(all[(at + by + all.length) % all.length] ?? null);
	};
	const save = async (id: string | null, name: string): Promise<void> => {
		const answer = await vault.orders.saveView(id, name, definitionOf(now));
		if (!answer.ok) {
			notify({ tone: 'failed', message: answer.error.message });
			return;
		}
		set({ viewId: answer.value });
		notify({ tone: 'done', message: `View “${name}” saved`, undo: true });
	};
	const remove = async (view: SavedView): Promise<void> => {
		const answer = await vault.orders.deleteView(view.viewId);
		if (answer.ok) set({ viewId: null });
		notify(
			answer.ok ? { tone: 'done', message: `View “${view.name}” deleted`, undo: true } : { tone: 'failed', message: answer.error.message },
		);
	};
	useCommands(
		() => [
			{ id: 'orders.view.next', title: 'Next saved view', group: 'Orders', keys: ']', when: 'list', run: () => step(1) },
			{ id: 'orders.view.back', title: 'Saved view before', group: 'Orders', keys: '[', when: 'list', run: () => step(-1) },
			{ id: 'orders.view.save', title: 'Save this view as …', group: 'Orders', run: () => setNaming(true) },
		],
		[views, current, definitionOf(now)],
	);
	return (
		<div className={styles['views']}>
			<Menu position="bottom-end" withinPortal>
				<Menu.Target>
					<Button variant="default" size="compact-sm" rightSection={<ChevronDown size={14} />} aria-label={`View: ${current?.name ?? ALL}`}>
						{current?.name ?? ALL}
					</Button>
				</Menu.Target>
				<Menu.Dropdown>
					<Menu.Item leftSection={<Tick isOn={current === null} />} onClick={() => show(null)}>
						{ALL}
					</Menu.Item>
					{views.map((view) => (
						<Menu.Item key={view.viewId} leftSection={<Tick isOn={view.viewId === current?.viewId} />} onClick={() => show(view)}>
							{view.name}
						</Menu.Item>
					))}
					<Menu.Divider />
					<Menu.Item onClick={() => setNaming(true)}>Save as …</Menu.Item>
					{current ? <Menu.Item onClick={() => void remove(current)}>Delete “{current.name}”</Menu.Item> : null}
				</Menu.Dropdown>
			</Menu>
			{isModified ? (
				<>
					<span className={styles['modified']}>● modified</span>
					{current ? (
						<Button variant="subtle" size="compact-xs" onClick={() => void save(current.viewId, current.name)}>
							Save
						</Button>
					) : null}
					<Button variant="subtle" size="compact-xs" onClick={() => setNaming(true)}>
						Save as
					</Button>
					<Button variant="subtle" size="compact-xs" onClick={() => show(current)}>
						Reset
					</Button>
				</>
			) : null}
			<NameView isOpen={isNaming} taken={views} onClose={() => setNaming(false)} onName={(name) => void save(null, name)} />
		</div>
	);
}

const Tick = ({ isOn }: { isOn: boolean }) => (isOn ? <Check size={14} /> : <span className={styles['tick']} />);

interface NameProps {
	readonly isOpen: boolean;
	readonly taken: readonly SavedView[];
	readonly onClose: () => void;
	readonly onName: (name: string) => void;
}

function NameView({ isOpen, taken, onClose, onName }: NameProps) {
	const [name, setName] = useState('');
	const [fault, setFault] = useState<string | null>(null);
	const submit = (event: FormEvent): void => {
		event.preventDefault();
		const text = name.trim();
		const problem =
			text === ''
				? 'A view needs a name.'
				: taken.some((view) => view.name === text)
					? 'Another view has this name; choose another one.'
					: null;
		setFault(problem);
		if (problem !== null) return;
		onName(text);
		setName('');
		onClose();
	};
	return (
		<Modal lockScroll={false} opened={isOpen} onClose={onClose} title="Save this view" closeButtonProps={{ 'aria-label': 'Close' }}>
			<form className={styles['builder']} onSubmit={submit}>
				<p>A view keeps conditions, order and columns. All members of the engagement see it.</p>
				<TextInput
					label="Name"
					data-autofocus
					maxLength={80}
					value={name}
					error={fault}
					onChange={(event) => setName(event.currentTarget.value)}
				/>
				<Button type="submit">Save view</Button>
			</form>
		</Modal>
	);
}
