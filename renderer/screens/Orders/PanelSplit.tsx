/** The list with a panel below or beside it; the border is moved by dragging or by arrow keys, and remembered. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { usePrefs } from '../../state/prefs.ts';
import styles from './Orders.module.css';

const STEP = 24;
const BOUNDS = { bottom: { least: 140, first: 320, most: 900 }, right: { least: 320, first: 520, most: 1100 } } as const;

interface PanelSplitProps {
	readonly place: 'bottom' | 'right';
	/** Null: no panel. */
	readonly panel: ReactNode;
	readonly children: ReactNode;
}

export function PanelSplit({ place, panel, children }: PanelSplitProps) {
	const { least, first, most } = BOUNDS[place];
	const key = `orders.${place}`;
	const size = usePrefs((prefs) => prefs.panelWidths[key]) ?? first;
	const change = usePrefs((prefs) => prefs.change);
	const frame = useRef<HTMLDivElement>(null);
	const setSize = (next: number): void => {
		const clamped = Math.round(Math.min(most, Math.max(least, next)));
		change({ panelWidths: { ...usePrefs.getState().panelWidths, [key]: clamped } });
	};
	const onKeyDown = (event: KeyboardEvent): void => {
		const [less, more] = place === 'bottom' ? ['ArrowDown', 'ArrowUp'] : ['ArrowRight', 'ArrowLeft'];
		const step = event.key === more ? STEP : event.key === less ? -STEP : 0;
		if (step === 0) return;
		event.preventDefault();
		setSize(size + step);
	};
	const onPointerMove = (event: PointerEvent): void => {
		if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
		const box = frame.current?.getBoundingClientRect();
		if (box) setSize(place === 'bottom' ? box.bottom - event.clientY : box.right - event.clientX);
	};
	return (
		<div className={styles['split']} data-place={place} ref={frame}>
			<div className={styles['splitMain']}>{children}</div>
			{panel === null ? null : (
				<>
					{/* biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is no rule */}
					<div
						role="separator"
						tabIndex={0}
						aria-orientation={place === 'bottom' ? 'horizontal' : 'vertical'}
						aria-label="Size of the order panel"
						aria-valuenow={size}
						aria-valuemin={least}
						aria-valuemax={most}
						className={styles['splitHandle']}
						onKeyDown={onKeyDown}
						onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
						onPointerMove={onPointerMove}
					/>
					<aside
						className={styles['splitPanel']}
						style={place === 'bottom' ? { height: size } : { width: size }}
						aria-label="Order"
						data-order-panel
					>
						{panel}
					</aside>
				</>
			)}
		</div>
	);
}
