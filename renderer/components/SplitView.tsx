/** Two regions with a separator that can be dragged and moved by arrow keys; the width is remembered by name. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useRef } from 'react';
import { usePrefs } from '../state/prefs.ts';
import styles from './SplitView.module.css';

const STEP = 24;

interface SplitViewProps {
	readonly main: ReactNode;
	readonly side: ReactNode;
	readonly storageKey: string;
	readonly sideLabel: string;
	/** Pixels. */
	readonly initial?: number;
	readonly min?: number;
	readonly max?: number;
	/** Where the side stands. */
	readonly place?: 'right' | 'left';
}

export function SplitView({ main, side, storageKey, sideLabel, initial = 420, min = 240, max = 900, place = 'right' }: SplitViewProps) {
	const width = usePrefs((prefs) => prefs.panelWidths[storageKey]) ?? initial;
	const change = usePrefs((prefs) => prefs.change);
	const frame = useRef<HTMLDivElement>(null);
	const setWidth = (next: number): void => {
		const clamped = Math.round(Math.min(max, Math.max(min, next)));
		change({ panelWidths: { ...usePrefs.getState().panelWidths, [storageKey]: clamped } });
	};
	const onKeyDown = (event: KeyboardEvent): void => {
		const step = event.key === 'ArrowLeft' ? STEP : event.key === 'ArrowRight' ? -STEP : 0;
		if (step === 0) return;
		event.preventDefault();
		setWidth(width + (place === 'right' ? step : -step));
	};
	const onPointerMove = (event: PointerEvent): void => {
		if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
		const box = frame.current?.getBoundingClientRect();
		if (box) setWidth(place === 'right' ? box.right - event.clientX : event.clientX - box.left);
	};
	const sidePart = (
		<aside className={styles['side']} style={{ width }} aria-label={sideLabel}>
			{side}
		</aside>
	);
	return (
		<div className={styles['split']} ref={frame}>
			{place === 'left' ? sidePart : <div className={styles['main']}>{main}</div>}
			{/* biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is no rule */}
			<div
				role="separator"
				tabIndex={0}
				aria-orientation="vertical"
				aria-label={`Width of ${sideLabel}`}
				aria-valuenow={width}
				aria-valuemin={min}
				aria-valuemax={max}
				className={styles['handle']}
				onKeyDown={onKeyDown}
				onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
				onPointerMove={onPointerMove}
			/>
			{place === 'left' ? <div className={styles['main']}>{main}</div> : sidePart}
		</div>
	);
}
