/** One run of one writer in a process of its own, so that its processor time and memory are its own: `packChild.ts tieout|pdfkit PAGES`. */
import { createRequire } from 'node:module';
import { type Cell, type PackPlan, planPack, renderPack } from '#pack';
import { packFonts } from '../../electron/services/packFonts.ts';
import { emptyInput } from '../shared/pack/fixtureInput.ts';
import { benchRow, HEADS, ROWS_A_PAGE, WIDTHS } from './packRows.ts';
import { BENCH_CHILD_PREFIX, type BenchRun } from './packRun.ts';

function* rows(count: number): Generator<readonly Cell[]> {
	for (let i = 0; i < count; i++) yield benchRow(i);
}

/** A pack whose results are one table of so many pages, tagged and linked like any other. */
function bulkPlan(pages: number): PackPlan {
	const plan = planPack(emptyInput());
	const count = pages * ROWS_A_PAGE;
	const bulk = {
		title: 'Results by test',
		blocks: [
			{ kind: 'heading', level: 1, number: '4', text: 'Results by test', anchor: 'tests', listed: true },
			{
				kind: 'table',
				tagging: 'rows',
				dense: true,
				continued: 'T01 Fulfilled, not invoiced',
				columns: HEADS.map((head, i) => ({
					head,
					...(i === 0 || i === 5 ? { align: 'right' as const } : {}),
					...(i < 6 ? { firm: true } : {}),
					longest: benchRow(count - 1)[i] ?? '',
				})),
				rows: { [Symbol.iterator]: () => rows(count) },
			},
		],
	} as const;
	return { ...plan, sections: plan.sections.map((section) => (section.title === bulk.title ? bulk : section)) };
}

async function runTieout(pages: number): Promise<{ pages: number; bytes: number }> {
	let drawn = 0;
	const pdf = await renderPack(bulkPlan(pages), { fonts: packFonts() }, (progress) => {
		drawn = progress.pages;
	});

	return { pages: drawn, bytes: pdf.length };
}

interface PdfKitDocument {
	on(event: 'data', listener: (chunk: Uint8Array) => void): this;
	on(event: 'end', listener: () => void): this;
	registerFont(name: string, source: Uint8Array): this;
	font(name: string): this;
	fontSize(size: number): this;
	addPage(): this;
	text(text: string, x: number, y: number, options: { width: number; align: 'left' | 'right'; lineBreak: false }): this;
	moveTo(x: number, y: number): this;
	lineTo(x: number, y: number): this;
	lineWidth(width: number): this;
	stroke(colour: string): this;
	end(): void;
}

/** The same rows, head, rules and running texts through pdfkit's `text()`, streamed. */
async function runPdfKit(pages: number): Promise<{ pages: number; bytes: number }> {
	const PdfDocument = createRequire(import.meta.url)('pdfkit') as new (options: object) => PdfKitDocument;
	const fonts = packFonts();
	const document = new PdfDocument({ size: 'A4', margin: 0, autoFirstPage: false });
	let bytes = 0;
	const finished = new Promise<void>((resolve) => document.on('data', (chunk) => (bytes += chunk.length)).on('end', resolve));
	document.registerFont('regular', fonts.regular).registerFont('semibold', fonts.semibold);
	for (let page = 0; page < pages; page++) {
		document.addPage().font('regular').fontSize(7.5);
		const write = (text: string, x: number, y: number, width: number, align: 'left' | 'right') =>
			document.text(text, x, y, { width, align, lineBreak: false });
		write('Müller & Søn  ·  AP-2026-0042', 56, 40, 300, 'left');
		write('Results by test', 339, 40, 200, 'right');
		write(`Page ${page + 1} of ${pages}`, 439, 800, 100, 'right');
		document.font('semibold').fontSize(7.2);
		drawRow(HEADS, 92, write);
		document.font('regular').fontSize(7.5);
		for (let row = 0; row < ROWS_A_PAGE; row++) {
			const y = 106 + row * 14;
			drawRow(benchRow(page * ROWS_A_PAGE + row), y, write);
			document
				.moveTo(56, y + 11)
				.lineTo(539, y + 11)
				.lineWidth(0.4)
				.stroke('#d9dde3');
		}
	}
	document.end();
	await finished;
	return { pages, bytes };
}

function drawRow(
	cells: readonly string[],
	y: number,
	write: (text: string, x: number, y: number, width: number, align: 'left' | 'right') => void,
): void {
	let x = 56;
	for (const [i, cell] of cells.entries()) {
		const width = WIDTHS[i] as number;
		write(cell, x, y, width, i === 0 || i === 5 ? 'right' : 'left');
		x += width + 2;
	}
}

const [writer, pagesText] = process.argv.slice(2);
const start = performance.now();
const done = writer === 'pdfkit' ? await runPdfKit(Number(pagesText)) : await runTieout(Number(pagesText));
const { userCPUTime, systemCPUTime, maxRSS } = process.resourceUsage();
const run: BenchRun = {
	...done,
	seconds: (performance.now() - start) / 1000,
	cpuSeconds: (userCPUTime + systemCPUTime) / 1e6,
	peakMegabytes: maxRSS / 1024,
};
console.log(BENCH_CHILD_PREFIX + JSON.stringify(run));
