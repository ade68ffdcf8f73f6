/** Small pages beside the large one. Only those in sight are drawn, so that a pack of a thousand pages opens as fast as one of ten. */
import { useEffect, useRef, useState } from 'react';
import { Thumbnail } from 'react-pdf';
import styles from './PdfView.module.css';
import { slotsInSight } from './pdfZoom.ts';

const WIDTH = 96;
const AROUND_PX = 36;

export function PdfThumbnails({
	pages,
	page,
	ratio,
	onPage,
}: {
	pages: number;
	page: number;
	/** Height of a page over its width. */
	ratio: number;
	onPage: (page: number) => void;
}) {
	const list = useRef<HTMLElement>(null);
	const [scroll, setScroll] = useState({ top: 0, height: 600 });
	const slot = Math.round(WIDTH * ratio) + AROUND_PX;
	useEffect(() => {
		const box = list.current;
		if (!box) return;
		const top = (page - 1) * slot;
		if (top < box.scrollTop || top + slot > box.scrollTop + box.clientHeight) box.scrollTo({ top: Math.max(0, top - slot) });
		setScroll({ top: box.scrollTop, height: box.clientHeight });
	}, [page, slot]);
	const [from, to] = slotsInSight(scroll.top, scroll.height, slot, pages);
	return (
		<nav
			ref={list}
			className={styles['thumbnails']}
			aria-label="Pages"
			onScroll={({ currentTarget }) => setScroll({ top: currentTarget.scrollTop, height: currentTarget.clientHeight })}
		>
			<div style={{ height: from * slot }} />
			{Array.from({ length: to - from }, (_, i) => from + i + 1).map((number) => (
				<button
					key={number}
					type="button"
					className={styles['thumbnail']}
					style={{ height: slot }}
					aria-label={`Page ${number}`}
					aria-current={number === page ? 'page' : undefined}
					onClick={() => onPage(number)}
				>
					<Thumbnail pageNumber={number} width={WIDTH} suspense={false} loading="" />
					{number}
				</button>
			))}
			<div style={{ height: Math.max(0, pages - to) * slot }} />
		</nav>
	);
}
