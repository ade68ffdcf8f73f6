/** Faces of a screen, changed by click or by arrow keys. */
import styles from './Tabs.module.css';

interface TabsProps<Id extends string> {
	readonly label: string;
	readonly tabs: readonly (readonly [Id, string])[];
	readonly tab: Id;
	readonly onTab: (tab: Id) => void;
	/** What stands behind a title, such as how many wait there. */
	readonly countOf?: (tab: Id) => string;
}

export function Tabs<Id extends string>({ label, tabs, tab, onTab, countOf }: TabsProps<Id>) {
	return (
		<div role="tablist" aria-label={label} className={styles['tabs']}>
			{tabs.map(([id, title], at) => (
				<button
					key={id}
					type="button"
					role="tab"
					aria-selected={id === tab}
					tabIndex={id === tab ? 0 : -1}
					className={styles['tab']}
					onClick={() => onTab(id)}
					onKeyDown={(event) => {
						const step = event.key === 'ArrowRight' ? 1 : event.key === 'ArrowLeft' ? -1 : 0;
						if (step === 0) return;
						const to = (at + step + tabs.length) % tabs.length;
						const next = tabs[to];
						if (next) onTab(next[0]);
						event.currentTarget.parentElement?.querySelectorAll<HTMLElement>('[role=tab]')[to]?.focus();
					}}
				>
					{title}
					{countOf ? <span className={styles['count']}> {countOf(id)}</span> : null}
				</button>
			))}
		</div>
	);
}
