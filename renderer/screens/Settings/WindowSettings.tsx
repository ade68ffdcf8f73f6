/** How this window behaves for this person on this machine. */
import { Checkbox, SegmentedControl, Select, useMantineColorScheme } from '@mantine/core';
import { useEffect, useState } from 'react';
import { Panel } from '../../components/Frame.tsx';
import { IDLE_MINUTES, idleMinutes, keepIdleMinutes } from '../../state/idle.ts';
import { usePrefs, ZOOM_STEPS } from '../../state/prefs.ts';
import styles from './Settings.module.css';

export function WindowSettings() {
	const { colorScheme, setColorScheme } = useMantineColorScheme();
	const { zoomPercent, singleKeys, change } = usePrefs();
	const [idle, setIdle] = useState(() => String(idleMinutes()));
	useEffect(() => {
		keepIdleMinutes(Number(idle));
		void window.tieout.invoke('settings.idleMinutes', { minutes: Number(idle) });
	}, [idle]);
	return (
		<Panel title="This window">
			<div className={styles['form']}>
				<div>
					<div id="scheme-label" className={styles['label']}>
						Colours
					</div>
					<SegmentedControl
						aria-labelledby="scheme-label"
						value={colorScheme}
						onChange={(next) => setColorScheme(next as typeof colorScheme)}
						data={[
							{ value: 'auto', label: 'As the system' },
							{ value: 'light', label: 'Light' },
							{ value: 'dark', label: 'Dark' },
						]}
					/>
				</div>
				<Select
					label="Scale"
					data={ZOOM_STEPS.map((step) => ({ value: String(step), label: `${step} %` }))}
					value={String(zoomPercent)}
					allowDeselect={false}
					onChange={(next) => next && change({ zoomPercent: Number(next) })}
				/>
				<Select
					label="Lock when idle for"
					data={IDLE_MINUTES.map((minutes) => ({ value: String(minutes), label: `${minutes} min` }))}
					value={idle}
					allowDeselect={false}
					onChange={(next) => next && setIdle(next)}
				/>
				<Checkbox
					label="Keys without Ctrl (J, K, 1, G O …)"
					description="Turn off if a speech program types letters into the window."
					checked={singleKeys}
					onChange={({ currentTarget }) => change({ singleKeys: currentTarget.checked })}
				/>
			</div>
		</Panel>
	);
}
