/** A PDF on screen: pages, zoom, thumbnails, selectable text. Keys: N and B turn pages, + and − zoom, while it has the focus. */
import { ChevronLeft, ChevronRight, Maximize2, PanelLeft, ZoomIn, ZoomOut } from 'lucide-react';
import { type ReactNode, useEffect, useMemo, useState } from 'react';
import { Document, Page } from 'react-pdf';
import 'react-pdf/dist/Page/TextLayer.css';
import { useCommands } from '../app/commands.ts';
import { PdfThumbnails } from './PdfThumbnails.tsx';
import { AskPassword, PageField, Tool } from './PdfTools.tsx';
import styles from './PdfView.module.css';
import { pdfOptions } from './pdfEngine.ts';
import { clampPage, type PdfZoom, stepZoom } from './pdfZoom.ts';
import { Loading } from './States.tsx';

export interface PdfViewProps {
	/** The whole file. Another array is another document. */
	readonly bytes: Uint8Array;
	/** For screen readers and the toolbar: "Pack P-02", "invoice_2210.pdf". */
	readonly label: string;
	/** The page to stand on, from 1, such as where a finding is printed. */
	readonly page?: number;
	readonly onPage?: (page: number, pages: number) => void;
	readonly actions?: ReactNode;
}

const PAGE_MARGIN = 32;
const POINT_TO_PX = 96 / 72;

export function PdfView(props: PdfViewProps) {
	const { bytes, label, onPage } = props;
	const file = useMemo(() => ({ data: bytes }), [bytes]);
	const options = useMemo(pdfOptions, []);
	const [pages, setPages] = useState(0);
	const [page, setPage] = useState(props.page ?? 1);
	const [zoom, setZoom] = useState<PdfZoom>('fit');
	const [hasThumbnails, setThumbnails] = useState(false);
	const [ask, setAsk] = useState<((password: string) => void) | null>(null);
	const [size, setSize] = useState({ width: 595, height: 842 });
	const [room, setRoom] = useState(600);
	const [stage, setStage] = useState<HTMLElement | null>(null);

	useEffect(() => {
		if (!stage) return;
		const observer = new ResizeObserver(() => setRoom(stage.clientWidth));
		observer.observe(stage);
		return () => observer.disconnect();
	}, [stage]);
	useEffect(() => {
		if (props.page !== undefined) setPage(props.page);
	}, [props.page]);

	const fitPercent = Math.max(10, (100 * (room - PAGE_MARGIN)) / (size.width * POINT_TO_PX));
	const percent = zoom === 'fit' ? fitPercent : zoom;
	const turn = (to: number): void => {
		const next = clampPage(to, pages);
		setPage(next);
		stage?.scrollTo({ top: 0 });
		onPage?.(next, pages);
	};
	useCommands(
		() => [
			{ id: 'pdf.next', title: 'Next page', group: 'PDF', keys: 'n', when: 'list', run: () => turn(page + 1) },
			{ id: 'pdf.back', title: 'Page before', group: 'PDF', keys: 'b', when: 'list', run: () => turn(page - 1) },
			{ id: 'pdf.in', title: 'Larger page', group: 'PDF', keys: '+', when: 'list', run: () => setZoom(stepZoom(zoom, 1, fitPercent)) },
			{ id: 'pdf.out', title: 'Smaller page', group: 'PDF', keys: '-', when: 'list', run: () => setZoom(stepZoom(zoom, -1, fitPercent)) },
			{ id: 'pdf.fit', title: 'Fit the page to the width', group: 'PDF', keys: '0', when: 'list', run: () => setZoom('fit') },
		],
		[page, pages, zoom, fitPercent, stage],
	);

	return (
		<section className={styles['view']} aria-label={label} data-keys="list">
			<div className={styles['bar']} role="toolbar" aria-label={`Pages of ${label}`}>
				<Tool label="Thumbnails" onClick={() => setThumbnails(!hasThumbnails)} pressed={hasThumbnails}>
					<PanelLeft size={16} />
				</Tool>
				<Tool label="Page before (B)" onClick={() => turn(page - 1)} disabled={page <= 1}>
					<ChevronLeft size={16} />
				</Tool>
				<PageField page={page} pages={pages} onPage={turn} />
				<Tool label="Next page (N)" onClick={() => turn(page + 1)} disabled={page >= pages}>
					<ChevronRight size={16} />
				</Tool>
				<Tool label="Smaller (−)" onClick={() => setZoom(stepZoom(zoom, -1, fitPercent))}>
					<ZoomOut size={16} />
				</Tool>
				<span className={styles['percent']}>{Math.round(percent)} %</span>
				<Tool label="Larger (+)" onClick={() => setZoom(stepZoom(zoom, 1, fitPercent))}>
					<ZoomIn size={16} />
				</Tool>
				<Tool label="Fit to width (0)" onClick={() => setZoom('fit')} pressed={zoom === 'fit'}>
					<Maximize2 size={16} />
				</Tool>
				<span className={styles['grow']} />
				{props.actions}
			</div>
			{ask ? <AskPassword onPassword={(password) => ask(password)} /> : null}
			<Document
				className={styles['document'] ?? null}
				file={file}
				options={options}
				suspense={false}
				loading={<Loading lines={8} />}
				error={
					<p className={styles['words']}>
						This PDF can’t be shown: it is damaged or no PDF. Its bytes are untouched; export it to look at it elsewhere.
					</p>
				}
				onPassword={(callback) => setAsk(() => callback)}
				onLoadSuccess={(pdf) => {
					setAsk(null);
					setPages(pdf.numPages);
					setPage((now) => clampPage(now, pdf.numPages));
					onPage?.(clampPage(page, pdf.numPages), pdf.numPages);
				}}
			>
				{hasThumbnails ? <PdfThumbnails pages={pages} page={page} ratio={size.height / size.width} onPage={turn} /> : null}
				{/* biome-ignore lint/a11y/noNoninteractiveTabindex: a scrolled region must be reachable by keys */}
				<section ref={setStage} className={styles['stage']} tabIndex={0} aria-label={`Page ${page} of ${pages}`}>
					<Page
						key={page}
						pageNumber={page}
						width={Math.round((size.width * POINT_TO_PX * percent) / 100)}
						renderAnnotationLayer={false}
						suspense={false}
						loading={<Loading lines={8} />}
						error={<p className={styles['words']}>Page {page} can’t be drawn. The other pages may still be readable.</p>}
						onLoadSuccess={({ originalWidth, originalHeight }) => setSize({ width: originalWidth, height: originalHeight })}
					/>
				</section>
			</Document>
		</section>
	);
}
