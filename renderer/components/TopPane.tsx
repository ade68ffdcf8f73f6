/** A region above another one, which ends at whole lines: its border is dragged or moved by arrow keys, and remembered by name. */
import { type KeyboardEvent, type PointerEvent, type ReactNode, useEffect, useRef, useState } from 'react';
import { usePrefs } from '../state/prefs.ts';
import styles from './TopPane.module.css';
import { fittingHeight, type Line, nextHeight, wholeHeights } from './wholeLines.ts';

interface TopPaneProps {
	/** Every line in it bears `data-line`. */
	readonly children: ReactNode;
	readonly storageKey: string;
	readonly label: string;
	/** Pixels. */
	readonly initial: number;
}

export function TopPane({ children, storageKey, label, initial }: TopPaneProps) {
	const wanted = usePrefs((prefs) => prefs.panelWidths[storageKey]) ?? initial;
	const change = usePrefs((prefs) => prefs.change);
	const frame = useRef<HTMLDivElement>(null);
	const content = useRef<HTMLDivElement>(null);
	const heights = useWholeHeights(content);
	const height = fittingHeight(heights, wanted);
	const want = (next: number): void => change({ panelWidths: { ...usePrefs.getState().panelWidths, [storageKey]: Math.round(next) } });
	const onKeyDown = (event: KeyboardEvent): void => {
		if (event.key !== 'ArrowUp' && event.key !== 'ArrowDown') return;
		event.preventDefault();
		want(nextHeight(heights, height, event.key === 'ArrowDown' ? 1 : -1));
	};
	const onPointerMove = (event: PointerEvent): void => {
		if (!event.currentTarget.hasPointerCapture(event.pointerId)) return;
		const box = frame.current?.getBoundingClientRect();
		// Pixels of the screen, in those of a magnified page.
		if (box && frame.current) want(((event.clientY - box.top) * frame.current.offsetHeight) / box.height);
	};
	return (
		<>
			<div ref={frame} className={styles['frame']} style={heights.length === 0 ? { maxHeight: wanted } : { height }}>
				<div ref={content}>{children}</div>
			</div>
			{/* biome-ignore lint/a11y/useSemanticElements: a separator that can be moved is no rule */}
			<div
				role="separator"
				tabIndex={0}
				aria-orientation="horizontal"
				aria-label={`Height of ${label}`}
				aria-valuenow={height}
				aria-valuemin={heights[0] ?? 0}
				aria-valuemax={heights.at(-1) ?? height}
				className={styles['handle']}
				onKeyDown={onKeyDown}
				onPointerDown={(event) => event.currentTarget.setPointerCapture(event.pointerId)}
				onPointerMove={onPointerMove}
			/>
		</>
	);
}

/** Measured anew whenever the content is laid out in another way. */
function useWholeHeights(content: React.RefObject<HTMLDivElement | null>): readonly number[] {
	const [heights, setHeights] = useState<readonly number[]>([]);
	useEffect(() => {
		const element = content.current;
		if (!element) return;
		const measure = (): void => setHeights(wholeHeights(linesOf(element), element.offsetHeight));
		const observer = new ResizeObserver(measure);
		observer.observe(element);
		return () => observer.disconnect();
	}, [content]);
	return heights;
}

function linesOf(content: HTMLElement): Line[] {
	const own = content.getBoundingClientRect();
	const scale = own.height === 0 ? 1 : content.offsetHeight / own.height;
	return [...content.querySelectorAll('[data-line]')].map((line) => {
		const { top, bottom } = line.getBoundingClientRect();
		return { top: (top - own.top) * scale, bottom: (bottom - own.top) * scale };
	});
}
