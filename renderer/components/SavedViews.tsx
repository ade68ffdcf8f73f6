/** Saved views of a list: which one is shown, whether it was changed since, and what to do about it. */
import { Button, Menu, Modal, TextInput } from '@mantine/core';
import { Check, ChevronDown } from 'lucide-react';
import { type FormEvent, useState } from 'react';
import styles from './SavedViews.module.css';

/** What a view is chosen by. */
interface NamedView {
	readonly viewId: string;
	readonly name: string;
}

interface SavedViewsProps {
	readonly views: readonly NamedView[];
	/** Null: the view that a screen begins with. */
	readonly currentId: string | null;
	/** The name of that first view, such as “All orders”. */
	readonly firstName: string;
	/** "conditions, order and columns" */
	readonly keeps: string;
	readonly isModified: boolean;
	readonly isNaming: boolean;
	readonly onNaming: (isNaming: boolean) => void;
	/** Null: the first view. */
	readonly onShow: (viewId: string | null) => void;
	/** @param viewId null: a new view of this name */
	readonly onSave: (viewId: string | null, name: string) => void;
	readonly onDelete: (viewId: string) => void;
}

export function SavedViews(props: SavedViewsProps) {
	const { views, currentId, firstName, isModified, isNaming, onNaming, onShow, onSave, onDelete } = props;
	const current = views.find(({ viewId }) => viewId === currentId) ?? null;
	const name = current?.name ?? firstName;
	return (
		<div className={styles['views']}>
			<Menu position="bottom-end" withinPortal>
				<Menu.Target>
					<Button variant="default" size="compact-sm" rightSection={<ChevronDown size={14} />} aria-label={`View: ${name}`}>
						{name}
					</Button>
				</Menu.Target>
				<Menu.Dropdown>
					{[{ viewId: null, name: firstName }, ...views].map((view) => (
						<Menu.Item
							key={view.viewId ?? ''}
							leftSection={<Tick isOn={view.viewId === (current?.viewId ?? null)} />}
							onClick={() => onShow(view.viewId)}
						>
							{view.name}
						</Menu.Item>
					))}
					<Menu.Divider />
					<Menu.Item onClick={() => onNaming(true)}>Save as …</Menu.Item>
					{current ? <Menu.Item onClick={() => onDelete(current.viewId)}>Delete “{current.name}”</Menu.Item> : null}
				</Menu.Dropdown>
			</Menu>
			{isModified ? (
				<>
					<span className={styles['modified']}>● modified</span>
					{current ? (
						<Button variant="subtle" size="compact-xs" onClick={() => onSave(current.viewId, current.name)}>
							Save
						</Button>
					) : null}
					<Button variant="subtle" size="compact-xs" onClick={() => onNaming(true)}>
						Save as
					</Button>
					<Button variant="subtle" size="compact-xs" onClick={() => onShow(current?.viewId ?? null)}>
						Reset
					</Button>
				</>
			) : null}
			<NameView
				isOpen={isNaming}
				keeps={props.keeps}
				taken={views}
				onClose={() => onNaming(false)}
				onName={(chosen) => onSave(null, chosen)}
			/>
		</div>
	);
}

const Tick = ({ isOn }: { isOn: boolean }) => (isOn ? <Check size={14} /> : <span className={styles['tick']} />);

interface NameProps {
	readonly isOpen: boolean;
	readonly keeps: string;
	readonly taken: readonly NamedView[];
	readonly onClose: () => void;
	readonly onName: (name: string) => void;
}

function NameView({ isOpen, keeps, taken, onClose, onName }: NameProps) {
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
			<form className={styles['form']} onSubmit={submit}>
				<p>A view keeps {keeps}. All members of the engagement see it.</p>
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
