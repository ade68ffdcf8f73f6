/** Tabs by arrow keys. */
import styles from './Integrity.module.css';

interface TabsProps<Id extends string> {
	readonly label: string;
	readonly tabs: readonly (readonly [Id, string])[];
	readonly tab: Id;
	readonly onTab: (tab: Id) => void;
}

export function Tabs<Id extends string>({ label, tabs, tab, onTab }: TabsProps<Id>) {
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
				</button>
			))}
		</div>
	);
}
