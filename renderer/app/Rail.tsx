/** The rail: the screens in the order of the work, each with the count of what is open there. */
import { Tooltip } from '@mantine/core';
import { Fragment } from 'react';
import { useNav } from '../state/nav.ts';
import { usePrefs } from '../state/prefs.ts';
import { formatCount } from './format.ts';
import styles from './Shell.module.css';
import type { ScreenDefinition } from './screen.ts';
import { GROUP_TITLES, SCREENS } from './screens.ts';
import { useSummary } from './useSummary.ts';

export function Rail() {
	const isFolded = usePrefs((prefs) => prefs.railCollapsed);
	const counts = useSummary()?.open ?? {};
	return (
		<nav className={styles['rail']} data-folded={isFolded} data-region aria-label="Screens">
			{SCREENS.map((screen, i) => (
				<Fragment key={screen.id}>
					{screen.group !== SCREENS[i - 1]?.group ? <div className={styles['railGroup']}>{GROUP_TITLES[screen.group]}</div> : null}
					<RailItem screen={screen} count={counts[screen.id]} isFolded={isFolded} />
				</Fragment>
			))}
		</nav>
	);
}

function RailItem({ screen, count, isFolded }: { screen: ScreenDefinition; count: number | undefined; isFolded: boolean }) {
	const { screen: current, go } = useNav();
	const { id, title, icon: Icon, goKey } = screen;
	return (
		<Tooltip label={`${title} · G ${goKey.toUpperCase()}`} position="right" disabled={!isFolded}>
			<button
				type="button"
				className={styles['railItem']}
				aria-current={current === id ? 'page' : undefined}
				aria-label={isFolded ? (count ? `${title}, ${formatCount(count)} open` : title) : undefined}
				onClick={() => go(id)}
			>
				<Icon size={16} strokeWidth={1.75} aria-hidden="true" />
				{isFolded ? null : <span className={styles['railTitle']}>{title}</span>}
				{!isFolded && count ? (
					<>
						<span className="visuallyHidden">, </span>
						<span className={styles['railCount']}>{formatCount(count)}</span>
						<span className="visuallyHidden"> open</span>
					</>
				) : null}
			</button>
		</Tooltip>
	);
}
