/** A line of views of one list, of which at most one is pressed; each says how many it has. */
import type { ReactNode } from 'react';
import styles from './ToggleBar.module.css';

interface ToggleBarProps<Id> {
	readonly label: string;
	readonly items: readonly { readonly id: Id; readonly face: ReactNode; readonly count: string; readonly title?: string }[];
	readonly pressed: Id | undefined;
	readonly onPress: (id: Id) => void;
	/** Words behind the buttons. */
	readonly children?: ReactNode;
}

export function ToggleBar<Id extends string | null>({ label, items, pressed, onPress, children }: ToggleBarProps<Id>) {
	return (
		<div className={styles['bar']} role="toolbar" aria-label={label}>
			{items.map(({ id, face, count, title }) => (
				<button key={id} type="button" aria-pressed={id === pressed} title={title} onClick={() => onPress(id)}>
					{face}
					<strong>{count}</strong>
				</button>
			))}
			{children}
		</div>
	);
}
